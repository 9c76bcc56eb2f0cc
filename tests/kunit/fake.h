/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What stands in for the rest of the module in the tests of its core: tasks
 * (kmod/task.c), the clock (kmod/clock.c), and memory that runs out on demand.
 */
#ifndef FAKE_H
#define FAKE_H

#include <linux/types.h>

/* In userspace each CPU is a thread, and has its own. */
#ifdef __KERNEL__
#define fake_per_cpu
#else
#define fake_per_cpu __thread
#endif

struct task_struct;

/* A task, of which the core only ever sees the pointer. */
struct fake_task {
	u32 tid;
	u32 tgid;
	int priority;
	u32 flags;
	u32 ns_tid;
	char comm[16];
	u64 cgroup;
	u64 pid_ns;
};

/* Who runs. */
extern fake_per_cpu struct fake_task *fake_running;

/* Called while a task is being described, if set: something hits in there. */
typedef void fake_interruption_t(void);
extern fake_per_cpu fake_interruption_t *fake_interruption;

/* What flightrec_clock_pair() reads. */
#define FAKE_PAIR_CLOCK 7000000007ULL
#define FAKE_PAIR_NS	5000000005ULL

/* How many more allocations succeed; negative: all. */
extern int fake_allocations;

/* Bytes allocated at present. */
extern long fake_allocated;

static inline struct task_struct *fake_task(struct fake_task *task)
{
	return (struct task_struct *)task;
}

static inline u32 fake_key(const struct fake_task *task)
{
	return task->tid | (u32)task->priority << 22;
}

void *fake_vmalloc(size_t bytes);
void *fake_calloc(size_t n, size_t size);
void fake_free(void *memory);

/* Random numbers that are the same each time (xorshift64*). */
static inline u32 fake_random(u64 *state, u32 below)
{
	*state ^= *state >> 12;
	*state ^= *state << 25;
	*state ^= *state >> 27;
	return (u32)(*state * 2685821657736338717ULL >> 32) % below;
}

#endif
