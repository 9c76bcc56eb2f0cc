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
 * nodes[leaves + i], is stream i; every inner node has the winner of its two
 * children, so that the winner of all is in nodes[1].
 */
struct merge_node {
	uint64_t clock;
	uint32_t stream;
};

struct merge {
	struct stream *streams;
	struct merge_node *nodes;
	uint32_t count; /* of streams */
	uint32_t leaves; /* the power of two that has room for them */
};

int flightrec_merge_init(struct merge *merge, struct stream *streams, uint32_t count);
void flightrec_merge_start(struct merge *merge);
void flightrec_merge_free(struct merge *merge);

/*
 * Of equally old ones the first stream's. Who wins is as good as random, so that this
 * is written to be compiled without a branch: a wrong guess costs more than all else.
 */
static inline struct merge_node merge_match(struct merge_node one, struct merge_node other)
{
	bool other_wins = other.clock < one.clock + (other.stream < one.stream);

	one.clock = other_wins ? other.clock : one.clock;
	one.stream = other_wins ? other.stream : one.stream;
	return one;
}

/* The stream with the oldest next event. */
static inline struct stream *merge_winner(const struct merge *merge)
{
	return &merge->streams[merge->nodes[1].stream];
}

/* Plays the winner's matches again, after it has moved on. */
static inline void merge_moved(struct merge *merge)
{
	struct merge_node winner = merge->nodes[1];
	uint32_t at = merge->leaves + winner.stream;

	winner.clock = merge->streams[winner.stream].clock;
	merge->nodes[at] = winner;
	for (; at > 1; at /= 2) {
		winner = merge_match(winner, merge->nodes[at ^ 1]);
		merge->nodes[at / 2] = winner;
	}
}

#endif
