// SPDX-License-Identifier: GPL-2.0
/*
 * What an event costs natively: the module's own probes, ring and pool, with the
 * clock that the module has, beside the floor, which is to read that clock and to
 * store eight bytes, and beside LTTng-UST.
 *
 *	native THREADS ROUNDS
 *
 * Each thread is a CPU with a ring of its own, on a core of its own as long as
 * there are enough; the rings share a pool of 16 MiB, and the floor's memory is as
 * large. A round is 50000 events of each, an eighth of LTTng's, which take longer:
 * less than a millisecond, so that most rounds are not interrupted, and that the
 * machine is the same for all. All memory has been written to before. Prints for
 * each round and thread
 *
 *	THREAD NANOSECONDS_FLOOR NANOSECONDS_FLIGHTREC NANOSECONDS_LTTNG
 *
 * of one event, and at the end what was lost. LTTng's is - unless a session
 * records its events. An event is a waking or a switch, by turns: all that the
 * kernel's tracepoint calls, and the call itself by a pointer; the floor is a
 * bare loop.
 */
#include <pthread.h>
#include <sched.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>
#include <asm/prctl.h>

#include "kernel.h"
#include "../../../kmod/events.c"
#include "lttng.h"

#define EVENTS	      50000
#define LTTNG_EVENTS  (EVENTS / 8)
#define ROUNDS_MAX    5000
#define SEGMENT_BYTES 65536
#define SEGMENTS      256
#define POOL_BYTES    (SEGMENTS * SEGMENT_BYTES)

bool flightrec_clock_is_counter = true;
unsigned int tsc_khz;
long percpu_offset[CPUS_MAX];
int cpus;

DEFINE_PER_CPU(struct task_struct *, current_task);
DEFINE_PER_CPU(int, __preempt_count);

/* In the place of kmod/task.c and of kmod/clock.c: needed once a segment. */
u32 flightrec_task_current(struct task_struct **task)
{
	*task = this_cpu_read(current_task);
	return flightrec_name_key((*task)->pid, (*task)->prio);
}

void flightrec_task_describe(struct task_struct *task, u64 *words)
{
	memset(words, 0, (FLIGHTREC_TASK_WORDS - 1) * sizeof(*words));
	words[0] = task->pid;
	memcpy(words + 1, task->comm, TASK_COMM_LEN);
}

void flightrec_clock_pair(struct flightrec_pair *pair)
{
	pair->clock = flightrec_counter();
	pair->monotonic_ns = 0;
}

u64 ktime_get_mono_fast_ns(void)
{
	return 0;
}

static struct tracepoint tracepoints[] = {
	{ "sched_switch" },	  { "sched_waking" },	    { "sched_wakeup_new" },
	{ "sched_migrate_task" }, { "sched_process_fork" }, { "sched_process_exec" },
	{ "sched_process_exit" }, { "task_rename" },
};

void for_each_kernel_tracepoint(void (*found)(struct tracepoint *tracepoint, void *data),
				void *data)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(tracepoints); i++)
		found(&tracepoints[i], data);
}

int tracepoint_probe_register(struct tracepoint *tracepoint, void *probe, void *data)
{
	tracepoint->probe = probe;
	return 0;
}

int tracepoint_probe_unregister(struct tracepoint *tracepoint, void *probe, void *data)
{
	tracepoint->probe = NULL;
	return 0;
}

static struct flightrec_pool pool;
static pthread_barrier_t barrier;
static int rounds;

struct cpu {
	pthread_t thread;
	int number;
	struct task_struct tasks[2];
	u64 *memory;
	u64 *pos;
	double floor_ns[ROUNDS_MAX];
	double event_ns[ROUNDS_MAX];
	double lttng_ns[ROUNDS_MAX];
};

static u64 now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000000000ULL + now.tv_nsec;
}

static double floor_ns(struct cpu *cpu)
{
	u64 start = now_ns(), *pos;
	u32 i;

	if (cpu->pos + EVENTS > cpu->memory + POOL_BYTES / sizeof(u64))
		cpu->pos = cpu->memory;
	pos = cpu->pos;
	for (i = 0; i < EVENTS; i++)
		WRITE_ONCE(*pos++, flightrec_counter());
	cpu->pos = pos;
	return (double)(now_ns() - start) / EVENTS;
}

/* The thread that runs wakes the other, and goes to sleep. */
static __always_inline void hand_over(struct task_struct *prev, struct task_struct *next)
{
	((sched_waking_probe *)tracepoints[1].probe)(NULL, next);
	((sched_switch_probe *)tracepoints[0].probe)(NULL, false, prev, next, TASK_INTERRUPTIBLE);
	this_cpu_write(current_task, next);
}

static double event_ns(struct cpu *cpu)
{
	struct task_struct *one = &cpu->tasks[0], *other = &cpu->tasks[1];
	u64 start = now_ns();
	u32 i;

	for (i = 0; i < EVENTS / 4; i++) {
		hand_over(one, other);
		hand_over(other, one);
	}
	return (double)(now_ns() - start) / EVENTS;
}

static double lttng_ns(struct cpu *cpu, u32 events)
{
	struct lttng_task tasks[2];
	u64 start;
	u32 i;

	for (i = 0; i < 2; i++) {
		tasks[i].tid = cpu->tasks[i].pid;
		tasks[i].cpu = cpu->tasks[i].cpu;
		tasks[i].nr = task_pt_regs(&cpu->tasks[i])->orig_ax;
	}
	start = now_ns();
	lttng_events(tasks, events);
	return (double)(now_ns() - start) / events;
}

/* A core of its own, and the CPU's copy of the per-CPU variables. */
static void become(struct cpu *cpu)
{
	cpu_set_t allowed, own;
	int core, nth;

	CPU_ZERO(&own);
	sched_getaffinity(0, sizeof(allowed), &allowed);
	nth = cpu->number % CPU_COUNT(&allowed);
	for (core = 0; !CPU_ISSET(core, &allowed) || nth--; core++)
		;
	CPU_SET(core, &own);
	sched_setaffinity(0, sizeof(own), &own);
	syscall(SYS_arch_prctl, ARCH_SET_GS, percpu_offset[cpu->number]);
	this_cpu_write(current_task, &cpu->tasks[0]);
}

static void *run(void *arg)
{
	struct cpu *cpu = arg;
	int i;

	become(cpu);
	event_ns(cpu);
	if (lttng_enabled())
		lttng_ns(cpu, POOL_BYTES / sizeof(u64));
	for (i = 0; i < rounds; i++) {
		pthread_barrier_wait(&barrier);
		cpu->floor_ns[i] = floor_ns(cpu);
		pthread_barrier_wait(&barrier);
		cpu->event_ns[i] = event_ns(cpu);
		if (!lttng_enabled())
			continue;
		pthread_barrier_wait(&barrier);
		cpu->lttng_ns[i] = lttng_ns(cpu, LTTNG_EVENTS);
	}
	return NULL;
}

static void init_cpu(struct cpu *cpu, int number)
{
	size_t i;

	cpu->number = number;
	cpu->memory = touched(POOL_BYTES);
	cpu->pos = cpu->memory;
	for (i = 0; i < 2; i++) {
		struct task_struct *task = &cpu->tasks[i];

		task->pid = 1000 + 10 * number + i;
		task->prio = 120;
		task->cpu = number;
		task->stack = touched(THREAD_SIZE);
		task_pt_regs(task)->orig_ax = i;
	}
}

static void init_percpu(void)
{
	size_t bytes = (uintptr_t)__stop_percpu - (uintptr_t)__start_percpu;
	int i;

	for (i = 0; i < cpus; i++) {
		char *copy = touched(bytes);

		memcpy(copy, __start_percpu, bytes);
		percpu_offset[i] = (uintptr_t)copy - (uintptr_t)__start_percpu;
	}
}

static void print(const struct cpu *all)
{
	struct flightrec_ring_stats stats;
	u64 events = 0, lost = 0;
	int i, j;

	for (i = 0; i < cpus; i++) {
		for (j = 0; j < rounds; j++) {
			printf("%d %.3f %.3f ", i, all[i].floor_ns[j], all[i].event_ns[j]);
			if (lttng_enabled())
				printf("%.3f\n", all[i].lttng_ns[j]);
			else
				printf("-\n");
		}
		flightrec_ring_stats(flightrec_events_ring(i), &stats);
		events += stats.events;
		lost += stats.lost;
	}
	printf("recorded %lu lost %lu\n", events, lost);
}

int main(int argc, char **argv)
{
	struct cpu *all;
	int i;

	cpus = argc == 3 ? atoi(argv[1]) : 0;
	rounds = argc == 3 ? atoi(argv[2]) : 0;
	if (cpus < 1 || cpus > CPUS_MAX || rounds < 1 || rounds > ROUNDS_MAX) {
		fprintf(stderr, "usage: native THREADS ROUNDS\n");
		return 2;
	}
	init_percpu();
	flightrec_pool_init(&pool);
	if (flightrec_pool_resize(&pool, SEGMENTS, SEGMENT_BYTES) || flightrec_events_init(&pool) ||
	    flightrec_events_set(FLIGHTREC_EVENTS_ALL))
		return 1;
	pthread_barrier_init(&barrier, NULL, cpus);
	all = touched(cpus * sizeof(*all));
	for (i = 0; i < cpus; i++)
		init_cpu(&all[i], i);
	for (i = 0; i < cpus; i++)
		pthread_create(&all[i].thread, NULL, run, &all[i]);
	for (i = 0; i < cpus; i++)
		pthread_join(all[i].thread, NULL);
	print(all);
	return 0;
}
