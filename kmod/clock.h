/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FLIGHTREC_CLOCK_H
#define FLIGHTREC_CLOCK_H

#include <linux/jump_label.h>
#include <linux/ktime.h>
#include <linux/types.h>

#include <flightrec_format.h>

#include "compat.h"

DECLARE_STATIC_KEY_FALSE(flightrec_clock_is_counter);

/*
 * How many epochs (record.h) the clock is ahead of the counter. Whole ones, so that
 * the low bits, which are all that most records have of it, are the counter's.
 */
extern u64 flightrec_clock_epochs;

/* The recorder's clock. Callable anywhere, NMIs included. */
static __always_inline u64 flightrec_clock(void)
{
	if (static_branch_likely(&flightrec_clock_is_counter))
		return flightrec_counter() + (flightrec_clock_epochs << FLIGHTREC_TIME_BITS);
	return ktime_get_mono_fast_ns();
}

/**
 * struct flightrec_pair - two clocks, read together
 * @clock: flightrec_clock()
 * @monotonic_ns: CLOCK_MONOTONIC
 */
struct flightrec_pair {
	u64 clock;
	u64 monotonic_ns;
};

/* Of flightrec_clock_epoch() what flightrec_counter_split() has of it. */
static inline u32 flightrec_clock_counter_epoch(u64 epoch)
{
	return epoch - flightrec_clock_epochs;
}

void flightrec_clock_init(void);
void flightrec_clock_resume(const struct flightrec_pair *before);
void flightrec_clock_pair(struct flightrec_pair *pair);
u64 flightrec_clock_to_ns(u64 clock);
u64 flightrec_clock_from_ns(u64 ns);
u64 flightrec_clock_from_ns_span(u64 ns);
u32 flightrec_clock_id(void);
u32 flightrec_clock_khz(void);
const struct flightrec_pair *flightrec_clock_origin(void);

#endif
