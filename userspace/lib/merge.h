/* SPDX-License-Identifier: LGPL-2.1 */
#ifndef FLIGHTREC_MERGE_H
#define FLIGHTREC_MERGE_H

#include <stdbool.h>
#include <stdint.h>

#include "stream.h"

/* The clock of a stream that has ended; no event is that young. */
#define CLOCK_END (UINT64_MAX - 1)

/*
 * Finds the stream whose next event is the oldest, by a tournament: leaf i, at
 * number leaves + i, is stream i; every inner node has the winner of its two
 * children, so that the winner of all is at number 1. Of equally old ones the first
 * stream's wins.
 */
struct merge {
	struct stream *streams;
	uint64_t *clocks; /* the winners' by node, */
	uint32_t *winners; /* and who they are: numbers of streams */
	struct stream *winner; /* of all */
	uint32_t count; /* of streams */
	uint32_t leaves; /* the power of two that has room for them */
};

int flightrec_merge_init(struct merge *merge, struct stream *streams, uint32_t count);
void flightrec_merge_start(struct merge *merge);
void flightrec_merge_free(struct merge *merge);

/* The stream with the oldest next event. */
static inline struct stream *merge_winner(const struct merge *merge)
{
	return merge->winner;
}

/*
 * Plays the winner's matches again, after it has moved on. Who wins is as good as
 * random, so that this is written to be compiled without a branch: a wrong guess
 * costs more than all else.
 */
static inline void merge_moved(struct merge *merge)
{
	uint32_t winner = merge->winners[1];
	uint64_t clock = merge->streams[winner].clock;
	size_t at = merge->leaves + winner;

	merge->clocks[at] = clock;
	while (at > 1) {
		uint64_t other_clock = merge->clocks[at ^ 1];
		uint32_t other = merge->winners[at ^ 1];
		/* At an odd number, the other one is on the left. */
		bool other_wins = other_clock < clock + (at & 1);

		clock = other_wins ? other_clock : clock;
		winner = other_wins ? other : winner;
		at /= 2;
		merge->clocks[at] = clock;
		merge->winners[at] = winner;
	}
	merge->winner = &merge->streams[winner];
}

#endif
