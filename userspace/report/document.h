/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The report for programs: one JSON object on stdout. What it has stays as it is;
 * members may be added.
 *
 *	report_format	1
 *	host, kernel, cpus_online, cut_realtime_ns
 *	window		start_ns, end_ns, duration_ns, complete, complete_since_ns,
 *			min_age_ns, min_age_met, lost_events, missing_segments, events,
 *			threads
 *	verdict		the same sentences as in the text
 *	findings	the most telling one first:
 *	    kind	"wait" or "queue" (ready to run, but without a CPU)
 *	    score, weight	see score.h
 *	    thread	THREAD
 *	    start_ns, end_ns, duration_ns, open (not over at the cut)
 *	    queued_ns	from its waking until it had a CPU
 *	    held_by	who had that CPU: THREAD, ns, share
 *	    cpu, preempted	of a queue
 *	    chain	of a wait: itself first, then whom each one waited for:
 *		thread		THREAD
 *		kind		"wait", or "busy" at the chain's end
 *		from_ns, to_ns	the time in question
 *		start_ns, end_ns, duration_ns, open, began_before, state, syscall,
 *		woken_by	of a wait: kind ("thread", "sender", "exit", "timer",
 *				"device", "interrupt", "unknown", "nobody"), context,
 *				cpu, thread
 *		next_is_guess	null, or why the next link is only likely: "usual", "lock"
 *		ran_ns, queued_ns, waited_ns, waits	what it did in that time
 *		held_by		of a busy one without a CPU
 *	    also	others that the same held up: kind, thread, duration_ns,
 *			syscall, state
 *	    again	the same at other times: start_ns, duration_ns
 *	    habit	of a wait: how many waits the thread had in that call, their
 *			median_ns, and how many were about as_long or longer
 *	cpus		cpu, busy_ns, idle_ns, busy (a share), threads (THREAD, ns, share)
 *	queue		count, median_ns, p99_ns, longest_ns, and worst: like findings of
 *			the kind "queue"
 *	idle		waits not taken for findings: thread, duration_ns, syscall,
 *			state, why ("sleep", "always", "home")
 *
 * THREAD: tid, pid, ns_tid (in its own pid namespace), name, process (its name), cgroup (path, or null),
 * cgroup_id, kernel, priority (the kernel's).
 */
#ifndef REPORT_DOCUMENT_H
#define REPORT_DOCUMENT_H

#include "analysis.h"

void document_print(struct analysis *analysis);

#endif
