// SPDX-License-Identifier: GPL-2.0
/*
 * Makes a small snapshot of a large one, for the corpus: a few segments, of each the
 * first records, and a few tasks and cgroups.
 *
 *	shrink SEGMENTS WORDS ENTRIES <snapshot >small
 */
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

#include "flightrec_format.h"

#define ROOM ((size_t)16 << 20)

static uint8_t from[ROOM], to[ROOM];
static size_t to_bytes;

static uint64_t max_segments, max_words, max_entries;

static void put(const void *data, size_t bytes)
{
	memcpy(to + to_bytes, data, bytes);
	to_bytes += bytes;
}

static void seal(size_t offset)
{
	struct flightrec_block *block = (void *)(to + offset);

	block->bytes = to_bytes - offset;
	block->checksum = 0;
	block->checksum = XXH64(block, block->bytes, 0);
}

static uint32_t record_words(uint64_t word)
{
	if (word & FLIGHTREC_TAG_MASK)
		return 1;
	return word >> FLIGHTREC_LONG_WORDS_SHIFT & ((1 << FLIGHTREC_LONG_WORDS_BITS) - 1);
}

static void put_segment(const uint8_t *at)
{
	const struct flightrec_segment *segment = (const void *)at;
	const uint64_t *words = (const void *)(at + segment->block.header_bytes);
	size_t offset = to_bytes, count = 0;
	struct flightrec_segment *small = (void *)(to + offset);

	while (count < max_words && count < segment->data_bytes / sizeof(*words))
		count += record_words(words[count]);
	put(at, segment->block.header_bytes);
	put(words, count * sizeof(*words));
	small->data_bytes = count * sizeof(*words);
	if (small->events > count)
		small->events = count;
	seal(offset);
}

static void put_rundown(const uint8_t *at)
{
	struct flightrec_rundown *small = (void *)(to + to_bytes);
	const struct flightrec_rundown *rundown = (const void *)at;
	size_t offset = to_bytes;

	put(at, rundown->block.header_bytes);
	if (small->tasks > max_entries)
		small->tasks = max_entries;
	put(at + rundown->block.header_bytes, (size_t)small->tasks * rundown->task_bytes);
	seal(offset);
}

static void put_cgroups(const uint8_t *at)
{
	struct flightrec_cgroups *small = (void *)(to + to_bytes);
	const struct flightrec_cgroups *cgroups = (const void *)at;
	size_t offset = to_bytes;

	put(at, cgroups->block.header_bytes);
	if (small->cgroups > max_entries)
		small->cgroups = max_entries;
	at += cgroups->block.header_bytes;
	for (uint32_t i = 0; i < small->cgroups; i++) {
		const struct flightrec_cgroup *cgroup = (const void *)at;

		put(at, cgroup->bytes);
		at += cgroup->bytes;
	}
	seal(offset);
}

static bool shrink(size_t bytes)
{
	size_t offset, segments = 0;

	for (offset = 0; offset < bytes;) {
		const struct flightrec_block *block = (const void *)(from + offset);
		size_t start = to_bytes;

		if (block->magic != FLIGHTREC_BLOCK_MAGIC)
			return false;
		switch (block->type) {
		case FLIGHTREC_BLOCK_SEGMENT:
			if (segments++ < max_segments)
				put_segment(from + offset);
			break;
		case FLIGHTREC_BLOCK_GAP:
			if (segments++ < max_segments) {
				put(from + offset, block->header_bytes);
				/* There is no room for more events than words. */
				((struct flightrec_segment *)(to + start))->events = 3;
				seal(start);
			}
			break;
		case FLIGHTREC_BLOCK_RUNDOWN:
			put_rundown(from + offset);
			break;
		case FLIGHTREC_BLOCK_CGROUPS:
			put_cgroups(from + offset);
			break;
		default:
			put(from + offset, block->bytes);
			break;
		}
		offset += block->bytes;
	}
	((struct flightrec_header *)to)->file_bytes = to_bytes;
	((struct flightrec_header *)to)->segments = segments < max_segments ? segments
									    : max_segments;
	((struct flightrec_block *)to)->checksum = 0;
	((struct flightrec_block *)to)->checksum =
		XXH64(to, ((struct flightrec_block *)to)->bytes, 0);
	return true;
}

int main(int argc, char **argv)
{
	size_t bytes = fread(from, 1, sizeof(from), stdin);

	if (argc != 4 || !bytes)
		return EXIT_FAILURE;
	max_segments = strtoull(argv[1], NULL, 10);
	max_words = strtoull(argv[2], NULL, 10);
	max_entries = strtoull(argv[3], NULL, 10);
	if (!shrink(bytes) || fwrite(to, 1, to_bytes, stdout) != to_bytes || fflush(stdout))
		return EXIT_FAILURE;
	return EXIT_SUCCESS;
}
