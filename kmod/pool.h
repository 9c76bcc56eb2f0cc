/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FLIGHTREC_POOL_H
#define FLIGHTREC_POOL_H

#include <linux/rwsem.h>
#include <linux/spinlock.h>
#include <linux/types.h>

/* Looking for the oldest segment is a pass over all; this bounds it. */
#define FLIGHTREC_SEGMENTS_MAX	    8192
#define FLIGHTREC_SEGMENT_BYTES_MIN (16U << 10)
#define FLIGHTREC_SEGMENT_BYTES_MAX (4U << 20)

/**
 * struct flightrec_slot - the place of one segment in the pool
 * @data: its memory, vmalloc'd; NULL: the place is vacant
 * @generation: changes when the contents are given up; what was noted with an
 *	older one is gone
 * @start: clock of the opening
 * @end: clock of the closing; no record is younger
 * @pair_clock: with @pair_ns, a pair of clocks from the opening
 * @pair_ns: CLOCK_MONOTONIC at @pair_clock
 * @seq: number in its CPU's stream
 * @events: events in it
 * @lost: events lost since the CPU's segment before it was closed
 * @first_event: number of events that the CPU had recorded before
 * @overwritten: where the CPU counts its events that are recycled
 * @cpu: who wrote it
 * @used: bytes of records
 * @start_tid: who ran at @start
 * @flags: FLIGHTREC_SEGMENT_*
 * @holds: snapshots that hold it
 *
 * All of it is protected by the pool's lock, except that the records in @data
 * are written by the CPU that the segment is lent to, and that @data and
 * @generation may also be read under the pool's resize semaphore (see
 * flightrec_pool_begin_read()). @end, @events, @lost and @used are valid once closed.
 */
struct flightrec_slot {
	void *data;
	u64 generation;
	u64 start;
	u64 end;
	u64 pair_clock;
	u64 pair_ns;
	u64 seq;
	u64 events;
	u64 lost;
	u64 first_event;
	u64 *overwritten;
	u32 cpu;
	u32 used;
	u32 start_tid;
	u32 flags;
	u32 holds;
};

/**
 * struct flightrec_pool - all segments
 * @lock: protects all but @resize. Taken in probes, with interrupts off; the
 *	innermost lock of the module
 * @resize: held for writing while memory of segments is taken away, for reading
 *	while it is copied from. Outside of @lock
 * @order: for each slot, its place in the order in which slots are taken: the
 *	smallest first. See pool.c
 * @slots: @capacity of them
 * @capacity: length of @order and @slots
 * @segments: slots that have memory
 * @segment_bytes: memory of each
 * @free: slots with memory and without contents
 * @open: slots lent to a CPU
 * @held: slots with holds
 * @shut: no segment is lent
 * @closings: number of segments closed so far
 * @generations: number of generations given to slots so far
 * @complete_since: the latest @end of a recycled segment: nothing younger is lost
 * @cleared: what is not younger goes into no snapshot
 * @overwritten: events recycled
 * @taken_back: segments recycled that were held
 */
struct flightrec_pool {
	raw_spinlock_t lock;
	struct rw_semaphore resize;
	u64 *order;
	struct flightrec_slot *slots;
	u32 capacity;
	u32 segments;
	u32 segment_bytes;
	u32 free;
	u32 open;
	u32 held;
	bool shut;
	u64 closings;
	u64 generations;
	u64 complete_since;
	u64 cleared;
	u64 overwritten;
	u64 taken_back;
};

void flightrec_pool_init(struct flightrec_pool *pool);
int flightrec_pool_resize(struct flightrec_pool *pool, u32 segments, u32 segment_bytes);
void flightrec_pool_shut(struct flightrec_pool *pool, bool shut);
void flightrec_pool_replace(struct flightrec_pool *pool, struct flightrec_pool *other);
u64 flightrec_pool_bytes(u32 segments, u32 segment_bytes);
u32 flightrec_pool_fit(const struct flightrec_pool *pool, u64 bytes, u32 segment_bytes);
u64 flightrec_pool_taken(const struct flightrec_pool *pool);
void flightrec_pool_clear(struct flightrec_pool *pool, u64 until);

int flightrec_pool_lend(struct flightrec_pool *pool, u32 cpu, u64 *overwritten);
void flightrec_pool_close(struct flightrec_pool *pool, u32 index);

void flightrec_pool_hold(struct flightrec_pool *pool, u32 index);
void flightrec_pool_release(struct flightrec_pool *pool, u32 index, u64 generation);
const void *flightrec_pool_begin_read(struct flightrec_pool *pool, u32 index, u64 generation);
bool flightrec_pool_end_read(struct flightrec_pool *pool, u32 index, u64 generation);
bool flightrec_pool_copy(struct flightrec_pool *pool, u32 index, u64 generation, void *to,
			 u32 bytes);

bool flightrec_pool_slot_open(const struct flightrec_pool *pool, u32 index);
bool flightrec_pool_slot_closed(const struct flightrec_pool *pool, u32 index);

#endif
