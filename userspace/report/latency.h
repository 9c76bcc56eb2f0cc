/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The distribution of all times in the run queue: in buckets of an eighth of an
 * octave, so that what is read from it is at most 12% too high.
 */
#ifndef REPORT_LATENCY_H
#define REPORT_LATENCY_H

#include <stdint.h>

#define LATENCY_STEPS	8
#define LATENCY_BUCKETS	(64 * LATENCY_STEPS)

struct latency {
	uint64_t count;
	uint64_t total_ns;
	uint64_t longest_ns;
	uint64_t buckets[LATENCY_BUCKETS];
};

void latency_add(struct latency *latency, uint64_t ns);

/* What @part (0.5: the median) of the times don't exceed. */
uint64_t latency_quantile_ns(const struct latency *latency, double part);

#endif
