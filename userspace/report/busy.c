// SPDX-License-Identifier: GPL-2.0
/* How busy each CPU was, and with whom. */
#include <errno.h>
#include <stdlib.h>

#include "busy.h"

int busy_init(struct busy *busy, uint32_t room)
{
	busy->cpus = calloc(room, sizeof(*busy->cpus));
	return busy->cpus ? 0 : -ENOMEM;
}

static struct busy_thread *find_slot(struct busy_cpu *cpu, struct thread *thread)
{
	struct busy_thread *least = &cpu->threads[0];
	unsigned int i;

	for (i = 0; i < cpu->count; i++) {
		if (cpu->threads[i].thread == thread)
			return &cpu->threads[i];
		if (cpu->threads[i].ns < least->ns)
			least = &cpu->threads[i];
	}
	if (cpu->count < BUSY_THREADS) {
		least = &cpu->threads[cpu->count++];
		least->ns = 0;
	}
	least->thread = thread;
	least->error_ns = least->ns;
	return least;
}

/*
 * A thread's time on one CPU is counted there once it runs on another one: that
 * keeps the search in the table out of most switches.
 */
static void count(struct busy *busy, struct thread *thread)
{
	if (!thread->here_ns)
		return;
	find_slot(&busy->cpus[thread->here_cpu], thread)->ns += thread->here_ns;
	thread->here_ns = 0;
}

void busy_add(struct busy *busy, struct thread *thread, uint32_t number, uint64_t ns)
{
	struct busy_cpu *cpu = &busy->cpus[number];

	if (number >= busy->count)
		busy->count = number + 1;
	if (thread_is_idle(thread)) {
		cpu->idle_ns += ns;
		return;
	}
	cpu->busy_ns += ns;
	if (thread->here_cpu != number) {
		count(busy, thread);
		thread->here_cpu = number;
	}
	thread->here_ns += ns;
}

static int by_time(const void *a, const void *b)
{
	uint64_t left = busy_sure_ns(a);
	uint64_t right = busy_sure_ns(b);

	return left < right ? 1 : left > right ? -1 : 0;
}

void busy_finish(struct busy *busy, const struct threads *threads)
{
	size_t i;

	for (i = 0; i < threads->count; i++) {
		if (threads->list[i])
			count(busy, threads->list[i]);
	}
	for (i = 0; i < busy->count; i++)
		qsort(busy->cpus[i].threads, busy->cpus[i].count, sizeof(busy->cpus[i].threads[0]),
		      by_time);
}

void busy_free(struct busy *busy)
{
	free(busy->cpus);
}
