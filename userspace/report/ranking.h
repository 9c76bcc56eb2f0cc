/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The best of many candidates, in bounded memory, and not too many of one thread.
 */
#ifndef REPORT_RANKING_H
#define REPORT_RANKING_H

#include <stdbool.h>

#include "chain.h"
#include "score.h"
#include "wait.h"

#define RANKING_CANDIDATES	96

struct candidate {
	double score;
	double own;		/* weight of the wait by itself */
	double weight;		/* with what it led to; score is its length times this */
	bool queue;		/* time in a run queue, not a wait */
	bool preempted;		/* queue: it had run before */
	uint32_t cpu;		/* queue: whose */
	enum idle idle;		/* why it is no finding */
	struct wait wait;	/* queue: thread, start, end */
	struct chain chain;	/* none of a queue, or of one that is idle */
};

struct ranking {
	unsigned int count;
	unsigned int each;	/* the most of one thread */
	struct candidate *list;	/* unsorted until ranking_sort() */
	double least;		/* what a new one has to exceed once it is full */
};

/* Returns 0 or -ENOMEM. */
int ranking_init(struct ranking *ranking, unsigned int each);

/*
 * Room for a candidate of @thread with that score, or NULL if there are better
 * ones. The caller fills in all but the score, and must do so.
 */
struct candidate *ranking_add(struct ranking *ranking, const struct thread *thread, double score);

/* Whether ranking_add() can say anything but NULL. */
static inline bool ranking_wants(const struct ranking *ranking, double score)
{
	return score > ranking->least;
}

/* The best first; of equal ones, the earlier. */
void ranking_sort(struct ranking *ranking);

void ranking_free(struct ranking *ranking);

#endif
