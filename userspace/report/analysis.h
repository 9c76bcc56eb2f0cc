/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a report has to say, computed from a trace in three passes:
 *
 *	measure	 what each thread and CPU does, and how long it usually waits
 *	judge	 which waits stand out from that, and who was behind them
 *	detail	 what exactly those few threads did meanwhile
 *
 * so that memory is bounded by the number of threads, and not by that of events.
 */
#ifndef REPORT_ANALYSIS_H
#define REPORT_ANALYSIS_H

#include "busy.h"
#include "finding.h"
#include "latency.h"
#include "marks.h"
#include "place.h"
#include "ranking.h"
#include "thread.h"

#define ANALYSIS_PASSES 3

struct analysis_options {
	unsigned int top; /* findings and rows of tables */
	const char *thread; /* explain the waits of this one: tid or pattern; or NULL */
	int64_t from_ns; /* relative to the cut, at most 0; INT64_MIN: all of it */
	int64_t to_ns;
};

struct analysis {
	struct flightrec_trace *trace;
	const struct flightrec_trace_info *info;
	const struct analysis_options *options;
	uint64_t from; /* what is looked at: the window, or a part of it */
	uint64_t to;
	uint64_t events;

	struct places places;
	struct threads threads;
	struct busy busy;
	struct latency latency;
	struct marks marks;

	struct ranking waits;
	struct ranking queues;
	struct ranking longest_queues;
	struct ranking idle; /* the longest ones that are no findings */

	struct findings findings;
	struct findings worst_queues; /* longest_queues, with who had the CPU */
	unsigned int selected; /* threads that options->thread names */
};

/* Returns 0 or -errno. To be followed by analysis_free() in any case. */
int analysis_run(struct analysis *analysis, struct flightrec_trace *trace,
		 const struct analysis_options *options);

void analysis_free(struct analysis *analysis);

/* measure.c, judge.c, detail.c: the passes. 0 or -errno. */
int measure_run(struct analysis *analysis);
int judge_run(struct analysis *analysis);
int detail_run(struct analysis *analysis);

/* Whether it is known that nothing is missing from the window. */
static inline bool analysis_is_complete(const struct analysis *analysis)
{
	const uint32_t bad = FLIGHTREC_TRACE_CUT_SHORT | FLIGHTREC_TRACE_DAMAGED |
			     FLIGHTREC_TRACE_NO_HEADER;

	return !analysis->info->lost_events && !analysis->info->missing_segments &&
	       !(analysis->info->flags & bad);
}

/* The part of the time from @start to @end that is looked at. */
static inline uint64_t analysis_clip_ns(const struct analysis *analysis, uint64_t start,
					uint64_t end)
{
	return overlap_ns(analysis->from, analysis->to, start, end);
}

#endif
