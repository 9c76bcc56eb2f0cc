/* SPDX-License-Identifier: LGPL-2.1 */
#ifndef FLIGHTREC_STREAM_H
#define FLIGHTREC_STREAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "flightrec_format.h"
#include "load.h"
#include "priority.h"
#include "segment.h"
#include "source.h"
#include "thread.h"

/*
 * What comes next on a CPU. From END back to RECORD this is also the order in which
 * what precedes a segment's records is told, see stream.steps.
 */
enum stream_next {
	STREAM_HOLE, /* segments missing in the numbers, or unreadable */
	STREAM_TAKEN_BACK, /* one that left a GAP block, or was damaged */
	STREAM_PAUSED, /* recording was off */
	STREAM_LOST,
	STREAM_BEGIN,
	STREAM_RECORD, /* flightrec_stream_prelude() is due before it */
	STREAM_PLAIN, /* a switch or a waking, with nothing in front of it */
	STREAM_END,
};

/*
 * One CPU's segments, read record by record.
 *
 *	 data          notes        record       pos                end
 *	  |              |            |           |                  |
 *	  | handed out   | annotations|   next    |  not looked at   |
 *
 * The annotations in front of a record belong to its moment, so that they are left
 * alone until it is handed out. A plain record has none, and is wholly in word.
 */
struct stream {
	const uint8_t *notes;
	const uint8_t *record;
	const uint8_t *pos;
	const uint8_t *end;
	uint64_t word; /* the first one of the record */
	uint64_t clock; /* of what comes next */
	uint64_t epoch; /* of the records: the clock's upper bits, in place */
	uint64_t cut_clock; /* what is younger doesn't exist */
	enum stream_next next;
	bool entered; /* the segment's start_tid is still due */
	bool adrift; /* behind a gap or a pause: BEGIN is due */
	bool unreadable; /* a record made no sense: rest of the segment */
	bool short_file; /* what is behind the last segment is missing */
	bool finished;
	uint32_t cpu;
	uint32_t steps; /* bits 1 << STREAM_* due before the records */
	size_t index; /* number of the next segment */
	size_t count;
	struct segment **segments;
	const struct segment *segment; /* the present one */
	const uint8_t *task_base; /* the segment's last TASK of 6 words */
	uint64_t hole_segments;
	uint64_t hole_end_clock;
	uint64_t lost_since_clock;
	struct thread *running; /* NULL: unknown */
	struct thread *idle;
	struct priority_table priorities;
	const struct source *source;
};

void flightrec_stream_rewind(struct stream *stream);
void flightrec_stream_seek(struct stream *stream, uint64_t clock);
void flightrec_stream_fetch_slowly(struct stream *stream);
int flightrec_stream_prelude(struct stream *stream, struct thread_table *threads, uint64_t now_ns);

/* Words that a LONG event has at least; 0: a type that isn't known. */
static inline uint32_t event_words(uint32_t type)
{
	switch (type) {
	case FLIGHTREC_LONG_EXIT:
		return 1;
	case FLIGHTREC_LONG_WAKEUP_NEW:
	case FLIGHTREC_LONG_FORK:
	case FLIGHTREC_LONG_EXEC:
	case FLIGHTREC_LONG_MIGRATE:
	case FLIGHTREC_LONG_MARK:
		return 2;
	case FLIGHTREC_LONG_RENAME:
		return 6;
	default:
		return 0;
	}
}

/* The stream's thread of that tid, NULL if it has not been mentioned yet. */
static inline struct thread *stream_peek(const struct stream *stream,
					 const struct thread_table *threads, uint32_t tid)
{
	return tid ? thread_peek(threads, tid) : stream->idle;
}

/* The same, mentioned now; NULL if there is no memory. */
static inline struct thread *stream_thread(struct stream *stream, struct thread_table *threads,
					   uint32_t tid, uint64_t now_ns)
{
	if (tid)
		return thread_get(threads, tid, now_ns);
	if (!stream->idle)
		stream->idle = flightrec_thread_create_idle(threads, stream->cpu);
	return stream->idle;
}

static inline uint32_t record_tid(uint64_t word)
{
	return (word >> FLIGHTREC_TID_SHIFT) & TID_MASK;
}

static inline uint32_t record_type(uint64_t word)
{
	return (word >> FLIGHTREC_LONG_TYPE_SHIFT) & ((1U << FLIGHTREC_LONG_TYPE_BITS) - 1);
}

static inline uint32_t record_words(uint64_t word)
{
	return (word >> FLIGHTREC_LONG_WORDS_SHIFT) & ((1U << FLIGHTREC_LONG_WORDS_BITS) - 1);
}

/* The clock of a record: its own low bits, and the upper ones that TIME told. */
static inline uint64_t stream_record_clock(const struct stream *stream, uint64_t word)
{
	return stream->epoch | word >> FLIGHTREC_TIME_SHIFT;
}

static inline bool record_is_plain(uint64_t word)
{
	uint32_t tag = word & FLIGHTREC_TAG_MASK;

	return tag == FLIGHTREC_TAG_SWITCH || tag == FLIGHTREC_TAG_WAKING;
}

/* Goes on to what comes next. The commonest first: one plain record behind another. */
static inline void stream_fetch(struct stream *stream)
{
	uint64_t word, clock;

	if (stream->next == STREAM_PLAIN && stream->pos < stream->end) {
		word = load64(stream->pos);
		clock = stream_record_clock(stream, word);
		if (record_is_plain(word) && clock >= stream->clock && clock <= stream->cut_clock) {
			stream->word = word;
			stream->clock = clock;
			stream->pos += sizeof(word);
			return;
		}
	}
	flightrec_stream_fetch_slowly(stream);
}

#endif
