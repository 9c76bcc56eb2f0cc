// SPDX-License-Identifier: GPL-2.0
/*
 * Slices: what is left of a segment between two times and of some kinds.
 */
#include <kunit/test.h>
#include <linux/kernel.h>
#include <linux/string.h>

#include "../../kmod/record.h"
#include "../../kmod/slice.h"

#define EPOCH (1ULL << FLIGHTREC_TIME_BITS)
#define START (3 * EPOCH + 100)
#define WORDS 9

static u64 switch_at(u32 time, u32 tid)
{
	return flightrec_word_switch(tid, 1, 0) | (u64)time << FLIGHTREC_TIME_SHIFT;
}

static u64 waking_at(u32 time, u32 tid)
{
	return flightrec_word_waking(tid, 0, 0) | (u64)time << FLIGHTREC_TIME_SHIFT;
}

struct scene {
	struct flightrec_segment header;
	u64 words[WORDS];
	u64 out[WORDS];
};

/* Two threads, a change of the clock's upper bits, and a record of two words. */
static struct scene *set_scene(struct kunit *test)
{
	struct scene *scene = kunit_kzalloc(test, sizeof(*scene), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, scene);
	scene->words[0] = flightrec_word_long(FLIGHTREC_LONG_TASK, 7, 2);
	scene->words[1] = 0x1111;
	scene->words[2] = switch_at(200, 7);
	scene->words[3] = waking_at(300, 8);
	scene->words[4] = switch_at(400, 8);
	scene->words[5] = flightrec_word_time(4);
	scene->words[6] = flightrec_word_long(FLIGHTREC_LONG_FORK, 9, 2) |
			  50ULL << FLIGHTREC_TIME_SHIFT;
	scene->words[7] = 0x2222;
	scene->words[8] = switch_at(60, 9);
	scene->header.start_clock = START;
	scene->header.end_clock = 5 * EPOCH;
	scene->header.start_tid = 1;
	scene->header.flags = FLIGHTREC_SEGMENT_START;
	scene->header.data_bytes = sizeof(scene->words);
	scene->header.events = 5;
	scene->header.first_event = 1000;
	return scene;
}

static void slice(struct kunit *test, struct scene *scene, u64 from, u64 to, u64 events)
{
	const struct flightrec_slice slice = { .from = from, .to = to, .events = events };

	KUNIT_ASSERT_TRUE(test,
			  flightrec_slice_take(&slice, &scene->header, scene->words, scene->out));
}

static void slice_of_everything_is_the_segment(struct kunit *test)
{
	struct scene *scene = set_scene(test);

	slice(test, scene, 0, 5 * EPOCH, FLIGHTREC_EVENTS_ALL);
	KUNIT_EXPECT_EQ(test, scene->header.data_bytes, sizeof(scene->words));
	KUNIT_EXPECT_FALSE(test, memcmp(scene->out, scene->words, sizeof(scene->words)));
	KUNIT_EXPECT_EQ(test, scene->header.events, 5);
	KUNIT_EXPECT_EQ(test, scene->header.first_event, 1000);
	KUNIT_EXPECT_EQ(test, scene->header.flags, FLIGHTREC_SEGMENT_START);
	KUNIT_EXPECT_EQ(test, scene->header.start_clock, START);
	KUNIT_EXPECT_EQ(test, scene->header.end_clock, 5 * EPOCH);
}

/* The event at the bound itself belongs to what is before. */
static void slice_begins_behind_its_bound_and_knows_who_runs(struct kunit *test)
{
	struct scene *scene = set_scene(test);

	slice(test, scene, 3 * EPOCH + 300, 5 * EPOCH, FLIGHTREC_EVENTS_ALL);
	KUNIT_EXPECT_EQ(test, scene->header.start_tid, 7);
	KUNIT_EXPECT_EQ(test, scene->header.start_clock, 3 * EPOCH + 300);
	KUNIT_EXPECT_EQ(test, scene->header.flags, FLIGHTREC_SEGMENT_PART);
	KUNIT_EXPECT_EQ(test, scene->header.events, 3);
	KUNIT_EXPECT_EQ(test, scene->header.first_event, 1002);
	KUNIT_EXPECT_EQ(test, scene->header.data_bytes, 7 * sizeof(u64));
	/* Its threads' descriptions are kept. */
	KUNIT_EXPECT_FALSE(test, memcmp(scene->out, scene->words, 2 * sizeof(u64)));
	KUNIT_EXPECT_FALSE(test, memcmp(scene->out + 2, scene->words + 4, 5 * sizeof(u64)));
}

/* The begin tells the time's upper bits: an older TIME would set them back. */
static void slice_leaves_out_times_before_its_begin(struct kunit *test)
{
	struct scene *scene = set_scene(test);

	slice(test, scene, 4 * EPOCH + 50, 5 * EPOCH, FLIGHTREC_EVENTS_ALL);
	KUNIT_EXPECT_EQ(test, scene->header.start_tid, 8);
	KUNIT_EXPECT_EQ(test, scene->header.events, 1);
	KUNIT_EXPECT_EQ(test, scene->header.first_event, 1004);
	KUNIT_EXPECT_EQ(test, scene->header.data_bytes, 3 * sizeof(u64));
	KUNIT_EXPECT_EQ(test, scene->out[2], switch_at(60, 9));
}

static void slice_ends_with_its_bound(struct kunit *test)
{
	struct scene *scene = set_scene(test);

	scene->header.flags |= FLIGHTREC_SEGMENT_OPEN;
	slice(test, scene, 0, 3 * EPOCH + 400, FLIGHTREC_EVENTS_ALL);
	KUNIT_EXPECT_EQ(test, scene->header.events, 3);
	KUNIT_EXPECT_EQ(test, scene->header.data_bytes, 5 * sizeof(u64));
	KUNIT_EXPECT_EQ(test, scene->header.end_clock, 3 * EPOCH + 400);
}

static void slice_of_some_kinds_keeps_descriptions(struct kunit *test)
{
	struct scene *scene = set_scene(test);

	slice(test, scene, 0, 5 * EPOCH, 1 << FLIGHTREC_EVENT_SWITCH);
	KUNIT_EXPECT_EQ(test, scene->header.events, 3);
	KUNIT_EXPECT_EQ(test, scene->header.data_bytes, 6 * sizeof(u64));
	KUNIT_EXPECT_EQ(test, scene->out[2], switch_at(200, 7));
	KUNIT_EXPECT_EQ(test, scene->out[3], switch_at(400, 8));
	KUNIT_EXPECT_EQ(test, scene->out[4], flightrec_word_time(4));
	KUNIT_EXPECT_EQ(test, scene->out[5], switch_at(60, 9));
}

static void slice_may_be_made_in_place_or_only_measured(struct kunit *test)
{
	const struct flightrec_slice want = { .from = 3 * EPOCH + 300,
					      .to = 5 * EPOCH,
					      .events = 1 << FLIGHTREC_EVENT_SWITCH };
	struct scene *scene = set_scene(test);
	struct flightrec_segment header = scene->header, before = header;

	KUNIT_EXPECT_TRUE(test, flightrec_slice_take(&want, &header, scene->words, NULL));
	slice(test, scene, want.from, want.to, want.events);
	KUNIT_EXPECT_FALSE(test, memcmp(&header, &scene->header, sizeof(header)));
	KUNIT_EXPECT_TRUE(test, flightrec_slice_take(&want, &before, scene->words, scene->words));
	KUNIT_EXPECT_FALSE(test, memcmp(scene->words, scene->out, before.data_bytes));
}

static void slice_of_what_are_no_records_is_refused(struct kunit *test)
{
	const struct flightrec_slice want = { .to = U64_MAX, .events = FLIGHTREC_EVENTS_ALL };
	struct scene *scene = set_scene(test);

	scene->words[6] = flightrec_word_long(FLIGHTREC_LONG_FORK, 9, 4);
	KUNIT_EXPECT_FALSE(test, flightrec_slice_take(&want, &scene->header, scene->words, NULL));
	scene = set_scene(test);
	scene->words[6] = 0;
	KUNIT_EXPECT_FALSE(test, flightrec_slice_take(&want, &scene->header, scene->words, NULL));
}

static struct kunit_case cases[] = {
	KUNIT_CASE(slice_of_everything_is_the_segment),
	KUNIT_CASE(slice_begins_behind_its_bound_and_knows_who_runs),
	KUNIT_CASE(slice_leaves_out_times_before_its_begin),
	KUNIT_CASE(slice_ends_with_its_bound),
	KUNIT_CASE(slice_of_some_kinds_keeps_descriptions),
	KUNIT_CASE(slice_may_be_made_in_place_or_only_measured),
	KUNIT_CASE(slice_of_what_are_no_records_is_refused),
	{},
};

static struct kunit_suite slice_suite = {
	.name = "slice",
	.test_cases = cases,
};

kunit_test_suite(slice_suite);
