/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The figures of a ring that another CPU reads without a lock (kmod/ring.c,
 * flightrec_ring_stats()), and probes that hit while the ring's slow path works.
 *
 * Functions have the names that they have there. See memory.pml for how stores are
 * seen. BREAK_* leaves out or breaks one rule each, which has to be found.
 */

#define WRITERS	 1
#define BUFFERED 1

#ifndef TURNS
#define TURNS	 2
#endif
#ifndef NESTED
#define NESTED	 1		/* probes that hit in the slow path */
#endif

#define AT_TURNING	  0
#define AT_POS		  1
#define AT_START	  2
#define AT_CLOSED	  3
#define AT_NO_EVENT_WORDS 4

byte turning, pos, start, closed_events, no_event_words;

/* Ghosts: events that were recorded, and those of them that memory knows of. */
byte recorded, published;

inline store(place, number, last)
{
	if
	:: place == AT_TURNING -> turning = number
	:: place == AT_START -> start = number
	:: place == AT_CLOSED -> closed_events = number
	:: place == AT_NO_EVENT_WORDS -> no_event_words = number
	:: place == AT_POS ->
		pos = number;
		published = last
	fi
}

#include "memory.pml"

/* What the CPU itself knows of its ring. */
typedef Own {
	byte turning;
	byte pos;
	byte end;
	byte start;
	byte closed_events;
	byte no_event_words;
	byte lost;
}

Own own;
byte hits;

/*
 * A probe in the middle of the slow path: flightrec_ring_try() must refuse, and
 * flightrec_ring_append_slow() counts a loss.
 */
inline nested()
{
	if
	:: hits < NESTED ->
		atomic {
			hits++;
			if
			:: own.pos != own.end ->
				recorded++;
				own.pos++;
				push_any(AT_POS, own.pos, false, recorded)
			:: else ->
				assert(own.turning & 1);
				own.lost++
			fi
		}
	:: skip
	fi
}

/* A record of one word; @event: not an annotation. */
inline put(event)
{
	atomic {
		at = own.pos;
		nested()
	}
	atomic {
		recorded = recorded + event;
		own.pos = at + 1;
		/* publish() */
#ifndef BREAK_CLOSED
		own.end = own.pos;
#endif
		push_any(AT_POS, own.pos, true, recorded)
	}
}

proctype writer(byte cpu)
{
	byte turns, at;

	do
	:: turns < TURNS ->
		/* flightrec_ring_append_slow(): begin_turn() */
		atomic {
			own.turning++;
			push(AT_TURNING, own.turning);
#ifndef BREAK_E_BEGIN
			wmb();
#endif
#ifndef BREAK_CLOSED
			own.end = own.pos
#endif
		}
		nested();

		/* turn(): close_segment(), open_segment() */
		atomic {
			own.closed_events = own.closed_events +
				(own.pos - own.start - own.no_event_words);
			push(AT_CLOSED, own.closed_events)
		}
		atomic {
			own.start = 20 * (turns + 1);
			push(AT_START, own.start)
		}
		atomic {
			own.no_event_words = 0;
			push(AT_NO_EVENT_WORDS, 0)
		}
		atomic {
			own.pos = own.start;
			own.end = own.pos;
			push_any(AT_POS, own.pos, true, recorded)
		}

		/* name(): an annotation, and behind it the event */
		atomic {
			own.no_event_words++;
			push(AT_NO_EVENT_WORDS, own.no_event_words)
		}
		put(0);
		put(1);

		/* end_turn() */
		atomic {
			own.end = own.start + 10;
#ifndef BREAK_E_END
			wmb();
#endif
#ifndef BREAK_TURNING
			own.turning++;
			push(AT_TURNING, own.turning)
#endif
		}

		/* flightrec_ring_try() */
		atomic {
			assert(own.pos != own.end);
			recorded++;
			own.pos++;
			push_any(AT_POS, own.pos, false, recorded)
		}
		turns++
	:: else -> break
	od;

	/* No lost update: what the probes were told is recorded, is. */
	assert(own.closed_events + own.pos - own.start - own.no_event_words == recorded);
	assert(own.lost <= hits)
}

/* flightrec_ring_stats() */
proctype reader()
{
	byte before, now, seen_pos, events, least;

again:	atomic {
#ifndef BREAK_F_BEGIN
		before = turning;
#endif
		least = published
	}
	seen_pos = pos;
	events = closed_events;
	events = events + seen_pos - start;
	events = events - no_event_words;
#ifdef BREAK_F_BEGIN
	/* The first look at @turning may come behind all else. */
	before = turning;
#endif
	now = turning;
#ifdef BREAK_F_END
	/* The last one may come before it. */
	now = before;
#endif
	if
	:: before & 1 || now != before ->
		atomic {
			before = 0;
			now = 0;
			seen_pos = 0;
			events = 0;
			least = 0;
			goto again
		}
	:: else
	fi;
	/* Not torn: a count that was true at one moment meanwhile. */
	assert(events >= least && events <= recorded)
}

init {
	atomic {
		run memory(0);
		run writer(0);
		run reader()
	}
}
