// SPDX-License-Identifier: GPL-2.0
/*
 * Events in words, for people. Times count back from the snapshot, because what
 * went wrong is what it was taken for.
 */
#include <inttypes.h>
#include <stdio.h>
#include <time.h>

#include "dump.h"
#include "moment.h"

static void put_thread(struct output *output, const struct flightrec_thread *thread)
{
	if (!thread) {
		put_text(output, "<unknown>");
		return;
	}
	if (!thread->tid) {
		put_text(output, "idle");
		return;
	}
	put_name(output, thread->comm);
	put_char(output, '-');
	put_number(output, thread->tid);
}

/* Seconds from the cut, to the microsecond: "  -12.345678". */
static void put_before_cut(struct dump *dump, uint64_t ns)
{
	struct output *output = &dump->output;
	uint64_t end = dump->info->window_end_ns;
	uint64_t us = (end > ns ? end - ns : ns - end) / 1000;
	unsigned int digits = digits_of(us / 1000000);

	if (digits < 4)
		put_blanks(output, 4 - digits);
	put_char(output, end >= ns ? '-' : '+');
	put_number(output, us / 1000000);
	put_char(output, '.');
	put_digits(output, us % 1000000, 6);
}

void dump_text_head(struct dump *dump)
{
	const struct flightrec_trace_info *info = dump->info;
	time_t cut = moment_of_cut(info) / 1000000000;
	struct output *output = &dump->output;
	struct tm date;
	char text[64];

	put_text(output, "# seconds before the snapshot");
	if (info->realtime_offset_ns && localtime_r(&cut, &date) &&
	    strftime(text, sizeof(text), " of %Y-%m-%d %H:%M:%S %z", &date))
		put_string(output, text);
	put_text(output, ", CPU, what happened\n");
}

/*
 * How the thread that ran left the CPU. One that wants to go on is preempted while it
 * is in the kernel, and makes way on its way out of it; only sched_yield() yields.
 */
static void put_leaving(struct dump *dump, const struct flightrec_event *event)
{
	static const char *const words[] = {
		[FLIGHTREC_STATE_RUNNING] = " makes way",
		[FLIGHTREC_STATE_SLEEPING] = " sleeps",
		[FLIGHTREC_STATE_UNINTERRUPTIBLE] = " blocks (D)",
		[FLIGHTREC_STATE_STOPPED] = " is stopped",
		[FLIGHTREC_STATE_TRACED] = " stops for its tracer",
		[FLIGHTREC_STATE_DEAD] = " is gone",
		[FLIGHTREC_STATE_ZOMBIE] = " is a zombie",
		[FLIGHTREC_STATE_PARKED] = " parks",
		[FLIGHTREC_STATE_IDLE] = " waits (I)",
		[FLIGHTREC_STATE_PREEMPTED] = " is preempted",
	};
	struct output *output = &dump->output;
	const char *syscall;
	char room[16];

	put_thread(output, event->running);
	if (!event->running || !event->running->tid)
		return;
	if (event->sw.state < sizeof(words) / sizeof(words[0]))
		put_string(output, words[event->sw.state]);
	else
		put_text(output, " leaves in an unknown state");
	syscall = dump_syscall(dump, event->sw.nr, event->running, room);
	if (syscall) {
		put_text(output, " in ");
		put_string(output, syscall);
	}
}

static void put_waking(struct dump *dump, const struct flightrec_event *event)
{
	static const char *const interrupts[] = {
		[FLIGHTREC_CONTEXT_SOFTIRQ] = "softirq",
		[FLIGHTREC_CONTEXT_HARDIRQ] = "interrupt",
		[FLIGHTREC_CONTEXT_NMI] = "NMI",
	};
	struct output *output = &dump->output;
	const char *interrupt = interrupts[event->waking.context & 3];

	if (interrupt) {
		put_string(output, interrupt);
		put_text(output, " (on ");
		put_thread(output, event->running);
		put_char(output, ')');
	} else {
		put_thread(output, event->running);
	}
	put_text(output, " wakes ");
	if (event->type == FLIGHTREC_EVENT_WAKEUP_NEW)
		put_text(output, "the new ");
	put_thread(output, event->thread);
	if (event->waking.target_cpu != event->cpu) {
		put_text(output, " (CPU ");
		put_number(output, event->waking.target_cpu);
		put_char(output, ')');
	}
}

static void put_exec(struct output *output, const struct flightrec_event *event)
{
	put_thread(output, event->thread);
	put_text(output, " executes ");
	put_name(output, event->exec.name);
	if (event->exec.name_cut)
		put_text(output, "...");
	if (event->exec.old_tid != event->thread->tid) {
		put_text(output, ", its tid was ");
		put_number(output, event->exec.old_tid);
	}
}

static void put_mark(struct output *output, const struct flightrec_event *event)
{
	put_thread(output, event->thread);
	switch (event->mark.kind) {
	case FLIGHTREC_MARK_BEGIN:
		put_text(output, " begins ");
		break;
	case FLIGHTREC_MARK_END:
		put_text(output, " ends ");
		break;
	default:
		put_text(output, " marks ");
		break;
	}
	put_quoted(output, event->mark.text, event->mark.text_bytes);
	if (event->mark.id) {
		put_text(output, ", id ");
		put_number(output, event->mark.id);
	}
	if (event->mark.parent) {
		put_text(output, ", parent ");
		put_number(output, event->mark.parent);
	}
}

static void put_gap(struct dump *dump, const struct flightrec_event *event)
{
	struct output *output = &dump->output;

	put_text(output, "--- GAP until");
	put_before_cut(dump, event->gap.end_ns);
	put_text(output, ": ");
	if (event->gap.events == FLIGHTREC_EVENTS_UNKNOWN)
		put_text(output, "an unknown number of");
	else
		put_number(output, event->gap.events);
	put_text(output, " events are missing");
}

static void put_stream(struct dump *dump, const struct flightrec_event *event)
{
	struct output *output = &dump->output;

	switch (event->type) {
	case FLIGHTREC_STREAM_BEGIN:
		put_text(output, "--- from here on; ");
		put_thread(output, event->running);
		put_text(output, " runs");
		break;
	case FLIGHTREC_STREAM_GAP:
		put_gap(dump, event);
		break;
	case FLIGHTREC_STREAM_LOST:
		put_text(output, "--- LOST since");
		put_before_cut(dump, event->lost.since_ns);
		put_text(output, ": ");
		put_number(output, event->lost.events);
		put_text(output, " events could not be recorded");
		break;
	case FLIGHTREC_STREAM_PAUSE:
		put_text(output, "--- recording was stopped");
		break;
	default:
		put_text(output, "--- something that this flightrec doesn't know");
		break;
	}
}

void dump_text_event(struct dump *dump, const struct flightrec_event *event)
{
	struct output *output = &dump->output;

	put_before_cut(dump, event->time_ns);
	put_text(output, " [");
	put_digits(output, event->cpu, 3);
	put_text(output, "] ");
	switch (event->type) {
	case FLIGHTREC_EVENT_SWITCH:
		put_leaving(dump, event);
		put_text(output, " -> ");
		put_thread(output, event->thread);
		break;
	case FLIGHTREC_EVENT_WAKING:
	case FLIGHTREC_EVENT_WAKEUP_NEW:
		put_waking(dump, event);
		break;
	case FLIGHTREC_EVENT_MIGRATE:
		put_thread(output, event->thread);
		put_text(output, " moves from CPU ");
		put_number(output, event->migrate.from_cpu);
		put_text(output, " to CPU ");
		put_number(output, event->migrate.to_cpu);
		break;
	case FLIGHTREC_EVENT_FORK:
		put_thread(output, event->fork.parent);
		put_text(output, " forks ");
		put_thread(output, event->thread);
		break;
	case FLIGHTREC_EVENT_EXEC:
		put_exec(output, event);
		break;
	case FLIGHTREC_EVENT_EXIT:
		put_thread(output, event->thread);
		put_text(output, " exits");
		break;
	case FLIGHTREC_EVENT_RENAME:
		put_name(output, event->rename.from);
		put_char(output, '-');
		put_number(output, event->thread->tid);
		put_text(output, " is renamed ");
		put_name(output, event->rename.to);
		break;
	case FLIGHTREC_EVENT_MARK:
		put_mark(output, event);
		break;
	default:
		put_stream(dump, event);
		break;
	}
	put_char(output, '\n');
}
