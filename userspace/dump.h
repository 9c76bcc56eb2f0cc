/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FLIGHTREC_DUMP_H
#define FLIGHTREC_DUMP_H

#include "flightrec.h"
#include "output.h"

struct dump {
	struct flightrec_trace *trace;
	const struct flightrec_trace_info *info;
	struct output output;
	/* The second of the last line's time, in digits. */
	uint64_t second;
	char second_digits[24];
	unsigned int second_length;
};

/* Each writes one event, in at most OUTPUT_LINE bytes. */
void dump_ftrace_head(struct dump *dump);
void dump_ftrace_event(struct dump *dump, const struct flightrec_event *event);
void dump_json_event(struct dump *dump, const struct flightrec_event *event);
void dump_text_head(struct dump *dump);
void dump_text_event(struct dump *dump, const struct flightrec_event *event);

/* The kernel's -1 of a deadline task is 255 in the records. */
static inline int dump_priority(const struct flightrec_thread *thread)
{
	return thread->priority == 255 ? -1 : thread->priority;
}

/* A system call's name, NULL if the thread was in none; @room is for a number. */
const char *dump_syscall(struct dump *dump, uint32_t nr, const struct flightrec_thread *thread,
			 char room[16]);

#endif
