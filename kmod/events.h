/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FLIGHTREC_EVENTS_H
#define FLIGHTREC_EVENTS_H

#include <linux/types.h>

struct flightrec_pool;
struct flightrec_ring;

int flightrec_events_init(struct flightrec_pool *pool);
void flightrec_events_exit(void);
int flightrec_events_attach(void);
void flightrec_events_detach(void);
void flightrec_events_close_rings(void);
struct flightrec_ring *flightrec_events_ring(u32 cpu);
u64 flightrec_events_attached(void);
u64 flightrec_events_missing(void);

#endif
