// SPDX-License-Identifier: GPL-2.0
/*
 * The line layout of the kernel's own trace file (kernel/trace/trace_output.c, and
 * the TP_printk()s of include/trace/events/sched.h and task.h, as of 6.1). Of the
 * five flags, interrupt context is known for a waking; the others are dots.
 */
#include <stdbool.h>
#include <stdio.h>

#include "dump.h"

static const char legend[] = "#                                _-----=> irqs-off/BH-disabled\n"
			     "#                               / _----=> need-resched\n"
			     "#                              | / _---=> hardirq/softirq\n"
			     "#                              || / _--=> preempt-depth\n"
			     "#                              ||| / _-=> migrate-disable\n"
			     "#                              |||| /     delay\n"
			     "#           TASK-PID     CPU#  |||||  TIMESTAMP  FUNCTION\n"
			     "#              | |         |   |||||     |         |\n";

void dump_ftrace_head(struct dump *dump)
{
	struct output *output = &dump->output;

	put_text(output, "# tracer: nop\n#\n# clock: mono\n#\n");
	put_text(output, "# entries-in-buffer/entries-written: ");
	put_number(output, dump->info->events);
	put_char(output, '/');
	put_number(output, dump->info->events + dump->info->lost_events);
	put_text(output, "   #P:");
	put_number(output, dump->info->cpus_online);
	put_text(output, "\n#\n");
	put_text(output, legend);
}

static void put_tid(struct output *output, const struct flightrec_thread *thread)
{
	put_number(output, thread ? thread->tid : 0);
}

static void put_comm(struct output *output, const struct flightrec_thread *thread)
{
	put_name(output, thread ? thread->comm : "<...>");
}

/* "%16s-%-7d " */
static void put_current(struct output *output, const struct flightrec_thread *thread)
{
	const char *comm = thread ? (thread->tid ? thread->comm : "<idle>") : "<...>";
	size_t length = strlen(comm);
	char *start;

	if (length < 16)
		put_blanks(output, 16 - length);
	put_name(output, comm);
	put_char(output, '-');
	start = output->at;
	put_tid(output, thread);
	put_fill(output, start, 7);
	put_char(output, ' ');
}

/* " %5lu.%06lu: ", rounded to microseconds as the kernel does. */
static void put_time(struct dump *dump, uint64_t ns)
{
	struct output *output = &dump->output;
	uint64_t us = ns / 1000 + (ns % 1000 >= 500);
	uint64_t second = us / 1000000;

	if (second != dump->second) {
		dump->second = second;
		dump->second_length = snprintf(dump->second_digits, sizeof(dump->second_digits),
					       " %5llu.", (unsigned long long)second);
	}
	put_bytes(output, dump->second_digits, dump->second_length);
	put_digits(output, us % 1000000, 6);
	put_text(output, ": ");
}

static void put_head(struct dump *dump, const struct flightrec_event *event, char context)
{
	struct output *output = &dump->output;

	put_current(output, event->running);
	put_char(output, '[');
	put_digits(output, event->cpu, 3);
	put_text(output, "] ..");
	put_char(output, context);
	put_text(output, "..");
	put_time(dump, event->time_ns);
}

/* "comm=%s pid=%d prio=%d" */
static void put_thread(struct output *output, const struct flightrec_thread *thread)
{
	put_text(output, "comm=");
	put_comm(output, thread);
	put_text(output, " pid=");
	put_tid(output, thread);
	put_text(output, " prio=");
	put_signed(output, dump_priority(thread));
}

static void put_switch(struct dump *dump, const struct flightrec_event *event)
{
	struct output *output = &dump->output;

	put_head(dump, event, '.');
	put_text(output, "sched_switch: prev_comm=");
	put_comm(output, event->running);
	put_text(output, " prev_pid=");
	put_tid(output, event->running);
	put_text(output, " prev_prio=");
	put_signed(output, event->running ? dump_priority(event->running) : 0);
	put_text(output, " prev_state=");
	put_char(output, flightrec_state_letter(event->sw.state));
	if (event->sw.state == FLIGHTREC_STATE_PREEMPTED)
		put_char(output, '+');
	put_text(output, " ==> next_comm=");
	put_comm(output, event->thread);
	put_text(output, " next_pid=");
	put_tid(output, event->thread);
	put_text(output, " next_prio=");
	put_signed(output, dump_priority(event->thread));
}

static void put_waking(struct dump *dump, const struct flightrec_event *event)
{
	static const char contexts[] = ".shz";
	struct output *output = &dump->output;

	put_head(dump, event, contexts[event->waking.context & 3]);
	if (event->type == FLIGHTREC_EVENT_WAKING)
		put_text(output, "sched_waking: ");
	else
		put_text(output, "sched_wakeup_new: ");
	put_thread(output, event->thread);
	put_text(output, " target_cpu=");
	put_digits(output, event->waking.target_cpu, 3);
}

static void put_migrate(struct dump *dump, const struct flightrec_event *event)
{
	struct output *output = &dump->output;

	put_head(dump, event, '.');
	put_text(output, "sched_migrate_task: ");
	put_thread(output, event->thread);
	put_text(output, " orig_cpu=");
	put_number(output, event->migrate.from_cpu);
	put_text(output, " dest_cpu=");
	put_number(output, event->migrate.to_cpu);
}

static void put_fork(struct dump *dump, const struct flightrec_event *event)
{
	struct output *output = &dump->output;

	put_head(dump, event, '.');
	put_text(output, "sched_process_fork: comm=");
	put_comm(output, event->fork.parent);
	put_text(output, " pid=");
	put_tid(output, event->fork.parent);
	put_text(output, " child_comm=");
	put_comm(output, event->thread);
	put_text(output, " child_pid=");
	put_tid(output, event->thread);
}

static void put_exec(struct dump *dump, const struct flightrec_event *event)
{
	struct output *output = &dump->output;

	put_head(dump, event, '.');
	put_text(output, "sched_process_exec: filename=");
	put_name(output, event->exec.name);
	put_text(output, " pid=");
	put_tid(output, event->thread);
	put_text(output, " old_pid=");
	put_number(output, event->exec.old_tid);
}

static void put_rename(struct dump *dump, const struct flightrec_event *event)
{
	struct output *output = &dump->output;

	put_head(dump, event, '.');
	put_text(output, "task_rename: pid=");
	put_tid(output, event->thread);
	put_text(output, " oldcomm=");
	put_name(output, event->rename.from);
	put_text(output, " newcomm=");
	put_name(output, event->rename.to);
	put_text(output, " oom_score_adj=");
	put_signed(output, event->rename.oom_score_adj);
}

/*
 * As what is written to the kernel's trace_marker. Viewers of such files take a
 * region from its first letter: B and E nest within their thread, S and F belong
 * together by an id.
 */
static void put_mark(struct dump *dump, const struct flightrec_event *event)
{
	const uint32_t kind = event->mark.kind;
	const bool region = kind == FLIGHTREC_MARK_BEGIN || kind == FLIGHTREC_MARK_END;
	const bool begins = kind == FLIGHTREC_MARK_BEGIN;
	struct output *output = &dump->output;

	put_head(dump, event, '.');
	put_text(output, "tracing_mark_write: ");
	if (region) {
		put_char(output, event->mark.id ? (begins ? 'S' : 'F') : (begins ? 'B' : 'E'));
		put_char(output, '|');
		put_number(output, event->thread->tgid);
		put_char(output, '|');
	}
	put_name_bytes(output, event->mark.text, event->mark.text_bytes);
	if (region && event->mark.id) {
		put_char(output, '|');
		put_number(output, event->mark.id);
	}
}

/* As the kernel tells what its buffers lost. */
static void put_lost(struct output *output, uint32_t cpu, uint64_t events)
{
	put_text(output, "CPU:");
	put_number(output, cpu);
	put_text(output, " [LOST ");
	if (events != FLIGHTREC_EVENTS_UNKNOWN) {
		put_number(output, events);
		put_char(output, ' ');
	}
	put_text(output, "EVENTS]");
}

void dump_ftrace_event(struct dump *dump, const struct flightrec_event *event)
{
	struct output *output = &dump->output;

	switch (event->type) {
	case FLIGHTREC_EVENT_SWITCH:
		put_switch(dump, event);
		break;
	case FLIGHTREC_EVENT_WAKING:
	case FLIGHTREC_EVENT_WAKEUP_NEW:
		put_waking(dump, event);
		break;
	case FLIGHTREC_EVENT_MIGRATE:
		put_migrate(dump, event);
		break;
	case FLIGHTREC_EVENT_FORK:
		put_fork(dump, event);
		break;
	case FLIGHTREC_EVENT_EXEC:
		put_exec(dump, event);
		break;
	case FLIGHTREC_EVENT_EXIT:
		put_head(dump, event, '.');
		put_text(output, "sched_process_exit: ");
		put_thread(output, event->thread);
		break;
	case FLIGHTREC_EVENT_RENAME:
		put_rename(dump, event);
		break;
	case FLIGHTREC_EVENT_MARK:
		put_mark(dump, event);
		break;
	case FLIGHTREC_STREAM_GAP:
		put_lost(output, event->cpu, event->gap.events);
		break;
	case FLIGHTREC_STREAM_LOST:
		put_lost(output, event->cpu, event->lost.events);
		break;
	case FLIGHTREC_STREAM_BEGIN:
		put_text(output, "##### CPU ");
		put_number(output, event->cpu);
		put_text(output, " buffer started ####");
		break;
	default:
		return;
	}
	put_char(output, '\n');
}
