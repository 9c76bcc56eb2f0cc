// SPDX-License-Identifier: GPL-2.0
/* How much a wait tells. */
#include "habit.h"
#include "score.h"
#include "thread.h"

/* How many waits the first guess at a thread's idleness in a place is worth. */
#define GUESS_WAITS	4

/* A wait that ended longer ago than this, or than its length, wasn't just noticed. */
#define NOTICED_NS	50000000

struct weight {
	double call;	/* what a wait in such a call counts */
	double idle;	/* the guess how likely it is that a thread idles there */
};

static const struct weight weights[] = {
	[PLACE_NONE] = { 1.0, 0.3 },
	[PLACE_SLEEP] = { 0.0, 1.0 },
	[PLACE_POLL] = { 0.5, 0.9 },
	[PLACE_ACCEPT] = { 0.1, 0.95 },
	[PLACE_RECEIVE] = { 0.7, 0.6 },
	[PLACE_CHILD] = { 0.1, 0.8 },
	[PLACE_LOCK] = { 1.0, 0.4 },
	[PLACE_OTHER] = { 1.5, 0.1 },
};

static bool is_uninterruptible(const struct wait *wait)
{
	return wait->state == FLIGHTREC_STATE_UNINTERRUPTIBLE;
}

/* From 0 to 1: how surely this is where the thread waits for work. */
static double idleness(const struct wait *wait, enum place place)
{
	const struct habit *habit = habit_find(wait->thread, wait->nr, wait->state);
	double here = habit ? habit->count : 0;
	double all = wait->thread->habits ? wait->thread->habits->waits : 0;

	return (weights[place].idle * GUESS_WAITS + here) / (GUESS_WAITS + all);
}

/* From 0 to 1: how many of the thread's waits in this place are about as long. */
static double habit_share(const struct wait *wait)
{
	const struct habit *habit = habit_find(wait->thread, wait->nr, wait->state);
	uint32_t others;

	if (!habit || !habit->count)
		return 0;
	others = habit_at_least(habit, wait_ns(wait) / 2);
	if (others && !(wait->flags & WAIT_OPEN))
		others--;
	return (double)others / (habit->count + 1);
}

static double score_end(enum waker waker, const struct wait *wait)
{
	switch (waker) {
	case WAKER_NOBODY:
		return is_uninterruptible(wait) ? 1.5 : 0.5;
	case WAKER_UNKNOWN:
	case WAKER_EXIT:
		return 0.5;
	case WAKER_TIMER:
		return 0.2;
	case WAKER_INTERRUPT:
		return is_uninterruptible(wait) ? 1.0 : 0.3;
	default:
		return 1.0;
	}
}

static enum idle idle_reason(const struct wait *wait, enum place place)
{
	if (wait->state == FLIGHTREC_STATE_IDLE || wait->state == FLIGHTREC_STATE_PARKED)
		return IDLE_KERNEL;
	if (is_uninterruptible(wait))
		return IDLE_NOT;
	if (thread_is_kernel(wait->thread))
		return IDLE_KERNEL;
	if (place == PLACE_SLEEP)
		return IDLE_SLEEP;
	if (wait->flags & WAIT_BEFORE)
		return IDLE_ALWAYS;
	return IDLE_NOT;
}

double score_wait(const struct scoring *scoring, const struct wait *wait, enum idle *idle)
{
	enum place place = place_of(scoring->places, wait->nr, wait->thread->flags);
	double weight = weights[place].call;

	*idle = scoring->all ? IDLE_NOT : idle_reason(wait, place);
	if (*idle != IDLE_NOT)
		return 0;
	if (scoring->all)
		return 1;

	if (is_uninterruptible(wait))
		weight = thread_is_kernel(wait->thread) ? 0.5 : 2.0;
	else
		weight *= 1.0 - idleness(wait, place);
	weight *= 1.0 - 0.7 * habit_share(wait);
	weight *= score_end(wait_waker(wait, scoring->places), wait);
	if (wait->flags & WAIT_LOSS)
		weight *= 0.5;
	if (weight < SCORE_LEAST_WEIGHT / 2)
		*idle = IDLE_HOME;
	return weight;
}

/* Whether the thread that answers for somebody's wait had only been idle until then. */
static bool idled(const struct scoring *scoring, const struct link *link)
{
	enum place place = place_of(scoring->places, link->wait.nr, link->thread->flags);

	if (!link->waits || is_uninterruptible(&link->wait))
		return false;
	return place == PLACE_SLEEP || (link->wait.flags & WAIT_BEFORE) ||
	       idleness(&link->wait, place) > 0.75;
}

/* A kernel thread without work hands on what an interrupt or another thread gave it. */
static const struct link *behind_kernel_threads(const struct chain *chain, unsigned int *depth)
{
	unsigned int i = 1;

	while (i < chain->count && chain->links[i].waits &&
	       thread_is_kernel(chain->links[i].thread) &&
	       !is_uninterruptible(&chain->links[i].wait))
		i++;
	*depth = chain->count - i;
	return i < chain->count ? &chain->links[i] : NULL;
}

static double score_waker(const struct scoring *scoring, const struct chain *chain)
{
	unsigned int depth;
	const struct link *waker = behind_kernel_threads(chain, &depth);

	if (!waker || !waker->waits)
		return 1.0;
	if (idled(scoring, waker))
		return 0.25;
	return depth > 1 ? 2.0 : 1.5;
}

static bool was_noticed(const struct scoring *scoring, const struct wait *wait)
{
	uint64_t since = scoring->cut - wait->end;
	const struct thread *thread = wait->thread;

	if (!thread->at_cut || since > (wait_ns(wait) > NOTICED_NS ? wait_ns(wait) : NOTICED_NS))
		return false;
	return !thread->born || wait->start - thread->born > wait_ns(wait);
}

double score_chain(const struct scoring *scoring, const struct chain *chain)
{
	double factor = score_waker(scoring, chain);

	if (was_noticed(scoring, &chain->links[0].wait))
		factor *= 4.0;
	return factor;
}

double score_queue(const struct scoring *scoring, const struct thread *thread, uint64_t from,
		   uint64_t to)
{
	double ns = (double)(to - from);
	double weight = thread->preempted ? 0.5 : 1.0;
	double others = thread->queues > 1 ?
		((double)thread->queued_ns - ns) / (thread->queues - 1) : 0;

	if (scoring->all)
		return 1;
	if (others > 0)
		weight *= 1.0 - 0.7 * (2 * others > ns ? 1.0 : 2 * others / ns);
	if (thread->priority > 120 && thread->priority < 140)
		weight *= 0.3;
	return weight;
}
