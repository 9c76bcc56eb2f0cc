// SPDX-License-Identifier: GPL-2.0
/* The format's numbers, in the kernel's own words. */
#include <elf.h>
#include <stddef.h>

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
