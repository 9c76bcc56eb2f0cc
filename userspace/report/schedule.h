/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Follows what every thread and every CPU does, event by event, and tells an
 * observer of each stretch of time as it ends. Each pass over the trace has an
 * observer of its own, which leaves out (NULL) what it doesn't want to be told.
 *
 * Each pass spends most of its time here, for each of millions of events. Where
 * there is no memory, that is noted, and looked at once an event.
 *
 * Before the window, some CPUs' events are there and others' aren't. What is told
 * of that time is what those few say; at the window's start only what is sure is
 * kept: who runs where, and where threads seem to wait, but not since when.
 */
#ifndef REPORT_SCHEDULE_H
#define REPORT_SCHEDULE_H

#include "thread.h"
#include "wait.h"

struct observer {
	/*
	 * @thread did what thread->doing says, on thread->cpu where that matters,
	 * from thread->since until @to. The idle thread's running is told too. Of
	 * two threads at a switch, the one that leaves comes first.
	 */
	void (*spent)(void *context, struct thread *thread, uint64_t to);

	/*
	 * A wait was ended by a waking, just now; or is still going on, at the cut
	 * (WAIT_OPEN). What others had done until then has all been told. Returns 0
	 * or -errno.
	 */
	int (*waited)(void *context, struct wait *wait);

	/* @thread wrote a mark; may be NULL. */
	void (*marked)(void *context, const struct flightrec_event *event, struct thread *thread);

	/* @thread got a CPU at @to, after thread->queued_since. */
	void (*queued)(void *context, struct thread *thread, uint64_t to);
};

struct cpu {
	struct thread *running; /* NULL: unknown */
};

struct schedule {
	/* The caller's: */
	struct threads *threads;
	const struct observer *observer;
	void *context;

	struct cpu *cpus;
	uint32_t cpu_count;
	uint64_t start; /* of the window: from here on all CPUs' events are there */
	uint64_t end; /* of it: the cut */
	bool started;
	uint64_t loss_end; /* until then, events have been lost */
	struct thread *listed; /* those that were queued since the last loss */
	uint64_t events;
	int error; /* -errno of what could not be noted; ends the pass */
};

/*
 * schedule_run - read the trace from its beginning to its end
 *
 * Returns 0, or the observer's or the library's -errno. To be followed by
 * schedule_free() in any case.
 */
int schedule_run(struct schedule *schedule, struct flightrec_trace *trace);

void schedule_free(struct schedule *schedule);

/* Room for all CPUs that have events, by number; at least one. */
uint32_t schedule_cpus(const struct flightrec_trace *trace);

/* Who runs on @cpu at this moment, or NULL. */
static inline struct thread *schedule_running(const struct schedule *schedule, uint32_t cpu)
{
	return cpu < schedule->cpu_count ? schedule->cpus[cpu].running : NULL;
}

#endif
