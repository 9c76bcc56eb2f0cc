// SPDX-License-Identifier: LGPL-2.1
/*
 * From the recorder's clock to CLOCK_MONOTONIC: a line through pairs that the
 * recorder read together, straight between two of them, rising everywhere.
 *
 * Reading a pair is off by up to about 100 ns. Between neighbours that are close
 * this would bend the line, so that of the pairs within PAIR_DISTANCE_NS only the
 * first is taken: then the slope is right to 4 parts in a million.
 */
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>

#include "clock.h"

#define PAIR_DISTANCE_NS 50000000

int flightrec_clock_map_identity(struct clock_map *map)
{
	map->pieces = calloc(1, sizeof(*map->pieces));
	if (!map->pieces)
		return -ENOMEM;
	map->count = 1;
	map->pieces[0].slope = 1ULL << CLOCK_SLOPE_SHIFT;
	map->pieces[0].clock_length = UINT64_MAX;
	map->pieces[0].ns_length = UINT64_MAX;
	return 0;
}

static int pair_compare(const void *a, const void *b)
{
	const struct clock_pair *left = a, *right = b;

	if (left->clock != right->clock)
		return left->clock < right->clock ? -1 : 1;
	return left->ns < right->ns ? -1 : left->ns > right->ns;
}

/*
 * Keeps what rises and is far enough apart, the first and the last always: the
 * last is the cut, whose time is stated elsewhere, too, and has to agree.
 */
static size_t pairs_thin(struct clock_pair *pairs, size_t count)
{
	struct clock_pair last = pairs[count - 1];
	size_t kept = 1;

	for (size_t i = 1; i < count; i++) {
		const struct clock_pair *newest = &pairs[kept - 1];

		if (pairs[i].clock > newest->clock && pairs[i].ns > newest->ns &&
		    pairs[i].ns - newest->ns >= PAIR_DISTANCE_NS)
			pairs[kept++] = pairs[i];
	}
	if (pairs[kept - 1].clock == last.clock || last.ns <= pairs[kept - 1].ns)
		return kept;
	/* Closer than PAIR_DISTANCE_NS to its neighbour, which gives way. */
	if (kept > 1)
		kept--;
	pairs[kept++] = last;
	return kept;
}

static uint64_t slope_between(const struct clock_pair *from, const struct clock_pair *to)
{
	unsigned __int128 slope = (unsigned __int128)(to->ns - from->ns) << CLOCK_SLOPE_SHIFT;
	uint64_t units = to->clock - from->clock;

	slope = (slope + units / 2) / units;
	return slope < UINT64_MAX ? (uint64_t)slope : UINT64_MAX;
}

int flightrec_clock_map_build(struct clock_map *map, struct clock_pair *pairs, size_t count)
{
	struct clock_piece *piece;

	qsort(pairs, count, sizeof(*pairs), pair_compare);
	count = pairs_thin(pairs, count);
	map->pieces = calloc(count, sizeof(*map->pieces));
	if (!map->pieces)
		return -ENOMEM;
	map->count = count;

	for (size_t i = 0; i < count; i++) {
		piece = &map->pieces[i];
		piece->clock = pairs[i].clock;
		piece->ns = pairs[i].ns;
		if (i + 1 < count) {
			piece->slope = slope_between(&pairs[i], &pairs[i + 1]);
			piece->clock_length = pairs[i + 1].clock - pairs[i].clock;
			piece->ns_length = pairs[i + 1].ns - pairs[i].ns;
		}
	}
	/* The last one goes on as the one before it. */
	piece = &map->pieces[count - 1];
	piece->slope = count > 1 ? piece[-1].slope : 1ULL << CLOCK_SLOPE_SHIFT;
	piece->clock_length = UINT64_MAX - piece->clock;
	piece->ns_length = UINT64_MAX - piece->ns;
	return 0;
}

void flightrec_clock_map_free(struct clock_map *map)
{
	free(map->pieces);
	map->pieces = NULL;
	map->count = 0;
}

/* The last piece that starts at or before a time; the first one if none does. */
static const struct clock_piece *piece_find(const struct clock_map *map, uint64_t value, bool is_ns)
{
	size_t low = 0, high = map->count;

	while (high - low > 1) {
		size_t middle = low + (high - low) / 2;
		const struct clock_piece *piece = &map->pieces[middle];

		if ((is_ns ? piece->ns : piece->clock) <= value)
			low = middle;
		else
			high = middle;
	}
	return &map->pieces[low];
}

uint64_t flightrec_clock_map_ns(const struct clock_map *map, uint64_t clock)
{
	const struct clock_piece *piece = piece_find(map, clock, false);
	unsigned __int128 before;

	if (clock >= piece->clock)
		return clock_piece_ns(piece, clock);
	before = ((unsigned __int128)(piece->clock - clock) * piece->slope) >> CLOCK_SLOPE_SHIFT;
	return before < piece->ns ? piece->ns - (uint64_t)before : 0;
}

/* The latest clock whose time is not after @ns, to within a unit's rounding. */
uint64_t flightrec_clock_map_clock(const struct clock_map *map, uint64_t ns)
{
	const struct clock_piece *piece = piece_find(map, ns, true);
	unsigned __int128 units;

	if (!piece->slope || ns < piece->ns)
		return ns < piece->ns ? 0 : piece->clock;
	units = ((unsigned __int128)(ns - piece->ns) << CLOCK_SLOPE_SHIFT) / piece->slope;
	if (units >= piece->clock_length)
		units = piece->clock_length - 1;
	if (units > UINT64_MAX - piece->clock)
		return UINT64_MAX;
	return piece->clock + (uint64_t)units;
}
