/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FLIGHTREC_RING_H
#define FLIGHTREC_RING_H

#include <linux/cache.h>
#include <linux/compiler.h>
#include <linux/types.h>
#include <asm/barrier.h>

#include "pool.h"
#include "record.h"

struct task_struct;

/* Names that the open segment can be known to have; see ring.c. */
#define FLIGHTREC_NAMES	     1024
#define FLIGHTREC_NAMES_WAYS 16

/**
 * struct flightrec_ring - what one CPU writes to
 * @pos: where the next record goes; published with a release
 * @end: where the fast path ends. @limit, or @pos while it is closed
 * @epoch: flightrec_clock_counter_epoch() of what the stream has told
 * @running_priority: of the thread that the stream says is running, as told
 * @names: what the open segment has named: keys (flightrec_name_key()), 0: none.
 *	Other CPUs may clear entries
 * @start: where the open segment's records start
 * @limit: where its memory ends
 * @pool: where segments come from
 * @slot: slot of the open segment; negative: none
 * @cpu: whose ring it is
 * @turning: odd while the slow path is at work: nothing else may be read then
 * @victim: which way of @names to give up next
 * @no_event_words: words of the open segment beyond one for each of its events
 * @seq: number of the open segment
 * @closed_events: events in the segments closed so far
 * @closed_bytes: bytes of these, headers included
 * @overwritten: events that have been recycled. With the pool's lock, by any CPU
 * @lost: events that could not be recorded
 * @lost_told: of these, told in a closed segment
 * @described: words 2 to 5 of the open segment's last full TASK record
 *
 * Written by its CPU with interrupts off, but for @names.
 */
struct flightrec_ring {
	u64 *pos;
	u64 *end;
	u32 epoch;
	int running_priority;

	u32 names[FLIGHTREC_NAMES] ____cacheline_aligned;

	u64 *start ____cacheline_aligned;
	u64 *limit;
	struct flightrec_pool *pool;
	int slot;
	u32 cpu;
	u32 turning;
	u32 victim;
	u64 no_event_words;
	u64 seq;
	u64 closed_events;
	u64 closed_bytes;
	u64 overwritten;
	u64 lost;
	u64 lost_told;
	u64 described[FLIGHTREC_TASK_WORDS - 2];
};

/**
 * struct flightrec_ring_stats - what a CPU has recorded since the module's load
 * @events: events
 * @bytes: bytes of records and headers
 * @overwritten: events that have been recycled since
 * @lost: events that could not be recorded
 */
struct flightrec_ring_stats {
	u64 events;
	u64 bytes;
	u64 overwritten;
	u64 lost;
};

/**
 * struct flightrec_ring_written - how far an open segment is written
 * @used: bytes of whole records
 * @events: events in them; may be off by those of this instant
 * @lost: events lost since the segment before it was closed
 */
struct flightrec_ring_written {
	u32 used;
	u64 events;
	u64 lost;
};

/*
 * A thread under its present priority, as one number that is never 0. Of a
 * negative priority (deadline) the upper bits are all set.
 */
static __always_inline u32 flightrec_name_key(u32 tid, int priority)
{
	return tid | (u32)priority << FLIGHTREC_TID_BITS;
}

/* The priority of a key; -1 for any negative one. */
static __always_inline int flightrec_key_priority(u32 key)
{
	return (int)key >> FLIGHTREC_TID_BITS;
}

void flightrec_ring_init(struct flightrec_ring *ring, struct flightrec_pool *pool, u32 cpu);
bool flightrec_ring_append_slow(struct flightrec_ring *ring, u64 now, u64 word, const u64 *more,
				u32 key, struct task_struct *task);
void flightrec_ring_name(struct flightrec_ring *ring, u64 now, u32 key, struct task_struct *task);
void flightrec_ring_forget(struct flightrec_ring *ring, u32 tid);
void flightrec_ring_close(struct flightrec_ring *ring);
bool flightrec_ring_written(const struct flightrec_ring *ring, u32 slot,
			    struct flightrec_ring_written *written);
void flightrec_ring_stats(const struct flightrec_ring *ring, struct flightrec_ring_stats *stats);

/**
 * flightrec_ring_try() - record an event of one word, if there is nothing else to do
 * @ring: this CPU's
 * @low: the counter now, at least its low FLIGHTREC_TIME_BITS
 * @epoch: the next 32 bits of the counter
 * @word: the record, its time zero
 * @key: flightrec_name_key() of the thread that it is about
 *
 * With interrupts off.
 *
 * Return: whether it was; if not, flightrec_ring_append_slow() has to be called.
 */
static __always_inline bool flightrec_ring_try(struct flightrec_ring *ring, u64 low, u32 epoch,
					       u64 word, u32 key)
{
	/* Another CPU may clear the entry, see ring.c. */
	if (unlikely(data_race(ring->names[key % FLIGHTREC_NAMES]) != key) ||
	    unlikely(epoch != ring->epoch) || unlikely(ring->pos == ring->end))
		return false;
	*ring->pos = word | low << FLIGHTREC_TIME_SHIFT;
	/*
	 * C, matches D in flightrec_ring_written(). With a barrier and an
	 * increment in place of a release store, x86 does it in one instruction.
	 */
	smp_wmb();
	/* Readers may look meanwhile: it is one word, and never in between. */
	data_race(ring->pos++);
	return true;
}

#endif
