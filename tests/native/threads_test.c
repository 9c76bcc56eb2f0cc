// SPDX-License-Identifier: GPL-2.0
/*
 * Rings, pool and readers at the same time, each CPU a thread. Only native: run
 * under AddressSanitizer, and under ThreadSanitizer for the races not meant.
 *
 * Every writer's threads have tids of its own, and its events are numbered (in
 * the CPU and context of a WAKING, in the words of an EXEC), so that a word of
 * another ring, a torn one or a missing one is seen.
 */
#include <errno.h>
#include <kunit/test.h>
#include <linux/string.h>
#include <pthread.h>
#include <sched.h>

#include "../../kmod/ring.h"
#include "../kunit/decode.h"
#include "../kunit/fake.h"

#define CPUS	      3
#define READERS	      2
#define SEGMENTS      14
#define SEGMENT_BYTES 1024
#define EVENTS	      60000
#define THREADS	      8
#define LONG_WORDS    20
#define INTERVAL      4000 /* so that the clock's upper bits change, too */

/**
 * struct machine - what all threads share
 * @pool: the pool
 * @rings: a ring a CPU
 * @tasks: a CPU's threads
 * @writing: CPUs that are still at work
 * @copied: copies that succeeded
 * @gone: copies of segments that had been taken back
 * @test: the test
 */
struct machine {
	struct flightrec_pool pool;
	struct flightrec_ring rings[CPUS];
	struct fake_task tasks[CPUS][THREADS];
	int writing;
	int copied;
	int gone;
	struct kunit *test;
};

static struct machine *machine;

#define get(x)	  __atomic_load_n(&(x), __ATOMIC_ACQUIRE)
#define add(x, n) __atomic_add_fetch(&(x), n, __ATOMIC_ACQ_REL)

#ifdef __SANITIZE_THREAD__
__thread bool native_fenced;

void __tsan_release(void *address);
void __tsan_write8_pc(void *address, void *pc);
void __wrap___tsan_write8(void *address);

/*
 * Instead of __tsan_write8(), by the linker. The fast path publishes with a fence
 * and a plain write of @pos, which the kernel's memory model takes for whole. For
 * ThreadSanitizer, which knows no fences, that is made the release store that it
 * stands for; without the fence it releases nothing.
 */
__attribute__((no_sanitize_thread)) void __wrap___tsan_write8(void *address)
{
	u32 cpu;

	for (cpu = 0; machine && cpu < CPUS; cpu++) {
		if (address != &machine->rings[cpu].pos)
			continue;
		if (native_fenced)
			__tsan_release(address);
		native_fenced = false;
		return;
	}
	__tsan_write8_pc(address, __builtin_return_address(0));
}
#endif

static void make_machine(struct kunit *test, u32 segments, u32 segment_bytes)
{
	u32 cpu, i;

	machine = test->priv;
	machine->test = test;
	for (cpu = 0; cpu < CPUS; cpu++) {
		flightrec_ring_init(&machine->rings[cpu], &machine->pool, cpu);
		for (i = 0; i < THREADS; i++) {
			struct fake_task *task = &machine->tasks[cpu][i];

			/* Two on each of four entries of the table of names. */
			task->tid = 100 * (cpu + 1) + i % 4 + i / 4 * 1024;
			task->tgid = cpu;
			task->priority = 120;
			task->comm[0] = 'A' + cpu;
		}
	}
	KUNIT_ASSERT_EQ(test, flightrec_pool_resize(&machine->pool, segments, segment_bytes), 0);
}

/*
 * In one word, by the fast path if it does it, as waking_fast() in kmod/events.c;
 * or many times over in a long record.
 */
static void append_number(struct flightrec_ring *ring, u64 now, struct fake_task *task, u32 number)
{
	u64 more[LONG_WORDS];
	u32 i;

	if (number % 4) {
		u64 word = flightrec_word_waking(task->tid, number & 0x1fff, number >> 13 & 3);

		if (!flightrec_ring_try(ring, now, now >> 25, word, fake_key(task)))
			flightrec_ring_append_slow(ring, now, word, NULL, fake_key(task),
						   fake_task(task));
		return;
	}
	for (i = 0; i < LONG_WORDS; i++)
		more[i] = number & 0x7fff;
	flightrec_ring_append_slow(ring, now, flightrec_word_long(EXEC, task->tid, 1 + LONG_WORDS),
				   more, fake_key(task), fake_task(task));
}

static void *write_events(void *arg)
{
	struct flightrec_ring *ring = arg;
	struct fake_task *tasks = machine->tasks[ring->cpu];
	u64 random = ring->cpu + 1;
	u32 i;

	fake_running = &tasks[0];
	for (i = 0; i < EVENTS; i++) {
		struct fake_task *task = &tasks[fake_random(&random, THREADS)];

		append_number(ring, 1000 + INTERVAL * i, task, i);
		if (i % 4096 == 0)
			sched_yield();
	}
	add(machine->writing, -1);
	return NULL;
}

/* A segment as a snapshot notes it. */
struct noted {
	u32 index;
	u32 nr;
	bool closed;
	struct flightrec_slot slot;
};

/* Holds what has contents; at most @room segments. */
static u32 note_segments(struct noted *noted, u32 room)
{
	struct flightrec_pool *pool = &machine->pool;
	struct flightrec_ring_written written;
	u32 n = 0, i;

	raw_spin_lock(&pool->lock);
	for (i = 0; i < pool->capacity && n < room; i++) {
		const struct flightrec_slot *slot = &pool->slots[i];

		noted[n].closed = flightrec_pool_slot_closed(pool, i);
		if (noted[n].closed)
			noted[n].nr = slot->used / 8;
		else if (flightrec_pool_slot_open(pool, i) &&
			 flightrec_ring_written(&machine->rings[slot->cpu], i, &written))
			noted[n].nr = written.used / 8;
		else
			continue;
		flightrec_pool_hold(pool, i);
		noted[n].slot = *slot;
		noted[n++].index = i;
	}
	raw_spin_unlock(&pool->lock);
	return n;
}

static void release_segments(const struct noted *noted, u32 n)
{
	u32 i;

	raw_spin_lock(&machine->pool.lock);
	for (i = 0; i < n; i++)
		flightrec_pool_release(&machine->pool, noted[i].index, noted[i].slot.generation);
	raw_spin_unlock(&machine->pool.lock);
}

static bool check_event(const struct event *event, u32 cpu, u32 *number)
{
	u32 this = event->cpu | event->context << 13, i;
	bool next;

	if (event->what == EXEC)
		this = event->more[0];
	for (i = 1; i < event->nr_more; i++)
		if (event->more[i] != this)
			return false;
	next = *number == U32_MAX || this == ((*number + 1) & 0x7fff);
	*number = this;
	return next && event->thread.tgid == cpu && event->thread.comm[0] == 'A' + (char)cpu &&
	       (event->time - 1000) % INTERVAL == 0 &&
	       (event->time - 1000) / INTERVAL % 0x8000 == this;
}

static void check_segment(const struct noted *noted, const u64 *words)
{
	const struct flightrec_slot *slot = &noted->slot;
	struct decoder decoder;
	struct event event;
	u32 number = U32_MAX;
	u64 events = 0;

	decode_start(&decoder, words, noted->nr, slot->start, slot->start_tid);
	while (decode_next(&decoder, &event)) {
		if (!check_event(&event, slot->cpu, &number)) {
			KUNIT_FAIL(machine->test, "an event that its CPU has not written there");
			return;
		}
		events++;
	}
	if (decoder.error)
		KUNIT_FAIL(machine->test, "%s", decoder.error);
	/* Closed by its CPU's next event, or by flightrec_ring_close(). */
	if (noted->closed && (events != slot->events || (slot->end != decoder.time + INTERVAL &&
							 slot->end != FAKE_PAIR_CLOCK)))
		KUNIT_FAIL(machine->test, "a closed segment that is not as its slot says");
}

static bool copy_and_check(const struct noted *noted)
{
	u64 words[SEGMENT_BYTES / 8];

	if (!flightrec_pool_copy(&machine->pool, noted->index, noted->slot.generation, words,
				 noted->nr * 8)) {
		add(machine->gone, 1);
		return false;
	}
	add(machine->copied, 1);
	check_segment(noted, words);
	return true;
}

/* A few segments at a time, forgotten names and counts read in between. */
static void *read_segments(void *arg)
{
	struct noted noted[SEGMENTS];
	struct flightrec_ring_stats stats;
	u64 random = 1 + (uintptr_t)arg;
	u32 n, i;

	while (get(machine->writing)) {
		u32 cpu = fake_random(&random, CPUS);

		n = note_segments(noted, 1 + fake_random(&random, SEGMENTS));
		for (i = 0; i < n; i++)
			copy_and_check(&noted[i]);
		release_segments(noted, n);
		flightrec_ring_forget(&machine->rings[cpu],
				      machine->tasks[cpu][fake_random(&random, THREADS)].tid);
		flightrec_ring_stats(&machine->rings[cpu], &stats);
		if (stats.events > EVENTS || stats.lost)
			KUNIT_FAIL(machine->test, "counts that no moment had");
	}
	return NULL;
}

/* Holds all it can, waits until some of it is taken back, and reads then. */
static void *stall(void *arg)
{
	struct noted noted[SEGMENTS];
	u32 n, i;

	while (get(machine->writing)) {
		u64 before, now;

		raw_spin_lock(&machine->pool.lock);
		before = machine->pool.taken_back;
		raw_spin_unlock(&machine->pool.lock);
		n = note_segments(noted, SEGMENTS);
		do {
			sched_yield();
			raw_spin_lock(&machine->pool.lock);
			now = machine->pool.taken_back;
			raw_spin_unlock(&machine->pool.lock);
		} while (now < before + 4 && get(machine->writing));
		for (i = 0; i < n; i++)
			copy_and_check(&noted[i]);
		release_segments(noted, n);
	}
	return NULL;
}

static void *resize(void *arg)
{
	u64 random = 4711;

	while (get(machine->writing)) {
		flightrec_pool_resize(&machine->pool, SEGMENTS - 3 + fake_random(&random, 12),
				      SEGMENT_BYTES);
		sched_yield();
	}
	return NULL;
}

/* All writers, READERS of the kind, and more; returns when all have ended. */
static void run(struct kunit *test, void *(*read)(void *), void *(*more)(void *))
{
	pthread_t threads[CPUS + READERS + 1];
	struct flightrec_ring_stats stats;
	u32 n = 0, i;

	machine->writing = CPUS;
	for (i = 0; i < CPUS; i++)
		pthread_create(&threads[n++], NULL, write_events, &machine->rings[i]);
	for (i = 0; i < READERS; i++)
		pthread_create(&threads[n++], NULL, read, (void *)(uintptr_t)i);
	if (more)
		pthread_create(&threads[n++], NULL, more, NULL);
	for (i = 0; i < n; i++)
		pthread_join(threads[i], NULL);
	for (i = 0; i < CPUS; i++) {
		flightrec_ring_stats(&machine->rings[i], &stats);
		KUNIT_EXPECT_EQ(test, stats.events, EVENTS);
		KUNIT_EXPECT_EQ(test, stats.lost, 0);
	}
	KUNIT_EXPECT_EQ(test, machine->pool.open, CPUS);
	KUNIT_EXPECT_EQ(test, machine->pool.held, 0);
}

static void threads_read_what_each_cpu_wrote(struct kunit *test)
{
	make_machine(test, SEGMENTS, SEGMENT_BYTES);
	run(test, read_segments, NULL);
	KUNIT_EXPECT_GE(test, machine->copied, 1);
}

static void threads_stalled_reader_gets_all_or_nothing_of_a_segment(struct kunit *test)
{
	make_machine(test, SEGMENTS, SEGMENT_BYTES);
	run(test, read_segments, stall);
	KUNIT_EXPECT_GE(test, machine->copied, 1);
	KUNIT_EXPECT_GE(test, machine->gone, 1);
}

static void threads_go_on_while_the_pool_is_resized(struct kunit *test)
{
	make_machine(test, SEGMENTS, SEGMENT_BYTES);
	run(test, read_segments, resize);
	KUNIT_EXPECT_GE(test, machine->copied, 1);
}

/*
 * Reads the last published words in place, and not by the copy that may race, so
 * that ThreadSanitizer sees whether they are written before they are published.
 */
static void *read_in_place(void *arg)
{
	struct flightrec_pool *pool = &machine->pool;
	u64 random = 1 + (uintptr_t)arg;

	while (get(machine->writing)) {
		struct flightrec_ring *ring = &machine->rings[fake_random(&random, CPUS)];
		struct flightrec_ring_written written = { 0 };
		const u64 *words = NULL;
		u32 i;

		raw_spin_lock(&pool->lock);
		if (ring->slot >= 0 && flightrec_ring_written(ring, ring->slot, &written))
			words = pool->slots[ring->slot].data;
		raw_spin_unlock(&pool->lock);
		for (i = written.used / 8; i-- && i + 16 > written.used / 8;)
			if (words[i] == 0xa5a5a5a5a5a5a5a5)
				KUNIT_FAIL(machine->test, "a word that is not written");
		add(machine->copied, 1);
	}
	return NULL;
}

/* In a pool that has room for all, where no segment is written twice. */
static void threads_see_no_record_before_it_is_written(struct kunit *test)
{
	make_machine(test, 160, 65536);
	run(test, read_in_place, NULL);
	KUNIT_EXPECT_EQ(test, machine->pool.overwritten, 0);
	KUNIT_EXPECT_GE(test, machine->copied, 1);
}

static void *read_and_release(void *arg)
{
	struct noted noted[SEGMENTS];
	u32 n, i;

	while (get(machine->writing)) {
		n = note_segments(noted, SEGMENTS);
		for (i = 0; i < n; i++)
			copy_and_check(&noted[i]);
		release_segments(noted, n);
	}
	return NULL;
}

/* As when the size of segments is changed: the pool is emptied and built anew. */
static void threads_read_while_the_pool_is_emptied(struct kunit *test)
{
	pthread_t reader;
	u32 i, j;

	make_machine(test, SEGMENTS, SEGMENT_BYTES);
	fake_running = &machine->tasks[0][0];
	machine->writing = 1;
	pthread_create(&reader, NULL, read_and_release, NULL);
	for (i = 0; i < 2000; i++) {
		for (j = 0; j < 200; j++)
			append_number(&machine->rings[0], 1000 + INTERVAL * j, fake_running, j);
		flightrec_ring_close(&machine->rings[0]);
		flightrec_pool_resize(&machine->pool, 0, SEGMENT_BYTES);
		flightrec_pool_resize(&machine->pool, SEGMENTS, SEGMENT_BYTES);
	}
	add(machine->writing, -1);
	pthread_join(reader, NULL);
	KUNIT_EXPECT_EQ(test, machine->pool.held, 0);
}

static int init(struct kunit *test)
{
	test->priv = kunit_kzalloc(test, sizeof(struct machine), GFP_KERNEL);
	flightrec_pool_init(&((struct machine *)test->priv)->pool);
	return 0;
}

static void exit_machine(struct kunit *test)
{
	u32 i;

	for (i = 0; i < CPUS; i++)
		flightrec_ring_close(&machine->rings[i]);
	flightrec_pool_resize(&machine->pool, 0, SEGMENT_BYTES);
}

static struct kunit_case cases[] = {
	KUNIT_CASE(threads_read_what_each_cpu_wrote),
	KUNIT_CASE(threads_stalled_reader_gets_all_or_nothing_of_a_segment),
	KUNIT_CASE(threads_go_on_while_the_pool_is_resized),
	KUNIT_CASE(threads_see_no_record_before_it_is_written),
	KUNIT_CASE(threads_read_while_the_pool_is_emptied),
	{},
};

static struct kunit_suite threads_suite = {
	.name = "threads",
	.init = init,
	.exit = exit_machine,
	.test_cases = cases,
};

kunit_test_suite(threads_suite);
