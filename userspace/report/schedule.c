// SPDX-License-Identifier: GPL-2.0
/* What every thread and every CPU does, event by event. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "history.h"
#include "schedule.h"

/*
 * A thread may be woken between setting its state and leaving its CPU, and the
 * record of its leaving comes behind that of the waking. A waking that is older
 * than this belongs to an earlier sleep, which the thread got around.
 */
#define EARLY_WAKING_NS	1000000

static int get_cpu(struct schedule *schedule, uint32_t number, struct cpu **out)
{
	struct cpu *cpus;

	if (number >= schedule->cpu_count) {
		cpus = reallocarray(schedule->cpus, number + 1, sizeof(*cpus));
		if (!cpus)
			return -ENOMEM;
		memset(cpus + schedule->cpu_count, 0,
		       (number + 1 - schedule->cpu_count) * sizeof(*cpus));
		schedule->cpus = cpus;
		schedule->cpu_count = number + 1;
	}
	*out = &schedule->cpus[number];
	return 0;
}

static int get_thread(struct schedule *schedule, const struct flightrec_thread *who,
		      struct thread **out)
{
	*out = who ? threads_get(schedule->threads, who) : NULL;
	return who && !*out ? -ENOMEM : 0;
}

static int spend(struct schedule *schedule, struct thread *thread, uint64_t now)
{
	if (thread->doing == DOING_UNKNOWN || thread->doing == DOING_END || now <= thread->since)
		return 0;
	return schedule->observer->spent(schedule->context, thread, now);
}

static int begin(struct schedule *schedule, struct thread *thread, enum doing doing, uint64_t now)
{
	int ret = spend(schedule, thread, now);

	thread->doing = (uint8_t)doing;
	thread->since = now;
	return ret;
}

static int begin_queue(struct schedule *schedule, struct thread *thread, uint32_t cpu,
		       bool preempted, uint64_t now)
{
	int ret = begin(schedule, thread, DOING_QUEUE, now);

	thread->cpu = cpu;
	thread->preempted = preempted;
	thread->queued_since = now;
	return ret;
}

static int end_wait(struct schedule *schedule, struct thread *thread, uint64_t now)
{
	struct wait *wait = &thread->wait;

	wait->thread = thread;
	wait->end = now > wait->start ? now : wait->start;
	if (wait->start < schedule->loss_end)
		wait->flags |= WAIT_LOSS;
	return schedule->observer->waited(schedule->context, wait);
}

static int leave(struct schedule *schedule, struct thread *thread,
		 const struct flightrec_event *event)
{
	uint64_t now = event->time_ns;
	int ret;

	if (thread_is_idle(thread))
		return begin(schedule, thread, DOING_UNKNOWN, now);

	switch (event->sw.state) {
	case FLIGHTREC_STATE_RUNNING:
	case FLIGHTREC_STATE_PREEMPTED:
		return begin_queue(schedule, thread, event->cpu, true, now);
	case FLIGHTREC_STATE_ZOMBIE:
	case FLIGHTREC_STATE_DEAD:
		return begin(schedule, thread, DOING_END, now);
	}
	ret = begin(schedule, thread, DOING_WAIT, now);
	thread->wait = (struct wait){
		.start = now,
		.state = (uint8_t)event->sw.state,
		.nr = (uint16_t)event->sw.nr,
	};
	if (thread->woken_early && now - thread->early.time > EARLY_WAKING_NS)
		thread->woken_early = false;
	return ret;
}

/* It runs again though no waking was seen since it left its CPU. */
static int enter_from_wait(struct schedule *schedule, struct thread *thread, uint32_t cpu,
			   uint64_t now)
{
	uint64_t end = now;
	int ret;

	if (thread->woken_early) {
		thread->wait.waking = thread->early;
		end = thread->wait.start;
	}
	ret = end_wait(schedule, thread, end);
	if (ret < 0 || end == now)
		return ret;
	return begin_queue(schedule, thread, cpu, false, end);
}

static int enter(struct schedule *schedule, struct thread *thread, uint32_t cpu, uint64_t now)
{
	int ret = 0;

	if (thread->doing == DOING_WAIT)
		ret = enter_from_wait(schedule, thread, cpu, now);
	if (ret == 0 && thread->doing == DOING_QUEUE)
		ret = schedule->observer->queued(schedule->context, thread, now);
	if (ret == 0)
		ret = begin(schedule, thread, DOING_RUN, now);
	thread->cpu = cpu;
	thread->woken_early = false;
	return ret;
}

static int on_switch(struct schedule *schedule, const struct flightrec_event *event,
		     struct thread *next, struct thread *previous)
{
	struct cpu *cpu;
	int ret = get_cpu(schedule, event->cpu, &cpu);

	if (ret == 0 && previous)
		ret = leave(schedule, previous, event);
	if (ret == 0)
		ret = enter(schedule, next, event->cpu, event->time_ns);
	if (ret == 0)
		cpu->running = next;
	return ret;
}

static int on_waking(struct schedule *schedule, const struct flightrec_event *event,
		     struct thread *thread, struct thread *by)
{
	uint64_t now = event->time_ns;
	struct waking waking = {
		.time = now,
		.by = by,
		.by_since = by ? by->since : 0,
		.cpu = event->cpu,
		.context = (uint8_t)event->waking.context,
		.exiting = by && by->exiting,
	};
	int ret;

	switch (thread->doing) {
	case DOING_RUN:
		thread->early = waking;
		thread->woken_early = true;
		return 0;
	case DOING_UNKNOWN:
		thread->wait = (struct wait){
			.start = schedule->start,
			.state = FLIGHTREC_STATE_SLEEPING,
			.nr = FLIGHTREC_NR_NONE,
			.flags = WAIT_BEFORE,
		};
		break;
	case DOING_WAIT:
		break;
	default:
		return 0;
	}
	thread->woken_early = false;
	thread->wait.waking = waking;
	ret = end_wait(schedule, thread, now);
	if (ret < 0)
		return ret;
	return begin_queue(schedule, thread, event->waking.target_cpu, false, now);
}

static int on_migrate(struct schedule *schedule, const struct flightrec_event *event,
		      struct thread *thread)
{
	int ret = 0;

	if (thread->doing == DOING_QUEUE)
		ret = begin(schedule, thread, DOING_QUEUE, event->time_ns);
	if (thread->doing != DOING_RUN)
		thread->cpu = event->migrate.to_cpu;
	return ret;
}

/* A CPU's stream begins: what runs there has run for longer. */
static int on_begin(struct schedule *schedule, const struct flightrec_event *event,
		    struct thread *thread)
{
	struct cpu *cpu;
	int ret = get_cpu(schedule, event->cpu, &cpu);

	if (ret < 0)
		return ret;
	ret = begin(schedule, thread, DOING_RUN, event->time_ns);
	thread->cpu = event->cpu;
	cpu->running = thread;
	return ret;
}

/* Nothing is known of this CPU until its next BEGIN. */
static int on_pause(struct schedule *schedule, const struct flightrec_event *event)
{
	struct thread *running = schedule_running(schedule, event->cpu);

	if (!running)
		return 0;
	schedule->cpus[event->cpu].running = NULL;
	return begin(schedule, running, DOING_UNKNOWN, event->time_ns);
}

/*
 * Until @end, events are missing. A thread that was queued may have run meanwhile;
 * what waits are worth that last longer, is for others to judge (WAIT_LOSS).
 */
static int note_loss(struct schedule *schedule, uint64_t now, uint64_t end)
{
	struct threads *threads = schedule->threads;
	size_t i;
	int ret = 0;

	if (end > schedule->loss_end)
		schedule->loss_end = end;
	for (i = 0; i < threads->count && ret == 0; i++) {
		if (threads->list[i] && threads->list[i]->doing == DOING_QUEUE)
			ret = begin(schedule, threads->list[i], DOING_UNKNOWN, now);
	}
	return ret;
}

static int on_event(struct schedule *schedule, const struct flightrec_event *event)
{
	struct thread *thread;
	struct thread *running;
	int ret = get_thread(schedule, event->thread, &thread);

	if (ret == 0)
		ret = get_thread(schedule, event->running, &running);
	if (ret < 0)
		return ret;

	switch (event->type) {
	case FLIGHTREC_EVENT_SWITCH:
		return on_switch(schedule, event, thread, running);
	case FLIGHTREC_EVENT_WAKING:
		return on_waking(schedule, event, thread, running);
	case FLIGHTREC_EVENT_WAKEUP_NEW:
		return begin_queue(schedule, thread, event->waking.target_cpu, false,
				   event->time_ns);
	case FLIGHTREC_EVENT_MIGRATE:
		return on_migrate(schedule, event, thread);
	case FLIGHTREC_EVENT_FORK:
		thread->born = event->time_ns;
		return 0;
	case FLIGHTREC_EVENT_EXIT:
		thread->exiting = true;
		thread->last_wait = thread->wait.start;
		return 0;
	case FLIGHTREC_EVENT_MARK:
		if (schedule->observer->marked)
			schedule->observer->marked(schedule->context, event, thread);
		return 0;
	case FLIGHTREC_STREAM_BEGIN:
		return on_begin(schedule, event, thread);
	case FLIGHTREC_STREAM_GAP:
		ret = note_loss(schedule, event->time_ns, event->gap.end_ns);
		return ret < 0 ? ret : on_pause(schedule, event);
	case FLIGHTREC_STREAM_PAUSE:
		ret = note_loss(schedule, event->time_ns, event->time_ns);
		return ret < 0 ? ret : on_pause(schedule, event);
	case FLIGHTREC_STREAM_LOST:
		return note_loss(schedule, event->time_ns, event->time_ns);
	}
	return 0;
}

/*
 * What isn't sure is forgotten at the window's start: a thread that was queued, or
 * waited, may have run meanwhile on a CPU whose events begin later.
 */
static void start_window(struct schedule *schedule)
{
	struct threads *threads = schedule->threads;
	size_t i;

	schedule->started = true;
	for (i = 0; i < threads->count; i++) {
		struct thread *thread = threads->list[i];

		if (!thread)
			continue;
		history_free(thread);
		if (thread->doing == DOING_QUEUE)
			thread->doing = DOING_UNKNOWN;
		if (thread->doing == DOING_WAIT && !thread->absent) {
			thread->since = schedule->start;
			thread->wait.start = schedule->start;
			thread->wait.flags |= WAIT_BEFORE;
		}
	}
}

/* Of those that seem to have waited all the time, the rundown knows better. */
static void correct(struct thread *thread, struct flightrec_trace *trace)
{
	struct flightrec_task task;

	if (flightrec_trace_get_info(trace)->flags & FLIGHTREC_TRACE_RUNDOWN_LATE)
		return;
	if (flightrec_trace_find_task(trace, thread->tid, &task) < 0)
		return;
	if (task.state == FLIGHTREC_STATE_RUNNING) {
		thread->doing = DOING_UNKNOWN;
		return;
	}
	thread->wait.state = task.state;
	thread->wait.nr = (uint16_t)(task.nr < FLIGHTREC_NR_NONE ? task.nr : FLIGHTREC_NR_NONE);
}

/* What everyone does ends with the cut, as far as the report is concerned. */
static int end_spending(struct schedule *schedule, struct flightrec_trace *trace)
{
	struct threads *threads = schedule->threads;
	size_t i;
	int ret = 0;

	for (i = 0; i < threads->count && ret == 0; i++) {
		struct thread *thread = threads->list[i];

		if (!thread)
			continue;
		if (thread->doing == DOING_WAIT && thread->wait.flags & WAIT_BEFORE)
			correct(thread, trace);
		ret = spend(schedule, thread, schedule->end);
		if (thread->doing == DOING_WAIT) {
			thread->wait.thread = thread;
			thread->wait.end = schedule->end;
			thread->wait.flags |= WAIT_OPEN;
		}
	}
	return ret;
}

static int end_waits(struct schedule *schedule)
{
	struct threads *threads = schedule->threads;
	size_t i;
	int ret = 0;

	for (i = 0; i < threads->count && ret == 0; i++) {
		struct thread *thread = threads->list[i];

		if (thread && thread->doing == DOING_WAIT)
			ret = end_wait(schedule, thread, schedule->end);
	}
	return ret;
}

/* A thread that is still queued has waited for a CPU until now. */
static int end_queues(struct schedule *schedule)
{
	struct threads *threads = schedule->threads;
	size_t i;
	int ret = 0;

	for (i = 0; i < threads->count && ret == 0; i++) {
		struct thread *thread = threads->list[i];

		if (thread && thread->doing == DOING_QUEUE)
			ret = schedule->observer->queued(schedule->context, thread, schedule->end);
	}
	return ret;
}

static int finish(struct schedule *schedule, struct flightrec_trace *trace)
{
	int ret = end_spending(schedule, trace);

	if (ret == 0)
		ret = end_waits(schedule);
	if (ret == 0)
		ret = end_queues(schedule);
	return ret;
}

int schedule_run(struct schedule *schedule, struct flightrec_trace *trace)
{
	const struct flightrec_trace_info *info = flightrec_trace_get_info(trace);
	const struct flightrec_event *event;
	int ret = flightrec_trace_rewind(trace);

	schedule->start = info->window_start_ns;
	schedule->started = false;
	schedule->end = info->window_end_ns;
	threads_begin_pass(schedule->threads);
	while (ret == 0) {
		ret = flightrec_trace_next(trace, &event);
		if (ret < 0 || !event)
			break;
		if (!schedule->started && event->time_ns >= schedule->start)
			start_window(schedule);
		if (event->time_ns > schedule->end)
			schedule->end = event->time_ns;
		schedule->events += event->type < FLIGHTREC_EVENTS;
		ret = on_event(schedule, event);
	}
	return ret < 0 ? ret : finish(schedule, trace);
}

void schedule_free(struct schedule *schedule)
{
	free(schedule->cpus);
	schedule->cpus = NULL;
	schedule->cpu_count = 0;
}
