// SPDX-License-Identifier: GPL-2.0
/*
 * The ring: what one CPU writes to.
 *
 * There is one writer, the CPU itself with interrupts off, so nothing is locked
 * and nothing is atomic. The fast path (ring.h) is one word: it ends in the slow
 * path here if the thread is not named yet, if the clock's upper bits have
 * changed, or if the segment is full.
 *
 * Publishing. Records are only ever appended, so all that is before @pos stays
 * as it is until the segment is recycled (pool.c). A reader of the open segment
 * takes @pos once and leaves what is behind it alone:
 *
 *	writer					flightrec_ring_written()
 *
 *	write the record			pos = @pos
 *	release		(C, matches D)		acquire		(D, matches C)
 *	@pos = behind it			read the records before pos
 *
 * Names. A segment describes each thread at its first mention, so that it can
 * be read without the others. @names remembers for the open segment whom it has
 * named, with which priority. The fast path looks at one entry, the slow path at
 * all of the entry's cache line: 16 ways, so that two threads whose tids are a
 * multiple of 1024 apart don't push each other out. What isn't found there is
 * described again, which costs space and is never wrong.
 *
 * Other CPUs clear a thread's entry when it gets another name, or the tid
 * another thread (flightrec_ring_forget()). Against the owner's moving of an
 * entry they look until they see none. What remains is a thread that is woken
 * on another CPU in the nanoseconds between task_rename and the change of its
 * name: that segment has the old name then.
 *
 * A probe may hit while the slow path works, if that makes the kernel print a
 * warning, which wakes somebody. @turning tells, and the event is counted as
 * lost.
 */
#include <linux/errno.h>
#include <linux/irqflags.h>
#include <linux/lockdep.h>
#include <linux/minmax.h>
#include <asm/processor.h>
#include <linux/string.h>

#include "clock.h"
#include "ring.h"
#include "task.h"

/* TIME, and TASK or PRIO: the most that the slow path puts before a record. */
#define ANNOTATION_WORDS_MAX (1 + FLIGHTREC_TASK_WORDS)

void flightrec_ring_init(struct flightrec_ring *ring, struct flightrec_pool *pool, u32 cpu)
{
	memset(ring, 0, sizeof(*ring));
	ring->pool = pool;
	ring->cpu = cpu;
	ring->slot = -1;
}

static void begin_turn(struct flightrec_ring *ring)
{
	WRITE_ONCE(ring->turning, ring->turning + 1);
	smp_wmb(); /* E, matches F in flightrec_ring_stats() */
	ring->end = ring->pos;
}

static void end_turn(struct flightrec_ring *ring)
{
	ring->end = ring->limit;
	smp_wmb(); /* E, matches F in flightrec_ring_stats() */
	WRITE_ONCE(ring->turning, ring->turning + 1);
}

/* With @end at it, what comes in between still finds the fast path closed. */
static void publish(struct flightrec_ring *ring, u64 *pos)
{
	ring->end = pos;
	smp_store_release(&ring->pos, pos); /* C, matches D */
}

static void put(struct flightrec_ring *ring, u64 word)
{
	*ring->pos = word;
	publish(ring, ring->pos + 1);
}

/* Words that are published only together: a reader must not see half a record. */
static void put_words(struct flightrec_ring *ring, u64 word, const u64 *more, u32 nr_more)
{
	u64 *pos = ring->pos;

	*pos++ = word;
	if (nr_more)
		memcpy(pos, more, nr_more * sizeof(*more));
	publish(ring, pos + nr_more);
}

static u32 *name_entry(struct flightrec_ring *ring, u32 key)
{
	return &ring->names[key % FLIGHTREC_NAMES];
}

static u32 *name_line(struct flightrec_ring *ring, u32 key)
{
	return &ring->names[key % FLIGHTREC_NAMES / FLIGHTREC_NAMES_WAYS * FLIGHTREC_NAMES_WAYS];
}

/* The entry that has @key's thread, under whatever priority; NULL if none. */
static u32 *find_name(struct flightrec_ring *ring, u32 key)
{
	u32 *line = name_line(ring, key);
	u32 i;

	for (i = 0; i < FLIGHTREC_NAMES_WAYS; i++) {
		u32 entry = READ_ONCE(line[i]);

		if (entry && !((entry ^ key) & FLIGHTREC_TID_MASK))
			return &line[i];
	}
	return NULL;
}

/*
 * Where in its line to put a thread that is to have the entry @first, or what is
 * there now: one that is empty or, if there is none, the next to be given up.
 */
static u32 *free_name(struct flightrec_ring *ring, u32 *line, u32 *first)
{
	u32 *entry;
	u32 i;

	if (!READ_ONCE(*first))
		return first;
	for (i = 0; i < FLIGHTREC_NAMES_WAYS; i++)
		if (!READ_ONCE(line[i]))
			return &line[i];
	do {
		entry = &line[ring->victim++ % FLIGHTREC_NAMES_WAYS];
	} while (entry == first);
	return entry;
}

static u64 open_events(const struct flightrec_ring *ring, const u64 *pos)
{
	return pos - ring->start - ring->no_event_words;
}

static void describe(struct flightrec_ring *ring, u32 key, struct task_struct *task)
{
	u32 nr = FLIGHTREC_TASK_WORDS;
	u64 words[FLIGHTREC_TASK_WORDS - 1];

	flightrec_task_describe(task, words);
	if (!memcmp(ring->described, words + 1, sizeof(ring->described)))
		nr = FLIGHTREC_TASK_WORDS_SAME;
	else
		memcpy(ring->described, words + 1, sizeof(ring->described));
	ring->no_event_words += nr;
	put_words(ring, flightrec_word_long(FLIGHTREC_LONG_TASK, key & FLIGHTREC_TID_MASK, nr),
		  words, nr - 1);
}

/* Sees to it that the open segment knows the thread, under its priority. */
static void name(struct flightrec_ring *ring, u32 key, struct task_struct *task)
{
	u32 *first = name_entry(ring, key);
	u32 *found = find_name(ring, key);
	struct task_struct *running;

	if (!found) {
		found = free_name(ring, name_line(ring, key), first);
		describe(ring, key, task);
	} else if (READ_ONCE(*found) != key) {
		ring->no_event_words++;
		put(ring,
		    flightrec_word_priority(key & FLIGHTREC_TID_MASK, key >> FLIGHTREC_TID_BITS));
	}
	/* The latest one is where the fast path looks for it. */
	if (found != first) {
		u32 other = READ_ONCE(*first);

		WRITE_ONCE(*first, key);
		WRITE_ONCE(*found, other);
	} else {
		WRITE_ONCE(*first, key);
	}
	if (!((flightrec_task_current(&running) ^ key) & FLIGHTREC_TID_MASK))
		ring->running_priority = flightrec_key_priority(key);
}

/* Fills in what the segment's slot tells of it. With the pool's lock. */
static void close_segment(struct flightrec_ring *ring, u64 now)
{
	struct flightrec_slot *slot = &ring->pool->slots[ring->slot];

	slot->used = (ring->pos - ring->start) * sizeof(u64);
	slot->end = now;
	slot->events = open_events(ring, ring->pos);
	slot->lost = ring->lost - ring->lost_told;
	ring->lost_told = ring->lost;
	ring->closed_events += slot->events;
	ring->closed_bytes += slot->used + sizeof(struct flightrec_segment);
	flightrec_pool_close(ring->pool, ring->slot);
}

/* The same for a segment that begins. With the pool's lock. */
static void open_segment(struct flightrec_ring *ring, int index, u64 now, u32 tid)
{
	struct flightrec_slot *slot = &ring->pool->slots[index];
	struct flightrec_pair pair;

	flightrec_clock_pair(&pair);
	slot->start = now;
	slot->pair_clock = pair.clock;
	slot->pair_ns = pair.monotonic_ns;
	slot->seq = ++ring->seq;
	slot->first_event = ring->closed_events;
	slot->start_tid = tid;
	if (ring->slot < 0)
		slot->flags = FLIGHTREC_SEGMENT_START;
	ring->start = slot->data;
	ring->limit = ring->start + ring->pool->segment_bytes / sizeof(u64);
}

/* All that is recorded now takes the slow path, which asks for a segment. */
static void no_segment(struct flightrec_ring *ring)
{
	ring->start = NULL;
	ring->limit = NULL;
}

/* Closes the open segment, if there is one, and opens another. */
static int turn(struct flightrec_ring *ring, u64 now)
{
	struct task_struct *task;
	u32 key = flightrec_task_current(&task);
	unsigned long flags;
	int index;

	raw_spin_lock_irqsave(&ring->pool->lock, flags);
	if (ring->slot >= 0)
		close_segment(ring, now);
	index = flightrec_pool_lend(ring->pool, ring->cpu, &ring->overwritten);
	if (index >= 0)
		open_segment(ring, index, now, key & FLIGHTREC_TID_MASK);
	else
		no_segment(ring);
	ring->slot = index;
	ring->no_event_words = 0;
	publish(ring, ring->start);
	raw_spin_unlock_irqrestore(&ring->pool->lock, flags);
	if (index < 0)
		return index;

	ring->epoch = flightrec_clock_counter_epoch(flightrec_clock_epoch(now));
	/* Other CPUs may be at it. */
	data_race(memset(ring->names, 0, sizeof(ring->names)));
	memset(ring->described, 0, sizeof(ring->described));
	name(ring, key, task);
	return 0;
}

/*
 * Makes room for @words more, and tells the clock's upper bits if they have
 * changed. Return: 0 or -ENOSPC.
 */
static int prepare(struct flightrec_ring *ring, u64 now, u32 words)
{
	u64 epoch = flightrec_clock_epoch(now);

	if (ring->limit - ring->pos < words + ANNOTATION_WORDS_MAX)
		return turn(ring, now);
	if (ring->epoch != flightrec_clock_counter_epoch(epoch)) {
		ring->no_event_words++;
		ring->epoch = flightrec_clock_counter_epoch(epoch);
		put(ring, flightrec_word_time(epoch));
	}
	return 0;
}

/**
 * flightrec_ring_append_slow() - record an event
 * @ring: this CPU's
 * @now: time of the event
 * @word: the record's first word, its time zero
 * @more: the rest of a LONG record; NULL if there is none
 * @key: flightrec_name_key() of @task
 * @task: the thread that it is about
 *
 * With interrupts off.
 *
 * Return: whether it was; if not, it is counted as lost.
 */
noinline bool flightrec_ring_append_slow(struct flightrec_ring *ring, u64 now, u64 word,
					 const u64 *more, u32 key, struct task_struct *task)
{
	u32 words = flightrec_record_words(word);
	bool room;

	if (ring->turning & 1) {
		ring->lost++;
		return false;
	}
	begin_turn(ring);
	room = !prepare(ring, now, words);
	if (!room) {
		ring->lost++;
	} else {
		name(ring, key, task);
		ring->no_event_words += words - 1;
		put_words(ring, word | now << FLIGHTREC_TIME_SHIFT, more, words - 1);
	}
	end_turn(ring);
	return room;
}

/**
 * flightrec_ring_name() - tell a thread's priority, if the segment has another
 * @ring: this CPU's
 * @now: time of the event that this is for
 * @key: flightrec_name_key() of @task
 * @task: the thread
 *
 * With interrupts off.
 */
noinline void flightrec_ring_name(struct flightrec_ring *ring, u64 now, u32 key,
				  struct task_struct *task)
{
	if (ring->turning & 1)
		return;
	begin_turn(ring);
	if (!prepare(ring, now, 0))
		name(ring, key, task);
	end_turn(ring);
}

/**
 * flightrec_ring_forget() - have a thread described again at its next mention
 * @ring: any CPU's
 * @tid: the thread
 */
void flightrec_ring_forget(struct flightrec_ring *ring, u32 tid)
{
	u32 *entry;

	while ((entry = find_name(ring, tid)))
		WRITE_ONCE(*entry, 0);
}

/**
 * flightrec_ring_close() - close the open segment
 * @ring: this CPU's, or that of one which is offline
 */
void flightrec_ring_close(struct flightrec_ring *ring)
{
	struct flightrec_pair now;
	unsigned long flags;

	if (ring->slot < 0)
		return;
	/* Who reads its figures, waits for the turn to end. */
	local_irq_save(flags);
	begin_turn(ring);
	flightrec_clock_pair(&now);
	raw_spin_lock(&ring->pool->lock);
	close_segment(ring, now.clock);
	ring->slot = -1;
	no_segment(ring);
	ring->no_event_words = 0;
	publish(ring, ring->start);
	raw_spin_unlock(&ring->pool->lock);
	end_turn(ring);
	local_irq_restore(flags);
}

/**
 * flightrec_ring_written() - how far an open segment is written
 * @ring: the ring that it is lent to
 * @slot: index of its slot
 * @written: out
 *
 * With the pool's lock, which keeps the segment from being closed.
 *
 * Return: false if the ring has only just got it, and nothing is in it yet.
 */
bool flightrec_ring_written(const struct flightrec_ring *ring, u32 slot,
			    struct flightrec_ring_written *written)
{
	const u64 *pos;

	lockdep_assert_held(&ring->pool->lock);
	if (ring->slot != (int)slot)
		return false;
	pos = smp_load_acquire(&ring->pos); /* D, matches C in flightrec_ring_try() */
	written->used = (pos - ring->start) * sizeof(u64);
	/* Too few, if its CPU is in the middle of one that is long. */
	written->events = max_t(s64, data_race(open_events(ring, pos)), 0);
	/* The same. */
	written->lost = data_race(ring->lost) - ring->lost_told;
	return written->used;
}

/**
 * flightrec_ring_stats() - what a CPU has recorded so far
 * @ring: any CPU's
 * @stats: out
 *
 * Takes no lock.
 */
void flightrec_ring_stats(const struct flightrec_ring *ring, struct flightrec_ring_stats *stats)
{
	const u64 *pos;
	u32 turning;

	do {
		cpu_relax();
		turning = READ_ONCE(ring->turning);
		smp_rmb(); /* F, matches E in begin_turn() */
		pos = READ_ONCE(ring->pos);
		/* Read again if @turning changes meanwhile. */
		stats->events = data_race(ring->closed_events + open_events(ring, pos));
		/* The same. */
		stats->bytes = data_race(ring->closed_bytes + (pos - ring->start) * sizeof(u64));
		/* The same, or a count that goes up by itself. */
		stats->lost = data_race(ring->lost);
		stats->overwritten = READ_ONCE(ring->overwritten);
		if (pos)
			stats->bytes += sizeof(struct flightrec_segment);
		smp_rmb(); /* F, matches E in end_turn() */
	} while ((turning & 1) || turning != READ_ONCE(ring->turning));
}
