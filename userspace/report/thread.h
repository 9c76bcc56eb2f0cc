/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The threads of a trace, and what the report knows of each.
 *
 * The library numbers the threads in the order in which the iteration first
 * mentions them, and does so alike each time that the trace is read from its
 * beginning. So an entry, found by that number, holds what one pass learned for
 * the next one.
 */
#ifndef REPORT_THREAD_H
#define REPORT_THREAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "flightrec.h"
#include "wait.h"

struct habits;
struct history;

enum doing {
	DOING_UNKNOWN,
	DOING_END,	/* dead */
	/* What takes time that is accounted for: */
	DOING_RUN,	/* on cpu */
	DOING_QUEUE,	/* ready to run, queued on cpu */
	DOING_WAIT,	/* blocked: wait says where */
};

static inline bool doing_takes_time(enum doing doing)
{
	return doing >= DOING_RUN;
}

struct thread {
	/* Who it is: the iteration's in the first pass, copied at its end. */
	const struct flightrec_thread *who;
	uint32_t tid;
	uint32_t tgid;
	uint32_t ns_tid;
	uint64_t cgroup;
	uint16_t flags;
	uint8_t priority;
	char comm[20];

	/* What it is doing; schedule.c's, from the beginning of each pass. */
	uint8_t doing;
	bool exiting;
	bool preempted;			/* DOING_QUEUE: was put there while it ran */
	bool listed;			/* in schedule.listed, by next_listed */
	struct thread *next_listed;
	bool woken_early;		/* DOING_RUN, DOING_WAIT: early is set */
	uint32_t cpu;
	uint64_t since;			/* doing it, on this cpu */
	uint64_t queued_since;		/* DOING_QUEUE, on any cpu */
	uint64_t born;			/* its fork; 0: before the window */
	struct wait wait;		/* DOING_WAIT: as far as is known */
	struct waking early;		/* a waking just before it had left its CPU */
	struct history *history;	/* its waits that may explain another's */

	uint64_t last_wait;		/* start of the last wait before its exit */

	/* What the first pass measured within the window. */
	uint64_t ran_ns;
	uint64_t queued_ns;
	uint32_t queues;			/* how often it was queued */
	uint64_t here_ns;		/* of ran_ns, not yet told to a CPU: busy.c */
	uint32_t here_cpu;
	struct habits *habits;

	bool took;			/* took the snapshot */
	bool absent;			/* in no event: wait is from the rundown */
	bool selected;			/* the user asks about it */
};

struct threads {
	struct thread **list;	/* by flightrec_thread.index; NULL where it wasn't given */
	size_t count;		/* behind the last one */
	size_t room;
	uint64_t lock_looks; /* chain.c: at how many it has looked */
};

/* Adds an entry for a thread that has none yet; NULL: no memory. */
struct thread *threads_add(struct threads *threads, const struct flightrec_thread *who);

/* The entry of a thread that the iteration gave; NULL: no memory. */
static inline struct thread *threads_get(struct threads *threads,
					 const struct flightrec_thread *who)
{
	struct thread *thread = who->index < threads->count ? threads->list[who->index] : NULL;

	return thread ? thread : threads_add(threads, who);
}

/* Takes over what the iteration knows, before it is rewound for the first time. */
void threads_learn_names(struct threads *threads);

/* Forgets what each one was doing, for the next pass. */
void threads_begin_pass(struct threads *threads);

/* Adds a thread that no event mentions, waiting since @start. 0 or -ENOMEM. */
int threads_add_absent(struct threads *threads, const struct flightrec_task *task, uint64_t start);

/* The latest thread with that tid, or NULL. Linear. */
struct thread *threads_find(const struct threads *threads, uint32_t tid);

/* How many there are, idle ones not counted. */
size_t threads_mentioned(const struct threads *threads);

void threads_free(struct threads *threads);

static inline bool thread_is_idle(const struct thread *thread)
{
	return thread->tid == 0;
}

static inline bool thread_is_kernel(const struct thread *thread)
{
	return thread->flags & FLIGHTREC_TASK_KTHREAD;
}

#endif
