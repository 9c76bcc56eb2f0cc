// SPDX-License-Identifier: GPL-2.0
/*
 * The pool: which segment is lent next, what holds keep, what a change of size
 * keeps, and what happens when memory runs out.
 *
 * The letters of a test's segments are in the order of their closing, unless
 * it says otherwise.
 */
#include <kunit/test.h>
#include <linux/errno.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "../../kmod/pool.h"
#include "fake.h"

static u64 overwritten;

#define BYTES 64

static int lend(struct flightrec_pool *pool, u32 cpu)
{
	int index;

	raw_spin_lock(&pool->lock);
	index = flightrec_pool_lend(pool, cpu, &overwritten);
	raw_spin_unlock(&pool->lock);
	return index;
}

static void close_at(struct flightrec_pool *pool, int index, u64 end, u64 events)
{
	raw_spin_lock(&pool->lock);
	pool->slots[index].end = end;
	pool->slots[index].events = events;
	flightrec_pool_close(pool, index);
	raw_spin_unlock(&pool->lock);
}

/* Lends a segment, fills it with @fill, and closes it. */
static int record(struct kunit *test, u8 fill)
{
	struct flightrec_pool *pool = test->priv;
	int index = lend(pool, 0);

	KUNIT_ASSERT_GE(test, index, 0);
	memset(pool->slots[index].data, fill, pool->segment_bytes);
	close_at(pool, index, fill, 1);
	return index;
}

/* Return: the generation, for release(). */
static u64 hold(struct flightrec_pool *pool, int index)
{
	u64 generation;

	raw_spin_lock(&pool->lock);
	flightrec_pool_hold(pool, index);
	generation = pool->slots[index].generation;
	raw_spin_unlock(&pool->lock);
	return generation;
}

static void release(struct flightrec_pool *pool, int index, u64 generation)
{
	raw_spin_lock(&pool->lock);
	flightrec_pool_release(pool, index, generation);
	raw_spin_unlock(&pool->lock);
}

static bool is_open(struct flightrec_pool *pool, int index)
{
	bool open;

	raw_spin_lock(&pool->lock);
	open = flightrec_pool_slot_open(pool, index);
	raw_spin_unlock(&pool->lock);
	return open;
}

static bool is_closed(struct flightrec_pool *pool, int index)
{
	bool closed;

	raw_spin_lock(&pool->lock);
	closed = flightrec_pool_slot_closed(pool, index);
	raw_spin_unlock(&pool->lock);
	return closed;
}

/* Whether a copy succeeds, and is all @fill. */
static bool has(struct kunit *test, int index, u64 generation, u8 fill)
{
	u8 copy[BYTES];
	u32 i;

	memset(copy, 0, sizeof(copy));
	if (!flightrec_pool_copy(test->priv, index, generation, copy, BYTES))
		return false;
	for (i = 0; i < BYTES; i++)
		KUNIT_ASSERT_EQ(test, copy[i], fill);
	return true;
}

static struct flightrec_pool *pool_of(struct kunit *test, u32 segments)
{
	struct flightrec_pool *pool = test->priv;

	KUNIT_ASSERT_EQ(test, flightrec_pool_resize(pool, segments, BYTES), 0);
	KUNIT_ASSERT_EQ(test, pool->segments, segments);
	return pool;
}

static void pool_lends_free_segments_first(struct kunit *test)
{
	struct flightrec_pool *pool = pool_of(test, 4);
	int a = record(test, 1), b = record(test, 2), c = record(test, 3), d = record(test, 4);

	KUNIT_EXPECT_EQ(test, 1 << a | 1 << b | 1 << c | 1 << d, 0xf);
	KUNIT_EXPECT_EQ(test, pool->free, 0);
	KUNIT_EXPECT_EQ(test, pool->overwritten, 0);
	KUNIT_EXPECT_EQ(test, pool->complete_since, 0);
}

static void pool_lends_the_segment_closed_longest_ago_on_any_cpu(struct kunit *test)
{
	struct flightrec_pool *pool = pool_of(test, 4);
	int a = lend(pool, 0), b = lend(pool, 1), c = lend(pool, 2), d = lend(pool, 3);

	close_at(pool, c, 10, 1);
	close_at(pool, a, 20, 1);
	close_at(pool, d, 30, 1);
	close_at(pool, b, 40, 1);
	KUNIT_EXPECT_EQ(test, lend(pool, 0), c);
	KUNIT_EXPECT_EQ(test, lend(pool, 0), a);
	KUNIT_EXPECT_EQ(test, lend(pool, 0), d);
	KUNIT_EXPECT_EQ(test, lend(pool, 0), b);
	KUNIT_EXPECT_EQ(test, pool->slots[b].cpu, 0);
}

static void pool_lends_a_segment_empty(struct kunit *test)
{
	struct flightrec_pool *pool = pool_of(test, 1);
	struct flightrec_slot *slot = &pool->slots[0];
	int a = lend(pool, 3);

	KUNIT_ASSERT_EQ(test, a, 0);
	slot->used = 48;
	slot->lost = 7;
	slot->flags = 1;
	close_at(pool, a, 10, 5);
	KUNIT_ASSERT_EQ(test, lend(pool, 2), 0);
	KUNIT_EXPECT_EQ(test, slot->cpu, 2);
	KUNIT_EXPECT_EQ(test, slot->used, 0);
	KUNIT_EXPECT_EQ(test, slot->events, 0);
	KUNIT_EXPECT_EQ(test, slot->lost, 0);
	KUNIT_EXPECT_EQ(test, slot->flags, 0);
}

static void pool_never_lends_more_than_it_has(struct kunit *test)
{
	struct flightrec_pool *pool = test->priv;

	KUNIT_EXPECT_EQ(test, lend(pool, 0), -ENOSPC);
	pool_of(test, 2);
	KUNIT_EXPECT_GE(test, lend(pool, 0), 0);
	KUNIT_EXPECT_GE(test, lend(pool, 1), 0);
	KUNIT_EXPECT_EQ(test, lend(pool, 2), -ENOSPC);
	KUNIT_EXPECT_EQ(test, lend(pool, 0), -ENOSPC);
	KUNIT_EXPECT_EQ(test, pool->open, 2);
}

static void pool_counts_what_is_free_open_and_held(struct kunit *test)
{
	struct flightrec_pool *pool = pool_of(test, 4);
	int a = lend(pool, 0), b = lend(pool, 1);
	u64 generation;

	close_at(pool, a, 10, 1);
	generation = hold(pool, a);
	hold(pool, b);
	KUNIT_EXPECT_EQ(test, pool->free, 2);
	KUNIT_EXPECT_EQ(test, pool->open, 1);
	KUNIT_EXPECT_EQ(test, pool->held, 2);
	KUNIT_EXPECT_TRUE(test, is_closed(pool, a));
	KUNIT_EXPECT_FALSE(test, is_open(pool, a));
	KUNIT_EXPECT_TRUE(test, is_open(pool, b));
	KUNIT_EXPECT_FALSE(test, is_closed(pool, b));
	release(pool, a, generation);
	KUNIT_EXPECT_EQ(test, pool->held, 1);
	KUNIT_EXPECT_EQ(test, pool->segments, 4);
}

/* A sixteenth: a reader that goes on finds even the oldest segment. */
static void pool_keeps_a_reserve_of_free_segments(struct kunit *test)
{
	struct flightrec_pool *pool = pool_of(test, 32);
	u32 i;

	for (i = 1; i <= 40; i++)
		record(test, i);
	KUNIT_EXPECT_EQ(test, pool->free, 2);
	KUNIT_EXPECT_EQ(test, pool->overwritten, 10);
	KUNIT_EXPECT_EQ(test, pool->complete_since, 10);
}

static void pool_gives_up_no_held_segment_for_the_reserve(struct kunit *test)
{
	struct flightrec_pool *pool = pool_of(test, 32);
	u32 i;

	for (i = 1; i <= 30; i++)
		hold(pool, record(test, i));
	KUNIT_EXPECT_GE(test, lend(pool, 0), 0);
	KUNIT_EXPECT_GE(test, lend(pool, 1), 0);
	KUNIT_EXPECT_EQ(test, pool->free, 0);
	KUNIT_EXPECT_EQ(test, pool->taken_back, 0);
	KUNIT_EXPECT_EQ(test, pool->held, 30);
}

static void pool_keeps_held_segments(struct kunit *test)
{
	struct flightrec_pool *pool = pool_of(test, 4);
	int a = record(test, 1), b = record(test, 2);
	u64 of_a = hold(pool, a), of_b = hold(pool, b);
	u32 i;

	for (i = 3; i < 13; i++)
		record(test, i);
	KUNIT_EXPECT_TRUE(test, has(test, a, of_a, 1));
	KUNIT_EXPECT_TRUE(test, has(test, b, of_b, 2));
	KUNIT_EXPECT_EQ(test, pool->taken_back, 0);
	KUNIT_EXPECT_EQ(test, pool->overwritten, 8);
}

static void pool_keeps_a_segment_held_while_it_was_open(struct kunit *test)
{
	struct flightrec_pool *pool = pool_of(test, 4);
	int a = lend(pool, 0);
	u64 of_a = hold(pool, a);
	u32 i;

	memset(pool->slots[a].data, 1, BYTES);
	close_at(pool, a, 1, 1);
	for (i = 2; i < 12; i++)
		record(test, i);
	KUNIT_EXPECT_TRUE(test, has(test, a, of_a, 1));
	release(pool, a, of_a);
	KUNIT_EXPECT_EQ(test, record(test, 12), a);
}

static void pool_keeps_a_segment_as_long_as_one_holds_it(struct kunit *test)
{
	struct flightrec_pool *pool = pool_of(test, 4);
	int a = record(test, 1);
	u64 of_a = hold(pool, a);
	u32 i;

	hold(pool, a);
	KUNIT_EXPECT_EQ(test, pool->held, 1);
	release(pool, a, of_a);
	KUNIT_EXPECT_EQ(test, pool->held, 1);
	for (i = 2; i < 12; i++)
		record(test, i);
	KUNIT_EXPECT_TRUE(test, has(test, a, of_a, 1));
	release(pool, a, of_a);
	KUNIT_EXPECT_EQ(test, pool->held, 0);
	KUNIT_EXPECT_EQ(test, record(test, 12), a);
}

/* It takes its old place in the order, not the last one. */
static void pool_lends_a_released_segment_by_its_age(struct kunit *test)
{
	struct flightrec_pool *pool = pool_of(test, 4);
	int a = record(test, 1), b = record(test, 2), c = record(test, 3);
	u64 of_a;

	record(test, 4);
	of_a = hold(pool, a);
	KUNIT_EXPECT_EQ(test, record(test, 5), b);
	release(pool, a, of_a);
	KUNIT_EXPECT_EQ(test, record(test, 6), a);
	KUNIT_EXPECT_EQ(test, record(test, 7), c);
}

static void pool_takes_back_the_oldest_held_past_half(struct kunit *test)
{
	struct flightrec_pool *pool = pool_of(test, 4);
	int a = record(test, 1), b = record(test, 2), c = record(test, 3), d = record(test, 4);
	u64 of_a = hold(pool, a), of_b = hold(pool, b), of_c = hold(pool, c);

	/* Three of four are more than half: one goes, though d is not held. */
	KUNIT_EXPECT_EQ(test, record(test, 5), a);
	KUNIT_EXPECT_EQ(test, pool->taken_back, 1);
	KUNIT_EXPECT_EQ(test, pool->held, 2);
	/* Two are half. */
	KUNIT_EXPECT_EQ(test, record(test, 6), d);
	KUNIT_EXPECT_EQ(test, pool->taken_back, 1);
	KUNIT_EXPECT_FALSE(test, has(test, a, of_a, 1));
	KUNIT_EXPECT_TRUE(test, has(test, b, of_b, 2));
	KUNIT_EXPECT_TRUE(test, has(test, c, of_c, 3));
}

/* Past half, the held compete with the others by age. */
static void pool_takes_back_no_held_one_younger_than_another(struct kunit *test)
{
	struct flightrec_pool *pool = pool_of(test, 4);
	int a = record(test, 1), b = record(test, 2);

	hold(pool, b);
	hold(pool, record(test, 3));
	hold(pool, record(test, 4));
	KUNIT_EXPECT_EQ(test, record(test, 5), a);
	KUNIT_EXPECT_EQ(test, pool->taken_back, 0);
	KUNIT_EXPECT_EQ(test, record(test, 6), b);
	KUNIT_EXPECT_EQ(test, pool->taken_back, 1);
}

static void pool_uses_free_segments_before_it_takes_back(struct kunit *test)
{
	struct flightrec_pool *pool = pool_of(test, 4);

	hold(pool, record(test, 1));
	hold(pool, record(test, 2));
	hold(pool, record(test, 3));
	record(test, 4);
	KUNIT_EXPECT_EQ(test, pool->taken_back, 0);
}

/* An open segment counts as held, and can't be taken. */
static void pool_takes_back_no_open_segment(struct kunit *test)
{
	struct flightrec_pool *pool = pool_of(test, 4);
	int a = lend(pool, 0), b = lend(pool, 1), c = lend(pool, 2), d = record(test, 4);

	hold(pool, a);
	hold(pool, b);
	hold(pool, c);
	KUNIT_EXPECT_EQ(test, lend(pool, 3), d);
	KUNIT_EXPECT_EQ(test, lend(pool, 4), -ENOSPC);
	KUNIT_EXPECT_EQ(test, pool->taken_back, 0);
}

static void pool_takes_back_the_last_one_rather_than_stop(struct kunit *test)
{
	struct flightrec_pool *pool = pool_of(test, 2);
	int a = record(test, 1), b = lend(pool, 0);
	u64 of_a = hold(pool, a);

	KUNIT_EXPECT_GE(test, b, 0);
	KUNIT_EXPECT_EQ(test, lend(pool, 1), a);
	KUNIT_EXPECT_EQ(test, pool->taken_back, 1);
	KUNIT_EXPECT_EQ(test, pool->held, 0);
	KUNIT_EXPECT_FALSE(test, has(test, a, of_a, 1));
}

static void pool_release_after_take_back_is_harmless(struct kunit *test)
{
	struct flightrec_pool *pool = pool_of(test, 2);
	int a = record(test, 1);
	u64 before = hold(pool, a), now;

	record(test, 2);
	hold(pool, 1 - a);
	KUNIT_ASSERT_EQ(test, record(test, 3), a);
	now = hold(pool, a);
	release(pool, a, before);
	KUNIT_EXPECT_EQ(test, pool->held, 2);
	KUNIT_EXPECT_EQ(test, pool->slots[a].holds, 1);
	KUNIT_EXPECT_TRUE(test, has(test, a, now, 3));
}

static void pool_copy_gives_what_was_written(struct kunit *test)
{
	struct flightrec_pool *pool = pool_of(test, 2);
	int a = lend(pool, 0);
	u64 words[3] = { 7, 7, 7 };

	((u64 *)pool->slots[a].data)[0] = 0x1111;
	((u64 *)pool->slots[a].data)[1] = 0x2222;
	KUNIT_EXPECT_TRUE(test, flightrec_pool_copy(pool, a, pool->slots[a].generation, words, 16));
	KUNIT_EXPECT_EQ(test, words[0], 0x1111);
	KUNIT_EXPECT_EQ(test, words[1], 0x2222);
	KUNIT_EXPECT_EQ(test, words[2], 7);
}

static void pool_copy_of_a_recycled_segment_fails(struct kunit *test)
{
	struct flightrec_pool *pool = pool_of(test, 1);
	int a = record(test, 1);
	u64 before = pool->slots[a].generation;

	KUNIT_EXPECT_TRUE(test, has(test, a, before, 1));
	KUNIT_ASSERT_EQ(test, lend(pool, 0), a);
	/* From the lending on, with nothing written yet. */
	KUNIT_EXPECT_FALSE(test, has(test, a, before, 1));
}

/* The reserve is free again before anyone writes to it. */
static void pool_copy_of_a_freed_segment_fails(struct kunit *test)
{
	struct flightrec_pool *pool = pool_of(test, 32);
	int a = record(test, 1);
	u64 of_a = pool->slots[a].generation;
	u32 i;

	for (i = 2; i <= 31; i++)
		record(test, i);
	KUNIT_EXPECT_EQ(test, pool->overwritten, 1);
	KUNIT_EXPECT_FALSE(test, has(test, a, of_a, 1));
}

static void pool_copy_of_a_segment_that_is_gone_fails(struct kunit *test)
{
	struct flightrec_pool *pool = pool_of(test, 2);
	int a = record(test, 1), b = record(test, 2);
	u64 of_a = hold(pool, a), of_b = hold(pool, b);

	pool_of(test, 1);
	KUNIT_EXPECT_FALSE(test, has(test, a, of_a, 1));
	pool_of(test, 0);
	KUNIT_EXPECT_FALSE(test, has(test, b, of_b, 2));
	release(pool, a, of_a);
	release(pool, b, of_b);
	pool_of(test, 2);
	KUNIT_EXPECT_FALSE(test, has(test, a, of_a, 1));
	KUNIT_EXPECT_FALSE(test, has(test, b, of_b, 2));
	release(pool, a, of_a);
	release(pool, b, of_b);
	KUNIT_EXPECT_EQ(test, pool->held, 0);
}

static void pool_complete_since_is_latest_end_recycled(struct kunit *test)
{
	struct flightrec_pool *pool = pool_of(test, 3);
	int a = lend(pool, 0), b = lend(pool, 1), c = lend(pool, 2);

	close_at(pool, a, 500, 10);
	close_at(pool, b, 300, 20);
	close_at(pool, c, 700, 40);
	KUNIT_EXPECT_EQ(test, pool->complete_since, 0);
	lend(pool, 0);
	KUNIT_EXPECT_EQ(test, pool->complete_since, 500);
	KUNIT_EXPECT_EQ(test, pool->overwritten, 10);
	lend(pool, 0);
	KUNIT_EXPECT_EQ(test, pool->complete_since, 500);
	KUNIT_EXPECT_EQ(test, pool->overwritten, 30);
	lend(pool, 0);
	KUNIT_EXPECT_EQ(test, pool->complete_since, 700);
	KUNIT_EXPECT_EQ(test, pool->overwritten, 70);
}

static void pool_growing_keeps_contents(struct kunit *test)
{
	struct flightrec_pool *pool = pool_of(test, 3);
	int a = record(test, 1), b = record(test, 2), c = lend(pool, 5);
	u64 of_a = hold(pool, a), of_b = pool->slots[b].generation;

	memset(pool->slots[c].data, 3, BYTES);
	pool_of(test, 9);
	KUNIT_EXPECT_EQ(test, pool->free, 6);
	KUNIT_EXPECT_EQ(test, pool->open, 1);
	KUNIT_EXPECT_EQ(test, pool->held, 1);
	KUNIT_EXPECT_TRUE(test, has(test, a, of_a, 1));
	KUNIT_EXPECT_TRUE(test, has(test, b, of_b, 2));
	KUNIT_EXPECT_TRUE(test, has(test, c, pool->slots[c].generation, 3));
	KUNIT_EXPECT_TRUE(test, is_open(pool, c));
	KUNIT_EXPECT_EQ(test, pool->slots[c].cpu, 5);
	KUNIT_EXPECT_EQ(test, pool->overwritten, 0);
	KUNIT_EXPECT_EQ(test, pool->complete_since, 0);
}

static void pool_shrinking_keeps_the_newest(struct kunit *test)
{
	struct flightrec_pool *pool = pool_of(test, 6);
	int a = record(test, 1), b = record(test, 2), c = record(test, 3), d = record(test, 4);
	u64 of_b = pool->slots[b].generation, of_c = pool->slots[c].generation;
	u64 of_d = pool->slots[d].generation, of_a = pool->slots[a].generation;

	pool_of(test, 4);
	KUNIT_EXPECT_EQ(test, pool->free, 0);
	KUNIT_EXPECT_EQ(test, pool->overwritten, 0);
	KUNIT_EXPECT_TRUE(test, has(test, a, of_a, 1));

	pool_of(test, 2);
	KUNIT_EXPECT_FALSE(test, has(test, a, of_a, 1));
	KUNIT_EXPECT_FALSE(test, has(test, b, of_b, 2));
	KUNIT_EXPECT_TRUE(test, has(test, c, of_c, 3));
	KUNIT_EXPECT_TRUE(test, has(test, d, of_d, 4));
	KUNIT_EXPECT_EQ(test, pool->overwritten, 2);
	KUNIT_EXPECT_EQ(test, pool->complete_since, 2);
	KUNIT_EXPECT_EQ(test, record(test, 5), c);
}

static void pool_shrinking_keeps_what_is_held_longest(struct kunit *test)
{
	struct flightrec_pool *pool = pool_of(test, 3);
	int a = record(test, 1), b = record(test, 2);
	u64 of_a = hold(pool, a), of_b = pool->slots[b].generation;

	record(test, 3);
	pool_of(test, 1);
	KUNIT_EXPECT_TRUE(test, has(test, a, of_a, 1));
	KUNIT_EXPECT_FALSE(test, has(test, b, of_b, 2));
	KUNIT_EXPECT_EQ(test, pool->taken_back, 0);
}

static void pool_shrinking_keeps_what_is_lent(struct kunit *test)
{
	struct flightrec_pool *pool = pool_of(test, 4);
	int a = lend(pool, 0), b = lend(pool, 1);

	record(test, 3);
	pool_of(test, 2);
	KUNIT_EXPECT_TRUE(test, is_open(pool, a));
	KUNIT_EXPECT_TRUE(test, is_open(pool, b));
	KUNIT_EXPECT_EQ(test, pool->open, 2);
	KUNIT_EXPECT_EQ(test, lend(pool, 2), -ENOSPC);
}

static void expect_no_growth(struct kunit *test, int allocations)
{
	struct flightrec_pool *pool = test->priv;

	fake_allocations = allocations;
	KUNIT_EXPECT_EQ(test, flightrec_pool_resize(pool, 8, BYTES), -ENOMEM);
	KUNIT_EXPECT_EQ(test, pool->segments, 2);
	KUNIT_EXPECT_EQ(test, pool->free, 0);
	KUNIT_EXPECT_EQ(test, pool->held, 1);
	KUNIT_EXPECT_EQ(test, pool->overwritten, 0);
	KUNIT_EXPECT_TRUE(test, has(test, 0, 1, 1));
	KUNIT_EXPECT_TRUE(test, has(test, 1, 2, 2));
}

static void pool_out_of_memory_changes_nothing(struct kunit *test)
{
	struct flightrec_pool *pool = pool_of(test, 2);
	int left;

	KUNIT_ASSERT_EQ(test, record(test, 1), 0);
	KUNIT_ASSERT_EQ(test, record(test, 2), 1);
	KUNIT_ASSERT_EQ(test, hold(pool, 0), 1);
	KUNIT_ASSERT_EQ(test, pool->slots[1].generation, 2);
	/* Without the first array, and without the second. */
	expect_no_growth(test, 0);
	expect_no_growth(test, 1);
	/* With both of them, and with all but one of six segments. */
	expect_no_growth(test, 2 + 5);
	/* The arrays may stay. */
	for (left = 0; left < 6; left++)
		expect_no_growth(test, left);
	fake_allocations = 6;
	KUNIT_EXPECT_EQ(test, flightrec_pool_resize(pool, 8, BYTES), 0);
	KUNIT_EXPECT_EQ(test, pool->free, 6);
	KUNIT_EXPECT_TRUE(test, has(test, 0, 1, 1));
}

static void pool_out_of_memory_leaves_an_empty_pool_empty(struct kunit *test)
{
	struct flightrec_pool *pool = test->priv;
	int left;

	for (left = 0; left < 6; left++) {
		fake_allocations = left;
		KUNIT_EXPECT_EQ(test, flightrec_pool_resize(pool, 4, BYTES), -ENOMEM);
		KUNIT_EXPECT_EQ(test, pool->segments, 0);
		KUNIT_EXPECT_EQ(test, fake_allocated, 0);
		KUNIT_EXPECT_EQ(test, lend(pool, 0), -ENOSPC);
	}
	fake_allocations = 6;
	KUNIT_EXPECT_EQ(test, flightrec_pool_resize(pool, 4, BYTES), 0);
}

static void pool_takes_the_memory_that_it_says(struct kunit *test)
{
	struct flightrec_pool *pool = test->priv;

	KUNIT_ASSERT_EQ(test, flightrec_pool_resize(pool, 37, 1024), 0);
	KUNIT_EXPECT_EQ(test, fake_allocated, flightrec_pool_bytes(37, 1024));
	KUNIT_EXPECT_GE(test, fake_allocated, 37 * 1024);
	KUNIT_ASSERT_EQ(test, flightrec_pool_resize(pool, 0, 1024), 0);
	KUNIT_EXPECT_EQ(test, fake_allocated, 0);
	/* Other sizes can follow. */
	KUNIT_ASSERT_EQ(test, flightrec_pool_resize(pool, 3, 4096), 0);
	KUNIT_EXPECT_EQ(test, pool->segment_bytes, 4096);
	KUNIT_EXPECT_EQ(test, fake_allocated, flightrec_pool_bytes(3, 4096));
}

static void pool_lends_nothing_while_it_is_shut(struct kunit *test)
{
	struct flightrec_pool *pool = pool_of(test, 4);
	int a = record(test, 1);

	flightrec_pool_shut(pool, true);
	KUNIT_EXPECT_EQ(test, lend(pool, 0), -ENOSPC);
	KUNIT_EXPECT_EQ(test, pool->free, 3);
	KUNIT_EXPECT_TRUE(test, has(test, a, pool->slots[a].generation, 1));
	flightrec_pool_shut(pool, false);
	KUNIT_EXPECT_GE(test, lend(pool, 0), 0);
}

static void pool_replaced_by_another_has_its_segments_and_its_own_history(struct kunit *test)
{
	struct flightrec_pool *pool = pool_of(test, 4);
	struct flightrec_pool other;
	int a = lend(pool, 0), b = lend(pool, 1);
	u64 generation;

	close_at(pool, a, 10, 3);
	close_at(pool, b, 20, 4);
	generation = hold(pool, b);
	flightrec_pool_init(&other);
	KUNIT_ASSERT_EQ(test, flightrec_pool_resize(&other, 3, 2 * BYTES), 0);
	flightrec_pool_shut(pool, true);
	flightrec_pool_replace(pool, &other);
	flightrec_pool_shut(pool, false);

	KUNIT_EXPECT_EQ(test, pool->segments, 3);
	KUNIT_EXPECT_EQ(test, pool->segment_bytes, 2 * BYTES);
	KUNIT_EXPECT_EQ(test, pool->free, 3);
	KUNIT_EXPECT_EQ(test, pool->open, 0);
	KUNIT_EXPECT_EQ(test, pool->held, 0);
	KUNIT_EXPECT_EQ(test, pool->taken_back, 1);
	KUNIT_EXPECT_EQ(test, pool->overwritten, 7);
	KUNIT_EXPECT_EQ(test, pool->complete_since, 20);
	KUNIT_EXPECT_FALSE(test, has(test, b, generation, 0));
	release(pool, b, generation);
	KUNIT_EXPECT_EQ(test, pool->held, 0);

	KUNIT_EXPECT_EQ(test, other.segments, 4);
	KUNIT_EXPECT_EQ(test, flightrec_pool_resize(&other, 0, BYTES), 0);
	KUNIT_EXPECT_EQ(test, fake_allocated, flightrec_pool_bytes(3, 2 * BYTES));
	/* No generation of the old segments comes again. */
	a = lend(pool, 0);
	KUNIT_ASSERT_GE(test, a, 0);
	KUNIT_EXPECT_TRUE(test, pool->slots[a].generation > generation);
}

static int init(struct kunit *test)
{
	test->priv = kunit_kzalloc(test, sizeof(struct flightrec_pool), GFP_KERNEL);
	if (!test->priv)
		return -ENOMEM;
	flightrec_pool_init(test->priv);
	fake_allocations = -1;
	fake_allocated = 0;
	return 0;
}

static void exit_pool(struct kunit *test)
{
	struct flightrec_pool *pool = test->priv;
	u32 i;

	fake_allocations = -1;
	for (i = 0; i < pool->capacity; i++)
		if (is_open(pool, i))
			close_at(pool, i, 0, 0);
	flightrec_pool_resize(pool, 0, BYTES);
}

static struct kunit_case cases[] = {
	KUNIT_CASE(pool_lends_free_segments_first),
	KUNIT_CASE(pool_lends_the_segment_closed_longest_ago_on_any_cpu),
	KUNIT_CASE(pool_lends_a_segment_empty),
	KUNIT_CASE(pool_never_lends_more_than_it_has),
	KUNIT_CASE(pool_counts_what_is_free_open_and_held),
	KUNIT_CASE(pool_keeps_a_reserve_of_free_segments),
	KUNIT_CASE(pool_gives_up_no_held_segment_for_the_reserve),
	KUNIT_CASE(pool_keeps_held_segments),
	KUNIT_CASE(pool_keeps_a_segment_held_while_it_was_open),
	KUNIT_CASE(pool_keeps_a_segment_as_long_as_one_holds_it),
	KUNIT_CASE(pool_lends_a_released_segment_by_its_age),
	KUNIT_CASE(pool_takes_back_the_oldest_held_past_half),
	KUNIT_CASE(pool_takes_back_no_held_one_younger_than_another),
	KUNIT_CASE(pool_uses_free_segments_before_it_takes_back),
	KUNIT_CASE(pool_takes_back_no_open_segment),
	KUNIT_CASE(pool_takes_back_the_last_one_rather_than_stop),
	KUNIT_CASE(pool_release_after_take_back_is_harmless),
	KUNIT_CASE(pool_copy_gives_what_was_written),
	KUNIT_CASE(pool_copy_of_a_recycled_segment_fails),
	KUNIT_CASE(pool_copy_of_a_freed_segment_fails),
	KUNIT_CASE(pool_copy_of_a_segment_that_is_gone_fails),
	KUNIT_CASE(pool_complete_since_is_latest_end_recycled),
	KUNIT_CASE(pool_growing_keeps_contents),
	KUNIT_CASE(pool_shrinking_keeps_the_newest),
	KUNIT_CASE(pool_shrinking_keeps_what_is_held_longest),
	KUNIT_CASE(pool_shrinking_keeps_what_is_lent),
	KUNIT_CASE(pool_out_of_memory_changes_nothing),
	KUNIT_CASE(pool_out_of_memory_leaves_an_empty_pool_empty),
	KUNIT_CASE(pool_takes_the_memory_that_it_says),
	KUNIT_CASE(pool_lends_nothing_while_it_is_shut),
	KUNIT_CASE(pool_replaced_by_another_has_its_segments_and_its_own_history),
	{},
};

static struct kunit_suite pool_suite = {
	.name = "pool",
	.init = init,
	.exit = exit_pool,
	.test_cases = cases,
};

kunit_test_suite(pool_suite);
