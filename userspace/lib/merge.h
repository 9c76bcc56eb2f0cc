/* SPDX-License-Identifier: LGPL-2.1 */
#ifndef FLIGHTREC_MERGE_H
#define FLIGHTREC_MERGE_H

#include <stdint.h>

#include "stream.h"

/*
 * Finds the stream whose next event is the oldest, by a tournament: leaf i, at
 * winners[leaves + i], is stream i; every inner node holds the winner of its two
 * children, so that the winner of all is in winners[1].
 */
struct merge {
	struct stream *streams;
	uint32_t *winners;
	uint32_t count; /* of streams */
	uint32_t leaves; /* the power of two that has room for them */
	uint64_t *clocks; /* of leaf i; UINT64_MAX behind the streams */
};

int flightrec_merge_init(struct merge *merge, struct stream *streams, uint32_t count);
void flightrec_merge_start(struct merge *merge);
void flightrec_merge_free(struct merge *merge);

/* The stream with the oldest next event, of equally old ones the first. */
static inline struct stream *merge_winner(const struct merge *merge)
{
	return &merge->streams[merge->winners[1]];
}

/* Plays the winner's matches again, after it has moved on. */
static inline void merge_moved(struct merge *merge)
{
	uint32_t leaf = merge->winners[1];
	uint32_t winner = leaf;
	uint64_t clock = merge->streams[leaf].clock;

	merge->clocks[leaf] = clock;
	for (uint32_t node = merge->leaves + leaf; node > 1; node /= 2) {
		uint32_t other = merge->winners[node ^ 1];
		uint64_t other_clock = merge->clocks[other];

		if (other_clock < clock || (other_clock == clock && other < winner)) {
			winner = other;
			clock = other_clock;
		}
		merge->winners[node / 2] = winner;
	}
}

#endif
