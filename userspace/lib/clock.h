/* SPDX-License-Identifier: LGPL-2.1 */
#ifndef FLIGHTREC_CLOCK_H
#define FLIGHTREC_CLOCK_H

#include <stddef.h>
#include <stdint.h>

/* The recorder's clock and CLOCK_MONOTONIC, read together. */
struct clock_pair {
	uint64_t clock;
	uint64_t ns;
};

/* A straight piece of the line from one to the other. */
struct clock_piece {
	uint64_t clock; /* where it starts */
	uint64_t ns;
	uint64_t slope; /* ns per unit of the clock, << CLOCK_SLOPE_SHIFT */
	uint64_t clock_length; /* until the next one, or the end of time */
	uint64_t ns_length; /* bound on what it adds: the next one's start */
};

struct clock_map {
	struct clock_piece *pieces;
	size_t count;
};

/*
 * 24 bits in front of the point are enough for a clock of 60 Hz; 40 behind it are
 * off by less than a nanosecond in a quarter of an hour.
 */
#define CLOCK_SLOPE_SHIFT 40

int flightrec_clock_map_identity(struct clock_map *map);
int flightrec_clock_map_build(struct clock_map *map, struct clock_pair *pairs, size_t count);
void flightrec_clock_map_free(struct clock_map *map);
uint64_t flightrec_clock_map_ns(const struct clock_map *map, uint64_t clock);
uint64_t flightrec_clock_map_clock(const struct clock_map *map, uint64_t ns);

static inline uint64_t clock_piece_ns(const struct clock_piece *piece, uint64_t clock)
{
	unsigned __int128 ns = (unsigned __int128)(clock - piece->clock) * piece->slope;

	ns = (ns + (1ULL << (CLOCK_SLOPE_SHIFT - 1))) >> CLOCK_SLOPE_SHIFT;
	if ((uint64_t)(ns >> 64) || (uint64_t)ns > piece->ns_length)
		return piece->ns + piece->ns_length;
	return piece->ns + (uint64_t)ns;
}

/* Whether @clock lies in the piece. */
static inline int clock_piece_has(const struct clock_piece *piece, uint64_t clock)
{
	return clock - piece->clock < piece->clock_length;
}

#endif
