/* SPDX-License-Identifier: LGPL-2.1 */
#ifndef FLIGHTREC_SOURCE_H
#define FLIGHTREC_SOURCE_H

#include <stddef.h>
#include <stdint.h>

/* The bytes of a snapshot, all of them addressable. */
struct source {
	const uint8_t *data;
	size_t bytes;
	void *mapping; /* NULL: not a mapped file */
	size_t mapping_bytes;
	void *buffer; /* NULL: nothing to free */
};

int flightrec_source_open_fd(struct source *source, int fd);
void flightrec_source_open_memory(struct source *source, const void *data, size_t bytes);
void flightrec_source_close(struct source *source);
void flightrec_source_drop(const struct source *source, size_t offset, size_t bytes);

#endif
