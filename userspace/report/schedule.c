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
#define EARLY_WAKING_NS 1000000

uint32_t schedule_cpus(const struct flightrec_trace *trace)
{
	uint32_t count = flightrec_trace_get_info(trace)->cpus;

	return count ? flightrec_trace_get_cpu(trace, count - 1)->cpu + 1 : 1;
}

static int make_cpus(struct schedule *schedule, const struct flightrec_trace *trace)
{
	uint32_t count = schedule_cpus(trace);

	schedule->cpus = calloc(count, sizeof(*schedule->cpus));
	if (!schedule->cpus)
		return -ENOMEM;
	schedule->cpu_count = count;
	return 0;
}

static inline struct thread *get_thread(struct schedule *schedule,
					const struct flightrec_thread *who)
{
	struct thread *thread;

	if (!who)
		return NULL;
	thread = threads_get(schedule->threads, who);
	if (!thread)
		schedule->error = -ENOMEM;
	return thread;
}

static inline void spend(struct schedule *schedule, struct thread *thread, uint64_t now)
{
	if (doing_takes_time(thread->doing) && now > thread->since && schedule->observer->spent)
		schedule->observer->spent(schedule->context, thread, now);
}

static inline void begin(struct schedule *schedule, struct thread *thread, enum doing doing,
			 uint64_t now)
{
	spend(schedule, thread, now);
	thread->doing = (uint8_t)doing;
	thread->since = now;
}

static inline void begin_queue(struct schedule *schedule, struct thread *thread, uint32_t cpu,
			       bool preempted, uint64_t now)
{
	begin(schedule, thread, DOING_QUEUE, now);
	thread->cpu = cpu;
	thread->preempted = preempted;
	thread->queued_since = now;
	if (!thread->listed) {
		thread->listed = true;
		thread->next_listed = schedule->listed;
		schedule->listed = thread;
	}
}

static inline void end_queue(struct schedule *schedule, struct thread *thread, uint64_t now)
{
	if (schedule->observer->queued)
		schedule->observer->queued(schedule->context, thread, now);
}

static inline void end_wait(struct schedule *schedule, struct thread *thread, uint64_t now)
{
	struct wait *wait = &thread->wait;
	int ret;

	wait->thread = thread;
	wait->end = now > wait->start ? now : wait->start;
	if (wait->start < schedule->loss_end)
		wait->flags |= WAIT_LOSS;
	if (!schedule->observer->waited)
		return;
	ret = schedule->observer->waited(schedule->context, wait);
	if (ret < 0)
		schedule->error = ret;
}

static void begin_wait(struct schedule *schedule, struct thread *thread,
		       const struct flightrec_event *event)
{
	uint64_t now = event->time_ns;

	begin(schedule, thread, DOING_WAIT, now);
	thread->wait = (struct wait){
		.start = now,
		.state = (uint8_t)event->sw.state,
		.nr = (uint16_t)event->sw.nr,
	};
	if (thread->woken_early && now - thread->early.time > EARLY_WAKING_NS)
		thread->woken_early = false;
}

static void leave(struct schedule *schedule, struct thread *thread,
		  const struct flightrec_event *event)
{
	uint64_t now = event->time_ns;

	if (thread_is_idle(thread)) {
		begin(schedule, thread, DOING_UNKNOWN, now);
		return;
	}
	switch (event->sw.state) {
	case FLIGHTREC_STATE_RUNNING:
	case FLIGHTREC_STATE_PREEMPTED:
		begin_queue(schedule, thread, event->cpu, true, now);
		break;
	case FLIGHTREC_STATE_ZOMBIE:
	case FLIGHTREC_STATE_DEAD:
		begin(schedule, thread, DOING_END, now);
		break;
	default:
		begin_wait(schedule, thread, event);
		break;
	}
}

/* It runs again though no waking was seen since it left its CPU. */
static void enter_from_wait(struct schedule *schedule, struct thread *thread, uint32_t cpu,
			    uint64_t now)
{
	uint64_t end = now;

	if (thread->woken_early) {
		thread->wait.waking = thread->early;
		end = thread->wait.start;
	}
	end_wait(schedule, thread, end);
	if (end != now)
		begin_queue(schedule, thread, cpu, false, end);
}

static void enter(struct schedule *schedule, struct thread *thread, uint32_t cpu, uint64_t now)
{
	if (thread->doing == DOING_WAIT)
		enter_from_wait(schedule, thread, cpu, now);
	if (thread->doing == DOING_QUEUE)
		end_queue(schedule, thread, now);
	begin(schedule, thread, DOING_RUN, now);
	thread->cpu = cpu;
	thread->woken_early = false;
}

static void on_switch(struct schedule *schedule, const struct flightrec_event *event,
		      struct thread *next, struct thread *previous)
{
	if (previous)
		leave(schedule, previous, event);
	enter(schedule, next, event->cpu, event->time_ns);
	schedule->cpus[event->cpu].running = next;
}

static void on_waking(struct schedule *schedule, const struct flightrec_event *event,
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

	switch (thread->doing) {
	case DOING_RUN:
		thread->early = waking;
		thread->woken_early = true;
		return;
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
		return;
	}
	thread->woken_early = false;
	thread->wait.waking = waking;
	end_wait(schedule, thread, now);
	begin_queue(schedule, thread, event->waking.target_cpu, false, now);
}

static void on_migrate(struct schedule *schedule, const struct flightrec_event *event,
		       struct thread *thread)
{
	if (thread->doing == DOING_QUEUE)
		begin(schedule, thread, DOING_QUEUE, event->time_ns);
	if (thread->doing != DOING_RUN)
		thread->cpu = event->migrate.to_cpu;
}

/* A CPU's stream begins: what runs there has run for longer. */
static void on_begin(struct schedule *schedule, const struct flightrec_event *event,
		     struct thread *thread)
{
	begin(schedule, thread, DOING_RUN, event->time_ns);
	thread->cpu = event->cpu;
	schedule->cpus[event->cpu].running = thread;
}

/* Nothing is known of this CPU until its next BEGIN. */
static void on_pause(struct schedule *schedule, const struct flightrec_event *event)
{
	struct thread *running = schedule_running(schedule, event->cpu);

	if (!running)
		return;
	schedule->cpus[event->cpu].running = NULL;
	begin(schedule, running, DOING_UNKNOWN, event->time_ns);
}

/*
 * Until @end, events are missing. A thread that was queued may have run meanwhile;
 * what waits are worth that last longer, is for others to judge (WAIT_LOSS).
 */
static void note_loss(struct schedule *schedule, uint64_t now, uint64_t end)
{
	if (end > schedule->loss_end)
		schedule->loss_end = end;
	while (schedule->listed) {
		struct thread *thread = schedule->listed;

		schedule->listed = thread->next_listed;
		thread->listed = false;
		if (thread->doing == DOING_QUEUE)
			begin(schedule, thread, DOING_UNKNOWN, now);
	}
}

static void on_rare_event(struct schedule *schedule, const struct flightrec_event *event,
			  struct thread *thread)
{
	uint64_t now = event->time_ns;

	switch (event->type) {
	case FLIGHTREC_EVENT_WAKEUP_NEW:
		begin_queue(schedule, thread, event->waking.target_cpu, false, now);
		break;
	case FLIGHTREC_EVENT_MIGRATE:
		on_migrate(schedule, event, thread);
		break;
	case FLIGHTREC_EVENT_FORK:
		thread->born = now;
		break;
	case FLIGHTREC_EVENT_EXIT:
		thread->exiting = true;
		thread->last_wait = thread->wait.start;
		break;
	case FLIGHTREC_EVENT_MARK:
		if (schedule->observer->marked)
			schedule->observer->marked(schedule->context, event, thread);
		break;
	case FLIGHTREC_STREAM_BEGIN:
		on_begin(schedule, event, thread);
		break;
	case FLIGHTREC_STREAM_GAP:
		note_loss(schedule, now, event->gap.end_ns);
		on_pause(schedule, event);
		break;
	case FLIGHTREC_STREAM_PAUSE:
		note_loss(schedule, now, now);
		on_pause(schedule, event);
		break;
	case FLIGHTREC_STREAM_LOST:
		note_loss(schedule, now, now);
		break;
	}
}

static void on_event(struct schedule *schedule, const struct flightrec_event *event)
{
	struct thread *thread = get_thread(schedule, event->thread);
	struct thread *running = get_thread(schedule, event->running);

	if (schedule->error)
		return;
	if (event->type == FLIGHTREC_EVENT_SWITCH)
		on_switch(schedule, event, thread, running);
	else if (event->type == FLIGHTREC_EVENT_WAKING)
		on_waking(schedule, event, thread, running);
	else
		on_rare_event(schedule, event, thread);
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
static void end_spending(struct schedule *schedule, struct flightrec_trace *trace)
{
	struct threads *threads = schedule->threads;
	size_t i;

	for (i = 0; i < threads->count; i++) {
		struct thread *thread = threads->list[i];

		if (!thread)
			continue;
		if (thread->doing == DOING_WAIT && thread->wait.flags & WAIT_BEFORE)
			correct(thread, trace);
		spend(schedule, thread, schedule->end);
		if (thread->doing == DOING_WAIT) {
			thread->wait.thread = thread;
			thread->wait.end = schedule->end;
			thread->wait.flags |= WAIT_OPEN;
		}
	}
}

static void end_waits(struct schedule *schedule)
{
	struct threads *threads = schedule->threads;
	size_t i;

	for (i = 0; i < threads->count && !schedule->error; i++) {
		if (threads->list[i] && threads->list[i]->doing == DOING_WAIT)
			end_wait(schedule, threads->list[i], schedule->end);
	}
}

/* A thread that is still queued has waited for a CPU until now. */
static void end_queues(struct schedule *schedule)
{
	struct threads *threads = schedule->threads;
	size_t i;

	for (i = 0; i < threads->count; i++) {
		if (threads->list[i] && threads->list[i]->doing == DOING_QUEUE)
			end_queue(schedule, threads->list[i], schedule->end);
	}
}

static int read_events(struct schedule *schedule, struct flightrec_trace *trace)
{
	const struct flightrec_event *event;
	int ret;

	while ((ret = flightrec_trace_next(trace, &event)) == 0 && event && !schedule->error) {
		if (!schedule->started && event->time_ns >= schedule->start)
			start_window(schedule);
		if (event->time_ns > schedule->end)
			schedule->end = event->time_ns;
		schedule->events += event->type < FLIGHTREC_EVENTS;
		on_event(schedule, event);
	}
	return ret < 0 ? ret : schedule->error;
}

int schedule_run(struct schedule *schedule, struct flightrec_trace *trace)
{
	const struct flightrec_trace_info *info = flightrec_trace_get_info(trace);
	int ret = make_cpus(schedule, trace);

	schedule->start = info->window_start_ns;
	schedule->end = info->window_end_ns;
	threads_begin_pass(schedule->threads);
	if (ret == 0)
		ret = flightrec_trace_rewind(trace);
	if (ret == 0)
		ret = read_events(schedule, trace);
	if (ret < 0)
		return ret;
	end_spending(schedule, trace);
	end_waits(schedule);
	if (!schedule->error)
		end_queues(schedule);
	return schedule->error;
}

void schedule_free(struct schedule *schedule)
{
	free(schedule->cpus);
	schedule->cpus = NULL;
	schedule->cpu_count = 0;
}
