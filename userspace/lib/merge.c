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

	merge->nodes = calloc(2 * (size_t)merge->leaves, sizeof(*merge->nodes));
	return merge->nodes ? 0 : -ENOMEM;
}

/* Plays all matches. */
void flightrec_merge_start(struct merge *merge)
{
	for (uint32_t i = 0; i < merge->leaves; i++) {
		struct merge_node *leaf = &merge->nodes[merge->leaves + i];

		leaf->stream = i;
		leaf->clock = i < merge->count ? merge->streams[i].clock : CLOCK_END;
	}
	for (uint32_t at = merge->leaves - 1; at; at--)
		merge->nodes[at] = merge_match(merge->nodes[2 * at], merge->nodes[2 * at + 1]);
}

void flightrec_merge_free(struct merge *merge)
{
	free(merge->nodes);
	merge->nodes = NULL;
}
