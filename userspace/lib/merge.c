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

	merge->clocks = calloc(2 * (size_t)merge->leaves, sizeof(*merge->clocks));
	merge->winners = calloc(2 * (size_t)merge->leaves, sizeof(*merge->winners));
	return merge->clocks && merge->winners ? 0 : -ENOMEM;
}

/* Plays all matches. */
void flightrec_merge_start(struct merge *merge)
{
	for (uint32_t i = 0; i < merge->leaves; i++) {
		merge->winners[merge->leaves + i] = i;
		merge->clocks[merge->leaves + i] = i < merge->count ? merge->streams[i].clock
								    : CLOCK_END;
	}
	for (uint32_t at = merge->leaves - 1; at; at--) {
		uint32_t left = 2 * at, right = 2 * at + 1;
		uint32_t winner = merge->clocks[right] < merge->clocks[left] ? right : left;

		merge->clocks[at] = merge->clocks[winner];
		merge->winners[at] = merge->winners[winner];
	}
	merge->winner = &merge->streams[merge->winners[1]];
}

void flightrec_merge_free(struct merge *merge)
{
	free(merge->clocks);
	free(merge->winners);
	merge->clocks = NULL;
	merge->winners = NULL;
}
