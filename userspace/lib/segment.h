/* SPDX-License-Identifier: LGPL-2.1 */
#ifndef FLIGHTREC_SEGMENT_H
#define FLIGHTREC_SEGMENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "flightrec_format.h"

/* The header of the first version, which had nothing behind the losses. */
#define SEGMENT_LEAST_BYTES offsetof(struct flightrec_segment, first_event)

enum segment_kind {
	SEGMENT_READABLE,
	SEGMENT_TAKEN_BACK, /* a GAP block */
	SEGMENT_DAMAGED, /* wrong checksum; the header makes sense */
	SEGMENT_IGNORED, /* the same one twice, or damaged beyond belief */
};

struct segment {
	struct flightrec_segment header; /* in this machine's byte order */
	enum segment_kind kind;
	const uint8_t *data;
	size_t offset; /* of the block in the file */
};

struct segment_table {
	struct segment *segments; /* in the order of the file */
	size_t count;
	size_t room;
	struct segment **streams; /* by CPU, then by seq, none twice */
	size_t in_streams;
	struct segment **readable; /* in the order of the file */
	size_t readable_count;
};

void flightrec_segment_parse(struct flightrec_segment *header, const uint8_t *block);
bool flightrec_segment_sensible(const struct flightrec_segment *header);
int flightrec_segment_add(struct segment_table *table, const struct segment *segment);
int flightrec_segment_table_sort(struct segment_table *table, uint32_t cpus_possible);
void flightrec_segment_table_free(struct segment_table *table);

#endif
