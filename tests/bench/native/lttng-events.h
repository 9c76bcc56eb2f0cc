/* SPDX-License-Identifier: GPL-2.0 */
/* The fields of flightrec's two frequent records. */
#undef LTTNG_UST_TRACEPOINT_PROVIDER
#define LTTNG_UST_TRACEPOINT_PROVIDER flightrec_bench

#undef LTTNG_UST_TRACEPOINT_INCLUDE
#define LTTNG_UST_TRACEPOINT_INCLUDE "./lttng-events.h"

#if !defined(NATIVE_LTTNG_EVENTS_H) || defined(LTTNG_UST_TRACEPOINT_HEADER_MULTI_READ)
#define NATIVE_LTTNG_EVENTS_H

#include <lttng/tracepoint.h>
#include <stdint.h>

/* clang-format off */
LTTNG_UST_TRACEPOINT_EVENT(flightrec_bench, sched_switch,
	LTTNG_UST_TP_ARGS(uint32_t, next, uint8_t, state, uint16_t, nr),
	LTTNG_UST_TP_FIELDS(
		lttng_ust_field_integer(uint32_t, next, next)
		lttng_ust_field_integer(uint8_t, state, state)
		lttng_ust_field_integer(uint16_t, nr, nr)
	)
)

LTTNG_UST_TRACEPOINT_EVENT(flightrec_bench, sched_waking,
	LTTNG_UST_TP_ARGS(uint32_t, tid, uint16_t, cpu, uint8_t, context),
	LTTNG_UST_TP_FIELDS(
		lttng_ust_field_integer(uint32_t, tid, tid)
		lttng_ust_field_integer(uint16_t, cpu, cpu)
		lttng_ust_field_integer(uint8_t, context, context)
	)
)
/* clang-format on */

#endif

#include <lttng/tracepoint-event.h>
