// SPDX-License-Identifier: GPL-2.0
/* What a thread waited for lately. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "history.h"

/* The oldest one that is followed by a longer one, or -1. */
static int find_outdone(const struct history *history)
{
	uint64_t longest = 0;
	int found = -1;
	int i;

	for (i = (int)history->count - 1; i >= 0; i--) {
		bool outdone = history->ns[i] <= longest;

		found = outdone ? i : found;
		longest = outdone ? longest : history->ns[i];
	}
	return found;
}

/* They are ever shorter: the one that is missed least if the next one stands for it. */
static int find_closest(const struct history *history)
{
	double closest = 0;
	int found = 0;
	unsigned int i;

	for (i = 0; i + 1 < history->count; i++) {
		double ratio = (double)history->ns[i + 1] / (double)history->ns[i];

		if (ratio > closest) {
			closest = ratio;
			found = (int)i;
		}
	}
	return found;
}

static void make_room(struct history *history)
{
	int leave = find_outdone(history);
	unsigned int behind;

	if (leave < 0)
		leave = find_closest(history);
	behind = --history->count - (unsigned int)leave;
	memmove(&history->ns[leave], &history->ns[leave + 1], behind * sizeof(history->ns[0]));
	memmove(&history->waits[leave], &history->waits[leave + 1],
		behind * sizeof(history->waits[0]));
}

int history_add(const struct wait *wait)
{
	struct history *history = wait->thread->history;

	if (wait_ns(wait) < HISTORY_LEAST_NS)
		return 0;
	if (!history) {
		history = calloc(1, sizeof(*history));
		if (!history)
			return -ENOMEM;
		wait->thread->history = history;
	}
	if (history->count == HISTORY_WAITS)
		make_room(history);
	history->ns[history->count] = wait_ns(wait);
	history->waits[history->count++] = *wait;
	return 0;
}

const struct wait *history_longest(const struct thread *thread, uint64_t from, uint64_t to,
				   uint64_t *overlap)
{
	const struct history *history = thread->history;
	const struct wait *longest = NULL;
	unsigned int i;

	*overlap = 0;
	for (i = 0; history && i < history->count; i++) {
		const struct wait *wait = &history->waits[i];
		uint64_t ns = overlap_ns(from, to, wait->start, wait->end);

		if (ns > *overlap) {
			*overlap = ns;
			longest = wait;
		}
	}
	if (thread->doing == DOING_WAIT && thread->wait.flags & WAIT_OPEN) {
		uint64_t ns = overlap_ns(from, to, thread->wait.start, thread->wait.end);

		if (ns > *overlap) {
			*overlap = ns;
			longest = &thread->wait;
		}
	}
	return longest;
}

void history_free(struct thread *thread)
{
	free(thread->history);
	thread->history = NULL;
}
