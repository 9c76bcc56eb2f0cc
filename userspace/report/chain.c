// SPDX-License-Identifier: GPL-2.0
/* The chain of those who waited for each other. */
#include "chain.h"
#include "habit.h"
#include "history.h"
#include "thread.h"

static struct link *add_link(struct chain *chain, struct thread *thread, uint64_t from,
			     uint64_t to)
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

/*
 * Who wakes it is not known of a wait that is still going on. Who woke it last
 * time from such a call is a good guess if that one has been waiting, too.
 */
static struct link *follow_open(struct chain *chain, const struct link *link,
				struct places *places)
{
	const struct habit *habit = habit_find(link->thread, link->wait.nr, link->wait.state);
	struct thread *usual = habit ? habit->waker : NULL;
	uint64_t from = link->wait.start;
	unsigned int i;

	if (!usual || usual->doing != DOING_WAIT || !(usual->wait.flags & WAIT_OPEN))
		return NULL;
	for (i = 0; i < chain->count; i++) {
		if (chain->links[i].thread == usual)
			return NULL;
	}
	if (overlap_ns(from, link->to, usual->wait.start, usual->wait.end) <
	    (link->to - from) / CHAIN_LEAST_PART)
		return NULL;
	return add_wait(chain, &usual->wait, from, link->to, places);
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

void chain_resolve(struct chain *chain, const struct wait *wait, struct places *places)
{
	struct link *link;

	chain->count = 0;
	chain->cut = false;
	link = add_wait(chain, wait, wait->start, wait->end, places);
	while (link && chain->count < CHAIN_LINKS) {
		if (link->waker == WAKER_NOBODY)
			link = follow_open(chain, link, places);
		else if (waker_is_thread(link->waker))
			link = follow_waker(chain, link, places);
		else
			link = NULL;
	}
	chain->cut = link != NULL;
}
