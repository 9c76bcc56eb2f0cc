/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A thread's habits: where it waits, how often, and for how long. What is usual
 * for a thread is no news, however long it takes.
 */
#ifndef REPORT_HABIT_H
#define REPORT_HABIT_H

#include "place.h"
#include "thread.h"
#include "wait.h"

/* More kinds of waits than this are put together in the last one. */
#define HABITS_MAX	12

/*
 * Lengths are counted by half octaves, from a microsecond on: bucket 2n begins
 * at 2^n us, bucket 2n+1 at 1.5 * 2^n us.
 */
#define HABIT_BUCKETS	64

struct habit {
	uint16_t nr;			/* FLIGHTREC_NR_* */
	uint8_t state;			/* FLIGHTREC_STATE_* */
	uint32_t count;			/* of waits that were ended */
	uint64_t total_ns;		/* of these, and of the time until the cut */
	uint64_t longest_ns;
	struct thread *waker;		/* the last thread that ended one */
	uint32_t buckets[HABIT_BUCKETS];	/* from habits_finish() on: and in all above */
};

struct habits {
	unsigned int count;
	uint32_t waits;			/* of all of them */
	struct habit list[];
};

/* Adds a wait, and what ended it. Returns 0 or -ENOMEM. */
int habit_add(const struct wait *wait, enum waker waker);

/*
 * To be called once behind the last habit_add(). From here on each bucket has the
 * number of waits that are as long or longer, because that is what is asked millions
 * of times.
 */
void habits_finish(const struct threads *threads);

/* The habit that such a wait belongs to, or NULL. */
struct habit *habit_find(const struct thread *thread, uint16_t nr, uint8_t state);

/* The number of waits in @habit that took at least about @ns: to half an octave. */
uint32_t habit_at_least(const struct habit *habit, uint64_t ns);

/* The number of waits in @habit that took about @ns or more: at least four fifths. */
uint32_t habit_about(const struct habit *habit, uint64_t ns);

/* The length that half of the waits do not exceed, at most half an octave too high. */
uint64_t habit_median_ns(const struct habit *habit);

/*
 * From 0 to 1: how surely @wait is where its thread waits for work: the part of
 * all its waits that are in this call. As there may be few, a first guess by the
 * kind of call counts as if it were some more of them.
 */
double habit_idleness(const struct wait *wait, struct places *places);

void habits_free(struct thread *thread);

#endif
