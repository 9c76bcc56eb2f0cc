// SPDX-License-Identifier: GPL-2.0
/* The distribution of all times in the run queue. */
#include "latency.h"

static unsigned int bucket_of(uint64_t ns)
{
	unsigned int octave;

	if (ns < LATENCY_STEPS)
		return (unsigned int)ns;
	octave = 63 - (unsigned int)__builtin_clzll(ns);
	return (octave - 2) * LATENCY_STEPS + (unsigned int)(ns >> (octave - 3) & 7);
}

static uint64_t bucket_start_ns(unsigned int bucket)
{
	unsigned int octave = bucket / LATENCY_STEPS + 2;

	if (bucket < LATENCY_STEPS)
		return bucket;
	return (uint64_t)(LATENCY_STEPS + bucket % LATENCY_STEPS) << (octave - 3);
}

void latency_add(struct latency *latency, uint64_t ns)
{
	latency->count++;
	latency->total_ns += ns;
	latency->buckets[bucket_of(ns)]++;
	if (ns > latency->longest_ns)
		latency->longest_ns = ns;
}

uint64_t latency_quantile_ns(const struct latency *latency, double part)
{
	uint64_t below = 0;
	unsigned int i;

	for (i = 0; i < LATENCY_BUCKETS; i++) {
		below += latency->buckets[i];
		if (latency->count && (double)below >= part * (double)latency->count)
			break;
	}
	if (i + 1 >= LATENCY_BUCKETS || bucket_start_ns(i + 1) > latency->longest_ns)
		return latency->longest_ns;
	return bucket_start_ns(i + 1);
}
