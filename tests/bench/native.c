// SPDX-License-Identifier: GPL-2.0
/*
 * What an event costs natively: the ring as the module has it, with the clock
 * that the module has, beside the floor, which is to read that clock and to
 * store eight bytes.
 *
 *	native THREADS ROUNDS
 *
 * Each thread is a CPU with a ring of its own; the rings share a pool of 16 MiB.
 * A round is 50000 of the one and of the other: short, so that most rounds are
 * not interrupted, and the machine's speed is the same for both. The floor writes
 * to as much memory as a ring. Prints for each round and thread
 *
 *	THREAD NANOSECONDS_FLOOR NANOSECONDS_EVENT
 *
 * of one event. An event is what the probes in kmod/events.c do, a switch and a
 * waking by turns; the tracepoint itself is not in it.
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "../../kmod/ring.h"
#include "../kunit/fake.h"

#define EVENTS	      50000
#define ROUNDS_MAX    5000
#define THREADS_MAX   64
#define SEGMENT_BYTES 65536
#define SEGMENTS      256
#define POOL_BYTES    (SEGMENTS * SEGMENT_BYTES)

/* As much of a task as the probes look at. */
struct task {
	struct fake_task fake;
	u32 cpu;
	u32 nr;
};

static struct flightrec_pool pool;
static pthread_barrier_t barrier;
static int rounds;

struct cpu {
	pthread_t thread;
	int number;
	struct task tasks[2];
	u64 *memory;
	u64 *pos;
	double floor_ns[ROUNDS_MAX];
	double event_ns[ROUNDS_MAX];
	struct flightrec_ring ring;
};

/* As flightrec_counter_split() in kmod/compat.h. */
static __always_inline u64 counter_split(u32 *epoch)
{
#ifdef __x86_64__
	u64 low;

	__asm__ volatile("rdtsc\n\tshld $7, %%eax, %%edx" : "=a"(low), "=d"(*epoch) : : "cc");
	return low;
#else
	u64 now = flightrec_counter();

	*epoch = now >> FLIGHTREC_TIME_BITS;
	return now;
#endif
}

static u64 now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000000000ULL + now.tv_nsec;
}

/* As switch_fast(). */
static noinline void record_switch(struct flightrec_ring *ring, struct task *prev,
				   struct task *next)
{
	int priority = next->fake.priority;
	u64 word = flightrec_word_switch(next->fake.tid, FLIGHTREC_STATE_SLEEPING,
					 prev->nr & FLIGHTREC_NR_NONE);
	u32 epoch, key = flightrec_name_key(next->fake.tid, priority);
	u64 low = counter_split(&epoch);

	if (likely(ring->running_priority == prev->fake.priority) &&
	    likely(flightrec_ring_try(ring, low, epoch, word, key))) {
		ring->running_priority = priority;
		return;
	}
	fake_running = &prev->fake;
	flightrec_ring_append_slow(ring, flightrec_counter(), word, NULL, key,
				   fake_task(&next->fake));
	ring->running_priority = priority;
}

/* As waking_fast(). */
static noinline void record_waking(struct flightrec_ring *ring, struct task *task)
{
	u64 word = flightrec_word_waking(task->fake.tid, task->cpu, FLIGHTREC_CONTEXT_THREAD);
	u32 epoch, key = flightrec_name_key(task->fake.tid, task->fake.priority);
	u64 low = counter_split(&epoch);

	if (likely(flightrec_ring_try(ring, low, epoch, word, key)))
		return;
	flightrec_ring_append_slow(ring, flightrec_counter(), word, NULL, key,
				   fake_task(&task->fake));
}

static noinline void store_clock(u64 **pos)
{
	*(*pos)++ = flightrec_counter();
}

static double events_ns(struct cpu *cpu)
{
	u64 start = now_ns();
	u32 i;

	for (i = 0; i < EVENTS / 2; i++) {
		struct task *prev = &cpu->tasks[i % 2], *next = &cpu->tasks[(i + 1) % 2];

		record_waking(&cpu->ring, next);
		record_switch(&cpu->ring, prev, next);
	}
	return (double)(now_ns() - start) / EVENTS;
}

/* Calls as the other has, so that what differs is what an event does beyond it. */
static double floor_ns(struct cpu *cpu)
{
	u64 start = now_ns();
	u32 i;

	if (cpu->pos + EVENTS > cpu->memory + POOL_BYTES / sizeof(u64))
		cpu->pos = cpu->memory;
	for (i = 0; i < EVENTS / 2; i++) {
		store_clock(&cpu->pos);
		store_clock(&cpu->pos);
	}
	return (double)(now_ns() - start) / EVENTS;
}

static void *run(void *arg)
{
	struct cpu *cpu = arg;
	int i;

	fake_running = &cpu->tasks[0].fake;
	cpu->memory = malloc(POOL_BYTES);
	memset(cpu->memory, 1, POOL_BYTES);
	cpu->pos = cpu->memory;
	events_ns(cpu);
	for (i = 0; i < rounds; i++) {
		pthread_barrier_wait(&barrier);
		cpu->floor_ns[i] = floor_ns(cpu);
		pthread_barrier_wait(&barrier);
		cpu->event_ns[i] = events_ns(cpu);
	}
	free(cpu->memory);
	return NULL;
}

int main(int argc, char **argv)
{
	int threads = argc == 3 ? atoi(argv[1]) : 0, i, j;
	struct cpu *cpus;

	rounds = argc == 3 ? atoi(argv[2]) : 0;
	if (threads < 1 || threads > THREADS_MAX || rounds < 1 || rounds > ROUNDS_MAX) {
		fprintf(stderr, "usage: native THREADS ROUNDS\n");
		return 2;
	}
	flightrec_pool_init(&pool);
	if (flightrec_pool_resize(&pool, SEGMENTS, SEGMENT_BYTES))
		return 1;
	pthread_barrier_init(&barrier, NULL, threads);
	cpus = aligned_alloc(64, threads * ((sizeof(*cpus) + 63) / 64 * 64));
	memset(cpus, 0, threads * sizeof(*cpus));
	for (i = 0; i < threads; i++) {
		struct cpu *cpu = &cpus[i];

		cpu->number = i;
		flightrec_ring_init(&cpu->ring, &pool, i);
		for (j = 0; j < 2; j++) {
			cpu->tasks[j].fake.tid = 1000 + 10 * i + j;
			cpu->tasks[j].fake.priority = 120;
			cpu->tasks[j].cpu = i;
		}
		pthread_create(&cpu->thread, NULL, run, cpu);
	}
	for (i = 0; i < threads; i++)
		pthread_join(cpus[i].thread, NULL);
	for (i = 0; i < threads; i++)
		for (j = 0; j < rounds; j++)
			printf("%d %.3f %.3f\n", i, cpus[i].floor_ns[j], cpus[i].event_ns[j]);
	return 0;
}
