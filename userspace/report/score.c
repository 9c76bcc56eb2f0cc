// SPDX-License-Identifier: GPL-2.0
/* How much a wait tells. */
#include "habit.h"
#include "history.h"
#include "score.h"
#include "thread.h"

/* A wait that ended longer ago than this, or than its length, wasn't just noticed. */
#define NOTICED_NS	50000000

/* What a wait in such a call counts. */
static const double weights[] = {
	[PLACE_NONE] = 1.0,    [PLACE_SLEEP] = 0.0, [PLACE_POLL] = 0.5, [PLACE_ACCEPT] = 0.1,
	[PLACE_RECEIVE] = 0.7, [PLACE_CHILD] = 0.1, [PLACE_LOCK] = 1.0, [PLACE_OTHER] = 1.5,
};

/* In vfork, one waits in D for what is a child's normal start. */
static bool is_serious(const struct wait *wait, enum place place)
{
	return wait->state == FLIGHTREC_STATE_UNINTERRUPTIBLE && place != PLACE_CHILD;
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

static double score_end(enum waker waker, bool serious)
{
	switch (waker) {
	case WAKER_NOBODY:
		return serious ? 1.5 : 0.5;
	case WAKER_UNKNOWN:
	case WAKER_EXIT:
		return 0.5;
	case WAKER_TIMER:
		return 0.2;
	case WAKER_INTERRUPT:
		return serious ? 1.0 : 0.3;
	default:
		return 1.0;
	}
}

static enum idle idle_reason(const struct wait *wait, enum place place)
{
	if (wait->state == FLIGHTREC_STATE_IDLE || wait->state == FLIGHTREC_STATE_PARKED)
		return IDLE_KERNEL;
	if (is_serious(wait, place))
		return IDLE_NOT;
	if (thread_is_kernel(wait->thread))
		return IDLE_KERNEL;
	if (place == PLACE_SLEEP)
		return IDLE_SLEEP;
	if (wait->flags & WAIT_BEFORE)
		return IDLE_ALWAYS;
	return IDLE_NOT;
}

/* Woken only to exit, because its process does. */
static bool ended_with_process(const struct wait *wait)
{
	return wait->start == wait->thread->last_wait && wait->waking.by &&
	       wait->waking.by->tgid == wait->thread->tgid;
}

double score_wait(const struct scoring *scoring, const struct wait *wait, enum idle *idle)
{
	enum place place = place_of(scoring->places, wait->nr, wait->thread->flags);
	bool serious = is_serious(wait, place);
	double weight = weights[place];

	*idle = scoring->all ? IDLE_NOT : idle_reason(wait, place);
	if (*idle != IDLE_NOT)
		return 0;
	if (scoring->all)
		return 1;

	if (serious)
		weight = thread_is_kernel(wait->thread) ? 0.5 : 2.0;
	else
		weight *= 1.0 - habit_idleness(wait, scoring->places);
	weight *= 1.0 - 0.7 * habit_share(wait);
	weight *= score_end(wait_waker(wait, scoring->places), serious);
	if (wait->flags & WAIT_LOSS)
		weight *= 0.5;
	if (ended_with_process(wait))
		weight *= 0.1;
	if (weight < SCORE_LEAST_WEIGHT / 2)
		*idle = IDLE_HOME;
	return weight;
}

/* Whether a thread that waits so is without work. */
static bool is_idle(const struct scoring *scoring, const struct wait *wait)
{
	enum place place = place_of(scoring->places, wait->nr, wait->thread->flags);

	if (is_serious(wait, place))
		return false;
	return place == PLACE_SLEEP || (wait->flags & WAIT_BEFORE) ||
	       habit_idleness(wait, scoring->places) > 0.75;
}

/* Whether a thread spent most of the time in several short waits, idle. */
static bool idled_in_turns(const struct scoring *scoring, const struct link *link)
{
	const struct history *history = link->thread->history;
	uint64_t idle = 0;
	unsigned int i;

	for (i = 0; history && i < history->count; i++) {
		if (is_idle(scoring, &history->waits[i]))
			idle += overlap_ns(link->from, link->to, history->waits[i].start,
					   history->waits[i].end);
	}
	return 2 * idle > link->to - link->from;
}

/*
 * Whether the thread that answers for somebody's wait had been without work until
 * then, or had not even been there.
 */
static bool idled(const struct scoring *scoring, const struct link *link)
{
	if (link->thread->born > link->from + (link->to - link->from) / 4 * 3)
		return true;
	return link->waits ? is_idle(scoring, &link->wait) : idled_in_turns(scoring, link);
}

/* A kernel thread without work hands on what an interrupt or another thread gave it. */
static const struct link *behind_kernel_threads(const struct chain *chain, unsigned int *depth)
{
	unsigned int i = 1;

	while (i < chain->count && chain->links[i].waits &&
	       thread_is_kernel(chain->links[i].thread) &&
	       chain->links[i].wait.state != FLIGHTREC_STATE_UNINTERRUPTIBLE)
		i++;
	*depth = chain->count - i;
	return i < chain->count ? &chain->links[i] : NULL;
}

/* Whoever is stopped by a wait in D comes before it, and leads to it. */
static bool leads_to_serious(const struct scoring *scoring, const struct chain *chain)
{
	unsigned int i;

	for (i = 1; i < chain->count; i++) {
		const struct link *link = &chain->links[i];

		if (link->waits && is_serious(&link->wait, place_of(scoring->places, link->wait.nr,
								    link->thread->flags)))
			return true;
	}
	return false;
}

static double score_waker(const struct scoring *scoring, const struct chain *chain)
{
	unsigned int depth;
	const struct link *waker = behind_kernel_threads(chain, &depth);

	if (!waker)
		return 1.0;
	if (idled(scoring, waker))
		return 0.25;
	if (!waker->waits)
		return 1.0;
	if (leads_to_serious(scoring, chain))
		return 2.5;
	return depth > 1 ? 2.0 : 1.5;
}

static bool was_noticed(const struct scoring *scoring, const struct wait *wait)
{
	uint64_t since = scoring->cut - wait->end;
	const struct thread *thread = wait->thread;

	if (!thread->took || since > (wait_ns(wait) > NOTICED_NS ? wait_ns(wait) : NOTICED_NS))
		return false;
	return !thread->born || wait->start - thread->born > wait_ns(wait);
}

double score_chain(const struct scoring *scoring, const struct chain *chain)
{
	double factor = score_waker(scoring, chain);

	/* A thread may take a snapshot because it was told to: by what woke it. */
	if (factor >= 1.0 && was_noticed(scoring, &chain->links[0].wait))
		factor *= 4.0;
	return factor;
}

double score_queue(const struct scoring *scoring, const struct thread *thread, uint64_t from,
		   uint64_t to)
{
	double ns = (double)(to - from);
	double weight = thread->preempted ? 0.5 : 1.0;
	double others = thread->queues > 1 ? ((double)thread->queued_ns - ns) / (thread->queues - 1)
					   : 0;

	if (scoring->all)
		return 1;
	if (others > 0)
		weight *= 1.0 - 0.7 * (2 * others > ns ? 1.0 : 2 * others / ns);
	if (thread->priority > 120 && thread->priority < 140)
		weight *= 0.3;
	return weight;
}
