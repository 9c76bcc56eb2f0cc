// SPDX-License-Identifier: GPL-2.0
/* What a report has to say: the passes and what they work on. */
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

#include "analysis.h"
#include "progress.h"

/* Candidates of one thread for findings, for each table. */
#define OF_ONE_THREAD 3

/* Findings that are told apart before the best of them are taken. */
#define FINDINGS_ROOM 32

static uint64_t clip_time(const struct flightrec_trace_info *info, int64_t relative_ns,
			  uint64_t otherwise)
{
	uint64_t back = -(uint64_t)relative_ns;

	if (relative_ns == INT64_MIN)
		return otherwise;
	if (relative_ns >= 0)
		return info->window_end_ns;
	if (back > info->window_end_ns || info->window_end_ns - back < info->first_ns)
		return info->first_ns;
	return info->window_end_ns - back;
}

static int init(struct analysis *analysis)
{
	unsigned int top = analysis->options->top;
	int ret;

	analysis->places.trace = analysis->trace;
	analysis->info = flightrec_trace_get_info(analysis->trace);
	analysis->from = clip_time(analysis->info, analysis->options->from_ns,
				   analysis->info->window_start_ns);
	analysis->to =
		clip_time(analysis->info, analysis->options->to_ns, analysis->info->window_end_ns);
	if (analysis->to < analysis->from)
		analysis->to = analysis->from;

	ret = ranking_init(&analysis->waits, analysis->options->thread ? top : OF_ONE_THREAD);
	if (ret == 0)
		ret = ranking_init(&analysis->queues, OF_ONE_THREAD);
	if (ret == 0)
		ret = ranking_init(&analysis->longest_queues, 1);
	if (ret == 0)
		ret = ranking_init(&analysis->idle, 1);
	if (ret == 0)
		ret = findings_init(&analysis->findings, top > FINDINGS_ROOM ? top : FINDINGS_ROOM);
	if (ret == 0)
		ret = findings_init(&analysis->worst_queues, top);
	return ret;
}

static bool is_meant(const struct thread *thread, const char *wanted)
{
	char *end;
	unsigned long tid = strtoul(wanted, &end, 10);

	if (thread_is_idle(thread))
		return false;
	if (*wanted && !*end)
		return thread->tid == tid;
	return fnmatch(wanted, thread->comm, 0) == 0;
}

static void select_threads(struct analysis *analysis)
{
	struct threads *threads = &analysis->threads;
	size_t i;

	for (i = 0; i < threads->count; i++) {
		if (threads->list[i] && is_meant(threads->list[i], analysis->options->thread)) {
			threads->list[i]->selected = true;
			analysis->selected++;
		}
	}
}

static void gather(struct analysis *analysis)
{
	struct findings *findings = &analysis->findings;

	findings_gather(findings, &analysis->waits, &analysis->queues,
			analysis->options->thread != NULL);
	if (findings->count > analysis->options->top)
		findings->count = analysis->options->top;
	findings_take(&analysis->worst_queues, &analysis->longest_queues);
}

int analysis_run(struct analysis *analysis, struct flightrec_trace *trace,
		 const struct analysis_options *options)
{
	int ret;

	memset(analysis, 0, sizeof(*analysis));
	analysis->trace = trace;
	analysis->options = options;
	ret = init(analysis);
	if (ret == 0)
		ret = measure_run(analysis);
	progress_next_pass();
	if (ret == 0 && options->thread)
		select_threads(analysis);
	if (ret == 0)
		ret = judge_run(analysis);
	if (ret < 0)
		return ret;
	gather(analysis);
	progress_next_pass();
	return detail_run(analysis);
}

void analysis_free(struct analysis *analysis)
{
	findings_free(&analysis->findings);
	findings_free(&analysis->worst_queues);
	ranking_free(&analysis->waits);
	ranking_free(&analysis->queues);
	ranking_free(&analysis->longest_queues);
	ranking_free(&analysis->idle);
	busy_free(&analysis->busy);
	threads_free(&analysis->threads);
}
