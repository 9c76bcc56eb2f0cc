// SPDX-License-Identifier: GPL-2.0
/*
 * The pool against a model: thousands of random steps, after each of which the
 * pool must say what the model says, and every segment must have the contents
 * that the model remembers. The model is one plain array, and knows of a segment
 * when it was closed, in steps, in the place of any order.
 */
#include <kunit/test.h>
#include <linux/errno.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "../../kmod/pool.h"
#include "fake.h"

static u64 overwritten;

#define SLOTS 48
#define HOLDS 4
#define BYTES 64

enum state { VACANT, FREE, OPEN, CLOSED };

/**
 * struct place - what the model knows of a slot
 * @state: see above
 * @closed: step in which it was closed
 * @end: clock of its last record
 * @events: events in it
 * @content: number that it was filled with; none is used twice
 * @generation: noted when it was lent
 * @holds: how many hold it
 */
struct place {
	enum state state;
	u64 closed;
	u64 end;
	u64 events;
	u64 content;
	u64 generation;
	u32 holds;
};

/**
 * struct model - the model beside the pool
 * @pool: the pool
 * @random: state of the random numbers
 * @step: number of this step
 * @places: the slots
 * @past: for each slot, a content that it had before, and its generation
 * @complete_since: latest end that was given up
 * @overwritten: events given up
 * @taken_back: segments given up that were held
 */
struct model {
	struct flightrec_pool pool;
	u64 random;
	u64 step;
	struct place places[SLOTS];
	struct place past[SLOTS];
	u64 complete_since;
	u64 overwritten;
	u64 taken_back;
};

static u32 count(const struct model *model, enum state state)
{
	u32 n = 0, i;

	for (i = 0; i < SLOTS; i++)
		n += model->places[i].state == state;
	return n;
}

static u32 count_held(const struct model *model)
{
	u32 n = 0, i;

	for (i = 0; i < SLOTS; i++)
		n += model->places[i].holds > 0;
	return n;
}

/* The closed one that is held or not held, and was closed first; -1 if none. */
static int oldest(const struct model *model, bool held)
{
	int found = -1;
	u32 i;

	for (i = 0; i < SLOTS; i++) {
		const struct place *place = &model->places[i];

		if (place->state != CLOSED || !place->holds == held)
			continue;
		if (found < 0 || place->closed < model->places[found].closed)
			found = i;
	}
	return found;
}

/* Which closed one goes next: by age, but of the held only past half of the pool. */
static int next_to_go(const struct model *model)
{
	u32 segments = SLOTS - count(model, VACANT);
	int plain = oldest(model, false), held = oldest(model, true);

	if (plain < 0 || held < 0)
		return plain < 0 ? held : plain;
	if (count_held(model) > segments / 2 &&
	    model->places[held].closed < model->places[plain].closed)
		return held;
	return plain;
}

static void give_up(struct model *model, u32 i)
{
	struct place *place = &model->places[i];

	model->past[i] = *place;
	if (place->end > model->complete_since)
		model->complete_since = place->end;
	model->overwritten += place->events;
	model->taken_back += place->holds > 0;
	place->holds = 0;
	place->state = FREE;
}

/* A slot in the given state, by chance; -1 if there is none. */
static int any(struct model *model, enum state state)
{
	u32 n = count(model, state), i;

	if (!n)
		return -1;
	n = fake_random(&model->random, n);
	for (i = 0; model->places[i].state != state || n--; i++)
		;
	return i;
}

static void do_lend(struct kunit *test, struct model *model)
{
	struct flightrec_pool *pool = &model->pool;
	bool free = count(model, FREE);
	int expected = free ? -1 : next_to_go(model), index;
	struct place *place;
	u64 *data;
	u32 i;

	raw_spin_lock(&pool->lock);
	index = flightrec_pool_lend(pool, model->step % 5, &overwritten);
	raw_spin_unlock(&pool->lock);
	if (!free && expected < 0) {
		KUNIT_ASSERT_EQ(test, index, -ENOSPC);
		return;
	}
	KUNIT_ASSERT_GE(test, index, 0);
	KUNIT_ASSERT_LE(test, index, SLOTS - 1);
	place = &model->places[index];
	if (free) {
		KUNIT_ASSERT_EQ(test, place->state, FREE);
	} else {
		KUNIT_ASSERT_EQ(test, index, expected);
		give_up(model, index);
	}
	place->state = OPEN;
	place->content = model->step;
	place->generation = pool->slots[index].generation;
	data = pool->slots[index].data;
	for (i = 0; i < BYTES / 8; i++)
		data[i] = place->content;

	expected = next_to_go(model);
	if (count(model, FREE) < (SLOTS - count(model, VACANT)) / 16 && expected >= 0 &&
	    !model->places[expected].holds)
		give_up(model, expected);
}

static void do_close(struct model *model)
{
	struct flightrec_pool *pool = &model->pool;
	int i = any(model, OPEN);

	if (i < 0)
		return;
	model->places[i].state = CLOSED;
	model->places[i].closed = model->step;
	model->places[i].end = 1000 * model->step - fake_random(&model->random, 20000);
	model->places[i].events = fake_random(&model->random, 100);
	raw_spin_lock(&pool->lock);
	pool->slots[i].end = model->places[i].end;
	pool->slots[i].events = model->places[i].events;
	flightrec_pool_close(pool, i);
	raw_spin_unlock(&pool->lock);
}

static void do_hold(struct model *model)
{
	int i = any(model, fake_random(&model->random, 4) ? CLOSED : OPEN);

	if (i < 0 || model->places[i].holds == HOLDS)
		return;
	model->places[i].holds++;
	raw_spin_lock(&model->pool.lock);
	flightrec_pool_hold(&model->pool, i);
	raw_spin_unlock(&model->pool.lock);
}

/* One that is held, or one that was held when it was taken back. */
static void do_release(struct model *model)
{
	u32 i = fake_random(&model->random, SLOTS);
	struct place *place = &model->places[i];

	if (fake_random(&model->random, 4) == 0)
		place = &model->past[i];
	else if (place->holds)
		place->holds--;
	else
		return;
	if (!place->generation)
		return;
	raw_spin_lock(&model->pool.lock);
	flightrec_pool_release(&model->pool, i, place->generation);
	raw_spin_unlock(&model->pool.lock);
}

/* Which of the free ones come and go, is the pool's affair. Return: how many more. */
static int follow_free(struct model *model)
{
	int more = 0;
	u32 i;

	for (i = 0; i < model->pool.capacity; i++) {
		struct place *place = &model->places[i];
		bool there = model->pool.slots[i].data;

		if (place->state == FREE && !there) {
			place->state = VACANT;
			more--;
		} else if (place->state == VACANT && there) {
			place->state = FREE;
			more++;
		}
	}
	return more;
}

/* Those that were not free go by age, the held ones last. */
static void follow_shrinking(struct kunit *test, struct model *model, u32 surplus)
{
	if (surplus)
		KUNIT_ASSERT_EQ(test, count(model, FREE), 0);
	while (surplus--) {
		int index = oldest(model, false);

		if (index < 0)
			index = oldest(model, true);
		KUNIT_ASSERT_GE(test, index, 0);
		give_up(model, index);
		model->places[index].state = VACANT;
		KUNIT_ASSERT_TRUE(test, !model->pool.slots[index].data);
	}
}

static void do_resize(struct kunit *test, struct model *model)
{
	int before = SLOTS - count(model, VACANT), open = count(model, OPEN), more, err;
	int segments = 1 + fake_random(&model->random, SLOTS);

	if (segments < open)
		segments = open;
	if (fake_random(&model->random, 4) == 0)
		fake_allocations = fake_random(&model->random, 4);
	err = flightrec_pool_resize(&model->pool, segments, BYTES);
	fake_allocations = -1;
	if (err) {
		KUNIT_ASSERT_EQ(test, err, -ENOMEM);
		KUNIT_ASSERT_LE(test, before, segments);
		segments = before;
	}
	more = follow_free(model);
	if (segments >= before)
		KUNIT_ASSERT_EQ(test, more, segments - before);
	else
		follow_shrinking(test, model, before - segments + more);
}

/* Contents that are there, and none that are not. */
static void check_copies(struct kunit *test, struct model *model, u32 i)
{
	const struct place *place = &model->places[i];
	u64 copy[BYTES / 8];
	u32 j;

	if (place->state == OPEN || place->state == CLOSED) {
		KUNIT_ASSERT_TRUE(test, flightrec_pool_copy(&model->pool, i, place->generation,
							    copy, BYTES));
		for (j = 0; j < BYTES / 8; j++)
			KUNIT_ASSERT_EQ(test, copy[j], place->content);
	}
	if (model->past[i].generation)
		KUNIT_ASSERT_FALSE(test,
				   flightrec_pool_copy(&model->pool, i, model->past[i].generation,
						       copy, BYTES));
}

static void check(struct kunit *test, struct model *model)
{
	struct flightrec_pool *pool = &model->pool;
	u32 wrong = 0, i;

	KUNIT_ASSERT_EQ(test, pool->segments, SLOTS - count(model, VACANT));
	KUNIT_ASSERT_EQ(test, pool->free, count(model, FREE));
	KUNIT_ASSERT_EQ(test, pool->open, count(model, OPEN));
	KUNIT_ASSERT_EQ(test, pool->held, count_held(model));
	KUNIT_ASSERT_EQ(test, pool->complete_since, model->complete_since);
	KUNIT_ASSERT_EQ(test, pool->overwritten, model->overwritten);
	KUNIT_ASSERT_EQ(test, pool->taken_back, model->taken_back);
	raw_spin_lock(&pool->lock);
	for (i = 0; i < pool->capacity; i++) {
		const struct place *place = &model->places[i];

		wrong += flightrec_pool_slot_open(pool, i) != (place->state == OPEN);
		wrong += flightrec_pool_slot_closed(pool, i) != (place->state == CLOSED);
		wrong += pool->slots[i].holds != place->holds;
	}
	raw_spin_unlock(&pool->lock);
	KUNIT_ASSERT_EQ(test, wrong, 0);
	check_copies(test, model, fake_random(&model->random, pool->capacity));
}

/* @chances: in 100, of lending, closing, holding, releasing; else a new size. */
static void run(struct kunit *test, u64 seed, u32 steps, const u32 *chances)
{
	struct model *model = test->priv;

	memset(model->places, 0, sizeof(model->places));
	model->random = seed;
	KUNIT_ASSERT_EQ(test, flightrec_pool_resize(&model->pool, SLOTS, BYTES), 0);
	follow_free(model);
	for (model->step = 1; model->step < steps; model->step++) {
		u32 dice = fake_random(&model->random, 100);

		if (dice < chances[0])
			do_lend(test, model);
		else if (dice < chances[0] + chances[1])
			do_close(model);
		else if (dice < chances[0] + chances[1] + chances[2])
			do_hold(model);
		else if (dice < chances[0] + chances[1] + chances[2] + chances[3])
			do_release(model);
		else
			do_resize(test, model);
		check(test, model);
	}
}

static void pool_does_as_the_model_when_busy(struct kunit *test)
{
	static const u32 chances[] = { 45, 45, 5, 5 };
	struct model *model = test->priv;

	run(test, 20261121, 6000, chances);
	KUNIT_EXPECT_GE(test, model->overwritten, 1000);
}

static void pool_does_as_the_model_when_all_is_held(struct kunit *test)
{
	static const u32 chances[] = { 25, 25, 30, 20 };
	struct model *model = test->priv;

	run(test, 11111111, 6000, chances);
	KUNIT_EXPECT_GE(test, model->taken_back, 100);
}

static void pool_does_as_the_model_when_all_is_lent(struct kunit *test)
{
	static const u32 chances[] = { 50, 35, 8, 7 };

	run(test, 98765432, 6000, chances);
}

static void pool_does_as_the_model_when_resized(struct kunit *test)
{
	static const u32 chances[] = { 36, 34, 14, 12 };

	run(test, 31415926, 6000, chances);
}

static int init(struct kunit *test)
{
	struct model *model = kunit_kzalloc(test, sizeof(*model), GFP_KERNEL);

	if (!model)
		return -ENOMEM;
	test->priv = model;
	fake_allocations = -1;
	flightrec_pool_init(&model->pool);
	return 0;
}

static void exit_model(struct kunit *test)
{
	struct model *model = test->priv;
	struct flightrec_pool *pool = &model->pool;
	u32 i;

	raw_spin_lock(&pool->lock);
	for (i = 0; i < pool->capacity; i++)
		if (flightrec_pool_slot_open(pool, i))
			flightrec_pool_close(pool, i);
	raw_spin_unlock(&pool->lock);
	flightrec_pool_resize(pool, 0, BYTES);
}

static struct kunit_case cases[] = {
	KUNIT_CASE(pool_does_as_the_model_when_busy),
	KUNIT_CASE(pool_does_as_the_model_when_all_is_held),
	KUNIT_CASE(pool_does_as_the_model_when_all_is_lent),
	KUNIT_CASE(pool_does_as_the_model_when_resized),
	{},
};

static struct kunit_suite pool_random_suite = {
	.name = "pool_random",
	.init = init,
	.exit = exit_model,
	.test_cases = cases,
};

kunit_test_suite(pool_random_suite);
