/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Where a thread waits: its system call, and what one waits for in such a call.
 */
#ifndef REPORT_PLACE_H
#define REPORT_PLACE_H

#include <stdbool.h>
#include <stdint.h>

#include "flightrec.h"
#include "wait.h"

enum place {
	PLACE_UNSET,
	PLACE_NONE,	/* in no system call: a page fault, a signal, a kernel thread */
	PLACE_SLEEP,	/* for a time that it has set itself */
	PLACE_POLL,	/* for any of several events, or until a timeout */
	PLACE_ACCEPT,	/* for a connection */
	PLACE_RECEIVE,	/* for data from somebody else */
	PLACE_CHILD,	/* for another process to end, or (vfork) to be on its own */
	PLACE_LOCK,	/* for a lock, a condition, another thread's end */
	PLACE_OTHER,	/* in a call that is to do something, and not to wait */
};

/* The classes of the system calls, looked up by name once each. */
struct places {
	struct flightrec_trace *trace;
	uint8_t native[1 << FLIGHTREC_SWITCH_NR_BITS];
	uint8_t compat[1 << FLIGHTREC_SWITCH_NR_BITS];
};

/* thread_flags: FLIGHTREC_TASK_*, as 32-bit threads have numbers of their own. */
enum place place_of(struct places *places, uint16_t nr, uint16_t thread_flags);

/* The call's name, or NULL where there is none. */
const char *place_name(struct places *places, uint16_t nr, uint16_t thread_flags);

/* Whether such a call can end because data arrived at a socket. */
bool place_has_socket(enum place place);

/* Whether such a call can be given a time limit, which a timer enforces. */
bool place_has_timeout(enum place place);

#endif
