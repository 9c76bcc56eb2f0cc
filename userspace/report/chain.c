// SPDX-License-Identifier: GPL-2.0
/* The chain of those who waited for each other. */
#include "chain.h"
#include "habit.h"
#include "history.h"
#include "thread.h"

static struct link *add_link(struct chain *chain, struct thread *thread, uint64_t from, uint64_t to)
{
	struct link *link = &chain->links[chain->count++];

	*link = (struct link){ .thread = thread, .from = from, .to = to };
	return link;
}

static struct link *add_wait(struct chain *chain, const struct wait *wait, uint64_t from,
			     uint64_t to, struct places *places)
{
	struct link *link = add_link(chain, wait->thread, from, to);

	link->waits = true;
	link->wait = *wait;
	link->waker = wait_waker(wait, places);
	return link;
}

static bool has_thread(const struct chain *chain, const struct thread *thread)
{
	unsigned int i;

	for (i = 0; i < chain->count; i++) {
		if (chain->links[i].thread == thread)
			return true;
	}
	return false;
}

/* One that waits in the same call, still, is another victim and not the cause. */
static bool is_likewise(const struct wait *wait, const struct wait *other)
{
	return other->flags & WAIT_OPEN && other->nr == wait->nr;
}

static struct link *guess_usual(struct chain *chain, struct link *link, struct places *places)
{
	const struct habit *habit = habit_find(link->thread, link->wait.nr, link->wait.state);
	struct thread *usual = habit ? habit->waker : NULL;
	uint64_t from = link->from > link->wait.start ? link->from : link->wait.start;
	const struct wait *longest;
	uint64_t overlap;

	if (!usual || has_thread(chain, usual))
		return NULL;
	longest = history_longest(usual, from, link->to, &overlap);
	if (!longest || overlap < (link->to - from) / CHAIN_LEAST_PART ||
	    is_likewise(&link->wait, longest))
		return NULL;
	link->guess = GUESS_USUAL;
	return add_wait(chain, longest, from, link->to, places);
}

/* Whether @thread stopped right before the wait, and what keeps it isn't its idling. */
static bool may_hold(const struct wait *wait, const struct thread *thread, struct places *places)
{
	enum place place;

	if (thread == wait->thread || thread->tgid != wait->thread->tgid ||
	    thread->doing != DOING_WAIT || thread->wait.flags & WAIT_BEFORE)
		return false;
	if (thread->wait.start > wait->start ||
	    wait->start - thread->wait.start > wait_ns(wait) / 10)
		return false;
	place = place_of(places, thread->wait.nr, thread->flags);
	return place != PLACE_LOCK && place != PLACE_SLEEP && place != PLACE_ACCEPT &&
	       habit_idleness(&thread->wait, places) <= 0.75;
}

/*
 * Looking for who has a lock goes through all threads. So that a file that was made for
 * it can't make that take for ever, so many are looked at in all: where there are a
 * thousand threads, for two thousand waits.
 */
#define LOCK_LOOKS 2000000

static struct link *guess_lock(struct chain *chain, struct link *link, struct threads *threads,
			       struct places *places)
{
	const struct wait *wait = &link->wait;
	const struct thread *latest = NULL;
	size_t i;

	if (place_of(places, wait->nr, wait->thread->flags) != PLACE_LOCK ||
	    threads->lock_looks > LOCK_LOOKS)
		return NULL;
	threads->lock_looks += threads->count;
	for (i = 0; i < threads->count; i++) {
		const struct thread *thread = threads->list[i];

		if (thread && may_hold(wait, thread, places) &&
		    (!latest || thread->wait.start > latest->wait.start))
			latest = thread;
	}
	if (!latest || has_thread(chain, latest))
		return NULL;
	link->guess = GUESS_LOCK;
	return add_wait(chain, &latest->wait, link->from, link->to, places);
}

static struct link *follow_waker(struct chain *chain, const struct link *link,
				 struct places *places)
{
	struct thread *by = link->wait.waking.by;
	uint64_t from = link->from > link->wait.start ? link->from : link->wait.start;
	uint64_t to = link->wait.end;
	uint64_t overlap;
	const struct wait *longest = history_longest(by, from, to, &overlap);

	if (longest && overlap >= (to - from) / CHAIN_LEAST_PART)
		return add_wait(chain, longest, from, to, places);
	add_link(chain, by, from, to);
	return NULL;
}

void chain_resolve(struct chain *chain, const struct wait *wait, struct threads *threads,
		   struct places *places)
{
	struct link *link;
	struct link *next;

	chain->count = 0;
	chain->cut = false;
	link = add_wait(chain, wait, wait->start, wait->end, places);
	while (link && chain->count < CHAIN_LINKS) {
		next = NULL;
		if (waker_is_thread(link->waker))
			next = follow_waker(chain, link, places);
		else if (link->waker == WAKER_NOBODY)
			next = guess_usual(chain, link, places);
		if (!next && link->waker == WAKER_NOBODY)
			next = guess_lock(chain, link, threads, places);
		link = next;
	}
	chain->cut = link != NULL;
}
