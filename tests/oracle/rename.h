/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Names that differ because they are being changed.
 *
 * The kernel announces a renaming, and then copies the new name over the old one, with
 * preemption off in between: until the CPU that renames switches, what another CPU
 * reads of the name may be the old one, the new one, or some bytes of each. flightrec
 * has the new name from the announcement on. Also, ftrace reads the name some time after
 * both took theirs, but before there is another event on that CPU: it may be a newer one.
 *
 * And a segment has the old name if it mentions the thread for the first time in just that
 * span (ring.c), or until the thread switches, if it runs there meanwhile. Who has the
 * announcement knows better; but where streams reach back further than the window, or
 * have gaps, a snapshot may lack that.
 */
#ifndef RENAME_H
#define RENAME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "event.h"
#include "ftrace.h"

struct rename_waiting;
struct rename_known;

/**
 * struct renames - the renamings that are under way
 * @cpus: how many CPUs there are
 * @open: each one's own, if its type is RENAME
 * @waiting: differences that a renaming yet to come may explain
 * @count: how many
 * @known: all that ftrace has, by CPU and time
 * @known_count: how many
 * @explained: differences that were found to be none
 * @stale: old names of threads whose renaming the snapshot doesn't have
 */
struct renames {
	uint32_t cpus;
	struct event *open;
	struct rename_waiting *waiting;
	size_t count;
	struct rename_known *known;
	size_t known_count;
	uint64_t explained;
	uint64_t stale;
};

/* Takes every renaming from ftrace, which is left at its end. */
void renames_start(struct renames *renames, struct ftrace *ftrace);
void renames_end(struct renames *renames);
/* A renaming of ftrace's that flightrec has, too. */
void renames_seen(struct renames *renames, const struct event *kernels);
/* Each of flightrec's events, in the order of time, before it is compared. */
void renames_follow(struct renames *renames, const struct event *ours);
/*
 * Whether two tellings that differ in names alone do so because of a renaming: false if
 * not. True also if only a later event can tell; see renames_overdue().
 */
bool renames_explain(struct renames *renames, const struct event *ours,
		     const struct event *kernels);
/*
 * A difference that nothing explains until the next event on its CPU, which is at @time.
 * False: none, or none any more.
 */
bool renames_overdue(struct renames *renames, uint32_t cpu, uint64_t time, struct event *ours,
		     struct event *kernels);

#endif
