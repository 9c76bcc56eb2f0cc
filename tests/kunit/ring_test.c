// SPDX-License-Identifier: GPL-2.0
/*
 * The ring: which words an event takes, when a thread is named, how time is
 * told, and what happens when a segment is full or there is none.
 */
#include <kunit/test.h>
#include <linux/string.h>

#include "../../kmod/clock.h"
#include "scene.h"

static u64 overwritten;

/* Words of 4 KiB, the segments of most tests. */
#define WORDS 512

static struct fake_task tasks[20];

/* Two that have all in common, and one that has nothing. */
#define idle  (&tasks[0])
#define one   (&tasks[1])
#define other (&tasks[2])

static void make_tasks(void)
{
	u32 i;

	memset(tasks, 0, sizeof(tasks));
	for (i = 0; i < 20; i++) {
		tasks[i].tid = i ? 1000 + i : 0;
		tasks[i].tgid = 1001;
		tasks[i].priority = 120;
		tasks[i].cgroup = 77;
		tasks[i].pid_ns = 4026531836;
		tasks[i].ns_tid = tasks[i].tid;
		strcpy(tasks[i].comm, "worker");
	}
	idle->flags = 1;
	strcpy(idle->comm, "swapper/3");
	fake_running = one;
}

/* Has @one and @other named, one running, time 1000; return: words so far. */
static u32 settle(struct kunit *test)
{
	struct scene *scene = test->priv;

	scene_switch(scene, 1000, other, 1, 0);
	scene_switch(scene, 1000, one, 1, 0);
	scene_read(test, 1);
	return scene->nr;
}

static void ring_switch_takes_one_word(struct kunit *test)
{
	struct scene *scene = scene_of(test, 4, 4096);
	u32 before = settle(test);

	scene_switch(scene, 1010, other, 1, 202);
	scene_switch(scene, 0x1ffffff, one, 9, 2047);
	scene_read(test, 1);
	KUNIT_ASSERT_EQ(test, scene->nr, before + 2);
	/* time 1010, nr 202, S, tid 1002; the largest time, no call, R+, tid 1001 */
	KUNIT_EXPECT_EQ(test, scene->words[before], 0x0001f90ca1000fa9);
	KUNIT_EXPECT_EQ(test, scene->words[before + 1], 0xfffffffff9000fa5);
}

static void ring_waking_takes_one_word(struct kunit *test)
{
	struct scene *scene = scene_of(test, 4, 4096);
	u32 before = settle(test);

	scene_wake(scene, 1003, other, 5, 2);
	scene_read(test, 1);
	KUNIT_ASSERT_EQ(test, scene->nr, before + 1);
	/* time 1003, hard interrupt, CPU 5, tid 1002 */
	KUNIT_EXPECT_EQ(test, scene->words[before], 0x0001f5c005000faa);
}

static void ring_migrate_takes_two_words(struct kunit *test)
{
	struct scene *scene = scene_of(test, 4, 4096);
	u32 before = settle(test);

	scene_migrate(scene, 1004, other, 2, 7);
	scene_read(test, 1);
	KUNIT_ASSERT_EQ(test, scene->nr, before + 2);
	/* time 1004, 2 words of type 21, tid 1002; to CPU 7, from CPU 2 */
	KUNIT_EXPECT_EQ(test, scene->words[before], 0x0001f60115000fa8);
	KUNIT_EXPECT_EQ(test, scene->words[before + 1], 0x0000000700000002);
	KUNIT_EXPECT_EQ(test, scene->events, 3);
}

static void ring_long_record_is_written_whole(struct kunit *test)
{
	struct scene *scene = scene_of(test, 4, 4096);
	const u64 more[5] = { 11, 12, 13, 14, 15 };
	u32 before = settle(test);

	scene_append(scene, 1002, other, 20, more, 5);
	scene_read(test, 1);
	KUNIT_ASSERT_EQ(test, scene->nr, before + 6);
	KUNIT_EXPECT_EQ(test, scene->words[before], 0x0001f50314000fa8);
	KUNIT_EXPECT_EQ(test, memcmp(scene->words + before + 1, more, sizeof(more)), 0);
	KUNIT_EXPECT_EQ(test, scene->events, 3);
}

static void ring_segment_starts_with_the_running_thread(struct kunit *test)
{
	struct scene *scene = scene_of(test, 4, 4096);

	one->tgid = 999;
	one->priority = 98;
	one->flags = 0x801;
	one->ns_tid = 7;
	strcpy(one->comm, "a-name-of-fifte");
	scene_wake(scene, 5000, other, 0, 0);
	scene_read(test, 1);
	KUNIT_EXPECT_EQ(test, scene->slot.start_tid, 1001);
	KUNIT_EXPECT_EQ(test, scene->slot.start, 5000);
	KUNIT_EXPECT_EQ(test, scene->slot.cpu, 3);
	KUNIT_EXPECT_EQ(test, scene->slot.seq, 1);
	KUNIT_EXPECT_EQ(test, scene->slot.pair_clock, 7000000007);
	KUNIT_EXPECT_EQ(test, scene->slot.pair_ns, 5000000005);
	KUNIT_ASSERT_GE(test, scene->nr, 6);
	KUNIT_EXPECT_EQ(test, scene->words[0], 0x0000000303000fa4);
	/* ns tid 7, flags 0x801, priority 98, tgid 999 */
	KUNIT_EXPECT_EQ(test, scene->words[1], 0x00001e00588003e7);
	KUNIT_EXPECT_EQ(test, memcmp(scene->words + 2, "a-name-of-fifte\0", 16), 0);
	KUNIT_EXPECT_EQ(test, scene->words[4], 77);
	KUNIT_EXPECT_EQ(test, scene->words[5], 4026531836);
}

static void ring_names_a_thread_once_per_segment(struct kunit *test)
{
	struct scene *scene = scene_of(test, 4, 4096);
	u32 before = settle(test), i;

	for (i = 0; i < 50; i++) {
		scene_wake(scene, 1000, one, 0, 0);
		scene_wake(scene, 1000, other, 0, 0);
	}
	scene_read(test, 1);
	KUNIT_EXPECT_EQ(test, scene->nr, before + 100);
}

static void ring_names_a_thread_anew_in_each_segment(struct kunit *test)
{
	struct scene *scene = scene_of(test, 4, 4096);
	u32 i;

	for (i = 0; i < 3 * WORDS; i++)
		scene_wake(scene, 1000 + i, other, 0, 0);
	for (i = 1; i <= 3; i++) {
		scene_read(test, i);
		while (scene_next(test))
			KUNIT_ASSERT_STREQ(test, scene->event.thread.comm, "worker");
		KUNIT_EXPECT_EQ(test, scene->decoder.nr_threads, 2);
	}
}

/* What both have in common is written once: six words and two. */
static void ring_names_the_like_in_two_words(struct kunit *test)
{
	struct scene *scene = scene_of(test, 4, 4096);

	scene_wake(scene, 1000, other, 0, 0);
	scene_read(test, 1);
	KUNIT_ASSERT_EQ(test, scene->nr, 6 + 2 + 1);
	KUNIT_EXPECT_EQ(test, scene->words[6], 0x0000000103000fa8);
	KUNIT_ASSERT_TRUE(test, scene_next(test));
	KUNIT_EXPECT_EQ(test, scene->event.thread.tid, 1002);
	KUNIT_EXPECT_EQ(test, scene->event.thread.ns_tid, 1002);
	KUNIT_EXPECT_STREQ(test, scene->event.thread.comm, "worker");

	scene_wake(scene, 1000, idle, 0, 0);
	scene_read(test, 1);
	KUNIT_EXPECT_EQ(test, scene->nr, 9 + 6 + 1);
	scene_wake(scene, 1000, &tasks[3], 0, 0);
	scene_read(test, 1);
	KUNIT_EXPECT_EQ(test, scene->nr, 16 + 6 + 1);
}

/* Each of what two words leave out makes it six. */
static void ring_names_the_unlike_in_six_words(struct kunit *test)
{
	struct scene *scene = scene_of(test, 4, 4096);

	strcpy(tasks[3].comm, "workes");
	strcpy(tasks[4].comm, "workes");
	tasks[4].cgroup = 78;
	strcpy(tasks[5].comm, "workes");
	tasks[5].cgroup = 78;
	tasks[5].pid_ns = 1;
	scene_wake(scene, 1000, &tasks[3], 0, 0);
	scene_wake(scene, 1000, &tasks[4], 0, 0);
	scene_wake(scene, 1000, &tasks[5], 0, 0);
	scene_read(test, 1);
	KUNIT_EXPECT_EQ(test, scene->nr, 6 + 3 * 7);
}

/* What was described last in another segment is no reason to leave it out. */
static void ring_names_in_full_first_in_each_segment(struct kunit *test)
{
	struct scene *scene = scene_of(test, 4, 4096);
	u32 i;

	for (i = 0; i < 2 * WORDS; i++)
		scene_wake(scene, 1000, one, 0, 0);
	scene_read(test, 2);
	KUNIT_EXPECT_EQ(test, scene->words[0], 0x0000000303000fa4);
}

static void ring_names_again_after_forget(struct kunit *test)
{
	struct scene *scene = scene_of(test, 4, 4096);
	u32 before = settle(test);

	strcpy(other->comm, "renamed");
	flightrec_ring_forget(&scene->ring, 1002);
	scene_wake(scene, 1000, one, 0, 0);
	scene_wake(scene, 1000, other, 0, 0);
	scene_wake(scene, 1000, other, 0, 0);
	scene_read(test, 1);
	KUNIT_EXPECT_EQ(test, scene->nr, before + 1 + 6 + 2);
	while (scene_next(test))
		;
	KUNIT_EXPECT_EQ(test, scene->event.thread.tid, 1002);
	KUNIT_EXPECT_STREQ(test, scene->event.thread.comm, "renamed");
}

static void ring_forgets_a_thread_under_any_priority(struct kunit *test)
{
	struct scene *scene = scene_of(test, 4, 4096);
	u32 before;

	other->priority = 139;
	before = settle(test);
	flightrec_ring_forget(&scene->ring, 1002);
	scene_wake(scene, 1000, other, 0, 0);
	scene_read(test, 1);
	/* two words, as nothing that they leave out has changed */
	KUNIT_EXPECT_EQ(test, scene->nr, before + 2 + 1);
}

static void ring_names_the_idle_thread(struct kunit *test)
{
	struct scene *scene = scene_of(test, 4, 4096);

	fake_running = idle;
	scene_switch(scene, 1000, one, 0, 2047);
	scene_switch(scene, 1001, idle, 1, 0);
	scene_read(test, 1);
	KUNIT_EXPECT_EQ(test, scene->nr, 6 + 6 + 1 + 1);
	KUNIT_ASSERT_TRUE(test, scene_next(test));
	KUNIT_EXPECT_STREQ(test, scene->event.prev.comm, "swapper/3");
	KUNIT_ASSERT_TRUE(test, scene_next(test));
	KUNIT_EXPECT_STREQ(test, scene->event.thread.comm, "swapper/3");
}

static void ring_priority_change_takes_one_word(struct kunit *test)
{
	struct scene *scene = scene_of(test, 4, 4096);
	u32 before = settle(test);

	other->priority = 49;
	scene_wake(scene, 1000, other, 0, 0);
	scene_wake(scene, 1000, other, 0, 0);
	scene_read(test, 1);
	KUNIT_ASSERT_EQ(test, scene->nr, before + 1 + 2);
	KUNIT_EXPECT_EQ(test, scene->words[before], 0x0000188082000fa8);
	KUNIT_EXPECT_EQ(test, scene->words[before + 1], 0x0001f40000000faa);
}

static void ring_deadline_priority_is_255(struct kunit *test)
{
	struct scene *scene = scene_of(test, 4, 4096);
	u32 before = settle(test);

	other->priority = -1;
	scene_wake(scene, 1000, other, 0, 0);
	scene_read(test, 1);
	KUNIT_ASSERT_EQ(test, scene->nr, before + 2);
	KUNIT_EXPECT_EQ(test, scene->words[before], 0x00007f8082000fa8);
}

/* It is told once, and is no other priority when the thread leaves. */
static void ring_switch_from_a_deadline_thread_takes_one_word(struct kunit *test)
{
	struct scene *scene = scene_of(test, 4, 4096);
	u32 before = settle(test);

	other->priority = -1;
	scene_switch(scene, 1001, other, 1, 0);
	scene_switch(scene, 1002, one, 1, 0);
	scene_read(test, 1);
	KUNIT_ASSERT_EQ(test, scene->nr, before + 1 + 2);
	while (scene_next(test))
		;
	KUNIT_EXPECT_EQ(test, scene->event.prev.tid, 1002);
	KUNIT_EXPECT_EQ(test, scene->event.prev.priority, 255);
}

static void ring_key_is_the_tid_below_the_priority(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, flightrec_name_key(0x3fffff, 0), 0x003fffff);
	KUNIT_EXPECT_EQ(test, flightrec_name_key(5, 139), 0x22c00005);
	KUNIT_EXPECT_EQ(test, flightrec_name_key(5, -1), 0xffc00005);
	KUNIT_EXPECT_EQ(test, flightrec_key_priority(0x003fffff), 0);
	KUNIT_EXPECT_EQ(test, flightrec_key_priority(0x22c00005), 139);
	KUNIT_EXPECT_EQ(test, flightrec_key_priority(0xffc00005), -1);
}

/* Its new priority must be known when it leaves, or the switch tells the old. */
static void ring_switch_tells_a_priority_changed_while_running(struct kunit *test)
{
	struct scene *scene = scene_of(test, 4, 4096);
	u32 before = settle(test);

	one->priority = 100;
	scene_switch(scene, 1001, other, 1, 0);
	scene_read(test, 1);
	KUNIT_EXPECT_EQ(test, scene->nr, before + 2);
	while (scene_next(test))
		;
	KUNIT_EXPECT_EQ(test, scene->event.prev.tid, 1001);
	KUNIT_EXPECT_EQ(test, scene->event.prev.priority, 100);
}

/* Boosted, woken or renamed meanwhile, and back where it was: that is told too. */
static void ring_switch_tells_a_priority_changed_twice(struct kunit *test)
{
	struct scene *scene = scene_of(test, 4, 4096);

	settle(test);
	one->priority = 100;
	scene_wake(scene, 1001, one, 0, 0);
	one->priority = 120;
	scene_switch(scene, 1001, other, 1, 0);
	scene_read(test, 1);
	while (scene_next(test))
		;
	KUNIT_EXPECT_EQ(test, scene->event.prev.tid, 1001);
	KUNIT_EXPECT_EQ(test, scene->event.prev.priority, 120);
}

/* That of another thread is told, and is not taken for the running one's. */
static void ring_switch_takes_one_word_after_another_threads_priority_changed(struct kunit *test)
{
	struct scene *scene = scene_of(test, 4, 4096);
	u32 before = settle(test);

	other->priority = 49;
	scene_wake(scene, 1001, other, 0, 0);
	KUNIT_EXPECT_EQ(test, scene->ring.running_priority, 120);
	scene_switch(scene, 1002, other, 1, 0);
	scene_switch(scene, 1003, one, 1, 0);
	scene_read(test, 1);
	KUNIT_EXPECT_EQ(test, scene->nr, before + 1 + 3);
	while (scene_next(test))
		;
	KUNIT_EXPECT_EQ(test, scene->event.prev.tid, 1002);
	KUNIT_EXPECT_EQ(test, scene->event.prev.priority, 49);
}

/* The names of 16 threads whose tids are 1024 apart are kept. */
static void ring_16_tids_on_one_line_are_named_once(struct kunit *test)
{
	struct scene *scene = scene_of(test, 4, 4096);
	u32 i;

	for (i = 0; i < 16; i++)
		tasks[1 + i].tid = 5 + 1024 * i;
	for (i = 0; i < 16 * 10; i++)
		scene_wake(scene, 1000, &tasks[1 + i % 16], 0, 0);
	scene_read(test, 1);
	KUNIT_EXPECT_EQ(test, scene->nr, 6 + 15 * 2 + 160);
}

/* So are those of 16 on one line because they follow each other. */
static void ring_16_tids_in_a_row_are_named_once(struct kunit *test)
{
	struct scene *scene = scene_of(test, 4, 4096);
	u32 i;

	for (i = 0; i < 16; i++)
		tasks[1 + i].tid = 2048 + i;
	for (i = 0; i < 16 * 10; i++)
		scene_wake(scene, 1000, &tasks[1 + i % 16], 0, 0);
	scene_read(test, 1);
	KUNIT_EXPECT_EQ(test, scene->nr, 6 + 15 * 2 + 160);
}

static void ring_17_tids_on_one_line_are_named_again_not_wrong(struct kunit *test)
{
	struct scene *scene = scene_of(test, 4, 4096);
	u32 i;

	for (i = 0; i < 17; i++) {
		tasks[1 + i].tid = 5 + 1024 * i;
		tasks[1 + i].tgid = 100 + i;
		tasks[1 + i].comm[0] = 'a' + i;
	}
	for (i = 0; i < 40; i++)
		scene_wake(scene, 1000, &tasks[1 + i % 17], 0, 0);
	scene_read(test, 1);
	for (i = 0; i < 40; i++) {
		KUNIT_ASSERT_TRUE(test, scene_next(test));
		KUNIT_EXPECT_EQ(test, scene->event.thread.tid, 5 + 1024 * (i % 17));
		KUNIT_EXPECT_EQ(test, scene->event.thread.tgid, 100 + i % 17);
		KUNIT_EXPECT_EQ(test, scene->event.thread.comm[0], 'a' + i % 17);
	}
	KUNIT_EXPECT_FALSE(test, scene_next(test));
	KUNIT_EXPECT_GE(test, scene->nr, 18 * 6 + 40);
}

static void ring_tells_the_clocks_upper_bits_when_they_change(struct kunit *test)
{
	struct scene *scene = scene_of(test, 4, 4096);
	u32 before = settle(test);

	scene_wake(scene, 0x1ffffff, one, 0, 0);
	scene_wake(scene, 0x2000000, one, 0, 0);
	scene_wake(scene, 0x3ffffff, one, 0, 0);
	scene_wake(scene, 0x800000000005, one, 0, 0);
	scene_wake(scene, 0xffffffffffffffff, one, 0, 0);
	scene_read(test, 1);
	KUNIT_ASSERT_EQ(test, scene->nr, before + 8);
	KUNIT_EXPECT_EQ(test, scene->words[before], 0xffffff8000000fa6);
	/* 2^25 is the lowest bit of the tid's part, 2^47 that of the time's */
	KUNIT_EXPECT_EQ(test, scene->words[before + 1], 0x0000000081000004);
	KUNIT_EXPECT_EQ(test, scene->words[before + 2], 0x0000000000000fa6);
	KUNIT_EXPECT_EQ(test, scene->words[before + 3], 0xffffff8000000fa6);
	KUNIT_EXPECT_EQ(test, scene->words[before + 4], 0x0000008081000000);
	KUNIT_EXPECT_EQ(test, scene->words[before + 5], 0x0000028000000fa6);
	KUNIT_EXPECT_EQ(test, scene->words[before + 6], 0x00ffff8081fffffc);
	KUNIT_EXPECT_EQ(test, scene->words[before + 7], 0xffffff8000000fa6);
	KUNIT_EXPECT_EQ(test, scene->events, 2 + 5);
	KUNIT_EXPECT_EQ(test, scene->ring.seq, 1);
}

static void ring_tells_the_clocks_upper_bits_before_a_long_record(struct kunit *test)
{
	struct scene *scene = scene_of(test, 4, 4096);
	u32 before = settle(test);

	scene_migrate(scene, 0x2000005, one, 1, 2);
	scene_read(test, 1);
	KUNIT_ASSERT_EQ(test, scene->nr, before + 3);
	KUNIT_EXPECT_EQ(test, scene->words[before], 0x0000000081000004);
	KUNIT_EXPECT_EQ(test, scene->words[before + 1], 0x0000028115000fa4);
	KUNIT_EXPECT_EQ(test, scene->words[before + 2], 0x0000000200000001);
}

/* The fast path has the counter, which started anew when the machine was suspended. */
static void ring_tells_the_clock_where_the_counter_is_behind_it(struct kunit *test)
{
	struct scene *scene = scene_of(test, 4, 4096);
	u32 before;

	flightrec_clock_epochs = 7;
	before = settle(test);
	KUNIT_EXPECT_EQ(test, scene->ring.no_event_words, 6 + 2);
	KUNIT_EXPECT_TRUE(test, flightrec_ring_try(&scene->ring, 1001, (u32)-7, 0x0000000000000faa,
						   fake_key(other)));
	scene_wake(scene, 7 * 0x2000000 + 5, other, 0, 0);
	flightrec_clock_epochs = 0;
	KUNIT_EXPECT_EQ(test, scene->ring.epoch, 0);
	scene_read(test, 1);
	KUNIT_ASSERT_EQ(test, scene->nr, before + 3);
	KUNIT_EXPECT_EQ(test, scene->words[before], 0x0001f48000000faa);
	KUNIT_EXPECT_EQ(test, scene->words[before + 1], 0x000000008100001c);
}

/* Before what it names, so that nothing behind the TIME is of the time before. */
static void ring_tells_the_clocks_upper_bits_before_a_priority(struct kunit *test)
{
	struct scene *scene = scene_of(test, 4, 4096);
	u32 before = settle(test);

	one->priority = 100;
	scene_switch(scene, 0x2000005, other, 1, 202);
	scene_read(test, 1);
	KUNIT_ASSERT_EQ(test, scene->nr, before + 3);
	KUNIT_EXPECT_EQ(test, scene->words[before], 0x0000000081000004);
	KUNIT_EXPECT_EQ(test, scene->words[before + 1], 0x0000320082000fa4);
	KUNIT_EXPECT_EQ(test, scene->words[before + 2], 0x0000028ca1000fa9);
}

/* Those of its first records are those of its start. */
static void ring_segment_starts_with_the_clocks_upper_bits_told(struct kunit *test)
{
	struct scene *scene = scene_of(test, 4, 4096);
	u64 now = 0xa000001;
	u32 i;

	scene_wake(scene, now, other, 0, 0);
	scene_read(test, 1);
	KUNIT_EXPECT_EQ(test, scene->slot.start, 0xa000001);
	KUNIT_ASSERT_EQ(test, scene->nr, 6 + 2 + 1);
	KUNIT_EXPECT_EQ(test, scene->words[8], 0x0000008000000faa);
	for (i = 9; i < WORDS; i++)
		scene_wake(scene, now, other, 0, 0);
	KUNIT_EXPECT_EQ(test, scene->ring.seq, 1);
	scene_wake(scene, 0x2000000a000003, other, 0, 0);
	scene_wake(scene, 0x2000000a000004, other, 0, 0);
	scene_read(test, 2);
	KUNIT_EXPECT_EQ(test, scene->slot.start, 0x2000000a000003);
	KUNIT_ASSERT_EQ(test, scene->nr, 6 + 2 + 2);
	KUNIT_ASSERT_TRUE(test, scene_next(test));
	KUNIT_EXPECT_EQ(test, scene->event.time, 0x2000000a000003);
	KUNIT_ASSERT_TRUE(test, scene_next(test));
	KUNIT_EXPECT_EQ(test, scene->event.time, 0x2000000a000004);
}

static void ring_goes_on_in_its_segment_after_any_gap(struct kunit *test)
{
	struct scene *scene = scene_of(test, 4, 4096);
	u32 before = settle(test);

	scene_wake(scene, 1000 + 0x800000000000, other, 0, 0);
	scene_read(test, 1);
	KUNIT_EXPECT_EQ(test, scene->nr, before + 2);
	KUNIT_EXPECT_EQ(test, scene->events, 3);
	KUNIT_EXPECT_EQ(test, scene->ring.seq, 1);
	while (scene_next(test))
		;
	KUNIT_EXPECT_EQ(test, scene->event.time, 1000 + 0x800000000000);
}

static void ring_clock_stepping_back_is_recorded_as_it_is(struct kunit *test)
{
	struct scene *scene = scene_of(test, 4, 4096);
	static const u64 expected[] = { 1000, 1000, 999, 0, 500, 1007 };
	u32 before = settle(test), i;

	scene_wake(scene, 999, one, 0, 0);
	scene_switch(scene, 0, other, 0, 0);
	scene_append(scene, 500, one, EXIT, NULL, 0);
	scene_wake(scene, 1007, one, 0, 0);
	scene_read(test, 1);
	KUNIT_EXPECT_EQ(test, scene->nr, before + 4);
	for (i = 0; i < 6; i++) {
		KUNIT_ASSERT_TRUE(test, scene_next(test));
		KUNIT_EXPECT_EQ(test, scene->event.time, expected[i]);
	}
	KUNIT_EXPECT_FALSE(test, scene_next(test));
}

static void ring_clock_stepping_back_across_its_upper_bits_tells_them(struct kunit *test)
{
	struct scene *scene = scene_of(test, 4, 4096);
	static const u64 expected[] = { 1000, 1000, 0x2000000, 0x1ffffff, 5, 0x2000000 };
	u32 before = settle(test), i;

	scene_wake(scene, 0x2000000, one, 0, 0);
	scene_wake(scene, 0x1ffffff, one, 0, 0);
	scene_wake(scene, 5, one, 0, 0);
	scene_wake(scene, 0x2000000, one, 0, 0);
	scene_read(test, 1);
	KUNIT_ASSERT_EQ(test, scene->nr, before + 4 + 3);
	KUNIT_EXPECT_EQ(test, scene->words[before], 0x0000000081000004);
	KUNIT_EXPECT_EQ(test, scene->words[before + 1], 0x0000000000000fa6);
	KUNIT_EXPECT_EQ(test, scene->words[before + 2], 0x0000000081000000);
	KUNIT_EXPECT_EQ(test, scene->words[before + 3], 0xffffff8000000fa6);
	KUNIT_EXPECT_EQ(test, scene->words[before + 4], 0x0000028000000fa6);
	KUNIT_EXPECT_EQ(test, scene->words[before + 5], 0x0000000081000004);
	KUNIT_EXPECT_EQ(test, scene->words[before + 6], 0x0000000000000fa6);
	for (i = 0; i < 6; i++) {
		KUNIT_ASSERT_TRUE(test, scene_next(test));
		KUNIT_EXPECT_EQ(test, scene->event.time, expected[i]);
	}
	KUNIT_EXPECT_FALSE(test, scene_next(test));
	KUNIT_EXPECT_EQ(test, scene->ring.seq, 1);
}

/* By the fast path alone, with all of the clock given, and then by the slow one. */
static void ring_fast_path_gives_the_word_of_the_slow_one(struct kunit *test)
{
	static const struct {
		u64 now;
		u64 word;
		u64 expected;
	} events[] = {
		/* D, nr 202, of tid 1002; R+, no call, of tid 1002 */
		{ 0xffff157abcdef, 0x0000000ca2000fa9, 0xd5e6f78ca2000fa9 },
		{ 0xffff156000000, 0x0000007ff9000fa9, 0x0000007ff9000fa9 },
		/* wakings of tid 1002: by a hard interrupt on CPU 5; with all bits */
		{ 0xffff157234567, 0x0000004005000faa, 0x91a2b3c005000faa },
		{ 0xffff157ffffff, 0x0000007fff000faa, 0xffffffffff000faa },
	};
	struct scene *scene = scene_of(test, 4, 4096);
	struct flightrec_ring *ring = &scene->ring;
	u32 before, i;

	scene_wake(scene, 0xffff156000000, other, 0, 0);
	scene_read(test, 1);
	before = scene->nr;
	for (i = 0; i < 4; i++) {
		KUNIT_ASSERT_TRUE(test, flightrec_ring_try(ring, events[i].now, 0x7fff8ab,
							   events[i].word, fake_key(other)));
		flightrec_ring_append_slow(ring, events[i].now, events[i].word, NULL,
					   fake_key(other), fake_task(other));
	}
	scene_read(test, 1);
	KUNIT_ASSERT_EQ(test, scene->nr, before + 8);
	for (i = 0; i < 4; i++) {
		KUNIT_EXPECT_EQ(test, scene->words[before + 2 * i], events[i].expected);
		KUNIT_EXPECT_EQ(test, scene->words[before + 2 * i + 1], events[i].expected);
	}
	KUNIT_EXPECT_EQ(test, scene->events, 1 + 8);
}

/* Whether the fast path refuses a waking, and leaves ring and segment as they are. */
static bool refuses(struct kunit *test, u64 low, u32 epoch, u32 key)
{
	struct scene *scene = test->priv;
	struct flightrec_ring *ring = &scene->ring;
	u32 bytes = scene->pool.segment_bytes;
	struct flightrec_ring *ring_before;
	u64 *data_before, *data = NULL;
	bool done;

	ring_before = kunit_kzalloc(test, sizeof(*ring_before), GFP_KERNEL);
	data_before = kunit_kzalloc(test, bytes, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, ring_before);
	KUNIT_ASSERT_NOT_NULL(test, data_before);
	if (ring->slot >= 0)
		data = scene->pool.slots[ring->slot].data;
	memcpy(ring_before, ring, sizeof(*ring));
	if (data)
		memcpy(data_before, data, bytes);
	done = flightrec_ring_try(ring, low, epoch, 0x0000000000000faa, key);
	KUNIT_EXPECT_EQ(test, memcmp(ring_before, ring, sizeof(*ring)), 0);
	if (data)
		KUNIT_EXPECT_EQ(test, memcmp(data_before, data, bytes), 0);
	return !done;
}

static void ring_try_refuses_a_thread_that_is_not_named(struct kunit *test)
{
	struct scene *scene = scene_of(test, 4, 4096);

	settle(test);
	KUNIT_EXPECT_TRUE(test, refuses(test, 1001, 0, fake_key(&tasks[3])));
	/* One whose tid is 1024 apart, and none. */
	KUNIT_EXPECT_TRUE(test, refuses(test, 1001, 0, flightrec_name_key(1002 + 1024, 120)));
	flightrec_ring_forget(&scene->ring, 1002);
	KUNIT_EXPECT_TRUE(test, refuses(test, 1001, 0, fake_key(other)));
	KUNIT_EXPECT_TRUE(test, flightrec_ring_try(&scene->ring, 1001, 0, 0x0000000000000fa6,
						   fake_key(one)));
}

static void ring_try_refuses_another_priority(struct kunit *test)
{
	scene_of(test, 4, 4096);
	settle(test);
	KUNIT_EXPECT_TRUE(test, refuses(test, 1001, 0, flightrec_name_key(1002, 119)));
	KUNIT_EXPECT_TRUE(test, refuses(test, 1001, 0, flightrec_name_key(1002, -1)));
}

static void ring_try_refuses_other_upper_bits(struct kunit *test)
{
	struct scene *scene = scene_of(test, 4, 4096);

	settle(test);
	KUNIT_EXPECT_TRUE(test, refuses(test, 0x2000000, 1, fake_key(other)));
	KUNIT_EXPECT_TRUE(test, refuses(test, 1001, 0x80000000, fake_key(other)));
	scene_wake(scene, 0x2000000, other, 0, 0);
	KUNIT_EXPECT_TRUE(test, refuses(test, 1001, 0, fake_key(other)));
	KUNIT_EXPECT_TRUE(test, flightrec_ring_try(&scene->ring, 0x2000001, 1, 0x0000000000000faa,
						   fake_key(other)));
}

static void ring_try_refuses_in_a_full_segment(struct kunit *test)
{
	struct scene *scene = scene_of(test, 4, 4096);
	u32 i;

	for (i = settle(test); i < WORDS; i++)
		KUNIT_ASSERT_TRUE(test, flightrec_ring_try(&scene->ring, 1001, 0,
							   0x0000000000000faa, fake_key(other)));
	KUNIT_EXPECT_TRUE(test, refuses(test, 1001, 0, fake_key(other)));
	scene_read(test, 1);
	KUNIT_EXPECT_EQ(test, scene->nr, WORDS);
	KUNIT_EXPECT_EQ(test, scene->ring.seq, 1);
}

/* What was named in the segment before says nothing. */
static void ring_try_refuses_without_a_segment(struct kunit *test)
{
	struct scene *scene = scene_of(test, 4, 4096);

	KUNIT_EXPECT_TRUE(test, refuses(test, 0, 0, fake_key(other)));
	settle(test);
	flightrec_ring_close(&scene->ring);
	KUNIT_EXPECT_TRUE(test, refuses(test, 1001, 0, fake_key(other)));
}

static void ring_full_segment_turns(struct kunit *test)
{
	struct scene *scene = scene_of(test, 4, 4096);
	u64 expected = 1000;
	u32 i;

	for (i = 0; i < 2 * WORDS; i++)
		scene_wake(scene, 1000 + i, other, 0, 0);
	KUNIT_ASSERT_EQ(test, scene->ring.seq, 3);
	for (i = 1; i <= 3; i++) {
		scene_read(test, i);
		KUNIT_EXPECT_EQ(test, scene->slot.start, expected);
		KUNIT_EXPECT_EQ(test, scene->slot.flags, i == 1 ? 2 : 0);
		while (scene_next(test))
			KUNIT_ASSERT_EQ(test, scene->event.time, expected++);
		if (i == 3)
			break;
		/* It ends as the event comes that finds no room in it. */
		KUNIT_EXPECT_EQ(test, scene->slot.end, expected);
		/* All of it is used: one word events go to its end. */
		KUNIT_EXPECT_EQ(test, scene->slot.used, 4096);
	}
	KUNIT_EXPECT_EQ(test, expected, 1000 + 2 * WORDS);
}

/* The longest records, with all that may come before them, at every offset. */
static void ring_long_record_never_passes_the_end(struct kunit *test)
{
	struct scene *scene = scene_of(test, 2, 1024);
	u64 more[66] = { 0 };
	u64 now = 1000;
	u32 i, j;

	for (i = 0; i < 100; i++) {
		for (j = 0; j < i; j++)
			scene_wake(scene, now, one, 0, 0);
		for (j = 1; j < 4; j++) {
			flightrec_ring_forget(&scene->ring, 1002);
			other->comm[0]++;
			now += 0x2000000;
			scene_append(scene, now, other, EXEC, more, 20 * j + 5);
			KUNIT_ASSERT_LE(test, scene->ring.pos - scene->ring.start, 1024 / 8);
			scene_read(test, scene->ring.seq);
			while (scene_next(test))
				;
			KUNIT_ASSERT_EQ(test, scene->event.what, EXEC);
			KUNIT_ASSERT_EQ(test, scene->event.nr_more, 20 * j + 5);
			KUNIT_ASSERT_EQ(test, scene->event.time, now);
		}
	}
	KUNIT_EXPECT_EQ(test, scene->ring.lost, 0);
}

static struct scene *interrupted;

static void wake_in_between(void)
{
	fake_interruption_t *self = fake_interruption;

	fake_interruption = NULL;
	/* With the upper bits just told, so that these don't keep the fast path away. */
	scene_wake(interrupted, (u64)interrupted->ring.epoch << 25 | 7, one, 0, 0);
	fake_interruption = self;
}

/* While the slow path describes a thread, in whatever step. */
static void ring_nested_event_is_counted_lost(struct kunit *test)
{
	struct scene *scene = scene_of(test, 4, 4096);
	u32 before;

	interrupted = scene;
	/* As a segment is opened: once for each of two threads. */
	fake_interruption = wake_in_between;
	scene_wake(scene, 1000, other, 0, 0);
	KUNIT_EXPECT_EQ(test, scene->ring.lost, 2);
	scene_read(test, 1);
	KUNIT_ASSERT_TRUE(test, scene_next(test));
	KUNIT_EXPECT_FALSE(test, scene_next(test));
	before = scene->nr;
	/* Behind a TIME, with everything named that the nested one mentions. */
	flightrec_ring_forget(&scene->ring, 1002);
	scene_wake(scene, 0x3000000, other, 0, 0);
	KUNIT_EXPECT_EQ(test, scene->ring.lost, 3);
	scene_read(test, 1);
	KUNIT_EXPECT_EQ(test, scene->nr, before + 1 + 2 + 1);
	while (scene_next(test))
		;
	KUNIT_EXPECT_EQ(test, scene->event.time, 0x3000000);
	KUNIT_EXPECT_EQ(test, scene->lost, 3);
}

static void ring_without_segment_counts_lost(struct kunit *test)
{
	struct scene *scene = scene_of(test, 1, 4096);
	struct flightrec_ring_stats stats;
	int taken;

	raw_spin_lock(&scene->pool.lock);
	taken = flightrec_pool_lend(&scene->pool, 0, &overwritten);
	raw_spin_unlock(&scene->pool.lock);
	KUNIT_ASSERT_EQ(test, taken, 0);
	scene_wake(scene, 1000, other, 0, 0);
	scene_switch(scene, 1001, other, 0, 0);
	scene_append(scene, 1002, other, EXIT, NULL, 0);
	flightrec_ring_stats(&scene->ring, &stats);
	KUNIT_EXPECT_EQ(test, stats.lost, 3);
	KUNIT_EXPECT_EQ(test, stats.events, 0);
	KUNIT_EXPECT_EQ(test, stats.bytes, 0);

	raw_spin_lock(&scene->pool.lock);
	flightrec_pool_close(&scene->pool, taken);
	raw_spin_unlock(&scene->pool.lock);
	scene_wake(scene, 1003, other, 0, 0);
	scene_read(test, 1);
	KUNIT_EXPECT_EQ(test, scene->lost, 3);
	KUNIT_EXPECT_EQ(test, scene->slot.start_tid, 1002);
	KUNIT_ASSERT_TRUE(test, scene_next(test));
	KUNIT_EXPECT_EQ(test, scene->event.time, 1003);
}

/* Each loss in one segment, and only in one. */
static void ring_tells_each_loss_once(struct kunit *test)
{
	struct scene *scene = scene_of(test, 4, 4096);
	u32 i;

	interrupted = scene;
	settle(test);
	fake_interruption = wake_in_between;
	scene_wake(scene, 1000, &tasks[5], 0, 0);
	fake_interruption = NULL;
	for (i = 0; i < WORDS; i++)
		scene_wake(scene, 1000, other, 0, 0);
	scene_read(test, 1);
	KUNIT_EXPECT_EQ(test, scene->lost, 1);
	scene_read(test, 2);
	KUNIT_EXPECT_EQ(test, scene->lost, 0);
	KUNIT_EXPECT_EQ(test, scene->ring.lost, 1);
}

static void ring_event_counts_match_records(struct kunit *test)
{
	struct scene *scene = scene_of(test, 8, 4096);
	static const u64 more[5];
	struct flightrec_ring_stats stats;
	u64 events = 0, told = 0;
	u32 i;

	for (i = 0; i < 300; i++) {
		scene_append(scene, 1000 + i, &tasks[i % 20], RENAME, more, 5);
		scene_wake(scene, (1000ULL + i) << (i % 4 * 6), &tasks[i % 7], 0, 0);
	}
	for (i = 1; i <= scene->ring.seq; i++) {
		scene_read(test, i);
		told += scene->events;
		while (scene_next(test))
			events++;
	}
	KUNIT_EXPECT_EQ(test, events, 600);
	KUNIT_EXPECT_EQ(test, told, 600);
	flightrec_ring_stats(&scene->ring, &stats);
	KUNIT_EXPECT_EQ(test, stats.events, 600);
	KUNIT_EXPECT_EQ(test, stats.lost, 0);
}

/* Of what a read of the file gives: the records, and a header a segment. */
static void ring_stats_count_bytes_with_headers(struct kunit *test)
{
	struct scene *scene = scene_of(test, 4, 4096);
	struct flightrec_ring_stats stats;
	u32 i;

	flightrec_ring_stats(&scene->ring, &stats);
	KUNIT_EXPECT_EQ(test, stats.bytes, 0);
	scene_wake(scene, 1000, other, 0, 0);
	flightrec_ring_stats(&scene->ring, &stats);
	KUNIT_EXPECT_EQ(test, stats.bytes, 104 + 9 * 8);
	for (i = 9; i < WORDS + 1; i++)
		scene_wake(scene, 1000, other, 0, 0);
	flightrec_ring_stats(&scene->ring, &stats);
	KUNIT_EXPECT_EQ(test, stats.bytes, 104 + 4096 + 104 + 9 * 8);
	KUNIT_EXPECT_EQ(test, stats.events, WORDS + 1 - 8);
}

static void ring_close_keeps_what_is_recorded(struct kunit *test)
{
	struct scene *scene = scene_of(test, 4, 4096);
	u32 before = settle(test);

	flightrec_ring_close(&scene->ring);
	KUNIT_EXPECT_EQ(test, scene->pool.open, 0);
	scene_read(test, 1);
	KUNIT_EXPECT_EQ(test, scene->nr, before);
	KUNIT_EXPECT_EQ(test, scene->events, 2);
	/* When it is closed, not when the last event was. */
	KUNIT_EXPECT_EQ(test, scene->slot.end, 7000000007);
	/* Again is nothing. */
	flightrec_ring_close(&scene->ring);
	KUNIT_EXPECT_EQ(test, scene->pool.open, 0);
}

static void ring_starts_again_after_close(struct kunit *test)
{
	struct scene *scene = scene_of(test, 4, 4096);

	settle(test);
	flightrec_ring_close(&scene->ring);
	scene_switch(scene, 2000, other, 0, 0);
	scene_read(test, 2);
	/* It is its CPU's first since the start. */
	KUNIT_EXPECT_EQ(test, scene->slot.flags, 2);
	KUNIT_EXPECT_EQ(test, scene->slot.start, 2000);
	KUNIT_EXPECT_EQ(test, scene->slot.start_tid, 1001);
	KUNIT_ASSERT_TRUE(test, scene_next(test));
	KUNIT_EXPECT_EQ(test, scene->event.thread.tid, 1002);
}

/* Of another ring, or of this one before anything is in it. */
static void ring_written_is_false_for_what_it_has_not_got(struct kunit *test)
{
	struct scene *scene = scene_of(test, 4, 4096);
	struct flightrec_ring_written written;
	bool before, wrong;
	int index;

	raw_spin_lock(&scene->pool.lock);
	index = flightrec_pool_lend(&scene->pool, 3, &overwritten);
	before = flightrec_ring_written(&scene->ring, index, &written);
	flightrec_pool_close(&scene->pool, index);
	raw_spin_unlock(&scene->pool.lock);
	KUNIT_EXPECT_FALSE(test, before);
	settle(test);
	raw_spin_lock(&scene->pool.lock);
	wrong = flightrec_ring_written(&scene->ring, index, &written);
	raw_spin_unlock(&scene->pool.lock);
	KUNIT_EXPECT_FALSE(test, wrong);
}

static int init(struct kunit *test)
{
	make_tasks();
	return scene_init(test);
}

static struct kunit_case cases[] = {
	KUNIT_CASE(ring_switch_takes_one_word),
	KUNIT_CASE(ring_waking_takes_one_word),
	KUNIT_CASE(ring_migrate_takes_two_words),
	KUNIT_CASE(ring_long_record_is_written_whole),
	KUNIT_CASE(ring_segment_starts_with_the_running_thread),
	KUNIT_CASE(ring_names_a_thread_once_per_segment),
	KUNIT_CASE(ring_names_a_thread_anew_in_each_segment),
	KUNIT_CASE(ring_names_the_like_in_two_words),
	KUNIT_CASE(ring_names_the_unlike_in_six_words),
	KUNIT_CASE(ring_names_in_full_first_in_each_segment),
	KUNIT_CASE(ring_names_again_after_forget),
	KUNIT_CASE(ring_forgets_a_thread_under_any_priority),
	KUNIT_CASE(ring_names_the_idle_thread),
	KUNIT_CASE(ring_priority_change_takes_one_word),
	KUNIT_CASE(ring_deadline_priority_is_255),
	KUNIT_CASE(ring_switch_from_a_deadline_thread_takes_one_word),
	KUNIT_CASE(ring_key_is_the_tid_below_the_priority),
	KUNIT_CASE(ring_switch_tells_a_priority_changed_while_running),
	KUNIT_CASE(ring_switch_tells_a_priority_changed_twice),
	KUNIT_CASE(ring_switch_takes_one_word_after_another_threads_priority_changed),
	KUNIT_CASE(ring_16_tids_in_a_row_are_named_once),
	KUNIT_CASE(ring_16_tids_on_one_line_are_named_once),
	KUNIT_CASE(ring_17_tids_on_one_line_are_named_again_not_wrong),
	KUNIT_CASE(ring_tells_the_clocks_upper_bits_when_they_change),
	KUNIT_CASE(ring_tells_the_clocks_upper_bits_before_a_long_record),
	KUNIT_CASE(ring_tells_the_clock_where_the_counter_is_behind_it),
	KUNIT_CASE(ring_tells_the_clocks_upper_bits_before_a_priority),
	KUNIT_CASE(ring_segment_starts_with_the_clocks_upper_bits_told),
	KUNIT_CASE(ring_goes_on_in_its_segment_after_any_gap),
	KUNIT_CASE(ring_clock_stepping_back_is_recorded_as_it_is),
	KUNIT_CASE(ring_clock_stepping_back_across_its_upper_bits_tells_them),
	KUNIT_CASE(ring_fast_path_gives_the_word_of_the_slow_one),
	KUNIT_CASE(ring_try_refuses_a_thread_that_is_not_named),
	KUNIT_CASE(ring_try_refuses_another_priority),
	KUNIT_CASE(ring_try_refuses_other_upper_bits),
	KUNIT_CASE(ring_try_refuses_in_a_full_segment),
	KUNIT_CASE(ring_try_refuses_without_a_segment),
	KUNIT_CASE(ring_full_segment_turns),
	KUNIT_CASE(ring_long_record_never_passes_the_end),
	KUNIT_CASE(ring_nested_event_is_counted_lost),
	KUNIT_CASE(ring_without_segment_counts_lost),
	KUNIT_CASE(ring_tells_each_loss_once),
	KUNIT_CASE(ring_event_counts_match_records),
	KUNIT_CASE(ring_stats_count_bytes_with_headers),
	KUNIT_CASE(ring_close_keeps_what_is_recorded),
	KUNIT_CASE(ring_starts_again_after_close),
	KUNIT_CASE(ring_written_is_false_for_what_it_has_not_got),
	{},
};

static struct kunit_suite ring_suite = {
	.name = "ring",
	.init = init,
	.exit = scene_exit,
	.test_cases = cases,
};

kunit_test_suite(ring_suite);
