// SPDX-License-Identifier: GPL-2.0
/*
 * The pool: all segments, lent out one by one.
 *
 * A CPU that needs a segment gets a free one, or else the one that was closed
 * longest ago on any CPU. So the window is the same for all CPUs, whichever of
 * them is busy; with a buffer a CPU, the busiest one would have the shortest.
 *
 * Which segment comes next is told by one number a slot, the smallest first:
 *
 *	0			free
 *	1 .. 2^62 - 1		closed; the how manieth segment to be so
 *	2^62 + the same		closed and held for a snapshot
 *	ORDER_OPEN		lent to a CPU
 *	ORDER_VACANT		no memory here
 *
 * Finding the smallest is a pass over an array of at most 64 KiB, once in
 * thousands of events. That takes a microsecond for a thousand segments, and
 * saves every list, and every step to keep lists in order when holds come and
 * go.
 *
 * Holds. A snapshot holds what it needs until its file is closed. The recorder
 * goes on in the other segments. It keeps a reserve of free ones, so that a
 * reader which isn't stalled finds all of even the oldest segment. If holds
 * keep more than half of the pool when the reserve is used up, the oldest held
 * segment is taken back for each one that is needed; its reader sees by the
 * generation that it is gone.
 *
 * Reading a segment against its being taken back:
 *
 *	renew_generation()			flightrec_pool_end_read()
 *
 *	another generation			(the records were read)
 *	smp_wmb()	(A, matches B)		smp_rmb()	(B, matches A)
 *	the new owner writes records		generation as noted?
 *
 * A reader that saw a word of the new owner's therefore sees a new generation.
 */
#include <linux/compiler.h>
#include <linux/bits.h>
#include <linux/errno.h>
#include <linux/lockdep.h>
#include <linux/math64.h>
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/string.h>
#include <linux/vmalloc.h>
#include <asm/barrier.h>

#include <flightrec_format.h>
#include "pool.h"

#define ORDER_FREE   0ULL
#define ORDER_HELD   BIT_ULL(62)
#define ORDER_OPEN   (U64_MAX - 1)
#define ORDER_VACANT U64_MAX

void flightrec_pool_init(struct flightrec_pool *pool)
{
	memset(pool, 0, sizeof(*pool));
	raw_spin_lock_init(&pool->lock);
	init_rwsem(&pool->resize);
}

#define SLOT_BYTES (sizeof(struct flightrec_slot) + sizeof(u64))

/**
 * flightrec_pool_bytes() - memory that a new pool of @segments takes
 * @segments: number of segments
 * @segment_bytes: memory of each
 */
u64 flightrec_pool_bytes(u32 segments, u32 segment_bytes)
{
	return (u64)segments * (segment_bytes + SLOT_BYTES);
}

/**
 * flightrec_pool_fit() - number of segments that a pool can have
 * @pool: the pool; what it has slots for stays allocated until it is emptied
 * @bytes: bound on all its memory
 * @segment_bytes: memory of one segment
 */
u32 flightrec_pool_fit(const struct flightrec_pool *pool, u64 bytes, u32 segment_bytes)
{
	u64 slots = (u64)pool->capacity * SLOT_BYTES;
	u64 segments = div_u64(bytes, segment_bytes + SLOT_BYTES);

	if (segments < pool->capacity)
		segments = div_u64(bytes - min(slots, bytes), segment_bytes);
	return min_t(u64, segments, U32_MAX);
}

/* Memory that the pool has taken. */
u64 flightrec_pool_taken(const struct flightrec_pool *pool)
{
	return (u64)READ_ONCE(pool->capacity) * SLOT_BYTES +
	       (u64)READ_ONCE(pool->segments) * READ_ONCE(pool->segment_bytes);
}

/**
 * flightrec_pool_clear() - have snapshots leave out what there is
 * @pool: the pool
 * @until: all that is not younger
 *
 * Its segments stay until they are recycled, which they will be first.
 */
void flightrec_pool_clear(struct flightrec_pool *pool, u64 until)
{
	unsigned long flags;

	raw_spin_lock_irqsave(&pool->lock, flags);
	pool->cleared = max(pool->cleared, until);
	raw_spin_unlock_irqrestore(&pool->lock, flags);
}

bool flightrec_pool_slot_open(const struct flightrec_pool *pool, u32 index)
{
	lockdep_assert_held(&pool->lock);
	return pool->order[index] == ORDER_OPEN;
}

bool flightrec_pool_slot_closed(const struct flightrec_pool *pool, u32 index)
{
	lockdep_assert_held(&pool->lock);
	return pool->order[index] != ORDER_FREE && pool->order[index] < ORDER_OPEN;
}

/*
 * The first in order among the slots whose order is at least @from; ORDER_OPEN
 * or more if there is none.
 */
static u32 first_from(const struct flightrec_pool *pool, u64 from)
{
	u32 first = 0;
	u64 least = U64_MAX;
	u32 i;

	for (i = 0; i < pool->capacity; i++) {
		u64 order = pool->order[i];

		if (order >= from && order < least) {
			least = order;
			first = i;
		}
	}
	return first;
}

/*
 * Every content has a generation of its own. Called before a segment's memory
 * changes hands.
 */
static void renew_generation(struct flightrec_pool *pool, struct flightrec_slot *slot)
{
	WRITE_ONCE(slot->generation, ++pool->generations);
	smp_wmb(); /* A, matches B in flightrec_pool_end_read() */
}

/* Gives up what a closed segment holds. */
static void recycle(struct flightrec_pool *pool, u32 index)
{
	struct flightrec_slot *slot = &pool->slots[index];

	if (pool->order[index] == ORDER_FREE)
		return;
	if (slot->end > pool->complete_since)
		WRITE_ONCE(pool->complete_since, slot->end);
	pool->overwritten += slot->events;
	WRITE_ONCE(*slot->overwritten, *slot->overwritten + slot->events);
	if (slot->holds) {
		slot->holds = 0;
		pool->held--;
		pool->taken_back++;
	}
	renew_generation(pool, slot);
	pool->order[index] = ORDER_FREE;
	pool->free++;
}

/*
 * The closed segment to give up next, ORDER_OPEN or more if there is none: the
 * one closed longest ago. While holds keep no more than half of the pool, a held
 * one only if there is no other.
 */
static u32 choose_closed(const struct flightrec_pool *pool)
{
	u32 oldest = first_from(pool, ORDER_FREE + 1);
	u32 held = first_from(pool, ORDER_HELD);

	/* The order of an open segment, held or not, is beyond all of them. */
	if (pool->held > pool->segments / 2 && pool->order[held] < ORDER_OPEN &&
	    pool->order[held] - ORDER_HELD < pool->order[oldest])
		return held;
	return oldest;
}

/*
 * Keeps some segments free, as long as no held one has to be given up for it:
 * a snapshot that is being read finds all of even its oldest segment.
 */
static void refill_reserve(struct flightrec_pool *pool)
{
	u32 index;

	if (pool->free >= pool->segments / 16)
		return;
	index = choose_closed(pool);
	if (pool->order[index] < ORDER_HELD)
		recycle(pool, index);
}

/**
 * flightrec_pool_lend() - lend a segment to a CPU
 * @pool: the pool
 * @cpu: who is to write to it
 * @overwritten: goes up by the segment's events when it is recycled; must live as
 *	long as the pool has any of them
 *
 * Called in probes: bounded, and never sleeps or allocates.
 *
 * Return: index of the segment's slot, empty, to be given back by
 * flightrec_pool_close(); -ENOSPC if each one is lent out, or the pool is shut.
 */
int flightrec_pool_lend(struct flightrec_pool *pool, u32 cpu, u64 *overwritten)
{
	struct flightrec_slot *slot;
	u32 index;

	lockdep_assert_held(&pool->lock);
	if (!pool->segments || pool->shut)
		return -ENOSPC;
	index = pool->free ? first_from(pool, ORDER_FREE) : choose_closed(pool);
	if (pool->order[index] >= ORDER_OPEN)
		return -ENOSPC;
	recycle(pool, index);
	pool->free--;
	pool->order[index] = ORDER_OPEN;
	pool->open++;
	refill_reserve(pool);

	slot = &pool->slots[index];
	renew_generation(pool, slot);
	slot->cpu = cpu;
	slot->overwritten = overwritten;
	slot->used = 0;
	slot->events = 0;
	slot->lost = 0;
	slot->flags = 0;
	return index;
}

/**
 * flightrec_pool_close() - give a segment back, with what it holds
 * @pool: the pool
 * @index: slot of one that was lent; its @end, @events, @lost and @used are valid
 */
void flightrec_pool_close(struct flightrec_pool *pool, u32 index)
{
	lockdep_assert_held(&pool->lock);
	pool->open--;
	pool->order[index] = ++pool->closings;
	if (pool->slots[index].holds)
		pool->order[index] |= ORDER_HELD;
}

/**
 * flightrec_pool_hold() - keep a segment from being recycled
 * @pool: the pool
 * @index: one of its slots, open or closed
 */
void flightrec_pool_hold(struct flightrec_pool *pool, u32 index)
{
	lockdep_assert_held(&pool->lock);
	if (!pool->slots[index].holds++)
		pool->held++;
	if (flightrec_pool_slot_closed(pool, index))
		pool->order[index] |= ORDER_HELD;
}

/**
 * flightrec_pool_release() - undo flightrec_pool_hold()
 * @pool: the pool
 * @index: the slot
 * @generation: its generation when it was held
 *
 * Does nothing if the segment has been taken back since.
 */
void flightrec_pool_release(struct flightrec_pool *pool, u32 index, u64 generation)
{
	struct flightrec_slot *slot;

	lockdep_assert_held(&pool->lock);
	if (index >= pool->capacity || pool->slots[index].generation != generation)
		return;
	slot = &pool->slots[index];
	if (!--slot->holds)
		pool->held--;
	if (!slot->holds && flightrec_pool_slot_closed(pool, index))
		pool->order[index] &= ~ORDER_HELD;
}

static bool still_there(const struct flightrec_pool *pool, u32 index, u64 generation)
{
	return index < pool->capacity && READ_ONCE(pool->slots[index].generation) == generation;
}

/**
 * flightrec_pool_begin_read() - look at the records of a segment
 * @pool: the pool
 * @index: the slot
 * @generation: its generation when its contents were noted
 *
 * In any case to be followed by flightrec_pool_end_read(), and soon: changes of
 * the pool's size wait for it. Takes no lock that a probe takes. May sleep.
 *
 * Return: the records, which a new owner may be overwriting at any moment; NULL
 * if they are gone.
 */
const void *flightrec_pool_begin_read(struct flightrec_pool *pool, u32 index, u64 generation)
{
	down_read(&pool->resize);
	return still_there(pool, index, generation) ? pool->slots[index].data : NULL;
}

/**
 * flightrec_pool_end_read() - end what flightrec_pool_begin_read() began
 * @pool: the pool
 * @index: the slot
 * @generation: as there
 *
 * Return: whether all that was read in between is what was noted.
 */
bool flightrec_pool_end_read(struct flightrec_pool *pool, u32 index, u64 generation)
{
	bool there;

	smp_rmb(); /* B, matches A in renew_generation() */
	there = still_there(pool, index, generation);
	up_read(&pool->resize);
	return there;
}

/**
 * flightrec_pool_copy() - copy records out of a segment
 * @pool: the pool
 * @index: the slot
 * @generation: its generation when its contents were noted
 * @to: where to
 * @bytes: how many from the start; they must have been published
 *
 * Return: false if the contents are gone; @to then holds garbage.
 */
bool flightrec_pool_copy(struct flightrec_pool *pool, u32 index, u64 generation, void *to,
			 u32 bytes)
{
	const void *from = flightrec_pool_begin_read(pool, index, generation);

	if (from) {
		/* The new owner of a segment taken back may be writing to it. */
		data_race(memcpy(to, from, bytes));
	}
	return flightrec_pool_end_read(pool, index, generation) && from;
}

/* Makes room for @capacity slots. */
static int grow_arrays(struct flightrec_pool *pool, u32 capacity)
{
	struct flightrec_slot *slots, *old_slots = pool->slots;
	u64 *order, *old_order = pool->order;
	unsigned long flags;
	u32 i;

	if (capacity <= pool->capacity)
		return 0;
	slots = kvcalloc(capacity, sizeof(*slots), GFP_KERNEL);
	order = kvmalloc_array(capacity, sizeof(*order), GFP_KERNEL);
	if (!slots || !order) {
		kvfree(slots);
		kvfree(order);
		return -ENOMEM;
	}
	for (i = pool->capacity; i < capacity; i++)
		order[i] = ORDER_VACANT;

	down_write(&pool->resize);
	raw_spin_lock_irqsave(&pool->lock, flags);
	if (pool->capacity) {
		memcpy(slots, old_slots, pool->capacity * sizeof(*slots));
		memcpy(order, old_order, pool->capacity * sizeof(*order));
	}
	pool->slots = slots;
	pool->order = order;
	pool->capacity = capacity;
	raw_spin_unlock_irqrestore(&pool->lock, flags);
	up_write(&pool->resize);
	kvfree(old_slots);
	kvfree(old_order);
	return 0;
}

/* Takes all slots, vacant by now. Readers may still be looking for theirs. */
static void free_arrays(struct flightrec_pool *pool)
{
	struct flightrec_slot *slots = NULL;
	unsigned long flags;
	u64 *order = NULL;

	down_write(&pool->resize);
	raw_spin_lock_irqsave(&pool->lock, flags);
	swap(pool->slots, slots);
	swap(pool->order, order);
	pool->capacity = 0;
	raw_spin_unlock_irqrestore(&pool->lock, flags);
	up_write(&pool->resize);
	kvfree(slots);
	kvfree(order);
}

/* Gives the memory of one segment to a vacant slot. */
static int add_segment(struct flightrec_pool *pool, u32 segment_bytes)
{
	void *data = __vmalloc(segment_bytes, GFP_KERNEL | __GFP_RETRY_MAYFAIL | __GFP_NOWARN);
	unsigned long flags;
	u32 index;

	if (!data)
		return -ENOMEM;
	raw_spin_lock_irqsave(&pool->lock, flags);
	for (index = 0; pool->order[index] != ORDER_VACANT; index++)
		;
	pool->slots[index].data = data;
	pool->order[index] = ORDER_FREE;
	pool->free++;
	pool->segments++;
	pool->segment_bytes = segment_bytes;
	raw_spin_unlock_irqrestore(&pool->lock, flags);
	return 0;
}

/*
 * Takes the memory of the segment that would be lent next, and its contents.
 * False if all that are left are open.
 */
static bool remove_segment(struct flightrec_pool *pool)
{
	unsigned long flags;
	void *data = NULL;
	u32 index;

	down_write(&pool->resize);
	raw_spin_lock_irqsave(&pool->lock, flags);
	index = first_from(pool, ORDER_FREE);
	if (pool->order[index] < ORDER_OPEN) {
		recycle(pool, index);
		pool->free--;
		pool->segments--;
		pool->order[index] = ORDER_VACANT;
		swap(data, pool->slots[index].data);
	}
	raw_spin_unlock_irqrestore(&pool->lock, flags);
	up_write(&pool->resize);
	vfree(data);
	return data;
}

/**
 * flightrec_pool_resize() - change the pool's size
 * @pool: the pool
 * @segments: wanted number of segments; not less than are open
 * @segment_bytes: memory of each; may differ from the present one only if the
 *	pool is empty
 *
 * Growing keeps everything, shrinking gives up the oldest segments. Callers
 * keep each other out; recording and reading may go on.
 *
 * Return: 0, or -ENOMEM or -EINVAL and nothing has changed.
 */
int flightrec_pool_resize(struct flightrec_pool *pool, u32 segments, u32 segment_bytes)
{
	u32 before = pool->segments;
	int err;

	if (before && segments && segment_bytes != pool->segment_bytes)
		return -EINVAL;
	err = grow_arrays(pool, segments);
	while (!err && pool->segments < segments)
		err = add_segment(pool, segment_bytes);
	if (err)
		segments = before;
	while (pool->segments > segments && remove_segment(pool))
		;
	if (!pool->segments)
		free_arrays(pool);
	return err;
}

/* From now on, segments are lent or not. */
void flightrec_pool_shut(struct flightrec_pool *pool, bool shut)
{
	unsigned long flags;

	raw_spin_lock_irqsave(&pool->lock, flags);
	pool->shut = shut;
	raw_spin_unlock_irqrestore(&pool->lock, flags);
}

/**
 * flightrec_pool_replace() - give up all segments for those of another pool
 * @pool: one that is shut, and has no segment open
 * @other: one that nobody uses; gets the memory of @pool's segments
 */
void flightrec_pool_replace(struct flightrec_pool *pool, struct flightrec_pool *other)
{
	unsigned long flags;
	u32 i;

	down_write(&pool->resize);
	raw_spin_lock_irqsave(&pool->lock, flags);
	for (i = 0; i < pool->capacity; i++)
		if (flightrec_pool_slot_closed(pool, i))
			recycle(pool, i);
	swap(pool->slots, other->slots);
	swap(pool->order, other->order);
	swap(pool->capacity, other->capacity);
	swap(pool->segments, other->segments);
	swap(pool->segment_bytes, other->segment_bytes);
	swap(pool->free, other->free);
	raw_spin_unlock_irqrestore(&pool->lock, flags);
	up_write(&pool->resize);
}
