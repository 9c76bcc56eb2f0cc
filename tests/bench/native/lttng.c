// SPDX-License-Identifier: GPL-2.0
#define LTTNG_UST_TRACEPOINT_CREATE_PROBES
#define LTTNG_UST_TRACEPOINT_DEFINE
#include "lttng-events.h"
#include "lttng.h"

#define STATE_SLEEPING 1
#define CONTEXT_THREAD 0

bool lttng_enabled(void)
{
	return lttng_ust_tracepoint_enabled(flightrec_bench, sched_switch) &&
	       lttng_ust_tracepoint_enabled(flightrec_bench, sched_waking);
}

static inline void hand_over(const struct lttng_task *prev, const struct lttng_task *next)
{
	lttng_ust_tracepoint(flightrec_bench, sched_waking, next->tid, next->cpu, CONTEXT_THREAD);
	lttng_ust_tracepoint(flightrec_bench, sched_switch, next->tid, STATE_SLEEPING, prev->nr);
}

void lttng_events(const struct lttng_task *tasks, uint32_t events)
{
	uint32_t i;

	for (i = 0; i < events / 4; i++) {
		hand_over(&tasks[0], &tasks[1]);
		hand_over(&tasks[1], &tasks[0]);
	}
}
