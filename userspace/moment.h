/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FLIGHTREC_MOMENT_H
#define FLIGHTREC_MOMENT_H

#include <stdint.h>

#include "flightrec.h"

/* The clocks, read together. */
struct moment_clocks {
	uint64_t monotonic_ns;
	int64_t realtime_ns;
};

struct moment_clocks moment_read_clocks(void);

/*
 * A moment, in ns of CLOCK_MONOTONIC: "-5s", so long before @now; "12345.678", that
 * clock's seconds; or a date and a time, of the local time zone unless it ends with
 * Z or +01:00: "2026-11-21T03:00:00.5". What was before that clock began is its first
 * ns. 0, or -1 if @text is something else.
 */
int moment_parse(const char *text, const struct moment_clocks *now, uint64_t *ns);

/*
 * CLOCK_REALTIME of a snapshot's cut. The offset is a difference that may have wrapped,
 * if the file is damaged.
 */
static inline int64_t moment_of_cut(const struct flightrec_trace_info *info)
{
	return (int64_t)(info->window_end_ns + (uint64_t)info->realtime_offset_ns);
}

#endif
