// SPDX-License-Identifier: LGPL-2.1
/* The order of all CPUs' events. */
#include <errno.h>
#include <stdlib.h>

#include "merge.h"

int flightrec_merge_init(struct merge *merge, struct stream *streams, uint32_t count)
{
	merge->streams = streams;
	merge->count = count;
	merge->leaves = 1;
	while (merge->leaves < count)
		merge->leaves *= 2;

	merge->winners = calloc(2 * (size_t)merge->leaves, sizeof(*merge->winners));
	merge->clocks = calloc(merge->leaves, sizeof(*merge->clocks));
	return merge->winners && merge->clocks ? 0 : -ENOMEM;
}

/* Plays all matches. */
void flightrec_merge_start(struct merge *merge)
{
	for (uint32_t i = 0; i < merge->leaves; i++) {
		merge->winners[merge->leaves + i] = i;
		merge->clocks[i] = i < merge->count ? merge->streams[i].clock : UINT64_MAX;
	}
	for (uint32_t node = merge->leaves - 1; node; node--) {
		uint32_t left = merge->winners[2 * node];
		uint32_t right = merge->winners[2 * node + 1];

		merge->winners[node] = merge->clocks[right] < merge->clocks[left] ? right : left;
	}
}

void flightrec_merge_free(struct merge *merge)
{
	free(merge->winners);
	free(merge->clocks);
	merge->winners = NULL;
	merge->clocks = NULL;
}
