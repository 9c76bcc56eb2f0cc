/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The same two events through LTTng-UST. In a source of its own: its headers and
 * the kernel's don't go together.
 */
#ifndef NATIVE_LTTNG_H
#define NATIVE_LTTNG_H

#include <stdbool.h>
#include <stdint.h>

struct lttng_task {
	uint32_t tid;
	uint32_t cpu;
	uint32_t nr;
};

/* Whether a session records the events. */
bool lttng_enabled(void);
void lttng_events(const struct lttng_task *tasks, uint32_t events);

#endif
