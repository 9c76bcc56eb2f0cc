// SPDX-License-Identifier: GPL-2.0
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "event.h"

const char *const event_names[FLIGHTREC_EVENTS] = {
	[FLIGHTREC_EVENT_SWITCH] = "sched_switch",
	[FLIGHTREC_EVENT_WAKING] = "sched_waking",
	[FLIGHTREC_EVENT_WAKEUP_NEW] = "sched_wakeup_new",
	[FLIGHTREC_EVENT_MIGRATE] = "sched_migrate_task",
	[FLIGHTREC_EVENT_FORK] = "sched_process_fork",
	[FLIGHTREC_EVENT_EXEC] = "sched_process_exec",
	[FLIGHTREC_EVENT_EXIT] = "sched_process_exit",
	[FLIGHTREC_EVENT_RENAME] = "task_rename",
};

static bool name_differs(const struct event_thread *ours, const struct event_thread *kernels)
{
	return kernels->named && memcmp(ours->comm, kernels->comm, COMM_BYTES) != 0;
}

static bool priority_differs(const struct event_thread *ours, const struct event_thread *kernels)
{
	return kernels->priority != NO_PRIORITY && ours->priority != kernels->priority;
}

static bool text_differs(const char *ours, const char *kernels)
{
	return ours && kernels && strncmp(ours, kernels, FLIGHTREC_EXEC_NAME_MAX) != 0;
}

uint32_t event_differences(const struct event *ours, const struct event *kernels)
{
	uint32_t found = 0;

	if (ours->type != kernels->type)
		found |= DIFFERS_TYPE;
	if (ours->thread.tid != kernels->thread.tid || ours->other.tid != kernels->other.tid)
		found |= DIFFERS_TID;
	if (ours->running != kernels->running)
		found |= DIFFERS_RUNNING;
	if (ours->context != NOT_SAID && ours->context != kernels->context)
		found |= DIFFERS_CONTEXT;
	if (ours->state != kernels->state)
		found |= DIFFERS_STATE;
	if (priority_differs(&ours->thread, &kernels->thread) ||
	    priority_differs(&ours->other, &kernels->other))
		found |= DIFFERS_PRIORITY;
	if (ours->cpus[0] != kernels->cpus[0] || ours->cpus[1] != kernels->cpus[1])
		found |= DIFFERS_CPU;
	if (name_differs(&ours->thread, &kernels->thread))
		found |= DIFFERS_NAME;
	if (name_differs(&ours->other, &kernels->other))
		found |= DIFFERS_OTHER_NAME;
	if (ours->number != kernels->number)
		found |= DIFFERS_NUMBER;
	if (text_differs(ours->text, kernels->text) ||
	    memcmp(ours->from, kernels->from, COMM_BYTES) != 0 ||
	    memcmp(ours->to, kernels->to, COMM_BYTES) != 0)
		found |= DIFFERS_TEXT;
	return found;
}

static void print_thread(const char *role, const struct event_thread *thread)
{
	printf(" %s=%" PRIu32, role, thread->tid);
	if (thread->named)
		printf("(%.16s)", thread->comm);
	if (thread->priority != NO_PRIORITY)
		printf("[%" PRId32 "]", thread->priority);
}

void event_print(const char *whose, const struct event *event)
{
	printf("    %-9s %" PRIu64 " CPU %" PRIu32 " %s running=%" PRIu32, whose, event->time,
	       event->cpu, event_names[event->type], event->running);
	if (event->context != NOT_SAID)
		printf(" context=%" PRIu32, event->context);
	print_thread("thread", &event->thread);
	switch (event->type) {
	case FLIGHTREC_EVENT_SWITCH:
		print_thread("from", &event->other);
		printf(" state=%" PRIu32, event->state);
		break;
	case FLIGHTREC_EVENT_FORK:
		print_thread("parent", &event->other);
		break;
	case FLIGHTREC_EVENT_EXEC:
		printf(" before=%" PRId32 " file=%s", event->number, event->text);
		break;
	case FLIGHTREC_EVENT_RENAME:
		printf(" '%.16s' -> '%.16s' oom=%" PRId32, event->from, event->to, event->number);
		break;
	case FLIGHTREC_EVENT_EXIT:
		break;
	default:
		printf(" cpus=%" PRIu32 ",%" PRIu32, event->cpus[0], event->cpus[1]);
		break;
	}
	putchar('\n');
}

void event_print_differences(uint32_t differences)
{
	static const char *const names[] = { "type",	     "thread",	 "running", "context",
					     "state",	     "priority", "CPU",	    "name",
					     "other's name", "number",	 "text" };

	printf("    different:");
	for (unsigned int i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (differences & 1U << i)
			printf(" %s", names[i]);
	putchar('\n');
}
