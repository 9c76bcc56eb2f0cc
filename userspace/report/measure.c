// SPDX-License-Identifier: GPL-2.0
/* The first pass: what each thread and CPU does, and how long it usually waits. */
#include <errno.h>
#include <stdlib.h>

#include "analysis.h"
#include "habit.h"
#include "schedule.h"

static void measure_spent(void *context, struct thread *thread, uint64_t to)
{
	struct analysis *analysis = context;
	uint64_t ns = analysis_clip_ns(analysis, thread->since, to);

	if (thread->doing == DOING_QUEUE)
		thread->queued_ns += ns;
	if (thread->doing != DOING_RUN || !ns)
		return;
	thread->ran_ns += ns;
	busy_add(&analysis->busy, thread, thread->cpu, ns);
}

static int measure_waited(void *context, struct wait *wait)
{
	struct analysis *analysis = context;

	/* Where it waited isn't known if it began before the trace. */
	if (wait->flags & WAIT_BEFORE || !analysis_clip_ns(analysis, wait->start, wait->end))
		return 0;
	return habit_add(wait, wait_waker(wait, &analysis->places));
}

static void measure_queued(void *context, struct thread *thread, uint64_t to)
{
	struct analysis *analysis = context;

	if (to <= analysis->from || thread->queued_since >= analysis->to)
		return;
	thread->queues++;
	latency_add(&analysis->latency, to - thread->queued_since);
}

static void measure_marked(void *context, const struct flightrec_event *event,
			   struct thread *thread)
{
	struct analysis *analysis = context;

	if (event->time_ns >= analysis->from && event->time_ns <= analysis->to)
		marks_add(&analysis->marks, event, thread);
}

/* Whoever ran at the cut, where the file doesn't say who took the snapshot. */
static void note_taker(const struct schedule *schedule, uint32_t taker_tid)
{
	uint32_t cpu;

	for (cpu = 0; cpu < schedule->cpu_count; cpu++) {
		struct thread *thread = schedule->cpus[cpu].running;

		if (thread && !thread_is_idle(thread) && !thread_is_kernel(thread))
			thread->took = !taker_tid || thread->tid == taker_tid;
	}
}

static int by_tid(const void *a, const void *b)
{
	uint32_t left = *(const uint32_t *)a;
	uint32_t right = *(const uint32_t *)b;

	return left < right ? -1 : left > right;
}

static int list_tids(const struct threads *threads, uint32_t **out, size_t *count)
{
	uint32_t *tids = calloc(threads->count + 1, sizeof(*tids));
	size_t i;

	*count = 0;
	if (!tids)
		return -ENOMEM;
	for (i = 0; i < threads->count; i++) {
		if (threads->list[i])
			tids[(*count)++] = threads->list[i]->tid;
	}
	qsort(tids, *count, sizeof(*tids), by_tid);
	*out = tids;
	return 0;
}

/*
 * A thread that no event mentions has done all the time what the rundown says it
 * did at the cut.
 */
static int add_absent(struct analysis *analysis)
{
	struct flightrec_task task;
	uint32_t *tids = NULL;
	size_t count;
	uint32_t i;
	int ret;

	/* A rundown that is long behind the cut knows nothing of that. */
	if (analysis->info->flags & FLIGHTREC_TRACE_RUNDOWN_LATE)
		return 0;
	ret = list_tids(&analysis->threads, &tids, &count);
	for (i = 0; ret == 0 && i < analysis->info->tasks; i++) {
		ret = flightrec_trace_get_task(analysis->trace, i, &task);
		if (ret < 0 || task.state == FLIGHTREC_STATE_RUNNING ||
		    task.state == FLIGHTREC_STATE_DEAD || task.state == FLIGHTREC_STATE_ZOMBIE ||
		    bsearch(&task.tid, tids, count, sizeof(*tids), by_tid))
			continue;
		ret = threads_add_absent(&analysis->threads, &task,
					 analysis->info->window_start_ns);
	}
	free(tids);
	return ret;
}

int measure_run(struct analysis *analysis)
{
	static const struct observer observer = {
		.spent = measure_spent,
		.waited = measure_waited,
		.queued = measure_queued,
		.marked = measure_marked,
	};
	struct schedule schedule = {
		.threads = &analysis->threads,
		.observer = &observer,
		.context = analysis,
	};
	int ret = busy_init(&analysis->busy, schedule_cpus(analysis->trace));

	if (ret == 0)
		ret = schedule_run(&schedule, analysis->trace);
	if (ret == 0) {
		threads_learn_names(&analysis->threads);
		note_taker(&schedule, analysis->info->taker_tid);
		busy_finish(&analysis->busy, &analysis->threads);
		habits_finish(&analysis->threads);
		analysis->events = schedule.events;
		ret = add_absent(analysis);
	}
	schedule_free(&schedule);
	return ret;
}
