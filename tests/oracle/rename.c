// SPDX-License-Identifier: GPL-2.0
#include <err.h>
#include <stdlib.h>
#include <string.h>

#include "rename.h"

struct rename_waiting {
	struct event ours;
	struct event kernels;
	bool thread;
	bool other;
};

struct rename_known {
	struct event event;
	bool seen;
};

static void add_known(struct renames *renames, const struct event *event)
{
	if (!(renames->known_count & (renames->known_count - 1))) {
		size_t room = renames->known_count ? 2 * renames->known_count : 1;

		renames->known = realloc(renames->known, room * sizeof(*renames->known));
		if (!renames->known)
			err(2, "memory");
	}
	renames->known[renames->known_count++] = (struct rename_known){ .event = *event };
}

void renames_start(struct renames *renames, struct ftrace *ftrace)
{
	memset(renames, 0, sizeof(*renames));
	renames->cpus = ftrace->cpus;
	renames->open = calloc(ftrace->cpus, sizeof(*renames->open));
	if (!renames->open)
		err(2, "memory");
	for (uint32_t i = 0; i < ftrace->cpus; i++)
		for (ftrace_seek(ftrace, i, 0); ftrace->cpu[i].there; ftrace_step(ftrace, i))
			if (ftrace->cpu[i].next.type == FLIGHTREC_EVENT_RENAME)
				add_known(renames, &ftrace->cpu[i].next);
}

static int by_cpu_and_time(const void *a, const void *b)
{
	const struct event *first = &((const struct rename_known *)a)->event;
	const struct event *second = &((const struct rename_known *)b)->event;

	if (first->cpu != second->cpu)
		return first->cpu < second->cpu ? -1 : 1;
	if (first->time != second->time)
		return first->time < second->time ? -1 : 1;
	return 0;
}

void renames_seen(struct renames *renames, const struct event *kernels)
{
	const struct rename_known key = { .event = *kernels };
	struct rename_known *known =
		bsearch(&key, renames->known, renames->known_count, sizeof(key), by_cpu_and_time);

	if (known)
		known->seen = true;
}

void renames_end(struct renames *renames)
{
	free(renames->open);
	free(renames->waiting);
	free(renames->known);
}

/* Each byte is the old name's or the new one's. */
static bool is_mixture(const char *comm, const struct event *rename)
{
	for (int i = 0; i < COMM_BYTES; i++)
		if (comm[i] != rename->from[i] && comm[i] != rename->to[i])
			return false;
	return true;
}

static bool differs(const struct event_thread *ours, const struct event_thread *kernels)
{
	return kernels->named && memcmp(ours->comm, kernels->comm, COMM_BYTES) != 0;
}

/* Whether a thread can have this name while it is being renamed. */
static bool fits(const struct event *rename, const struct event_thread *kernels)
{
	return rename->type == FLIGHTREC_EVENT_RENAME && rename->thread.tid == kernels->tid &&
	       is_mixture(kernels->comm, rename);
}

/* Whether it is being renamed, flightrec having the new name. */
static bool is_open(const struct renames *renames, const struct event_thread *ours,
		    const struct event_thread *kernels)
{
	for (uint32_t i = 0; i < renames->cpus; i++)
		if (fits(&renames->open[i], kernels) &&
		    !memcmp(ours->comm, renames->open[i].to, COMM_BYTES))
			return true;
	return false;
}

static void settle(struct renames *renames, const struct event *rename)
{
	size_t kept = 0;

	for (size_t i = 0; i < renames->count; i++) {
		struct rename_waiting *waiting = &renames->waiting[i];

		if (fits(rename, &waiting->kernels.thread))
			waiting->thread = false;
		if (fits(rename, &waiting->kernels.other))
			waiting->other = false;
		if (waiting->thread || waiting->other)
			renames->waiting[kept++] = *waiting;
		else
			renames->explained++;
	}
	renames->count = kept;
}

/* The last one of the thread's before @time. */
static const struct rename_known *last_before(const struct renames *renames, uint32_t tid,
					      uint64_t time)
{
	const struct rename_known *last = NULL;

	for (size_t i = 0; i < renames->known_count; i++) {
		const struct rename_known *known = &renames->known[i];

		if (known->event.thread.tid == tid && known->event.time < time &&
		    (!last || known->event.time > last->event.time))
			last = known;
	}
	return last;
}

/* Whether flightrec has a name from before renamings of which it has nothing. */
static bool is_stale(const struct renames *renames, const struct event_thread *ours,
		     const struct event_thread *kernels, uint64_t time)
{
	const struct rename_known *known = last_before(renames, ours->tid, time);

	if (!known || memcmp(known->event.to, kernels->comm, COMM_BYTES) != 0)
		return false;
	while (known && !known->seen) {
		if (!memcmp(known->event.from, ours->comm, COMM_BYTES))
			return true;
		known = last_before(renames, ours->tid, known->event.time);
	}
	return false;
}

void renames_follow(struct renames *renames, const struct event *ours)
{
	struct event *open = &renames->open[ours->cpu];

	if (ours->type == FLIGHTREC_EVENT_RENAME) {
		*open = *ours;
		settle(renames, ours);
	} else if (ours->type == FLIGHTREC_EVENT_SWITCH) {
		open->type = FLIGHTREC_EVENT_SWITCH;
	}
}

bool renames_explain(struct renames *renames, const struct event *ours, const struct event *kernels)
{
	struct rename_waiting waiting = {
		.ours = *ours,
		.kernels = *kernels,
		.thread = differs(&ours->thread, &kernels->thread) &&
			  !is_open(renames, &ours->thread, &kernels->thread),
		.other = differs(&ours->other, &kernels->other) &&
			 !is_open(renames, &ours->other, &kernels->other),
	};

	if (event_differences(ours, kernels) & ~(DIFFERS_NAME | DIFFERS_OTHER_NAME))
		return false;
	if (!waiting.thread && !waiting.other) {
		renames->explained++;
		return true;
	}
	renames->waiting =
		realloc(renames->waiting, (renames->count + 1) * sizeof(*renames->waiting));
	if (!renames->waiting)
		err(2, "memory");
	waiting.ours.text = waiting.kernels.text = NULL;
	renames->waiting[renames->count++] = waiting;
	return true;
}

/* Whether one that flightrec doesn't have gave the thread this name in between. */
static bool came_late(const struct renames *renames, const struct event_thread *kernels,
		      uint64_t after, uint64_t before)
{
	for (size_t i = 0; i < renames->known_count; i++) {
		const struct rename_known *known = &renames->known[i];

		if (!known->seen && known->event.time > after && known->event.time < before &&
		    fits(&known->event, kernels))
			return true;
	}
	return false;
}

/* Whether renamings that flightrec doesn't have explain why this thread's name differs. */
static bool is_unseen(const struct renames *renames, const struct event_thread *ours,
		      const struct event_thread *kernels, uint64_t time, uint64_t next)
{
	return is_stale(renames, ours, kernels, time) || came_late(renames, kernels, time, next);
}

bool renames_overdue(struct renames *renames, uint32_t cpu, uint64_t time, struct event *ours,
		     struct event *kernels)
{
	for (size_t i = 0; i < renames->count; i++) {
		const struct rename_waiting waiting = renames->waiting[i];
		const struct event *one = &waiting.ours, *other = &waiting.kernels;

		if (one->cpu != cpu || other->time > time)
			continue;
		renames->waiting[i--] = renames->waiting[--renames->count];
		if ((!waiting.thread ||
		     is_unseen(renames, &one->thread, &other->thread, other->time, time)) &&
		    (!waiting.other ||
		     is_unseen(renames, &one->other, &other->other, other->time, time))) {
			renames->stale++;
			continue;
		}
		*ours = waiting.ours;
		*kernels = waiting.kernels;
		return true;
	}
	return false;
}
