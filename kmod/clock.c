// SPDX-License-Identifier: GPL-2.0
/*
 * The recorder's clock: the CPU's cycle counter where the kernel trusts it to
 * run at one rate on all CPUs, CLOCK_MONOTONIC's fast accessor elsewhere.
 *
 * The counter costs a fifth of local_clock(), which would also differ between
 * CPUs by up to a tick where the counter is not to be trusted. Its values are
 * written as they are; pairs with CLOCK_MONOTONIC in the data let the reader
 * convert them.
 *
 * While the machine is suspended CLOCK_MONOTONIC stands still. The counter may go
 * on, stand still or start again at zero: flightrec_clock_resume() mends that.
 */
#include <linux/irqflags.h>
#include <linux/math64.h>

#include <flightrec_format.h>
#include "clock.h"
#include "record.h"

DEFINE_STATIC_KEY_FALSE(flightrec_clock_is_counter);

u64 flightrec_clock_epochs __read_mostly;
static struct flightrec_pair origin __ro_after_init;

/**
 * flightrec_clock_init() - choose the clock
 *
 * Once, before anything is recorded.
 */
void __init flightrec_clock_init(void)
{
	if (flightrec_counter_reliable())
		static_branch_enable(&flightrec_clock_is_counter);
	flightrec_clock_pair(&origin);
}

/**
 * flightrec_clock_resume() - have the clock go on where it was before a suspend
 * @before: the clocks then
 *
 * It advances by what CLOCK_MONOTONIC did, and up to one epoch more, of some
 * milliseconds. Only while nothing is recorded.
 */
void flightrec_clock_resume(const struct flightrec_pair *before)
{
	struct flightrec_pair now;
	u64 clock;

	if (!static_key_enabled(&flightrec_clock_is_counter))
		return;
	flightrec_clock_pair(&now);
	clock = before->clock +
		flightrec_clock_from_ns_span(now.monotonic_ns - before->monotonic_ns);
	/* Backwards, too: the shift loses no bit of what wraps around. */
	flightrec_clock_epochs += flightrec_epochs_until(now.clock, clock);
}

u32 flightrec_clock_id(void)
{
	return static_key_enabled(&flightrec_clock_is_counter) ? FLIGHTREC_COUNTER_CLOCK
							       : FLIGHTREC_CLOCK_MONOTONIC;
}

/* Nominal units of the clock in a millisecond. */
u32 flightrec_clock_khz(void)
{
	return static_key_enabled(&flightrec_clock_is_counter) ? flightrec_counter_khz()
							       : NSEC_PER_SEC / MSEC_PER_SEC;
}

/* The pair of clocks of the moment when the module was loaded. */
const struct flightrec_pair *flightrec_clock_origin(void)
{
	return &origin;
}

/**
 * flightrec_clock_pair() - read the recorder's clock and CLOCK_MONOTONIC together
 * @pair: out
 *
 * The pair is off by at most half the time between two readings of the clock. It is
 * the best of a few: what stops a virtual CPU stops it rarely in all of them.
 */
void flightrec_clock_pair(struct flightrec_pair *pair)
{
	u64 least = U64_MAX;
	unsigned long flags;
	int i;

	local_irq_save(flags);
	for (i = 0; i < 3; i++) {
		u64 before = flightrec_clock();
		u64 ns = ktime_get_mono_fast_ns();
		u64 span = flightrec_clock() - before;

		if (span < least) {
			least = span;
			pair->clock = before + span / 2;
			pair->monotonic_ns = ns;
		}
	}
	local_irq_restore(flags);
}

/*
 * A span of nanoseconds in units of the clock, by its nominal rate. Spans of
 * decades are cut: x86's division would trap if the quotient didn't fit.
 */
u64 flightrec_clock_from_ns_span(u64 ns)
{
	ns = min_t(u64, ns, S64_MAX / 8);
	return mul_u64_u64_div_u64(ns, flightrec_clock_khz(), NSEC_PER_SEC / MSEC_PER_SEC);
}

/**
 * flightrec_clock_from_ns() - the recorder's clock at a time of CLOCK_MONOTONIC
 * @ns: the time
 *
 * The inverse of flightrec_clock_to_ns(). A time before the load is that of the
 * load, one in the future is now.
 */
u64 flightrec_clock_from_ns(u64 ns)
{
	struct flightrec_pair now;

	flightrec_clock_pair(&now);
	if (ns <= origin.monotonic_ns || now.clock <= origin.clock)
		return origin.clock;
	if (ns >= now.monotonic_ns)
		return now.clock;
	return now.clock - mul_u64_u64_div_u64(now.monotonic_ns - ns, now.clock - origin.clock,
					       now.monotonic_ns - origin.monotonic_ns);
}

/**
 * flightrec_clock_to_ns() - CLOCK_MONOTONIC at a time of the recorder's clock
 * @clock: the time
 *
 * By the line through the pair of the load and one of now: exact for now, and
 * between these as good as the clock's rate was constant. 0 for a time before
 * the load.
 */
u64 flightrec_clock_to_ns(u64 clock)
{
	struct flightrec_pair now;
	u64 span;

	if (clock < origin.clock)
		return 0;
	flightrec_clock_pair(&now);
	if (clock >= now.clock)
		return now.monotonic_ns;
	span = now.clock - origin.clock;
	return now.monotonic_ns -
	       mul_u64_u64_div_u64(now.clock - clock, now.monotonic_ns - origin.monotonic_ns, span);
}
