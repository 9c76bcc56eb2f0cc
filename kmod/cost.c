// SPDX-License-Identifier: GPL-2.0
/*
 * What an event costs on this machine: the fast path, timed on a ring that
 * belongs to no CPU.
 */
#include <linux/gfp.h>
#include <linux/irqflags.h>
#include <linux/math64.h>
#include <linux/minmax.h>
#include <linux/slab.h>
#include <linux/time64.h>

#include "clock.h"
#include "cost.h"
#include "ring.h"

#define EVENTS (PAGE_SIZE / sizeof(u64))
#define ROUNDS 16

static u64 cost_ps __ro_after_init;

u64 flightrec_cost_ps(void)
{
	return cost_ps;
}

/* Fills the memory once. Return: units of the clock. */
static __init u64 fill(struct flightrec_ring *ring, u64 *memory)
{
	u32 key = flightrec_name_key(1, 120);
	unsigned long flags;
	u64 start, end;
	int i;

	ring->names[key % FLIGHTREC_NAMES] = key;
	ring->pos = memory;
	ring->end = memory + EVENTS;
	local_irq_save(flags);
	start = flightrec_clock();
	for (i = 0; i < EVENTS; i++) {
		u64 now = flightrec_clock();

		ring->epoch = flightrec_clock_epoch(now);
		flightrec_ring_try(ring, now, ring->epoch, flightrec_word_waking(1, 0, 0), key);
		barrier();
	}
	end = flightrec_clock();
	local_irq_restore(flags);
	return end - start;
}

/* Once, at the load. Without memory for it, the cost stays unknown, which is 0. */
void __init flightrec_cost_measure(void)
{
	struct flightrec_ring *ring = kzalloc(sizeof(*ring), GFP_KERNEL);
	u64 *memory = (u64 *)__get_free_page(GFP_KERNEL);
	u64 least = U64_MAX;
	int i;

	for (i = 0; ring && memory && i < ROUNDS; i++)
		least = min(least, fill(ring, memory));
	if (ring && memory)
		cost_ps = div64_u64(least * NSEC_PER_SEC, (u64)flightrec_clock_khz() * EVENTS);
	free_page((unsigned long)memory);
	kfree(ring);
}
