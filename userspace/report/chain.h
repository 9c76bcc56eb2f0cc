/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Why a wait took so long: the chain of those who waited for each other.
 *
 * A thread A waited from t0 to t1, and was woken by B. What counts is what B did
 * between t0 and t1. If it was blocked for a good part of that time itself, by a
 * wait that ended at u1, then A waited for what B waited for, and the question is
 * asked again of who woke B, for the time between t0 and u1 in which B waited.
 * The chain ends where there is no thread to answer for: an interrupt, a timer,
 * the beginning of the trace; or at a thread that was not blocked for long, but
 * ran, or was ready to run and got no CPU: detail.c looks at what it did.
 *
 * It is resolved at t1, from the histories of all threads as they are then. (That
 * of C, who woke B at u1, may have lost a wait before u1 to longer ones since; but
 * then B took longer from u1 to t1 than C's wait, which is less of a reason then.)
 * Of a wait that is still going on at the cut, nobody knows who is going to end it.
 * Two things make a good guess. If the one who woke the thread last time from such
 * a call has been blocked in the meantime, somewhere else, that is why it doesn't.
 * Else if it waits for a lock, and another thread of its process stopped in the
 * middle of its work right before, that one may have taken the lock along.
 *
 * The times in question only ever shrink, and nobody can wake another while he
 * waits, so there are no cycles; CHAIN_LINKS bounds the rest.
 */
#ifndef REPORT_CHAIN_H
#define REPORT_CHAIN_H

#include "place.h"
#include "thread.h"
#include "wait.h"

#define CHAIN_LINKS	10

/* A wait explains the time if it is at least this part of it: one in ... */
#define CHAIN_LEAST_PART	4

/* What a thread did between two moments, measured by detail.c. */
struct activity {
	uint64_t ran_ns;
	uint64_t queued_ns;
	uint64_t waited_ns;
	uint32_t waits;		/* how many waits that was in */
	uint16_t nr;		/* the call in which most of it was spent, if there is one */
	uint64_t nr_ns;		/* at least that much of it more than in all others */
};

/* Why a link follows one that is still waiting. */
enum guess {
	GUESS_NOT,	/* it's no guess */
	GUESS_USUAL,	/* it woke the thread last time */
	GUESS_LOCK,	/* it stopped right before, and may hold the lock */
};

struct link {
	struct thread *thread;
	uint64_t from;		/* the time in question */
	uint64_t to;
	bool waits;		/* wait explains it; else it is the last one */
	struct wait wait;
	enum waker waker;	/* what ended the wait */
	enum guess guess;	/* how the next link was found */
	struct activity did;
};

struct chain {
	unsigned int count;
	bool cut;		/* there is more of it */
	struct link links[CHAIN_LINKS];	/* the first one is the wait to be explained */
};

/* chain_resolve - explain @wait, which has ended just now or is open at the cut */
void chain_resolve(struct chain *chain, const struct wait *wait, struct threads *threads,
		   struct places *places);

static inline const struct link *chain_last(const struct chain *chain)
{
	return &chain->links[chain->count - 1];
}

#endif
