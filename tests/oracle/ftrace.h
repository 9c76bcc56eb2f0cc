/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What ftrace recorded: its buffers as trace_pipe_raw gives them, one file per CPU, with
 * the `format` files of the events that are in them.
 */
#ifndef FTRACE_H
#define FTRACE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "event.h"

struct ftrace_format;

/**
 * struct ftrace_cpu - the stream of one CPU
 * @pages: its pages; NULL if the CPU has none
 * @count: how many
 * @page: the one that is being read
 * @pos: how far, in bytes of its data
 * @clock: the time there
 * @cpu: its number
 * @before: times of the two events before the next one, the nearer one first; 0: none
 * @next: the next event
 * @there: there is a next one
 * @text: of @next
 */
struct ftrace_cpu {
	const uint8_t *pages;
	size_t count;
	size_t page;
	uint32_t pos;
	uint64_t clock;
	uint32_t cpu;
	uint64_t before[2];
	struct event next;
	bool there;
	char text[4096];
};

/**
 * struct ftrace - all of it
 * @cpus: how many CPUs there may be
 * @cpu: each one's stream
 * @formats: by the number that events have in the buffers
 */
struct ftrace {
	uint32_t cpus;
	struct ftrace_cpu *cpu;
	struct ftrace_format *formats[65536];
};

/* What can't be read ends the program. */
struct ftrace *ftrace_open(const char *folder, uint32_t cpus);
/* To the first event at @time or later. */
void ftrace_seek(struct ftrace *ftrace, uint32_t cpu, uint64_t time);
/* Beyond the next event, to the one behind it. */
void ftrace_step(struct ftrace *ftrace, uint32_t cpu);

#endif
