/* SPDX-License-Identifier: GPL-2.0 */
/*
 * One event of the scheduler, in the form in which two tellings of it are compared:
 * ftrace's (ftrace.c) and flightrec's (flightrec.c).
 */
#ifndef EVENT_H
#define EVENT_H

#include <stdbool.h>
#include <stdint.h>

#include <flightrec_format.h>

#define COMM_BYTES  16
#define NO_PRIORITY 1000 /* the kernel's event doesn't have it */
#define NOT_SAID    UINT32_MAX

/**
 * struct event_thread - a thread, as an event tells of it
 * @tid: its number
 * @priority: the kernel's, or NO_PRIORITY
 * @comm: its name, NUL padded; only if @named
 * @named: the kernel's event has the name
 */
struct event_thread {
	uint32_t tid;
	int32_t priority;
	char comm[COMM_BYTES];
	bool named;
};

/**
 * struct event - an event; what it doesn't have is zero
 * @time: in units of the clock that both use
 * @type: FLIGHTREC_EVENT_*
 * @cpu: where it was recorded
 * @running: tid of the thread that ran there
 * @context: FLIGHTREC_CONTEXT_*; NOT_SAID where flightrec records none
 * @thread: whom it is about
 * @other: SWITCH: who leaves; FORK: the parent
 * @state: SWITCH: FLIGHTREC_STATE_* of who leaves
 * @cpus: WAKING, WAKEUP_NEW: the target; MIGRATE: from and to
 * @number: EXEC: the tid before; RENAME: oom_score_adj
 * @from: RENAME: the name before
 * @to: RENAME: the name behind it
 * @text: EXEC: the file's name, valid until the next event from the same place
 */
struct event {
	uint64_t time;
	uint32_t type;
	uint32_t cpu;
	uint32_t running;
	uint32_t context;
	struct event_thread thread;
	struct event_thread other;
	uint32_t state;
	uint32_t cpus[2];
	int32_t number;
	char from[COMM_BYTES];
	char to[COMM_BYTES];
	const char *text;
};

/* What can differ between two tellings, as bits. */
#define DIFFERS_TYPE	   (1 << 0)
#define DIFFERS_TID	   (1 << 1)
#define DIFFERS_RUNNING	   (1 << 2)
#define DIFFERS_CONTEXT	   (1 << 3)
#define DIFFERS_STATE	   (1 << 4)
#define DIFFERS_PRIORITY   (1 << 5)
#define DIFFERS_CPU	   (1 << 6)
#define DIFFERS_NAME	   (1 << 7)
#define DIFFERS_OTHER_NAME (1 << 8)
#define DIFFERS_NUMBER	   (1 << 9)
#define DIFFERS_TEXT	   (1 << 10)

extern const char *const event_names[FLIGHTREC_EVENTS];

uint32_t event_differences(const struct event *ours, const struct event *kernels);
/* Prints an event as one line. */
void event_print(const char *whose, const struct event *event);
/* Prints which fields they are. */
void event_print_differences(uint32_t differences);

#endif
