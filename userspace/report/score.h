/* SPDX-License-Identifier: GPL-2.0 */
/*
 * How much a wait tells: its length times a weight.
 *
 * On any machine most threads sleep most of the time, and the longest sleeps are
 * those of threads with nothing to do. What a person looks for is a wait that
 * something else caused, that was not the plan. No single sign tells the two
 * apart: an idle server that waits for its client's next request looks like a
 * client that waits for a slow server's answer. So several signs are multiplied,
 * each of which the trace shows by itself, and none of which is a name:
 *
 * The state. In D a thread can't even be killed: nobody plans for that to take
 * long. It counts twice, and is never taken for idle. What a kernel thread sleeps
 * in S or I is its way of having nothing to do and doesn't count at all; its D
 * counts half, as it shows again in those whom it works for.
 *
 * The call. A sleep is as long as its caller wished and doesn't count. To wait for
 * a connection or a child's end is normal, for any of many events nearly so; a
 * lock is held against one's will; and an open(), write() or fsync() is not meant
 * to wait at all, so that counts most.
 *
 * The place. A thread that serves returns to the same call after each piece of
 * work: if most of its waits are there, that is where it idles. A wait elsewhere,
 * in the middle of a piece of work, holds somebody up. So a wait counts the more,
 * the smaller the part of the thread's waits that are in that call; where there
 * are few to go by, the kind of call is the guess that they start from.
 *
 * The habit. A wait that is as long as most of the same thread in the same call
 * counts less than one that stands out. It still counts: a fault may repeat.
 *
 * The end. Being woken by a thread that was blocked itself is what a stall is made
 * of, and more so if that one in turn waited for a third, or in D. But if the waker had
 * just been sleeping, or idling where it always idles, then nobody had asked it
 * for anything yet, and its sleep isn't the reason for anything. A wait that a
 * timeout, or an interrupt, ended counts less than one that a thread ended.
 *
 * The cut. Who takes a snapshot has noticed something. If that thread had just come
 * out of a wait, the wait is probably what it noticed; unless it was born too
 * recently to have noticed anything, like the command that takes the snapshot by
 * hand.
 *
 * Time in a run queue counts in full if the thread had been woken, half if it was
 * preempted and so had its share before; less where it is that thread's average,
 * or of low priority on purpose.
 *
 * Several threads that were stopped by one cause make it count more: finding.c.
 *
 * The figures in score.c were set such that the finding that a person would name
 * first comes first in traces of known cause (tests/unit/test-report and
 * tests/demo), with no other reason for any of them. Their exact values matter
 * little: the wait that is looked for differs from the others in several signs.
 */
#ifndef REPORT_SCORE_H
#define REPORT_SCORE_H

#include "chain.h"
#include "place.h"
#include "wait.h"

/* Why a wait was not considered at all. */
enum idle {
	IDLE_NOT,
	IDLE_SLEEP,	/* it slept for as long as it wished */
	IDLE_KERNEL,	/* a kernel thread without work */
	IDLE_ALWAYS,	/* all that was seen of it is that it waits there */
	IDLE_HOME,	/* where this thread waits as a rule */
};

struct scoring {
	struct places *places;
	uint64_t cut;
	bool all;	/* the user asked about these threads: nothing is idle */
};

/* The largest product of what chain and cut can add to score_wait(). */
#define SCORE_MOST_LATER	10.0

/* The weight of a wait by itself, 0 if it is idle. */
double score_wait(const struct scoring *scoring, const struct wait *wait, enum idle *idle);

/* The factor by which @chain, the explanation of a wait, changes its weight. */
double score_chain(const struct scoring *scoring, const struct chain *chain);

/* The weight of a time between @from and @to in the run queue. */
double score_queue(const struct scoring *scoring, const struct thread *thread, uint64_t from,
		   uint64_t to);

/*
 * A finding that is worth telling has at least this weight, this length, and this
 * score: what a person may notice, ten milliseconds of undoubted waiting.
 *
 * Where threads take turns, it is by design that each one waits for a CPU for as
 * long as the fair scheduler's period; a real-time thread doesn't expect that.
 */
#define SCORE_LEAST_WEIGHT	0.15
#define SCORE_LEAST		10.0
#define SCORE_LEAST_QUEUE_NS	25000000

#endif
