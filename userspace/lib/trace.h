/* SPDX-License-Identifier: LGPL-2.1 */
#ifndef FLIGHTREC_TRACE_H
#define FLIGHTREC_TRACE_H

#include <stdbool.h>

#include "cgroup.h"
#include "clock.h"
#include "flightrec.h"
#include "merge.h"
#include "rundown.h"
#include "segment.h"
#include "source.h"
#include "stream.h"
#include "syscall.h"
#include "thread.h"

/* An EXEC record has at most 255 words, 2 of which are not the name. */
#define EXEC_NAME_ROOM (253 * sizeof(uint64_t) + 1)

struct flightrec_trace {
	struct source source;
	struct flightrec_header header; /* zero if it could not be read */
	struct flightrec_trace_info info;
	struct segment_table segments;
	struct rundown rundown;
	struct cgroup_table cgroups;
	struct clock_map clock_map;
	uint64_t cut_clock; /* UINT64_MAX if not known */
	struct flightrec_trace_cpu *cpus; /* info.cpus of each */
	struct stream *streams;

	/* The iteration's present moment. */
	struct merge merge;
	struct thread_table threads;
	const struct clock_piece *piece;
	struct flightrec_event event;
	char exec_name[EXEC_NAME_ROOM];
	char old_comm[COMM_BYTES + 1];
	char new_comm[COMM_BYTES + 1];
	char mark_text[EXEC_NAME_ROOM]; /* one without an id has as many words */

	struct syscall_names syscalls;
};

/* index.c */
int flightrec_trace_index(struct flightrec_trace *trace);

#endif
