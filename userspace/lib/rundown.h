/* SPDX-License-Identifier: LGPL-2.1 */
#ifndef FLIGHTREC_RUNDOWN_H
#define FLIGHTREC_RUNDOWN_H

#include <stddef.h>
#include <stdint.h>

#include "flightrec_format.h"

/* The live tasks at the cut, where they lie in the file. */
struct rundown {
	const uint8_t *entries; /* NULL: the file has none */
	uint32_t entry_bytes;
	uint32_t count;
	uint64_t missed;
	uint32_t *by_tid; /* numbers of the entries, by rising tid */
};

int flightrec_rundown_take(struct rundown *rundown, const uint8_t *block, size_t bytes);
void flightrec_rundown_free(struct rundown *rundown);
int flightrec_rundown_get(const struct rundown *rundown, uint32_t index,
			  struct flightrec_task *task);
int flightrec_rundown_find(const struct rundown *rundown, uint32_t tid,
			   struct flightrec_task *task);

#endif
