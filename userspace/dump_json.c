// SPDX-License-Identifier: GPL-2.0
/* JSON Lines. The names are stable: members are added, never changed. */
#include "dump.h"
#include "names.h"

static void put_member(struct output *output, const char *name, size_t bytes, uint64_t value)
{
	put_bytes(output, name, bytes);
	put_number(output, value);
}

/* put_number_member(output, ",\"name\":", value), the name with all its signs */
#define put_number_member(output, name, value) put_member(output, name, sizeof(name) - 1, value)

#define put_string_member(output, name, value) \
	do {                                   \
		put_text(output, name);        \
		put_json(output, value);       \
	} while (0)

static void put_event_name(struct output *output, const char *name)
{
	put_text(output, ",\"event\":\"");
	put_string(output, name);
	put_char(output, '"');
}

static void put_running(struct output *output, const struct flightrec_thread *running)
{
	if (!running)
		return;
	put_number_member(output, ",\"running_tid\":", running->tid);
	put_string_member(output, ",\"running_comm\":", running->comm);
}

static void put_thread(struct output *output, const struct flightrec_thread *thread)
{
	put_number_member(output, ",\"tid\":", thread->tid);
	put_number_member(output, ",\"tgid\":", thread->tgid);
	put_string_member(output, ",\"comm\":", thread->comm);
	put_text(output, ",\"prio\":");
	put_signed(output, dump_priority(thread));
}

static void put_switch(struct dump *dump, const struct flightrec_event *event)
{
	static const struct flightrec_thread unknown = { .comm = "<...>" };
	const struct flightrec_thread *prev = event->running ? event->running : &unknown;
	const struct flightrec_thread *next = event->thread;
	struct output *output = &dump->output;
	const char *syscall;
	char room[16];

	put_number_member(output, ",\"prev_tid\":", prev->tid);
	put_number_member(output, ",\"prev_tgid\":", prev->tgid);
	put_string_member(output, ",\"prev_comm\":", prev->comm);
	put_text(output, ",\"prev_prio\":");
	put_signed(output, dump_priority(prev));
	put_text(output, ",\"prev_state\":\"");
	put_char(output, flightrec_state_letter(event->sw.state));
	if (event->sw.state == FLIGHTREC_STATE_PREEMPTED)
		put_char(output, '+');
	put_text(output, "\",\"prev_syscall\":");
	syscall = dump_syscall(dump, event->sw.nr, prev, room);
	if (syscall)
		put_json(output, syscall);
	else
		put_text(output, "null");
	put_number_member(output, ",\"next_tid\":", next->tid);
	put_number_member(output, ",\"next_tgid\":", next->tgid);
	put_string_member(output, ",\"next_comm\":", next->comm);
	put_text(output, ",\"next_prio\":");
	put_signed(output, dump_priority(next));
}

static void put_waking(struct output *output, const struct flightrec_event *event)
{
	put_thread(output, event->thread);
	put_number_member(output, ",\"target_cpu\":", event->waking.target_cpu);
	put_string_member(output, ",\"context\":", name_of_context(event->waking.context));
	put_running(output, event->running);
}

static void put_fork(struct output *output, const struct flightrec_event *event)
{
	if (event->fork.parent)
		put_thread(output, event->fork.parent);
	put_number_member(output, ",\"child_tid\":", event->thread->tid);
	put_number_member(output, ",\"child_tgid\":", event->thread->tgid);
	put_string_member(output, ",\"child_comm\":", event->thread->comm);
}

static void put_exec(struct output *output, const struct flightrec_event *event)
{
	put_thread(output, event->thread);
	put_number_member(output, ",\"old_tid\":", event->exec.old_tid);
	put_string_member(output, ",\"filename\":", event->exec.name);
	if (event->exec.name_cut)
		put_text(output, ",\"filename_cut\":true");
}

static void put_rename(struct output *output, const struct flightrec_event *event)
{
	put_thread(output, event->thread);
	put_string_member(output, ",\"old_comm\":", event->rename.from);
	put_string_member(output, ",\"new_comm\":", event->rename.to);
	put_text(output, ",\"oom_score_adj\":");
	put_signed(output, event->rename.oom_score_adj);
}

static void put_mark(struct output *output, const struct flightrec_event *event)
{
	const char *kind = name_of_mark(event->mark.kind);

	put_thread(output, event->thread);
	put_text(output, ",\"kind\":");
	if (kind)
		put_json(output, kind);
	else
		put_text(output, "null");
	put_number_member(output, ",\"id\":", event->mark.id);
	put_number_member(output, ",\"parent\":", event->mark.parent);
	put_text(output, ",\"text\":");
	put_json_bytes(output, event->mark.text, event->mark.text_bytes);
}

static void put_record(struct dump *dump, const struct flightrec_event *event)
{
	struct output *output = &dump->output;

	put_event_name(output, name_of_event(event->type));
	switch (event->type) {
	case FLIGHTREC_EVENT_SWITCH:
		put_switch(dump, event);
		break;
	case FLIGHTREC_EVENT_WAKING:
	case FLIGHTREC_EVENT_WAKEUP_NEW:
		put_waking(output, event);
		break;
	case FLIGHTREC_EVENT_MIGRATE:
		put_thread(output, event->thread);
		put_number_member(output, ",\"orig_cpu\":", event->migrate.from_cpu);
		put_number_member(output, ",\"dest_cpu\":", event->migrate.to_cpu);
		put_running(output, event->running);
		break;
	case FLIGHTREC_EVENT_FORK:
		put_fork(output, event);
		break;
	case FLIGHTREC_EVENT_EXEC:
		put_exec(output, event);
		break;
	case FLIGHTREC_EVENT_EXIT:
		put_thread(output, event->thread);
		break;
	case FLIGHTREC_EVENT_RENAME:
		put_rename(output, event);
		put_running(output, event->running);
		break;
	case FLIGHTREC_EVENT_MARK:
		put_mark(output, event);
		break;
	}
}

static void put_gap(struct output *output, const struct flightrec_event *event)
{
	put_event_name(output, "gap");
	put_number_member(output, ",\"end_ns\":", event->gap.end_ns);
	put_number_member(output, ",\"segments\":", event->gap.segments);
	put_text(output, ",\"events\":");
	if (event->gap.events == FLIGHTREC_EVENTS_UNKNOWN)
		put_text(output, "null");
	else
		put_number(output, event->gap.events);
}

void dump_json_event(struct dump *dump, const struct flightrec_event *event)
{
	struct output *output = &dump->output;

	put_number_member(output, "{\"time_ns\":", event->time_ns);
	put_number_member(output, ",\"cpu\":", event->cpu);
	switch (event->type) {
	case FLIGHTREC_STREAM_GAP:
		put_gap(output, event);
		break;
	case FLIGHTREC_STREAM_LOST:
		put_event_name(output, "lost");
		put_number_member(output, ",\"since_ns\":", event->lost.since_ns);
		put_number_member(output, ",\"events\":", event->lost.events);
		break;
	case FLIGHTREC_STREAM_BEGIN:
		put_event_name(output, "begin");
		put_running(output, event->running);
		break;
	case FLIGHTREC_STREAM_PAUSE:
		put_event_name(output, "pause");
		break;
	default:
		put_record(dump, event);
		break;
	}
	put_text(output, "}\n");
}
