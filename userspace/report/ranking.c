// SPDX-License-Identifier: GPL-2.0
/* The best of many candidates. */
#include <errno.h>
#include <stdlib.h>

#include "ranking.h"

int ranking_init(struct ranking *ranking, unsigned int each)
{
	*ranking = (struct ranking){ .each = each };
	ranking->list = calloc(RANKING_CANDIDATES, sizeof(ranking->list[0]));
	return ranking->list ? 0 : -ENOMEM;
}

/* The worst one, of @thread or (NULL) of all, and how many there are. */
static struct candidate *find_worst(const struct ranking *ranking, const struct thread *thread,
				    unsigned int *count)
{
	struct candidate *worst = NULL;
	unsigned int i;

	*count = 0;
	for (i = 0; i < ranking->count; i++) {
		struct candidate *candidate = &ranking->list[i];

		if (thread && candidate->wait.thread != thread)
			continue;
		++*count;
		if (!worst || candidate->score < worst->score)
			worst = candidate;
	}
	return worst;
}

struct candidate *ranking_add(struct ranking *ranking, const struct thread *thread, double score)
{
	struct candidate *place;
	unsigned int count;

	if (!ranking_wants(ranking, score))
		return NULL;
	place = find_worst(ranking, thread, &count);
	if (count < ranking->each) {
		if (ranking->count < RANKING_CANDIDATES)
			place = &ranking->list[ranking->count++];
		else
			place = find_worst(ranking, NULL, &count);
	} else if (place->score >= score) {
		return NULL;
	}
	place->score = score;
	if (ranking->count == RANKING_CANDIDATES)
		ranking->least = find_worst(ranking, NULL, &count)->score;
	return place;
}

static int by_score(const void *a, const void *b)
{
	const struct candidate *left = a;
	const struct candidate *right = b;

	if (left->score != right->score)
		return left->score < right->score ? 1 : -1;
	if (left->wait.start != right->wait.start)
		return left->wait.start < right->wait.start ? -1 : 1;
	return 0;
}

void ranking_sort(struct ranking *ranking)
{
	qsort(ranking->list, ranking->count, sizeof(ranking->list[0]), by_score);
}

void ranking_free(struct ranking *ranking)
{
	free(ranking->list);
}
