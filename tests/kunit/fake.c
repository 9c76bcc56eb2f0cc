// SPDX-License-Identifier: GPL-2.0
#include <linux/string.h>
#include <linux/vmalloc.h>

#include "../../kmod/clock.h"
#include "../../kmod/task.h"
#include "fake.h"

fake_per_cpu struct fake_task *fake_running;
fake_per_cpu fake_interruption_t *fake_interruption;
int fake_allocations = -1;
long fake_allocated;

u32 flightrec_task_current(struct task_struct **task)
{
	*task = fake_task(fake_running);
	return fake_key(fake_running);
}

void flightrec_task_describe(struct task_struct *task, u64 *words)
{
	const struct fake_task *fake = (const struct fake_task *)task;

	if (fake_interruption)
		fake_interruption();
	words[0] = fake->tgid | (u64)(u8)fake->priority << 22 | (u64)fake->flags << 30 |
		   (u64)fake->ns_tid << 42;
	memcpy(words + 1, fake->comm, 16);
	words[3] = fake->cgroup;
	words[4] = fake->pid_ns;
}

u64 flightrec_clock_epochs;

void flightrec_clock_pair(struct flightrec_pair *pair)
{
	pair->clock = FAKE_PAIR_CLOCK;
	pair->monotonic_ns = FAKE_PAIR_NS;
}

/* The size is kept in front, in a word of its own cache line. */
#define HEAD 64

/* Its contents are as random as a real one's. */
void *fake_vmalloc(size_t bytes)
{
	char *memory;

	if (!fake_allocations)
		return NULL;
	if (fake_allocations > 0)
		fake_allocations--;
	memory = vmalloc(HEAD + bytes);
	if (!memory)
		return NULL;
	memset(memory, 0xa5, HEAD + bytes);
	*(size_t *)memory = bytes;
	fake_allocated += bytes;
	return memory + HEAD;
}

void *fake_calloc(size_t n, size_t size)
{
	void *memory = fake_vmalloc(n * size);

	return memory ? memset(memory, 0, n * size) : NULL;
}

void fake_free(void *memory)
{
	if (!memory)
		return;
	fake_allocated -= *(size_t *)((char *)memory - HEAD);
	vfree((char *)memory - HEAD);
}
