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
 * @last: clock of the last record
 * @running: key of the thread that the stream says is running, under the
 *	priority that it says
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
 * @lost: events that could not be recorded
 * @lost_told: of these, told in a closed segment
 * @described: words 2 to 5 of the open segment's last full TASK record
 *
 * Written by its CPU with interrupts off, but for @names.
 */
struct flightrec_ring {
	u64 *pos;
	u64 *end;
	u64 last;
	u32 running;

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
	u64 lost;
	u64 lost_told;
	u64 described[FLIGHTREC_TASK_WORDS - 2];
};

/**
 * struct flightrec_ring_stats - what a CPU has recorded since the module's load
 * @events: events
 * @bytes: bytes of records and headers
 * @lost: events that could not be recorded
 */
struct flightrec_ring_stats {
	u64 events;
	u64 bytes;
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

/* A thread under its present priority, as one number that is never 0. */
static __always_inline u32 flightrec_name_key(u32 tid, u8 priority)
{
	return tid | (u32)priority << FLIGHTREC_TID_BITS;
}

void flightrec_ring_init(struct flightrec_ring *ring, struct flightrec_pool *pool, u32 cpu);
void flightrec_ring_append_slow(struct flightrec_ring *ring, u64 now, u64 word, const u64 *more,
				u32 key, struct task_struct *task);
void flightrec_ring_name(struct flightrec_ring *ring, u64 now, u32 key, struct task_struct *task);
void flightrec_ring_forget(struct flightrec_ring *ring, u32 tid);
void flightrec_ring_close(struct flightrec_ring *ring);
bool flightrec_ring_written(const struct flightrec_ring *ring, u32 slot,
			    struct flightrec_ring_written *written);
void flightrec_ring_stats(const struct flightrec_ring *ring, struct flightrec_ring_stats *stats);

/**
 * flightrec_ring_append() - record an event of one word
 * @ring: this CPU's
 * @now: time of the event
 * @word: the record, its delta zero
 * @key: flightrec_name_key() of @task
 * @task: the thread that it is about
 *
 * With interrupts off.
 */
static __always_inline void flightrec_ring_append(struct flightrec_ring *ring, u64 now, u64 word,
						  u32 key, struct task_struct *task)
{
	u32 shift = flightrec_delta_shift(word);
	u64 delta = now - ring->last;
	u64 *pos = ring->pos;

	if (unlikely(READ_ONCE(ring->names[key % FLIGHTREC_NAMES]) != key ||
		     delta >> (64 - shift) || pos == ring->end)) {
		flightrec_ring_append_slow(ring, now, word, NULL, key, task);
		return;
	}
	*pos = word | delta << shift;
	ring->last = now;
	smp_store_release(&ring->pos, pos + 1); /* C, matches D in flightrec_ring_written() */
}

/**
 * flightrec_ring_switch() - record a switch
 * @ring: this CPU's
 * @now: time of the event
 * @word: flightrec_word_switch()
 * @prev_key: flightrec_name_key() of @prev
 * @prev: who leaves the CPU
 * @next_key: flightrec_name_key() of @next
 * @next: who gets it
 *
 * With interrupts off.
 */
static __always_inline void flightrec_ring_switch(struct flightrec_ring *ring, u64 now, u64 word,
						  u32 prev_key, struct task_struct *prev,
						  u32 next_key, struct task_struct *next)
{
	if (unlikely(ring->running != prev_key))
		flightrec_ring_name(ring, now, prev_key, prev);
	flightrec_ring_append(ring, now, word, next_key, next);
	ring->running = next_key;
}

#endif
