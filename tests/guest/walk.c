// SPDX-License-Identifier: GPL-2.0
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

#include "walk.h"

#define DEMAND(condition)                                                                    \
	do {                                                                                 \
		if (!(condition)) {                                                          \
			fprintf(stderr, "%s:%d: unsound snapshot: %s\n", __FILE__, __LINE__, \
				#condition);                                                 \
			abort();                                                             \
		}                                                                            \
	} while (0)

static void demand_checksum(char *at, const struct flightrec_block *block)
{
	struct flightrec_block *writable = (void *)at;
	uint64_t want = block->checksum;

	writable->checksum = 0;
	DEMAND(XXH64(at, block->bytes, 0) == want);
	writable->checksum = want;
}

struct snapshot *snapshot_parse(char *data, size_t bytes)
{
	struct snapshot *snapshot = calloc(1, sizeof(*snapshot));
	const struct flightrec_block *block;
	const struct flightrec_end *end = NULL;
	uint64_t last_end = 0;
	bool open = false;
	size_t offset;

	snapshot->data = data;
	snapshot->bytes = bytes;
	snapshot->segments =
		calloc(bytes / sizeof(struct flightrec_segment) + 1, sizeof(*snapshot->segments));
	for (offset = 0; offset < bytes; offset += block->bytes) {
		const struct flightrec_segment *segment;

		DEMAND(!end);
		DEMAND(bytes - offset >= sizeof(*block));
		block = (void *)(data + offset);
		DEMAND(block->magic == FLIGHTREC_BLOCK_MAGIC);
		DEMAND(block->bytes <= bytes - offset && !(block->bytes % 8));
		DEMAND(block->header_bytes <= block->bytes);
		demand_checksum(data + offset, block);
		switch (block->type) {
		case FLIGHTREC_BLOCK_HEADER:
			DEMAND(!offset);
			snapshot->header = (void *)block;
			break;
		case FLIGHTREC_BLOCK_GAP:
			snapshot->nr_gaps++;
			/* fall through */
		case FLIGHTREC_BLOCK_SEGMENT:
			segment = (void *)block;
			open |= segment->flags & FLIGHTREC_SEGMENT_OPEN;
			DEMAND(open == !!(segment->flags & FLIGHTREC_SEGMENT_OPEN));
			DEMAND(open || segment->end_clock >= last_end);
			last_end = segment->end_clock;
			DEMAND(segment->data_bytes <= block->bytes - block->header_bytes);
			DEMAND(block->type == FLIGHTREC_BLOCK_SEGMENT || !segment->data_bytes);
			snapshot->segments[snapshot->nr_segments++] = segment;
			break;
		case FLIGHTREC_BLOCK_RUNDOWN:
			snapshot->rundown = (void *)block;
			break;
		case FLIGHTREC_BLOCK_CGROUPS:
			snapshot->cgroups = (void *)block;
			break;
		case FLIGHTREC_BLOCK_END:
			end = (void *)block;
			break;
		default:
			DEMAND(!"a block of a type that is not in the format");
		}
	}
	DEMAND(snapshot->header && snapshot->rundown && snapshot->cgroups && end);
	DEMAND(snapshot->header->file_bytes == bytes && end->file_bytes == bytes);
	DEMAND(snapshot->header->segments == snapshot->nr_segments);
	return snapshot;
}

void snapshot_free(struct snapshot *snapshot)
{
	free(snapshot->segments);
	free(snapshot->data);
	free(snapshot);
}

void segment_walk(const struct flightrec_segment *segment, record_fn fn, void *arg)
{
	const uint64_t *words = (void *)((char *)segment + segment->block.header_bytes);
	uint32_t have = segment->data_bytes / 8, at = 0;
	struct record record = { .clock = segment->start_clock, .cpu = segment->cpu };
	uint64_t epoch = segment->start_clock >> 25, before = segment->start_clock;
	uint64_t events = 0;

	while (at < have) {
		uint64_t word = words[at];

		record.word = words + at;
		record.tag = word & 3;
		record.tid = word >> 2 & 0x3fffff;
		record.type = 0;
		record.words = 1;
		if (record.tag) {
			record.clock = epoch << 25 | word >> 39;
		} else {
			record.type = word >> 24 & 0x7f;
			record.words = word >> 31 & 0xff;
			if (record.type >= FLIGHTREC_LONG_WAKEUP_NEW)
				record.clock = epoch << 25 | word >> 39;
			else if (record.type == FLIGHTREC_LONG_TIME)
				epoch = word >> 39 << 22 | record.tid;
		}
		DEMAND(record.clock >= before);
		before = record.clock;
		DEMAND(record.words && record.words <= have - at);
		if (record.tag || record.type >= FLIGHTREC_LONG_WAKEUP_NEW)
			events++;
		fn(&record, arg);
		at += record.words;
	}
	DEMAND(segment->block.type == FLIGHTREC_BLOCK_GAP || events == segment->events);
	DEMAND(record.clock <= segment->end_clock);
}

void snapshot_walk(const struct snapshot *snapshot, record_fn fn, void *arg)
{
	for (uint32_t i = 0; i < snapshot->nr_segments; i++)
		segment_walk(snapshot->segments[i], fn, arg);
}
