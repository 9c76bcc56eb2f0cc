/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A wait: the time from when a thread left its CPU, blocked, until it was woken.
 */
#ifndef REPORT_WAIT_H
#define REPORT_WAIT_H

#include <stdbool.h>
#include <stdint.h>

struct thread;
struct places;

/* What a wait was ended by. */
enum waker {
	WAKER_NOBODY,		/* it was still waiting at the cut */
	WAKER_UNKNOWN,		/* no waking is in the trace */
	WAKER_THREAD,
	WAKER_SENDER,		/* by a softirq over the thread that was sending, see waker() */
	WAKER_EXIT,		/* by a thread's exit */
	WAKER_TIMER,		/* the sleep or the timeout that it had asked for */
	WAKER_DEVICE,		/* an interrupt in which a device says that it's done */
	WAKER_INTERRUPT,	/* an interrupt, not known of what */
};

struct waking {
	uint64_t time;
	struct thread *by;	/* ran on cpu: woke it, or was interrupted by what did */
	uint64_t by_since;	/* when that one had got its CPU */
	uint32_t cpu;		/* where it happened */
	uint8_t context;	/* FLIGHTREC_CONTEXT_* */
	bool exiting;		/* @by was exiting */
};

/* wait.flags */
#define WAIT_BEFORE	(1 << 0)	/* began before the window; start is the window's */
#define WAIT_OPEN	(1 << 1)	/* not woken until the cut; end is the cut */
#define WAIT_LOSS	(1 << 2)	/* events were lost meanwhile: may have been several */

struct wait {
	struct thread *thread;
	uint64_t start;
	uint64_t end;
	struct waking waking;	/* time is 0: none was seen */
	uint16_t nr;		/* system call that it waited in, FLIGHTREC_NR_* */
	uint8_t state;		/* FLIGHTREC_STATE_* */
	uint8_t flags;		/* WAIT_* */
};

static inline uint64_t wait_ns(const struct wait *wait)
{
	return wait->end - wait->start;
}

/*
 * Whether it is known where it waited. Of a wait that began before the window only
 * the rundown tells, and only if it is still going on.
 */
static inline bool wait_is_known(const struct wait *wait)
{
	return !(wait->flags & WAIT_BEFORE) || wait->flags & WAIT_OPEN;
}

static inline uint64_t overlap_ns(uint64_t from, uint64_t to, uint64_t start, uint64_t end)
{
	uint64_t begin = from > start ? from : start;
	uint64_t stop = to < end ? to : end;

	return stop > begin ? stop - begin : 0;
}

/*
 * wait_waker - what ended a wait
 *
 * A waking from an interrupt is not the doing of the thread that happens to run
 * below. One case is different: a packet over the loopback interface is delivered
 * by a softirq that runs in the sender's own send(), as soon as it enables
 * softirqs again. Then the thread below is the one that the sleeper had waited
 * for. Nothing in the record tells this from a packet that arrived from outside
 * while somebody ran; so the thread below a softirq is taken for the sender only
 * if all of this holds, and the report says that it was a softirq:
 *
 *  - the sleeper was in a call that a socket can end,
 *  - the thread below is a user's, not the idle thread, and no kernel thread
 *    (ksoftirqd serves whoever),
 *  - it had got its CPU during the wait, and for the last quarter of it at most:
 *    one that runs for long is likely to be hit by chance, one that has just woken
 *    up and runs at the very moment is not.
 */
enum waker wait_waker(const struct wait *wait, struct places *places);

/* Whether a thread is to answer for the end of the wait: it is @wait->waking.by. */
static inline bool waker_is_thread(enum waker waker)
{
	return waker == WAKER_THREAD || waker == WAKER_SENDER || waker == WAKER_EXIT;
}

#endif
