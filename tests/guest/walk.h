/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A reader of snapshots of the tests' own, straight from the format's
 * description: strict where libflightrec is lenient, so that what the module
 * writes is judged without the library's help.
 */
#ifndef WALK_H
#define WALK_H

#include <stddef.h>
#include <stdint.h>

#include <flightrec_format.h>

struct record {
	uint64_t clock;
	uint32_t cpu;
	uint32_t tag;
	uint32_t type; /* of a LONG record */
	uint32_t tid;
	uint32_t words;
	const uint64_t *word;
};

struct snapshot {
	char *data;
	size_t bytes;
	const struct flightrec_header *header;
	const struct flightrec_segment **segments; /* SEGMENT and GAP, in the file's order */
	uint32_t nr_segments;
	uint32_t nr_gaps;
	const struct flightrec_rundown *rundown;
	const struct flightrec_cgroups *cgroups;
};

/* Takes over @data. Ends the test program if it is not a whole, sound snapshot. */
struct snapshot *snapshot_parse(char *data, size_t bytes);
void snapshot_free(struct snapshot *snapshot);

typedef void (*record_fn)(const struct record *record, void *arg);

/* Calls @fn for each record of the segment, annotations included. */
void segment_walk(const struct flightrec_segment *segment, record_fn fn, void *arg);
void snapshot_walk(const struct snapshot *snapshot, record_fn fn, void *arg);

#endif
