// SPDX-License-Identifier: GPL-2.0
/* The format's numbers, in the kernel's own words. */
#include <elf.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "flightrec.h"
#include "names.h"

const char *name_of_event(uint32_t event)
{
	static const char *const names[] = {
		[FLIGHTREC_EVENT_SWITCH] = "sched_switch",
		[FLIGHTREC_EVENT_WAKING] = "sched_waking",
		[FLIGHTREC_EVENT_WAKEUP_NEW] = "sched_wakeup_new",
		[FLIGHTREC_EVENT_MIGRATE] = "sched_migrate_task",
		[FLIGHTREC_EVENT_FORK] = "sched_process_fork",
		[FLIGHTREC_EVENT_EXEC] = "sched_process_exec",
		[FLIGHTREC_EVENT_EXIT] = "sched_process_exit",
		[FLIGHTREC_EVENT_RENAME] = "task_rename",
		[FLIGHTREC_EVENT_MARK] = "mark",
	};

	return event < sizeof(names) / sizeof(names[0]) ? names[event] : NULL;
}

const char *name_of_clock(uint32_t clock)
{
	switch (clock) {
	case FLIGHTREC_CLOCK_MONOTONIC:
		return "monotonic";
	case FLIGHTREC_CLOCK_TSC:
		return "tsc";
	case FLIGHTREC_CLOCK_ARM_COUNTER:
		return "arm-counter";
	default:
		return NULL;
	}
}

const char *name_of_machine(uint32_t machine)
{
	switch (machine) {
	case EM_X86_64:
		return "x86_64";
	case EM_AARCH64:
		return "aarch64";
	default:
		return NULL;
	}
}

const char *name_of_context(uint32_t context)
{
	static const char *const names[] = {
		[FLIGHTREC_CONTEXT_THREAD] = "thread",
		[FLIGHTREC_CONTEXT_SOFTIRQ] = "softirq",
		[FLIGHTREC_CONTEXT_HARDIRQ] = "hardirq",
		[FLIGHTREC_CONTEXT_NMI] = "nmi",
	};

	return context < sizeof(names) / sizeof(names[0]) ? names[context] : NULL;
}

const char *name_of_mark(uint32_t kind)
{
	static const char *const names[] = {
		[FLIGHTREC_MARK_INSTANT] = "instant",
		[FLIGHTREC_MARK_BEGIN] = "begin",
		[FLIGHTREC_MARK_END] = "end",
	};

	return kind < sizeof(names) / sizeof(names[0]) ? names[kind] : NULL;
}

static const char *const short_names[] = {
	[FLIGHTREC_EVENT_SWITCH] = "switch",
	[FLIGHTREC_EVENT_WAKING] = "waking",
	[FLIGHTREC_EVENT_WAKEUP_NEW] = "wakeup-new",
	[FLIGHTREC_EVENT_MIGRATE] = "migrate",
	[FLIGHTREC_EVENT_FORK] = "fork",
	[FLIGHTREC_EVENT_EXEC] = "exec",
	[FLIGHTREC_EVENT_EXIT] = "exit",
	[FLIGHTREC_EVENT_RENAME] = "rename",
	[FLIGHTREC_EVENT_MARK] = "mark",
};

/* The mask of one name of @length; 0 if there is no such event. */
static uint64_t mask_of(const char *name, size_t length)
{
	if (length == 3 && !memcmp(name, "all", 3))
		return FLIGHTREC_EVENTS_ALL;
	for (uint32_t i = 0; i < FLIGHTREC_EVENTS; i++) {
		const char *names[] = { short_names[i], name_of_event(i) };

		for (size_t k = 0; k < 2; k++)
			if (strlen(names[k]) == length && !memcmp(names[k], name, length))
				return 1ULL << i;
	}
	return 0;
}

int names_parse_events(const char *list, uint64_t *mask)
{
	*mask = 0;
	for (;;) {
		size_t length = strcspn(list, ",");
		uint64_t one = mask_of(list, length);

		if (!one)
			return -1;
		*mask |= one;
		if (!list[length])
			break;
		list += length + 1;
	}
	return *mask & 1 << FLIGHTREC_EVENT_SWITCH ? 0 : -1;
}

void names_print_events(uint64_t mask)
{
	const char *comma = "";

	if (mask == FLIGHTREC_EVENTS_ALL) {
		printf("all");
		return;
	}
	for (uint32_t i = 0; i < FLIGHTREC_EVENTS; i++) {
		if (!(mask >> i & 1))
			continue;
		printf("%s%s", comma, short_names[i]);
		comma = ",";
	}
}
