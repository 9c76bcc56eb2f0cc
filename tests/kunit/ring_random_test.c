// SPDX-License-Identifier: GPL-2.0
/*
 * The ring against a list: thousands of random events, from threads that come
 * under new names and priorities, at times that crawl, leap and step back. What
 * the segments tell must be the list, event by event and field by field.
 */
#include <kunit/test.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "scene.h"

#define EVENTS	   2000
#define THREADS	   60
#define WORDS_MORE 66
#define SEGMENTS   400 /* as many as keep it all */

struct expected {
	u64 time;
	u32 what;
	struct fake_task thread;
	struct fake_task prev;
	u32 state;
	u32 nr;
	u32 cpu;
	u32 context;
	u32 dest;
	u64 first_more;
	u32 nr_more;
};

static struct fake_task threads[THREADS];
static u64 random_state;

static u32 chance(u32 below)
{
	return fake_random(&random_state, below);
}

/* -1 is a deadline thread's. */
static int any_priority(void)
{
	return (int)chance(141) - 1;
}

/* Many share a line of the table of names, some are far apart. */
static void make_threads(void)
{
	u32 i;

	memset(threads, 0, sizeof(threads));
	for (i = 0; i < THREADS; i++) {
		threads[i].tid = i % 3 ? i : 1 + 1024 * (i + 1);
		threads[i].tgid = 1 + chance(0x3fffff);
		threads[i].priority = any_priority();
		threads[i].flags = chance(8);
		threads[i].ns_tid = chance(0x3fffff);
		threads[i].comm[0] = 'a' + chance(3);
		threads[i].cgroup = chance(3);
		threads[i].pid_ns = chance(2);
	}
	threads[1].tid = 0;
	threads[2].tid = 0x3fffff;
	fake_running = &threads[1];
}

static struct fake_task *someone(struct scene *scene)
{
	struct fake_task *thread = &threads[chance(THREADS)];

	switch (chance(16)) {
	case 0:
		thread->priority = any_priority();
		break;
	case 1:
		thread->comm[0] = 'a' + chance(26);
		thread->cgroup = chance(3);
		flightrec_ring_forget(&scene->ring, thread->tid);
		break;
	case 2:
		thread = fake_running;
		break;
	}
	return thread;
}

static u64 later(u64 now)
{
	static const u8 bits[] = { 0, 3, 10, 10, 10, 14, 15, 20, 25, 26, 40, 47 };

	u64 gap = (u64)chance(1 << 24) << 24 | chance(1 << 24);

	/* From time to time to where TIME needs its upper half. */
	if (chance(200) == 0)
		now += 0x800000000000;
	return now + (gap & ((1ULL << bits[chance(12)]) - 1));
}

/* A little, within the upper bits or across them, or by more than they change. */
static u64 earlier(u64 now)
{
	return now - (chance(3) ? chance(100) : chance(1 << 28));
}

static void append_long(struct scene *scene, u64 now, struct fake_task *thread,
			struct expected *expected)
{
	u64 more[WORDS_MORE];
	u32 i;

	expected->what = WAKEUP_NEW + chance(5);
	expected->nr_more = chance(8) ? chance(6) : chance(WORDS_MORE);
	for (i = 0; i < expected->nr_more; i++)
		more[i] = now * 31 + i;
	expected->first_more = now * 31;
	scene_append(scene, now, thread, expected->what, more, expected->nr_more);
}

static void append(struct scene *scene, u64 now, struct expected *expected)
{
	struct fake_task *thread = someone(scene);

	switch (chance(8)) {
	case 0:
		append_long(scene, now, thread, expected);
		break;
	case 1:
		expected->what = MIGRATE;
		expected->cpu = chance(U32_MAX);
		expected->dest = chance(U32_MAX);
		expected->first_more = expected->cpu | (u64)expected->dest << 32;
		expected->nr_more = 1;
		scene_migrate(scene, now, thread, expected->cpu, expected->dest);
		break;
	case 2:
	case 3:
	case 4:
		expected->what = WAKING;
		expected->cpu = chance(8192);
		expected->context = chance(4);
		scene_wake(scene, now, thread, expected->cpu, expected->context);
		break;
	default:
		expected->what = SWITCH;
		expected->state = chance(10);
		expected->nr = chance(2048);
		if (chance(10) == 0)
			fake_running->priority = any_priority();
		expected->prev = *fake_running;
		scene_switch(scene, now, thread, expected->state, expected->nr);
	}
	expected->thread = *thread;
}

static void check_thread(struct kunit *test, const struct thread *told,
			 const struct fake_task *thread)
{
	KUNIT_ASSERT_EQ(test, told->tid, thread->tid);
	KUNIT_ASSERT_EQ(test, told->tgid, thread->tgid);
	KUNIT_ASSERT_EQ(test, told->priority, (u8)thread->priority);
	KUNIT_ASSERT_EQ(test, told->flags, thread->flags);
	KUNIT_ASSERT_EQ(test, told->ns_tid, thread->ns_tid);
	KUNIT_ASSERT_EQ(test, told->cgroup, thread->cgroup);
	KUNIT_ASSERT_EQ(test, told->pid_ns, thread->pid_ns);
	KUNIT_ASSERT_EQ(test, memcmp(told->comm, thread->comm, 16), 0);
}

static void check_event(struct kunit *test, const struct event *event,
			const struct expected *expected)
{
	u32 i;

	KUNIT_ASSERT_EQ(test, event->what, expected->what);
	KUNIT_ASSERT_EQ(test, event->time, expected->time);
	KUNIT_ASSERT_EQ(test, event->state, expected->state);
	KUNIT_ASSERT_EQ(test, event->nr, expected->nr);
	KUNIT_ASSERT_EQ(test, event->cpu, expected->cpu);
	KUNIT_ASSERT_EQ(test, event->context, expected->context);
	KUNIT_ASSERT_EQ(test, event->dest, expected->dest);
	KUNIT_ASSERT_EQ(test, event->nr_more, expected->nr_more);
	for (i = 0; i < event->nr_more; i++)
		KUNIT_ASSERT_EQ(test, event->more[i], expected->first_more + i);
	check_thread(test, &event->thread, &expected->thread);
	if (event->what != SWITCH)
		return;
	/* A name changed while it ran is told by RENAME; its priority here. */
	KUNIT_ASSERT_EQ(test, event->prev.tid, expected->prev.tid);
	KUNIT_ASSERT_EQ(test, event->prev.priority, (u8)expected->prev.priority);
}

static void record_and_check(struct kunit *test, u64 seed, u32 segment_bytes)
{
	struct expected *expected;
	struct scene *scene;
	u64 now = 1ULL << 50, lost = 0;
	u32 n = 0, i;

	expected = kunit_kzalloc(test, EVENTS * sizeof(*expected), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, expected);
	scene = scene_of(test, SEGMENTS, segment_bytes);
	random_state = seed;
	make_threads();
	for (i = 0; i < EVENTS; i++) {
		now = chance(30) ? later(now) : earlier(now);
		expected[i].time = now;
		append(scene, now, &expected[i]);
	}
	for (i = 1; i <= scene->ring.seq; i++) {
		scene_read(test, i);
		lost += scene->lost;
		while (scene_next(test)) {
			KUNIT_ASSERT_LE(test, n, EVENTS - 1);
			check_event(test, &scene->event, &expected[n++]);
		}
	}
	KUNIT_EXPECT_EQ(test, n, EVENTS);
	KUNIT_EXPECT_EQ(test, lost, 0);
	KUNIT_EXPECT_GE(test, scene->ring.seq, 5);
}

static void ring_tells_random_events_exactly(struct kunit *test)
{
	record_and_check(test, 20261121, 4096);
}

static void ring_tells_random_events_exactly_in_small_segments(struct kunit *test)
{
	record_and_check(test, 27182818, 1024);
}

static void ring_tells_random_events_exactly_in_large_segments(struct kunit *test)
{
	record_and_check(test, 16180339, 16384);
}

static struct kunit_case cases[] = {
	KUNIT_CASE(ring_tells_random_events_exactly),
	KUNIT_CASE(ring_tells_random_events_exactly_in_small_segments),
	KUNIT_CASE(ring_tells_random_events_exactly_in_large_segments),
	{},
};

static struct kunit_suite ring_random_suite = {
	.name = "ring_random",
	.init = scene_init,
	.exit = scene_exit,
	.test_cases = cases,
};

kunit_test_suite(ring_random_suite);
