// SPDX-License-Identifier: GPL-2.0
#include <linux/string.h>

#include "decode.h"

static bool wrong(struct decoder *decoder, const char *error)
{
	decoder->error = error;
	return false;
}

static struct thread *find(struct decoder *decoder, u32 tid)
{
	u32 i;

	for (i = 0; i < decoder->nr_threads; i++)
		if (decoder->threads[i].tid == tid)
			return &decoder->threads[i];
	return NULL;
}

/* TASK: six words, or two that refer to the last six. */
static bool take_task(struct decoder *decoder, const u64 *record, u32 nr)
{
	struct thread *thread = find(decoder, record[0] >> 2 & 0x3fffff);

	if (nr == 6)
		decoder->last_full = record;
	else if (nr != 2)
		return wrong(decoder, "a TASK of a strange length");
	else if (!decoder->last_full)
		return wrong(decoder, "a short TASK without a full one before it");
	if (!thread) {
		if (decoder->nr_threads == DECODE_THREADS)
			return wrong(decoder, "more threads than the test has room for");
		thread = &decoder->threads[decoder->nr_threads++];
	}
	thread->tid = record[0] >> 2 & 0x3fffff;
	thread->tgid = record[1] & 0x3fffff;
	thread->priority = record[1] >> 22 & 0xff;
	thread->flags = record[1] >> 30 & 0xfff;
	thread->ns_tid = record[1] >> 42;
	memcpy(thread->comm, decoder->last_full + 2, 16);
	thread->cgroup = decoder->last_full[4];
	thread->pid_ns = decoder->last_full[5];
	return true;
}

static bool take_annotation(struct decoder *decoder, const u64 *record, u32 type, u32 nr)
{
	struct thread *thread;

	decoder->annotations += nr;
	switch (type) {
	case 1:
		decoder->time = (record[0] >> 39 << 22 | (record[0] >> 2 & 0x3fffff)) << 25;
		return nr == 1 || wrong(decoder, "a TIME of a strange length");
	case 2:
		thread = find(decoder, record[0] >> 2 & 0x3fffff);
		if (!thread)
			return wrong(decoder, "a PRIO of a thread that was not described");
		thread->priority = record[0] >> 39 & 0xff;
		return nr == 1 || wrong(decoder, "a PRIO of a strange length");
	case 3:
		return take_task(decoder, record, nr);
	}
	return wrong(decoder, "an annotation of unknown type");
}

static bool take_short(struct decoder *decoder, u64 word, struct event *event)
{
	struct thread *prev;

	event->what = word & 3;
	switch (event->what) {
	case SWITCH:
		prev = find(decoder, decoder->running);
		if (!prev)
			return wrong(decoder, "a SWITCH away from a thread that was not described");
		event->prev = *prev;
		event->state = word >> 24 & 0xf;
		event->nr = word >> 28 & 0x7ff;
		decoder->running = word >> 2 & 0x3fffff;
		break;
	case WAKING:
		event->cpu = word >> 24 & 0x1fff;
		event->context = word >> 37 & 3;
		break;
	default:
		return wrong(decoder, "a record with the tag that is not in use");
	}
	return true;
}

static bool take_long(struct decoder *decoder, const u64 *record, u32 type, u32 nr,
		      struct event *event)
{
	event->what = type;
	event->more = record + 1;
	event->nr_more = nr - 1;
	if (type != MIGRATE)
		return true;
	if (nr != 2)
		return wrong(decoder, "a MIGRATE of a strange length");
	event->cpu = record[1] & 0xffffffff;
	event->dest = record[1] >> 32;
	return true;
}

/**
 * decode_start() - begin with a segment
 * @decoder: state, to be used by decode_next()
 * @words: its records
 * @nr: number of words
 * @start: its start_clock
 * @running: its start_tid
 */
void decode_start(struct decoder *decoder, const u64 *words, u32 nr, u64 start, u32 running)
{
	memset(decoder, 0, sizeof(*decoder));
	decoder->words = words;
	decoder->nr = nr;
	decoder->time = start;
	decoder->running = running;
}

/**
 * decode_next() - the next event
 * @decoder: decode_start()ed
 * @event: out
 *
 * Return: false at the end, and if something is wrong: see @decoder->error.
 */
bool decode_next(struct decoder *decoder, struct event *event)
{
	while (decoder->at < decoder->nr) {
		const u64 *record = decoder->words + decoder->at;
		u32 type = record[0] >> 24 & 0x7f;
		u32 nr = record[0] & 3 ? 1 : record[0] >> 31 & 0xff;
		struct thread *thread;

		if (!nr)
			return wrong(decoder, "a record without length");
		if (nr > decoder->nr - decoder->at)
			return wrong(decoder, "a record that reaches past the end");
		decoder->at += nr;
		if (!(record[0] & 3) && type < 16) {
			if (!take_annotation(decoder, record, type, nr))
				return false;
			continue;
		}
		memset(event, 0, sizeof(*event));
		if (record[0] & 3) {
			if (!take_short(decoder, record[0], event))
				return false;
		} else if (!take_long(decoder, record, type, nr, event)) {
			return false;
		}
		decoder->time = decoder->time >> 25 << 25 | record[0] >> 39;
		decoder->annotations += nr - 1;
		thread = find(decoder, record[0] >> 2 & 0x3fffff);
		if (!thread)
			return wrong(decoder, "an event of a thread that was not described");
		event->thread = *thread;
		event->time = decoder->time;
		return true;
	}
	return false;
}
