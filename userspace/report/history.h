/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a thread waited for lately: a few of its waits, kept so that the wait of
 * somebody whom it wakes can be explained. See chain.h.
 *
 * The question that is asked of it is "which was the longest of this thread's
 * waits within that time, which ends now". A wait that is longer than all before
 * it answers it better than any of them; so the ones worth keeping are, from the
 * oldest to the newest, ever shorter ones. There are few of these, as a rule, and
 * no more than HISTORY_WAITS are kept.
 */
#ifndef REPORT_HISTORY_H
#define REPORT_HISTORY_H

#include "thread.h"
#include "wait.h"

#define HISTORY_WAITS	8

/* Shorter waits explain nothing that is worth reporting. */
#define HISTORY_LEAST_NS	20000

struct history {
	unsigned int count;
	uint64_t ns[HISTORY_WAITS];		/* how long each one was */
	struct wait waits[HISTORY_WAITS];	/* oldest first */
};

/* Adds a wait that has just ended. Returns 0 or -ENOMEM. */
int history_add(const struct wait *wait);

/*
 * The wait of @thread that takes most of the time between @from and @to, and how
 * much of it; NULL if it had none. At the cut, the one that is still open counts too.
 */
const struct wait *history_longest(const struct thread *thread, uint64_t from, uint64_t to,
				   uint64_t *overlap);

void history_free(struct thread *thread);

#endif
