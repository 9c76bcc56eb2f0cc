// SPDX-License-Identifier: GPL-2.0
/*
 * Waiting until there is something to fetch.
 *
 * Whoever waits looks again and again. To be woken, it would need a probe to do
 * so, under the scheduler's locks; and the waking would be recorded too.
 */
#include <linux/errno.h>
#include <linux/jiffies.h>
#include <linux/ktime.h>
#include <linux/minmax.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>

#include "clock.h"
#include "recorder.h"
#include "wait.h"

#define LOOK_EVERY_MS 10

/* Slots that are looked at in one go with the pool's lock. */
#define SLOTS_AT_ONCE 64

/* Bytes of records in segments that were closed behind @since. */
static u64 closed_bytes(u64 since)
{
	struct flightrec_pool *pool = &flightrec_pool;
	unsigned long flags;
	u32 index = 0, stop;
	u64 bytes = 0;

	do {
		stop = index + SLOTS_AT_ONCE;
		raw_spin_lock_irqsave(&pool->lock, flags);
		for (; index < stop && index < pool->capacity; index++)
			if (flightrec_pool_slot_closed(pool, index) &&
			    pool->slots[index].end > max(since, pool->cleared))
				bytes += pool->slots[index].used;
		raw_spin_unlock_irqrestore(&pool->lock, flags);
	} while (index == stop);
	return bytes;
}

/**
 * flightrec_wait_for_data() - wait as FLIGHTREC_WAIT says
 * @wait: as userspace gave it; what there is, is put in it
 *
 * Return: 0, -ETIMEDOUT, -EINTR or -EINVAL.
 */
int flightrec_wait_for_data(struct flightrec_wait *wait)
{
	ktime_t until = ktime_add_safe(ktime_get(), wait->timeout_ns);
	struct flightrec_state state;
	u64 wanted = wait->bytes;

	flightrec_recorder_state(&state);
	if (wait->flags || wanted > state.config.max_bytes || wait->since > flightrec_clock())
		return -EINVAL;
	for (;;) {
		wait->bytes = closed_bytes(wait->since);
		if (wait->bytes >= wanted)
			return 0;
		if (ktime_get() >= until)
			return -ETIMEDOUT;
		if (signal_pending(current))
			return -EINTR;
		schedule_timeout_interruptible(msecs_to_jiffies(LOOK_EVERY_MS));
	}
}
