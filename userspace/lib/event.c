// SPDX-License-Identifier: LGPL-2.1
/*
 * The events of all CPUs in the order of their time.
 *
 * This is where a reader's time goes: per event one record is decoded, one stream
 * moves on, and its matches with the others' are played again. Nothing is
 * allocated but for a thread that is mentioned for the first time.
 *
 * Nearly all records are plain: switches and wakings of threads that are known
 * already. One after the other, each has to wait for the winner of the last matches,
 * its word and its clock. That is why they are not decoded many at a time: a reader
 * that handles them one by one does its work meanwhile, which takes as long.
 */
#include <errno.h>
#include <stdlib.h>

#include "load.h"
#include "trace.h"

#define WORD sizeof(uint64_t)

static uint64_t trace_time(struct flightrec_trace *trace, uint64_t clock)
{
	const struct clock_piece *last = &trace->clock_map.pieces[trace->clock_map.count - 1];

	if (clock < trace->piece->clock)
		return flightrec_clock_map_ns(&trace->clock_map, clock);
	while (!clock_piece_has(trace->piece, clock) && trace->piece < last)
		trace->piece++;
	return clock_piece_ns(trace->piece, clock);
}

/* Bits of a record. */
static inline uint32_t bits(uint64_t word, unsigned int shift, unsigned int count)
{
	return (word >> shift) & ((1U << count) - 1);
}

/* The number that is recorded for such a thread means nothing. */
#define NO_USER_MODE (FLIGHTREC_TASK_KTHREAD | FLIGHTREC_TASK_IO_WORKER)

static inline void tell_switch(struct flightrec_event *event, struct stream *stream,
			       struct thread *next, uint64_t word)
{
	event->type = FLIGHTREC_EVENT_SWITCH;
	event->sw.state = bits(word, FLIGHTREC_SWITCH_STATE_SHIFT, FLIGHTREC_SWITCH_STATE_BITS);
	event->sw.nr = FLIGHTREC_NR_NONE;
	if (!stream->running || !(stream->running->shown.flags & NO_USER_MODE))
		event->sw.nr = bits(word, FLIGHTREC_SWITCH_NR_SHIFT, FLIGHTREC_SWITCH_NR_BITS);
	if ((event->sw.state == FLIGHTREC_STATE_DEAD ||
	     event->sw.state == FLIGHTREC_STATE_ZOMBIE) &&
	    stream->running)
		stream->running->dead = true;
	stream->running = next;
}

static inline void tell_waking(struct flightrec_event *event, uint64_t word)
{
	event->type = FLIGHTREC_EVENT_WAKING;
	event->waking.target_cpu = bits(word, FLIGHTREC_WAKING_CPU_SHIFT, FLIGHTREC_CPU_BITS);
	event->waking.context = bits(word, FLIGHTREC_WAKING_CONTEXT_SHIFT, 2);
}

static inline const struct flightrec_thread *tell_running(struct stream *stream)
{
	if (!stream->running)
		return NULL;
	priority_recall(&stream->priorities, stream->running);
	return &stream->running->shown;
}

/* A plain record, but for the event's time, its CPU, and who runs before it. */
static inline void tell_plain(struct flightrec_event *event, struct stream *stream,
			      struct thread *thread, uint64_t word)
{
	event->thread = &thread->shown;
	priority_recall(&stream->priorities, thread);
	if ((word & FLIGHTREC_TAG_MASK) == FLIGHTREC_TAG_SWITCH)
		tell_switch(event, stream, thread, word);
	else
		tell_waking(event, word);
}

static int tell_fork(struct flightrec_trace *trace, struct stream *stream, struct thread *child)
{
	struct flightrec_event *event = &trace->event;
	uint64_t tid = load64(stream->record + WORD);
	struct thread *parent = NULL;

	if (tid <= TID_MASK) {
		parent = stream_thread(stream, &trace->threads, tid, event->time_ns);
		if (!parent)
			return -ENOMEM;
		flightrec_thread_inherit(child, parent);
	}
	event->type = FLIGHTREC_EVENT_FORK;
	event->fork.parent = parent ? &parent->shown : NULL;
	return 0;
}

/*
 * A thread that execs beside others takes its process's tid: it runs on under
 * another number, without a switch.
 */
static void tell_exec(struct flightrec_trace *trace, struct stream *stream, struct thread *thread)
{
	struct flightrec_event *event = &trace->event;
	uint64_t word = load64(stream->record + WORD);
	size_t room = stream->pos - stream->record - 2 * WORD;
	uint16_t bytes = word >> 32;

	if (bytes > room)
		bytes = room;
	memcpy(trace->exec_name, stream->record + 2 * WORD, bytes);
	trace->exec_name[bytes] = '\0';
	event->type = FLIGHTREC_EVENT_EXEC;
	event->exec.old_tid = word;
	event->exec.name = trace->exec_name;
	event->exec.name_bytes = bytes;
	event->exec.name_cut = !!(word & FLIGHTREC_EXEC_NAME_CUT);
	stream->running = thread;
	event->running = &thread->shown;
}

static void tell_rename(struct flightrec_trace *trace, struct stream *stream, struct thread *thread)
{
	struct flightrec_event *event = &trace->event;
	const uint8_t *from = stream->record + 2 * WORD;
	const uint8_t *to = stream->record + 4 * WORD;

	memcpy(trace->old_comm, from, COMM_BYTES);
	memcpy(trace->new_comm, to, COMM_BYTES);
	flightrec_thread_rename(&trace->threads, thread, from, to);
	event->type = FLIGHTREC_EVENT_RENAME;
	event->rename.oom_score_adj = (int16_t)load64(stream->record + WORD);
	event->rename.from = trace->old_comm;
	event->rename.to = trace->new_comm;
}

/* A mark that claims more than its record has is cut. */
static void tell_mark(struct flightrec_trace *trace, struct stream *stream)
{
	struct flightrec_event *event = &trace->event;
	uint64_t word = load64(stream->record + WORD);
	size_t words = (stream->pos - stream->record) / WORD;
	size_t text = word & FLIGHTREC_MARK_SHORT ? 2 : 4;
	uint16_t bytes = word;

	memset(&event->mark, 0, sizeof(event->mark));
	event->type = FLIGHTREC_EVENT_MARK;
	if (!(word & FLIGHTREC_MARK_SHORT)) {
		event->mark.kind = (word >> FLIGHTREC_MARK_KIND_SHIFT) & 3;
		event->mark.id = words > 2 ? load64(stream->record + 2 * WORD) : 0;
		event->mark.parent = words > 3 ? load64(stream->record + 3 * WORD) : 0;
	}
	if (text > words)
		text = words;
	if (bytes > (words - text) * WORD)
		bytes = (words - text) * WORD;
	memcpy(trace->mark_text, stream->record + text * WORD, bytes);
	trace->mark_text[bytes] = '\0';
	event->mark.text = trace->mark_text;
	event->mark.text_bytes = bytes;
}

static int tell_long(struct flightrec_trace *trace, struct stream *stream, struct thread *thread,
		     uint64_t word)
{
	struct flightrec_event *event = &trace->event;
	uint32_t type = record_type(word);

	/* The stream has seen to that; but a mapped file may be written to. */
	if ((size_t)(stream->pos - stream->record) < event_words(type) * WORD)
		type = FLIGHTREC_LONG_EXIT;
	event->thread = &thread->shown;
	priority_recall(&stream->priorities, thread);
	switch (type) {
	case FLIGHTREC_LONG_WAKEUP_NEW:
		event->type = FLIGHTREC_EVENT_WAKEUP_NEW;
		event->waking.target_cpu = load64(stream->record + WORD);
		event->waking.context = FLIGHTREC_CONTEXT_THREAD;
		return 0;
	case FLIGHTREC_LONG_MIGRATE:
		event->type = FLIGHTREC_EVENT_MIGRATE;
		event->migrate.from_cpu = load64(stream->record + WORD);
		event->migrate.to_cpu = load64(stream->record + WORD) >> 32;
		return 0;
	case FLIGHTREC_LONG_FORK:
		return tell_fork(trace, stream, thread);
	case FLIGHTREC_LONG_EXEC:
		tell_exec(trace, stream, thread);
		return 0;
	case FLIGHTREC_LONG_RENAME:
		tell_rename(trace, stream, thread);
		return 0;
	case FLIGHTREC_LONG_MARK:
		tell_mark(trace, stream);
		return 0;
	default:
		event->type = FLIGHTREC_EVENT_EXIT;
		return 0;
	}
}

static int tell_record(struct flightrec_trace *trace, struct stream *stream)
{
	struct flightrec_event *event = &trace->event;
	uint64_t word = stream->word;
	struct thread *thread =
		stream_thread(stream, &trace->threads, record_tid(word), event->time_ns);

	if (!thread)
		return -ENOMEM;
	if (!record_is_plain(word))
		return tell_long(trace, stream, thread, word);
	tell_plain(event, stream, thread, word);
	return 0;
}

/* What runs, and who is called what, may have changed unseen. */
static void forget(struct flightrec_trace *trace, struct stream *stream)
{
	stream->running = NULL;
	trace->threads.epoch++;
}

/* What isn't a record, but is known of the stream from here on. */
static void tell_stream(struct flightrec_trace *trace, struct stream *stream)
{
	struct flightrec_event *event = &trace->event;

	event->thread = NULL;
	switch (stream->next) {
	case STREAM_BEGIN:
		event->type = FLIGHTREC_STREAM_BEGIN;
		event->thread = event->running;
		break;
	case STREAM_PAUSED:
		event->type = FLIGHTREC_STREAM_PAUSE;
		forget(trace, stream);
		break;
	case STREAM_LOST:
		event->type = FLIGHTREC_STREAM_LOST;
		event->lost.since_ns =
			flightrec_clock_map_ns(&trace->clock_map, stream->lost_since_clock);
		event->lost.events = stream->segment->header.lost;
		trace->threads.epoch++;
		break;
	default:
		event->type = FLIGHTREC_STREAM_GAP;
		event->gap.end_ns =
			flightrec_clock_map_ns(&trace->clock_map, stream->hole_end_clock);
		event->gap.segments = stream->hole_segments;
		event->gap.events = stream->next == STREAM_TAKEN_BACK
					    ? stream->segment->header.events
					    : FLIGHTREC_EVENTS_UNKNOWN;
		forget(trace, stream);
		break;
	}
}

/* Hands out what comes next on the stream. */
static int tell(struct flightrec_trace *trace, struct stream *stream)
{
	struct flightrec_event *event = &trace->event;

	event->time_ns = trace_time(trace, stream->clock);
	event->clock = stream->clock;
	event->cpu = stream->cpu;
	if (stream->next == STREAM_BEGIN || stream->next == STREAM_RECORD)
		if (flightrec_stream_prelude(stream, &trace->threads, event->time_ns))
			return -ENOMEM;
	event->running = tell_running(stream);
	if (stream->next == STREAM_RECORD || stream->next == STREAM_PLAIN)
		return tell_record(trace, stream);
	tell_stream(trace, stream);
	return 0;
}

/* Hands out a plain record of a thread that is known; false if there is more to it. */
static inline bool tell_quickly(struct flightrec_trace *trace, struct stream *stream)
{
	struct flightrec_event *event = &trace->event;
	uint64_t word = stream->word;
	struct thread *thread;

	if (stream->next != STREAM_PLAIN || !clock_piece_has(trace->piece, stream->clock))
		return false;
	thread = stream_peek(stream, &trace->threads, record_tid(word));
	if (!thread)
		return false;
	event->time_ns = clock_piece_ns(trace->piece, stream->clock);
	event->clock = stream->clock;
	event->cpu = stream->cpu;
	event->running = tell_running(stream);
	tell_plain(event, stream, thread, word);
	return true;
}

int flightrec_trace_next(struct flightrec_trace *trace, const struct flightrec_event **event)
{
	struct stream *stream = merge_winner(&trace->merge);

	if (!tell_quickly(trace, stream)) {
		*event = NULL;
		if (stream->next == STREAM_END)
			return 0;
		if (tell(trace, stream)) {
			stream->next = STREAM_END;
			return -ENOMEM;
		}
	}
	stream_fetch(stream);
	merge_moved(&trace->merge);
	*event = &trace->event;
	return 0;
}

/* Forgets all threads; the streams have been put where they shall go on. */
static void trace_restart(struct flightrec_trace *trace)
{
	flightrec_thread_table_reset(&trace->threads);
	trace->piece = trace->clock_map.pieces;
	memset(&trace->event, 0, sizeof(trace->event));
	flightrec_merge_start(&trace->merge);
}

int flightrec_trace_rewind(struct flightrec_trace *trace)
{
	for (uint32_t i = 0; i < trace->info.cpus; i++)
		flightrec_stream_rewind(&trace->streams[i]);
	trace_restart(trace);
	return 0;
}

int flightrec_trace_seek(struct flightrec_trace *trace, uint64_t time_ns)
{
	/* Times are rounded: an earlier clock may be in time yet. */
	uint64_t clock = flightrec_clock_map_clock(&trace->clock_map, time_ns ? time_ns - 1 : 0);
	const struct flightrec_event *event;
	const struct stream *stream;
	int err = 0;

	for (uint32_t i = 0; i < trace->info.cpus; i++)
		flightrec_stream_seek(&trace->streams[i], clock);
	trace_restart(trace);
	/* The segments start at different times, so that these are not all events. */
	trace->threads.partial = true;
	while (!err) {
		stream = merge_winner(&trace->merge);
		if (stream->next == STREAM_END || trace_time(trace, stream->clock) >= time_ns)
			break;
		err = flightrec_trace_next(trace, &event);
	}
	trace->threads.partial = false;
	return err;
}

uint64_t flightrec_trace_time_ns(const struct flightrec_trace *trace)
{
	return trace->event.time_ns;
}

static struct stream *stream_of_cpu(struct flightrec_trace *trace, uint32_t cpu)
{
	uint32_t low = 0, high = trace->info.cpus;

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;

		if (trace->streams[middle].cpu == cpu)
			return &trace->streams[middle];
		if (trace->streams[middle].cpu < cpu)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}

const struct flightrec_thread *flightrec_trace_thread(struct flightrec_trace *trace, uint32_t tid)
{
	const struct flightrec_event *event = &trace->event;
	struct flightrec_task task;
	struct stream *stream;
	struct thread *thread;

	if (!tid) {
		stream = stream_of_cpu(trace, event->cpu);
		if (!stream)
			return NULL;
		thread = stream_thread(stream, &trace->threads, 0, event->time_ns);
		return thread ? &thread->shown : NULL;
	}
	if (tid > TID_MASK)
		return NULL;
	thread = thread_peek(&trace->threads, tid);
	if (!thread && flightrec_thread_in_rundown(&trace->threads, tid, event->time_ns, &task))
		thread = flightrec_thread_create(&trace->threads, tid, event->time_ns);
	return thread ? &thread->shown : NULL;
}

const struct flightrec_thread *flightrec_trace_running(struct flightrec_trace *trace, uint32_t cpu)
{
	const struct stream *stream = stream_of_cpu(trace, cpu);

	return stream && stream->running ? &stream->running->shown : NULL;
}
