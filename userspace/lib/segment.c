// SPDX-License-Identifier: LGPL-2.1
/* The segments of a file, and each CPU's in its order. */
#include <errno.h>
#include <stdlib.h>

#include "load.h"
#include "segment.h"

#define FIRST_ROOM 64

void flightrec_segment_parse(struct flightrec_segment *header, const uint8_t *block)
{
	header->block.magic = load_field(block, struct flightrec_block, magic);
	header->block.type = load_field(block, struct flightrec_block, type);
	header->block.header_bytes = load_field(block, struct flightrec_block, header_bytes);
	header->block.bytes = load_field(block, struct flightrec_block, bytes);
	header->block.checksum = load_field(block, struct flightrec_block, checksum);
	header->cpu = load_field(block, struct flightrec_segment, cpu);
	header->flags = load_field(block, struct flightrec_segment, flags);
	header->seq = load_field(block, struct flightrec_segment, seq);
	header->start_clock = load_field(block, struct flightrec_segment, start_clock);
	header->pair_clock = load_field(block, struct flightrec_segment, pair_clock);
	header->pair_monotonic_ns = load_field(block, struct flightrec_segment, pair_monotonic_ns);
	header->end_clock = load_field(block, struct flightrec_segment, end_clock);
	header->start_tid = load_field(block, struct flightrec_segment, start_tid);
	header->data_bytes = load_field(block, struct flightrec_segment, data_bytes);
	header->events = load_field(block, struct flightrec_segment, events);
	header->lost = load_field(block, struct flightrec_segment, lost);
	header->first_event = load_later_field(block, struct flightrec_segment, first_event);
}

/*
 * Whether the fields fit each other. There are at most as many events as words, and
 * in a GAP at most as many as the block has room for.
 */
bool flightrec_segment_sensible(const struct flightrec_segment *header)
{
	const struct flightrec_block *block = &header->block;

	return block->header_bytes >= SEGMENT_LEAST_BYTES && block->bytes >= block->header_bytes &&
	       header->cpu < 1U << FLIGHTREC_CPU_BITS && header->seq &&
	       header->start_tid < 1U << FLIGHTREC_TID_BITS &&
	       header->data_bytes % sizeof(uint64_t) == 0 &&
	       header->data_bytes <= block->bytes - block->header_bytes &&
	       header->events <= block->bytes / sizeof(uint64_t);
}

int flightrec_segment_add(struct segment_table *table, const struct segment *segment)
{
	if (table->count == table->room) {
		size_t room = table->room ? 2 * table->room : FIRST_ROOM;
		struct segment *segments = reallocarray(table->segments, room, sizeof(*segments));

		if (!segments)
			return -ENOMEM;
		table->segments = segments;
		table->room = room;
	}
	table->segments[table->count++] = *segment;
	return 0;
}

/* Of the same number, the better one first. */
static int stream_compare(const void *a, const void *b)
{
	const struct segment *left = *(struct segment *const *)a;
	const struct segment *right = *(struct segment *const *)b;

	if (left->header.cpu != right->header.cpu)
		return left->header.cpu < right->header.cpu ? -1 : 1;
	if (left->header.seq != right->header.seq)
		return left->header.seq < right->header.seq ? -1 : 1;
	if (left->kind != right->kind)
		return left->kind < right->kind ? -1 : 1;
	return left->offset < right->offset ? -1 : left->offset > right->offset;
}

/*
 * Whether the header of a damaged segment can be believed: it must fit where it
 * says that it belongs.
 */
static bool damaged_fits(const struct segment *segment, const struct segment *before,
			 const struct segment *after, uint32_t cpus_possible)
{
	const struct flightrec_segment *header = &segment->header;
	bool cpu_known = false;

	if (before && before->header.cpu == header->cpu) {
		if (header->seq == before->header.seq ||
		    header->start_clock < before->header.start_clock)
			return false;
		cpu_known = true;
	}
	if (after && after->header.cpu == header->cpu) {
		if (header->end_clock > after->header.end_clock)
			return false;
		cpu_known = true;
	}
	return cpu_known || header->cpu < cpus_possible;
}

static int list_readable(struct segment_table *table)
{
	table->readable = calloc(table->count ? table->count : 1, sizeof(*table->readable));
	if (!table->readable)
		return -ENOMEM;
	for (size_t i = 0; i < table->count; i++)
		if (table->segments[i].kind == SEGMENT_READABLE)
			table->readable[table->readable_count++] = &table->segments[i];
	return 0;
}

/* Builds @streams. The same segment twice, or a damaged one that can't be, is out. */
int flightrec_segment_table_sort(struct segment_table *table, uint32_t cpus_possible)
{
	struct segment **streams;
	size_t kept = 0;

	streams = calloc(table->count ? table->count : 1, sizeof(*streams));
	if (!streams)
		return -ENOMEM;
	for (size_t i = 0; i < table->count; i++)
		streams[i] = &table->segments[i];
	qsort(streams, table->count, sizeof(*streams), stream_compare);

	for (size_t i = 0; i < table->count; i++) {
		struct segment *segment = streams[i];
		const struct segment *before = kept ? streams[kept - 1] : NULL;
		const struct segment *after = i + 1 < table->count ? streams[i + 1] : NULL;

		if (before && before->header.cpu == segment->header.cpu &&
		    before->header.seq == segment->header.seq)
			segment->kind = SEGMENT_IGNORED;
		else if (segment->kind == SEGMENT_DAMAGED &&
			 !damaged_fits(segment, before, after, cpus_possible))
			segment->kind = SEGMENT_IGNORED;
		else
			streams[kept++] = segment;
	}
	table->streams = streams;
	table->in_streams = kept;
	return list_readable(table);
}

void flightrec_segment_table_free(struct segment_table *table)
{
	free(table->segments);
	free(table->streams);
	free(table->readable);
	*table = (struct segment_table){ 0 };
}
