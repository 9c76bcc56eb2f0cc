/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The life of segments: CPUs that write to them without a lock (kmod/ring.c), the
 * pool that lends them out and takes them back (kmod/pool.c), and snapshots that hold
 * them and read them where they are (kmod/snapshot.c).
 *
 * Functions have the names that they have there. Each `atomic` is what nobody can
 * see half of: all of it is under the pool's lock, or one access to memory.
 *
 * BREAK_* leaves out or breaks one rule each, which has to be found; the list is in
 * the test that runs this.
 */

#ifndef WRITERS
#define WRITERS	 2
#endif
#ifndef READERS
#define READERS	 3
#endif
#ifndef STALLED
#define STALLED	 1		/* of them, the last ones, which stall until the writers have ended */
#endif
#ifndef SEGMENTS
#define SEGMENTS 4
#endif
#ifndef TURNS
#define TURNS	 3		/* segments that each writer fills */
#endif
#ifndef BUFFERED
#define BUFFERED 1		/* 0: each store is in memory at once */
#endif
#ifndef WHOLE
#define WHOLE	 1		/* 0: each reader holds and reads one segment only */
#endif
#ifndef RESERVE
#define RESERVE	 0
#endif
#ifndef RESIZES
#define RESIZES	 0		/* how often a segment's memory is taken and given again */
#endif

#define WORDS	3		/* of a segment: a record of two, and one of one */
#define RECORDS	2		/* in a segment */

/* pool.c: places in the order in which slots are taken. */
#define FREE	0
#define HELD	64
#define OPEN	254
#define VACANT	255
#define NONE	255

#define WORD(cpu, part, seq) ((cpu) << 7 | (part) << 6 | (seq))

typedef Segment {
	byte words[WORDS];
	bool freed;		/* ghost: its memory */
	byte owner;		/* ghost: whose hands it is in, NONE */
}

typedef Slot {
	byte generation;	/* read without the lock */
	byte order;
	byte start;		/* number of the opening, in place of a clock */
	byte cpu;
	byte used;
	byte holds;
	byte first;		/* first_event: number of the first record */
}

/* A record's number is from 1; positions are segment * (WORDS + 1) + word. */
typedef Ring {
	byte pos;		/* as it is in memory */
	byte slot;		/* with the lock */
}

Segment segments[SEGMENTS];
Slot slots[SEGMENTS];
Ring rings[WRITERS];

bool lock;
byte closings, generations, openings;
byte free = SEGMENTS, held;
byte capacity = SEGMENTS;	/* pool.segments */
byte reading;			/* resize: readers in it */
bool resizing;			/* resize: a writer in it */

/* Ghosts. */
byte published[WRITERS];	/* the last record that memory's pos is behind */
byte recycled[WRITERS];		/* the last record that was given up */
byte ended;			/* writers that have */

/* ------------------------------------------- what writers store: memory.pml --- */

/* Places. */
#define AT_WORD(segment, word)	((segment) * WORDS + (word))
#define AT_GENERATION(segment)	(SEGMENTS * WORDS + (segment))
#define AT_POS			(SEGMENTS * (WORDS + 1))
#define AT_LOCK			(AT_POS + 1)

inline store(place, number, last)
{
	if
	:: place < AT_GENERATION(0) -> segments[(place) / WORDS].words[(place) % WORDS] = number
	:: place >= AT_GENERATION(0) && place < AT_POS ->
		slots[place - AT_GENERATION(0)].generation = number
	:: place == AT_POS ->
		rings[cpu].pos = number
#if WHOLE
		;
		if
		:: last -> published[cpu] = last
		:: else
		fi
#endif
	:: place == AT_LOCK -> lock = false
	fi
}

#include "memory.pml"

/* ------------------------------------------------------------------- pool.c --- */

/* All with the pool's lock. Each uses i, least and found of its process. */

inline first_from(from)
{
	i = 0;
	least = VACANT;
	found = 0;
	do
	:: i < SEGMENTS ->
		if
		:: slots[i].order >= from && slots[i].order < least ->
			least = slots[i].order;
			found = i
		:: else
		fi;
		i++
	:: else -> break
	od;
	i = 0
}

/*
 * A writer's is a store like any other; flightrec_pool_resize() is not modelled so,
 * as nobody reads what it takes.
 */
inline renew_generation(index)
{
	generations++;
	push(AT_GENERATION(index), generations);
#ifndef BREAK_A
	wmb()
#endif
}

#define UNHELD(i)	((i) < SEGMENTS && slots[(i) % SEGMENTS].order > FREE && \
			 slots[(i) % SEGMENTS].order < OPEN && !slots[(i) % SEGMENTS].holds)

/* But for the generation, which its callers renew. */
inline recycle(index)
{
	if
	:: slots[index].order == FREE
	:: else ->
#if WHOLE && !defined(BREAK_COMPLETE_SINCE)
		if
		:: slots[index].first + slots[index].used - 2 > recycled[slots[index].cpu] ->
			recycled[slots[index].cpu] = slots[index].first + slots[index].used - 2
		:: else
		fi;
#endif
		if
		:: slots[index].holds ->
			/* Not while there is another, and holds keep no more than half. */
			assert(held > capacity / 2 || !UNHELD(0) && !UNHELD(1) &&
			       !UNHELD(2) && !UNHELD(3));
			slots[index].holds = 0;
			held--
		:: else
		fi;
		slots[index].order = FREE;
		free++
	fi
}

/* To found: the one to give up next. */
inline choose_closed()
{
	first_from(HELD);
	chosen = found;
	first_from(FREE + 1);
#ifdef BREAK_TAKE_BACK
	/* A held one is never taken back, and the others may all be. */
	least = (slots[found].order >= HELD -> OPEN : slots[found].order);
#else
	if
	:: held > capacity / 2 && slots[chosen].order < OPEN &&
	   slots[chosen].order - HELD < slots[found].order -> found = chosen
	:: else
	fi;
#endif
	chosen = 0
}

inline refill_reserve()
{
	if
	:: free >= RESERVE
	:: else ->
		choose_closed();
		if
		:: slots[found].order < HELD ->
			recycle(found);
			renew_generation(found)
		:: else
		fi
	fi
}

/* To index: which one. */
inline flightrec_pool_lend()
{
	if
	:: free -> first_from(FREE)
	:: else -> choose_closed()
	fi;
	index = found;
#ifdef BREAK_TAKE_BACK
	least < OPEN;
#endif
	assert(slots[index].order < OPEN);
	recycle(index);
	free--;
#ifndef BREAK_LEND
	slots[index].order = OPEN;
#endif
	refill_reserve();
#ifndef BREAK_GENERATION
	renew_generation(index);
#endif
	slots[index].cpu = cpu;
	slots[index].used = 0;
	assert(segments[index].owner == NONE);
	assert(!segments[index].freed);
	segments[index].owner = cpu
}

inline flightrec_pool_close(s)
{
	segments[s].owner = NONE;
	closings++;
	slots[s].order = closings;
#ifndef BREAK_HELD_OPEN
	if
	:: slots[s].holds -> slots[s].order = closings | HELD
	:: else
	fi
#endif
}

inline flightrec_pool_hold(s)
{
	if
	:: !slots[s].holds -> held++
	:: else
	fi;
	slots[s].holds++;
	if
	:: slots[s].order != FREE && slots[s].order < OPEN ->
		slots[s].order = slots[s].order | HELD
	:: else
	fi
}

inline flightrec_pool_release(s, was)
{
	if
	:: slots[s].generation == was ->
		/* What is still there, is still held. */
		assert(slots[s].holds);
		slots[s].holds--;
		if
		:: !slots[s].holds ->
			held--;
			if
			:: slots[s].order < OPEN -> slots[s].order = slots[s].order & (HELD - 1)
			:: else
			fi
		:: else
		fi
	:: else ->
#ifdef BREAK_RELEASE
		slots[s].holds = (slots[s].holds -> slots[s].holds - 1 : 0)
#else
		skip
#endif
	fi
}

/* ------------------------------------------------------------------- ring.c --- */

proctype writer(byte cpu)
{
	byte pos;		/* ring->pos, as its own CPU knows it */
	byte record;		/* the last one's number */
	byte index = NONE;	/* ring->slot */
	byte turns;
	byte i, least, found, chosen;

	do
	:: turns < TURNS ->
		/* turn(), with the pool's lock */
		atomic {
			!lock;
			lock = true;
			if
			:: index != NONE ->
				/* close_segment() */
				slots[index].used = pos - index * (WORDS + 1);
				flightrec_pool_close(index)
			:: else
			fi;
			flightrec_pool_lend();
			/* open_segment() */
#if WHOLE
			openings++;
			slots[index].start = openings;
#endif
			slots[index].first = record + 1;
			rings[cpu].slot = index;
			pos = index * (WORDS + 1);
			/* publish() */
#ifndef BREAK_START
			push_release(AT_POS, pos);
#endif
			push_release(AT_LOCK, 0);
			turns++;

			/* put_words(): both of them before they are published */
			SPLIT
			record++;
			push(AT_WORD(index, 0), WORD(cpu, 0, record));
#ifdef BREAK_WHOLE_RECORDS
			push_any(AT_POS, pos + 1, true, 0)
		}
		atomic {
#else
			SPLIT
#endif
			push(AT_WORD(index, 1), WORD(cpu, 1, record))
		}
		atomic {
			pos = pos + 2;
#ifdef BREAK_C
			push_any(AT_POS, pos, false, record);
#else
			push_any(AT_POS, pos, true, record);
#endif

			/* flightrec_ring_try() */
			SPLIT
			record++;
			push(AT_WORD(index, 2), WORD(cpu, 0, record));
#ifndef BREAK_C
			wmb()
#endif
		}
		atomic {
			pos++;
			push_any(AT_POS, pos, false, record)
		}
	:: else -> break
	od;
	ended++
}

/* --------------------------------------------------------------- snapshot.c --- */

#if WHOLE
#define TOO_LATE(i)	(slots[i].start > cut)
#else
#define TOO_LATE(i)	false
#endif

/* What a snapshot notes of a segment. */
typedef Noted {
	bool there;
	byte generation;
	byte cpu;
	byte used;
	byte first;
}

#define READ(w)								\
	assert(!segments[i].freed);					\
	words[w] = segments[i].words[w]

/* That what was read of segment i are the records that were noted, and whole. */
inline check_records()
{
	k = 0;
	do
	:: k < segment[i].used ->
		assert(words[k] == WORD(segment[i].cpu, (k == 1 -> 1 : 0),
					segment[i].first + (k == 2 -> 1 : 0)));
		k++
	:: else -> break
	od;
	k = 0
}

/* Notes slot i and holds it, if the snapshot needs it. With the pool's lock. */
inline visit_slot()
{
	if
	:: slots[i].order == FREE || slots[i].order == VACANT || TOO_LATE(i)
	:: else ->
		if
		:: slots[i].order == OPEN ->
			/* flightrec_ring_written() */
			k = rings[slots[i].cpu].pos;
			assert(rings[slots[i].cpu].slot == i);
			assert(k / (WORDS + 1) == i);
			segment[i].used = k - i * (WORDS + 1)
		:: else -> segment[i].used = slots[i].used
		fi;
		segment[i].there = (segment[i].used > 0)
	fi;
	if
	:: segment[i].there ->
		/* note_slot() */
		assert(segment[i].used != 1);
		segment[i].generation = slots[i].generation;
		segment[i].cpu = slots[i].cpu;
		segment[i].first = slots[i].first;
		flightrec_pool_hold(i);
#ifdef BREAK_D
		check_records();
#endif
		k = 0;
#if WHOLE
		do
		:: k + 1 < segment[i].used ->
			covered[segment[i].cpu] = covered[segment[i].cpu] |
				1 << (segment[i].first + k);
			k++
		:: else -> break
		od
#endif
	:: else
	fi;
	words[0] = 0;
	words[1] = 0;
	words[2] = 0;
	k = 0
}

proctype reader(byte number)
{
	Noted segment[SEGMENTS];
	byte words[WORDS];
	byte i, k, cut;
	byte want[WRITERS];
	byte covered[WRITERS];
	bool there, checked;

#if WHOLE
	/* The instant. */
	atomic {
		cut = openings;
		do
		:: k < WRITERS -> want[k] = published[k]; k++
		:: else -> break
		od;
		k = 0
	}

	/* gather(): a slot at a time with the lock, which is given up in between */
	do
	:: i < SEGMENTS ->
#else
	atomic {
		do
		:: i + 1 < SEGMENTS -> i++
		:: break
		od
	}
#endif
#ifdef BREAK_D
		/* The records may be read before pos is, if not before the lock is taken. */
		atomic {
			!lock;
			lock = true;
			READ(0);
			READ(1);
			READ(2)
		}
#endif
		atomic {
#ifdef BREAK_D
			lock = false;
#endif
			!lock;
			visit_slot()
#if WHOLE
			;
			i++
#endif
		}
#if WHOLE
	:: else -> break
	od;

	/*
	 * No lost update: what was published before the instant, and has not been
	 * recycled, is there.
	 */
	atomic {
		i = 0;
		do
		:: i < WRITERS ->
			k = recycled[i] + 1;
			do
			:: k <= want[i] ->
				assert(covered[i] & 1 << k);
				k++
			:: else -> break
			od;
			covered[i] = 0;
			want[i] = 0;
			i++
		:: else -> break
		od;
		i = 0;
		k = 0;
		cut = 0
	}
#endif

	/* One of them, as each is read by itself: flightrec_pool_begin_read() */
	atomic {
		number < READERS - STALLED || ended == WRITERS;
#ifndef BREAK_RESIZE
		!resizing;
#endif
#if WHOLE
		do
		:: i + 1 < SEGMENTS -> i++
		:: break
		od;
#endif
		there = (segment[i].there && slots[i].generation == segment[i].generation);
		if
		:: there -> reading++
		:: else
		fi;
		SPLIT
		if
		:: there ->
#ifdef BREAK_B
			/* Without B, the generation may be read before the words. */
			checked = (slots[i].generation == segment[i].generation);
#endif
			READ(0)
		:: else
		fi;
		SPLIT
		if
		:: there -> READ(1)
		:: else
		fi
	}
	if
	:: there ->
		atomic {
			READ(2)
		}
		atomic {
			/* flightrec_pool_end_read() */
#if defined(BREAK_B)
			there = checked;
			checked = false;
#elif !defined(BREAK_END_READ)
			there = (slots[i].generation == segment[i].generation);
#endif
			reading--;
			/* No torn record: if it is still there, it is what was noted. */
			if
			:: there -> check_records()
			:: else
			fi;
			words[0] = 0;
			words[1] = 0;
			words[2] = 0;
			there = false
		}
	:: else
	fi;

	/* flightrec_cut_free() */
	atomic {
		!lock;
		i = 0;
		do
		:: i < SEGMENTS ->
			if
			:: segment[i].there ->
				flightrec_pool_release(i, segment[i].generation);
				segment[i].there = false;
				segment[i].generation = 0;
				segment[i].used = 0;
				segment[i].cpu = 0;
				segment[i].first = 0
			:: else
			fi;
			i++
		:: else -> break
		od;
		i = 0
	}
}

/* flightrec_pool_resize(): takes the memory of a segment, and gives it back. */
proctype resizer()
{
	byte i, least, found;
	byte times;

	do
	:: times < RESIZES ->
		/* remove_segment() */
		atomic {
#ifndef BREAK_RESIZE
			reading == 0;
#endif
			resizing = true
		}
		atomic {
			!lock;
			first_from(FREE);
			if
			:: slots[found].order < OPEN ->
				recycle(found);
				generations++;
				slots[found].generation = generations;
				free--;
				capacity--;
				slots[found].order = VACANT;
				segments[found].freed = true
			:: else
			fi
		}
		resizing = false;
		/* add_segment() */
		atomic {
			!lock;
			if
			:: segments[found].freed ->
				segments[found].freed = false;
				slots[found].order = FREE;
				free++;
				capacity++
			:: else
			fi;
			times++
		}
	:: else -> break
	od
}

init {
	byte n;

	atomic {
		do
		:: n < SEGMENTS -> segments[n].owner = NONE; n++
		:: else -> break
		od;
		n = 0;
		do
		:: n < WRITERS -> rings[n].slot = NONE; run memory(n); n++
		:: else -> break
		od;
		n = 0;
		do
		:: n < WRITERS -> run writer(n); n++
		:: else -> break
		od;
		n = 0;
		do
		:: n < READERS -> run reader(n); n++
		:: else -> break
		od;
#if RESIZES
		run resizer();
#endif
	}

	/* In the end, nobody has anything. */
	_nr_pr == WRITERS + 1;
	atomic {
		assert(held == 0);
		n = 0;
		do
		:: n < SEGMENTS -> assert(slots[n].holds == 0); n++
		:: else -> break
		od
	}
}
