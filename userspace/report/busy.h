/* SPDX-License-Identifier: GPL-2.0 */
/*
 * How busy each CPU was, and with whom.
 *
 * Of each CPU's threads the BUSY_THREADS that ran longest are counted, in bounded
 * memory, by the space-saving method: one that is new takes the place of the one
 * with the least time, and its time as the error that its own may have.
 */
#ifndef REPORT_BUSY_H
#define REPORT_BUSY_H

#include "thread.h"

#define BUSY_THREADS	48

struct busy_thread {
	struct thread *thread;
	uint64_t ns;
	uint64_t error_ns;	/* of ns, what may be others' */
};

struct busy_cpu {
	uint64_t busy_ns;
	uint64_t idle_ns;	/* what is missing to the window isn't known */
	unsigned int count;
	struct busy_thread threads[BUSY_THREADS];
};

struct busy {
	struct busy_cpu *cpus;
	uint32_t count;		/* behind the last one on which anything ran */
};

/* Room for CPUs with numbers below @room. Returns 0 or -ENOMEM. */
int busy_init(struct busy *busy, uint32_t room);

/* @thread ran on @cpu for @ns. */
void busy_add(struct busy *busy, struct thread *thread, uint32_t cpu, uint64_t ns);

/* To be called once behind the last: counts what was not counted yet, and sorts. */
void busy_finish(struct busy *busy, const struct threads *threads);

/* What is sure to be @thread's. */
static inline uint64_t busy_sure_ns(const struct busy_thread *thread)
{
	return thread->ns - thread->error_ns;
}

void busy_free(struct busy *busy);

#endif
