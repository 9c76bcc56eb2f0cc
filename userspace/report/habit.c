// SPDX-License-Identifier: GPL-2.0
/* Where a thread waits, how often, and for how long. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "habit.h"

/* How many waits the guess at a thread's idleness in a place is worth. */
#define GUESS_WAITS	4

static const double guesses[] = {
	[PLACE_NONE] = 0.3,    [PLACE_SLEEP] = 1.0, [PLACE_POLL] = 0.9, [PLACE_ACCEPT] = 0.95,
	[PLACE_RECEIVE] = 0.6, [PLACE_CHILD] = 0.8, [PLACE_LOCK] = 0.4, [PLACE_OTHER] = 0.1,
};

static unsigned int bucket_of(uint64_t ns)
{
	uint64_t us = ns / 1000;
	unsigned int octave;
	unsigned int bucket;

	if (us < 1)
		return 0;
	octave = 63 - (unsigned int)__builtin_clzll(us);
	bucket = 2 * octave + (octave && (us >> (octave - 1) & 1));
	return bucket < HABIT_BUCKETS ? bucket : HABIT_BUCKETS - 1;
}

static uint64_t bucket_start_ns(unsigned int bucket)
{
	uint64_t octave = 1000ULL << (bucket / 2);

	return bucket % 2 ? octave + octave / 2 : octave;
}

static struct habits *grow(struct thread *thread)
{
	unsigned int count = thread->habits ? thread->habits->count : 0;
	struct habits *habits;

	habits = realloc(thread->habits, sizeof(*habits) + (count + 1) * sizeof(habits->list[0]));
	if (!habits)
		return NULL;
	if (!count)
		memset(habits, 0, sizeof(*habits));
	memset(&habits->list[count], 0, sizeof(habits->list[0]));
	habits->count = count + 1;
	thread->habits = habits;
	return habits;
}

struct habit *habit_find(const struct thread *thread, uint16_t nr, uint8_t state)
{
	struct habits *habits = thread->habits;
	unsigned int i;

	for (i = 0; habits && i < habits->count; i++) {
		if (habits->list[i].nr == nr && habits->list[i].state == state)
			return &habits->list[i];
	}
	return habits && habits->count == HABITS_MAX ? &habits->list[HABITS_MAX - 1] : NULL;
}

static struct habit *find_or_add(const struct wait *wait)
{
	struct habit *habit = habit_find(wait->thread, wait->nr, wait->state);
	struct habits *habits;

	if (habit)
		return habit;
	habits = grow(wait->thread);
	if (!habits)
		return NULL;
	habit = &habits->list[habits->count - 1];
	habit->nr = wait->nr;
	habit->state = wait->state;
	return habit;
}

int habit_add(const struct wait *wait, enum waker waker)
{
	struct habit *habit = find_or_add(wait);
	uint64_t ns = wait_ns(wait);

	if (!habit)
		return -ENOMEM;
	habit->total_ns += ns;
	if (wait->flags & WAIT_OPEN)
		return 0;
	habit->count++;
	wait->thread->habits->waits++;
	habit->buckets[bucket_of(ns)]++;
	if (ns > habit->longest_ns)
		habit->longest_ns = ns;
	if (waker_is_thread(waker))
		habit->waker = wait->waking.by;
	return 0;
}

static void add_up(struct habits *habits)
{
	unsigned int i, bucket;

	for (i = 0; i < habits->count; i++) {
		uint32_t *buckets = habits->list[i].buckets;

		for (bucket = HABIT_BUCKETS - 1; bucket-- > 0;)
			buckets[bucket] += buckets[bucket + 1];
	}
}

void habits_finish(const struct threads *threads)
{
	size_t i;

	for (i = 0; i < threads->count; i++) {
		if (threads->list[i] && threads->list[i]->habits)
			add_up(threads->list[i]->habits);
	}
}

uint32_t habit_at_least(const struct habit *habit, uint64_t ns)
{
	return habit->buckets[bucket_of(ns)];
}

uint32_t habit_about(const struct habit *habit, uint64_t ns)
{
	return habit_at_least(habit, ns / 5 * 4);
}

uint64_t habit_median_ns(const struct habit *habit)
{
	unsigned int i;

	for (i = 0; i + 1 < HABIT_BUCKETS; i++) {
		uint32_t below = habit->count - habit->buckets[i + 1];

		if (2 * (uint64_t)below >= habit->count)
			break;
	}
	if (i + 1 >= HABIT_BUCKETS || bucket_start_ns(i + 1) > habit->longest_ns)
		return habit->longest_ns;
	return bucket_start_ns(i + 1);
}

double habit_idleness(const struct wait *wait, struct places *places)
{
	const struct habit *habit = habit_find(wait->thread, wait->nr, wait->state);
	enum place place = place_of(places, wait->nr, wait->thread->flags);
	double here = habit ? habit->count : 0;
	double all = wait->thread->habits ? wait->thread->habits->waits : 0;

	return (guesses[place] * GUESS_WAITS + here) / (GUESS_WAITS + all);
}

void habits_free(struct thread *thread)
{
	free(thread->habits);
	thread->habits = NULL;
}
