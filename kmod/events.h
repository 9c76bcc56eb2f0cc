/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FLIGHTREC_EVENTS_H
#define FLIGHTREC_EVENTS_H

#include <linux/types.h>

struct flightrec_pool;
struct flightrec_ring;

int flightrec_events_init(struct flightrec_pool *pool);
void flightrec_events_exit(void);
int flightrec_events_set(u64 mask);
int flightrec_events_mark(const u64 *more, u32 nr_more);
void flightrec_events_close_rings(void);
struct flightrec_ring *flightrec_events_ring(u32 cpu);
bool flightrec_events_valid(u64 mask);
u64 flightrec_events_recorded(void);
u64 flightrec_events_missing(void);

#endif
