// SPDX-License-Identifier: GPL-2.0
#include <string.h>

#include "flightrec.h"

#define PRIORITY_DEADLINE 255 /* for the kernel's -1 */

static void thread(struct event_thread *thread, const struct flightrec_thread *from)
{
	if (!from)
		return;
	thread->tid = from->tid;
	thread->priority = from->priority == PRIORITY_DEADLINE ? -1 : from->priority;
	thread->named = true;
	memcpy(thread->comm, from->comm, strnlen(from->comm, COMM_BYTES - 1));
}

bool flightrec_to_event(struct event *event, const struct flightrec_event *from, bool in_ns)
{
	memset(event, 0, sizeof(*event));
	event->time = in_ns ? from->time_ns : from->clock;
	event->type = from->type;
	event->cpu = from->cpu;
	event->running = from->running ? from->running->tid : NOT_SAID;
	event->context = NOT_SAID;
	thread(&event->thread, from->thread);
	switch (from->type) {
	case FLIGHTREC_EVENT_SWITCH:
		thread(&event->other, from->running);
		event->state = from->sw.state;
		return true;
	case FLIGHTREC_EVENT_WAKING:
	case FLIGHTREC_EVENT_WAKEUP_NEW:
		event->context = from->waking.context;
		event->cpus[0] = from->waking.target_cpu;
		return true;
	case FLIGHTREC_EVENT_MIGRATE:
		event->cpus[0] = from->migrate.from_cpu;
		event->cpus[1] = from->migrate.to_cpu;
		return true;
	case FLIGHTREC_EVENT_FORK:
		thread(&event->other, from->fork.parent);
		return true;
	case FLIGHTREC_EVENT_EXEC:
		event->number = from->exec.old_tid;
		event->text = from->exec.name;
		return true;
	case FLIGHTREC_EVENT_EXIT:
		return true;
	case FLIGHTREC_EVENT_RENAME:
		event->number = from->rename.oom_score_adj;
		memcpy(event->from, from->rename.from, strnlen(from->rename.from, COMM_BYTES));
		memcpy(event->to, from->rename.to, strnlen(from->rename.to, COMM_BYTES));
		return true;
	default:
		return false;
	}
}
