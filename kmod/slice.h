/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FLIGHTREC_SLICE_H
#define FLIGHTREC_SLICE_H

#include <linux/types.h>

#include <flightrec_format.h>

/**
 * struct flightrec_slice - which events are wanted
 * @from: none of this time or before; 0: no such bound
 * @to: none behind this time
 * @events: mask of their kinds, SWITCH among them
 */
struct flightrec_slice {
	u64 from;
	u64 to;
	u64 events;
};

bool flightrec_slice_take(const struct flightrec_slice *slice, struct flightrec_segment *header,
			  const u64 *words, u64 *to);

#endif
