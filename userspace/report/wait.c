// SPDX-License-Identifier: GPL-2.0
/* What ended a wait. */
#include "place.h"
#include "thread.h"
#include "wait.h"

static bool is_sender(const struct wait *wait, enum place place)
{
	const struct waking *waking = &wait->waking;

	if (!waking->by || thread_is_idle(waking->by) || thread_is_kernel(waking->by))
		return false;
	if (wait->state != FLIGHTREC_STATE_SLEEPING || !place_has_socket(place))
		return false;
	return waking->by_since > wait->start &&
	       waking->time - waking->by_since <= wait_ns(wait) / 4;
}

static enum waker softirq_waker(const struct wait *wait, enum place place)
{
	if (is_sender(wait, place))
		return WAKER_SENDER;
	return place == PLACE_SLEEP ? WAKER_TIMER : WAKER_INTERRUPT;
}

/*
 * High-resolution timers, which all sleeps and timeouts of system calls use, end
 * in the hard interrupt. Who is in D waits for a device, as a rule.
 */
static enum waker hardirq_waker(const struct wait *wait, enum place place)
{
	if (place_has_timeout(place))
		return WAKER_TIMER;
	if (wait->state == FLIGHTREC_STATE_UNINTERRUPTIBLE)
		return WAKER_DEVICE;
	return WAKER_INTERRUPT;
}

enum waker wait_waker(const struct wait *wait, struct places *places)
{
	enum place place = place_of(places, wait->nr, wait->thread->flags);

	if (wait->flags & WAIT_OPEN)
		return WAKER_NOBODY;
	if (!wait->waking.time)
		return WAKER_UNKNOWN;
	switch (wait->waking.context) {
	case FLIGHTREC_CONTEXT_THREAD:
		/* What the idle thread does is on behalf of another CPU. */
		if (!wait->waking.by || thread_is_idle(wait->waking.by))
			return WAKER_UNKNOWN;
		return wait->waking.exiting ? WAKER_EXIT : WAKER_THREAD;
	case FLIGHTREC_CONTEXT_SOFTIRQ:
		return softirq_waker(wait, place);
	default:
		return hardirq_waker(wait, place);
	}
}
