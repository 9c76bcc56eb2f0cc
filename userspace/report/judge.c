// SPDX-License-Identifier: GPL-2.0
/* The second pass: which waits stand out, and who was behind them. */
#include <string.h>

#include "analysis.h"
#include "history.h"
#include "schedule.h"

/* Nobody notices less. */
#define LEAST_NS	100000

struct judge {
	struct analysis *analysis;
	struct schedule schedule;
	struct scoring scoring;
};

static bool is_in_question(const struct judge *judge, const struct thread *thread, uint64_t start,
			   uint64_t end)
{
	const struct analysis *analysis = judge->analysis;

	if (analysis->options->thread && !thread->selected)
		return false;
	return end - start >= LEAST_NS && end > analysis->from && start < analysis->to;
}

static double milliseconds(uint64_t ns)
{
	return (double)ns / 1e6;
}

static void add_idle(struct judge *judge, const struct wait *wait, enum idle idle)
{
	struct candidate *candidate;

	candidate = ranking_add(&judge->analysis->idle, wait->thread, milliseconds(wait_ns(wait)));
	if (!candidate)
		return;
	candidate->queue = false;
	candidate->idle = idle;
	candidate->wait = *wait;
	candidate->chain.count = 0;
}

static void add_wait(struct judge *judge, const struct wait *wait, double weight)
{
	struct ranking *waits = &judge->analysis->waits;
	double score = milliseconds(wait_ns(wait)) * weight;
	struct candidate *candidate;
	struct chain chain;
	double factor;

	if (!ranking_wants(waits, score * SCORE_MOST_LATER))
		return;
	chain_resolve(&chain, wait, &judge->analysis->threads, judge->scoring.places);
	factor = score_chain(&judge->scoring, &chain);
	candidate = ranking_add(waits, wait->thread, score * factor);
	if (!candidate)
		return;
	candidate->own = weight;
	candidate->weight = weight * factor;
	candidate->queue = false;
	candidate->idle = IDLE_NOT;
	candidate->wait = *wait;
	candidate->chain = chain;
}

static int judge_waited(void *context, struct wait *wait)
{
	struct judge *judge = context;
	enum idle idle;
	double weight;

	if (is_in_question(judge, wait->thread, wait->start, wait->end)) {
		weight = score_wait(&judge->scoring, wait, &idle);
		if (idle == IDLE_NOT)
			add_wait(judge, wait, weight);
		else if (idle != IDLE_KERNEL)
			add_idle(judge, wait, idle);
	}
	return wait->flags & WAIT_OPEN ? 0 : history_add(wait);
}

static void add_queue(struct judge *judge, struct ranking *ranking, struct thread *thread,
		      uint64_t to, double weight)
{
	uint64_t from = thread->queued_since;
	struct candidate *candidate;

	candidate = ranking_add(ranking, thread, milliseconds(to - from) * weight);
	if (!candidate)
		return;
	candidate->own = weight;
	candidate->weight = weight;
	candidate->queue = true;
	candidate->preempted = thread->preempted;
	candidate->cpu = thread->cpu;
	candidate->idle = IDLE_NOT;
	candidate->wait = (struct wait){
		.thread = thread,
		.start = from,
		.end = to,
		.flags = to == judge->schedule.end ? WAIT_OPEN : 0,
	};
	candidate->chain.count = 0;
}

static void judge_queued(void *context, struct thread *thread, uint64_t to)
{
	struct judge *judge = context;
	uint64_t from = thread->queued_since;
	double weight;

	/* Where events were lost, it may have run meanwhile. */
	if (!is_in_question(judge, thread, from, to) || from < judge->schedule.loss_end)
		return;
	weight = score_queue(&judge->scoring, thread, from, to);
	add_queue(judge, &judge->analysis->queues, thread, to, weight);
	add_queue(judge, &judge->analysis->longest_queues, thread, to, 1);
}

int judge_run(struct analysis *analysis)
{
	static const struct observer observer = {
		.waited = judge_waited,
		.queued = judge_queued,
	};
	struct judge judge = {
		.analysis = analysis,
		.schedule = {
			.threads = &analysis->threads,
			.observer = &observer,
			.context = &judge,
		},
		.scoring = {
			.places = &analysis->places,
			.cut = analysis->info->window_end_ns,
			.all = analysis->options->thread != NULL,
		},
	};
	int ret = schedule_run(&judge.schedule, analysis->trace);

	schedule_free(&judge.schedule);
	ranking_sort(&analysis->waits);
	ranking_sort(&analysis->queues);
	ranking_sort(&analysis->longest_queues);
	ranking_sort(&analysis->idle);
	return ret;
}
