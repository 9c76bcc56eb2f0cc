// SPDX-License-Identifier: GPL-2.0
/* Findings: what is worth telling, each once. */
#include <errno.h>
#include <stdlib.h>

#include "finding.h"
#include "thread.h"

int findings_init(struct findings *findings, unsigned int room)
{
	findings->count = 0;
	findings->room = room;
	findings->list = calloc(room, sizeof(findings->list[0]));
	return findings->list ? 0 : -ENOMEM;
}

static bool is_most_of(uint64_t from, uint64_t to, uint64_t start, uint64_t end)
{
	uint64_t shorter = to - from < end - start ? to - from : end - start;

	return 2 * overlap_ns(from, to, start, end) >= shorter && shorter > 0;
}

static bool same_wait(const struct link *a, const struct link *b)
{
	return a->waits && b->waits && a->thread == b->thread && a->wait.start == b->wait.start;
}

/* Both waited, at about the same time, for the same thread, which was not blocked. */
static bool same_busy_thread(const struct link *a, const struct link *b)
{
	return !a->waits && !b->waits && a->thread == b->thread &&
	       is_most_of(a->from, a->to, b->from, b->to);
}

/* The thread that was waited for was itself waiting for a CPU. */
static bool same_queue(const struct link *link, const struct candidate *queue)
{
	return !link->waits && link->thread == queue->wait.thread &&
	       is_most_of(link->from, link->to, queue->wait.start, queue->wait.end);
}

static bool chain_has_queue(const struct chain *chain, const struct candidate *queue)
{
	unsigned int i;

	for (i = 0; i < chain->count; i++) {
		if (same_queue(&chain->links[i], queue))
			return true;
	}
	return false;
}

static bool chains_meet(const struct chain *a, const struct chain *b)
{
	unsigned int i, j;

	for (i = 0; i < a->count; i++) {
		for (j = 0; j < b->count; j++) {
			if (same_wait(&a->links[i], &b->links[j]) ||
			    same_busy_thread(&a->links[i], &b->links[j]))
				return true;
		}
	}
	return false;
}

/* Threads of one process that wait in the same call, still: nobody's waking tells why. */
static bool wait_likewise(const struct wait *a, const struct wait *b)
{
	return a->flags & b->flags & WAIT_OPEN && a->thread->tgid == b->thread->tgid &&
	       a->nr == b->nr && is_most_of(a->start, a->end, b->start, b->end);
}

static bool same_place(const struct link *a, const struct link *b)
{
	return a->waits == b->waits && a->thread == b->thread &&
	       (!a->waits || (a->wait.nr == b->wait.nr && a->waker == b->waker));
}

static bool chain_has_place(const struct chain *chain, const struct link *link)
{
	unsigned int i;

	for (i = 0; i < chain->count; i++) {
		if (same_place(&chain->links[i], link))
			return true;
	}
	return false;
}

/*
 * Once more, the same thing stopped a thread of the same process in the same call,
 * or one of those that are behind that.
 */
static bool is_repetition(const struct candidate *a, const struct candidate *b)
{
	if (a->queue || b->queue || !same_place(chain_last(&a->chain), chain_last(&b->chain)))
		return false;
	return (a->wait.thread->tgid == b->wait.thread->tgid && a->wait.nr == b->wait.nr) ||
	       chain_has_place(&a->chain, &b->chain.links[0]);
}

/* A wait that is shorter by this factor is not the same any more. */
#define AGAIN_LEAST	4

/* Of several threads that were stopped at one time, the first one is kept. */
static void add_again(struct finding *finding, const struct wait *wait)
{
	unsigned int i;

	if (wait_ns(wait) * AGAIN_LEAST < wait_ns(&finding->what.wait) ||
	    is_most_of(finding->what.wait.start, finding->what.wait.end, wait->start, wait->end))
		return;
	for (i = 0; i < finding->again_count; i++) {
		const struct wait *again = &finding->again[i];

		if (is_most_of(again->start, again->end, wait->start, wait->end))
			return;
	}
	if (finding->again_count < FINDING_AGAIN)
		finding->again[finding->again_count++] = *wait;
}

static bool same_cause(const struct candidate *a, const struct candidate *b)
{
	if (a->queue && b->queue)
		return a->cpu == b->cpu &&
		       is_most_of(a->wait.start, a->wait.end, b->wait.start, b->wait.end);
	if (a->queue)
		return chain_has_queue(&b->chain, a);
	if (b->queue)
		return chain_has_queue(&a->chain, b);
	return chains_meet(&a->chain, &b->chain) || wait_likewise(&a->wait, &b->wait);
}

/* Next to one that is worse by this factor, a finding is only a distraction. */
#define TRIFLE	30

static void drop_trifles(struct findings *findings)
{
	while (findings->count &&
	       findings->list[findings->count - 1].score * TRIFLE < findings->list[0].score)
		findings->count--;
}

static bool is_worth_it(const struct candidate *candidate, bool all)
{
	if (all)
		return true;
	if (candidate->weight < SCORE_LEAST_WEIGHT || candidate->score < SCORE_LEAST)
		return false;
	return !candidate->queue || candidate->wait.thread->priority < 100 ||
	       wait_ns(&candidate->wait) >= SCORE_LEAST_QUEUE_NS;
}

static void add_also(struct finding *finding, const struct candidate *candidate)
{
	const struct chain *chain = &finding->what.chain;
	unsigned int i;

	if (candidate->wait.thread == finding->what.wait.thread ||
	    candidate->own < SCORE_LEAST_WEIGHT)
		return;
	for (i = 0; i < chain->count; i++) {
		if (candidate->wait.thread == chain->links[i].thread)
			return;
	}
	for (i = 0; i < finding->also_count; i++) {
		if (finding->also[i].thread == candidate->wait.thread)
			return;
	}
	if (finding->also_count == FINDING_ALSO)
		return;
	finding->also_queue[finding->also_count] = candidate->queue;
	finding->also[finding->also_count++] = candidate->wait;
}

/*
 * For the user's own choice of threads (@all), each of their waits is told by
 * itself.
 */
static void gather(struct findings *findings, const struct candidate *candidate, bool all)
{
	unsigned int i;

	for (i = 0; i < findings->count && !all; i++) {
		if (same_cause(&findings->list[i].what, candidate)) {
			add_also(&findings->list[i], candidate);
			return;
		}
		if (is_repetition(&findings->list[i].what, candidate)) {
			add_again(&findings->list[i], &candidate->wait);
			return;
		}
	}
	if (findings->count == findings->room || !is_worth_it(candidate, all))
		return;
	findings->list[findings->count++] = (struct finding){ .what = *candidate };
}

/* Ten threads stopped by one cause are worse than one, if not ten times as bad. */
static double score_finding(const struct finding *finding)
{
	unsigned int others = finding->also_count;
	double score = finding->what.score;

	for (; others > 1; others /= 2)
		score += finding->what.score / 4;
	return score + (others ? finding->what.score / 4 : 0);
}

static int by_score(const void *a, const void *b)
{
	const struct finding *left = a;
	const struct finding *right = b;

	if (left->score != right->score)
		return left->score < right->score ? 1 : -1;
	return 0;
}

void findings_gather(struct findings *findings, const struct ranking *waits,
		     const struct ranking *queues, bool all)
{
	unsigned int wait = 0;
	unsigned int queue = 0;
	unsigned int i;

	while (wait < waits->count || queue < queues->count) {
		if (queue == queues->count ||
		    (wait < waits->count && waits->list[wait].score >= queues->list[queue].score))
			gather(findings, &waits->list[wait++], all);
		else
			gather(findings, &queues->list[queue++], all);
	}
	for (i = 0; i < findings->count; i++)
		findings->list[i].score = score_finding(&findings->list[i]);
	qsort(findings->list, findings->count, sizeof(findings->list[0]), by_score);
	if (!all)
		drop_trifles(findings);
}

void findings_take(struct findings *findings, const struct ranking *ranking)
{
	unsigned int i;

	for (i = 0; i < ranking->count && findings->count < findings->room; i++)
		findings->list[findings->count++] = (struct finding){
			.what = ranking->list[i],
			.score = ranking->list[i].score,
		};
}

void findings_free(struct findings *findings)
{
	free(findings->list);
}
