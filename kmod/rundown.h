/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FLIGHTREC_RUNDOWN_H
#define FLIGHTREC_RUNDOWN_H

#include <linux/types.h>

/* The blocks RUNDOWN and CGROUPS; ends with room for an END. */
struct flightrec_rundown_blocks {
	void *data; /* to be freed with kvfree() */
	size_t bytes; /* of the two blocks, without the room */
};

int flightrec_rundown_take(struct flightrec_rundown_blocks *blocks);
void flightrec_rundown_seal(const struct flightrec_rundown_blocks *blocks);

#endif
