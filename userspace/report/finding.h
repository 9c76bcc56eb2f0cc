/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Findings: what is worth telling, each once. Of waits that one cause brought
 * about, the one that tells most heads the finding, and the others are named
 * below it. If it happened again, in the same way, that is told there, too.
 */
#ifndef REPORT_FINDING_H
#define REPORT_FINDING_H

#include <stdbool.h>
#include <stddef.h>

#include "marks.h"
#include "ranking.h"

#define FINDING_ALSO	64 /* others that are kept */
#define FINDING_AGAIN	8 /* repetitions that are kept */
#define FINDING_HOLDERS 8

/* Who had the CPU while somebody waited for it. */
struct holder {
	struct thread *thread;
	uint64_t ns;
};

struct holders {
	unsigned int count;
	uint64_t total_ns; /* of all of them, those not listed too */
	struct holder list[FINDING_HOLDERS];
};

struct finding {
	struct candidate what;
	double score; /* what.score, and more for those below */
	unsigned int also_count; /* other threads that it stopped */
	struct wait also[FINDING_ALSO]; /* each one's longest */
	bool also_queue[FINDING_ALSO]; /* it was in a run queue */

	unsigned int again_count; /* the same, at other times */
	struct wait again[FINDING_AGAIN];

	/* What detail.c adds. */
	uint64_t queued_ns; /* from its waking until it had a CPU */
	struct holders holders; /* while it was in the run queue */
	struct holders last_holders; /* while the chain's last thread was in it */
	bool placed; /* mark and within are known */
	struct mark mark; /* the last one before it, if there is any */
	struct region within; /* in which it began, if there is any */
};

struct findings {
	unsigned int count;
	unsigned int room;
	struct finding *list;
};

/* Returns 0 or -ENOMEM. */
int findings_init(struct findings *findings, unsigned int room);

/* Puts the best of both rankings, which are sorted, into findings. */
void findings_gather(struct findings *findings, const struct ranking *waits,
		     const struct ranking *queues, bool all);

/* Takes the first ones of the sorted @ranking as they are. */
void findings_take(struct findings *findings, const struct ranking *ranking);

void findings_free(struct findings *findings);

#endif
