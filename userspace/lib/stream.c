// SPDX-License-Identifier: LGPL-2.1
/*
 * One CPU's stream: what comes next on it, and when.
 *
 * Records are looked at one ahead, because the streams are merged by time. Losses
 * are told where they stand: what is missing between two segments comes before the
 * records of the second one, step by step in the order of enum stream_next.
 *
 * Nothing here trusts a length that the file states: every one is checked against
 * the end of the segment, also when it is read a second time.
 */
#include "merge.h"
#include "stream.h"

#define WORD		 sizeof(uint64_t)

/* Unknown types from here on are events, with a time; below it are annotations. */
#define LONG_FIRST_EVENT FLIGHTREC_LONG_WAKEUP_NEW

static void stream_set(struct stream *stream, enum stream_next next, uint64_t clock)
{
	stream->next = next;
	stream->clock = clock;
}

static uint64_t clock_between(uint64_t clock, uint64_t low, uint64_t high)
{
	if (clock > high)
		clock = high;
	return clock > low ? clock : low;
}

/* The time of the next segment's start, within what time there is. */
static uint64_t stream_following_clock(const struct stream *stream)
{
	uint64_t clock = stream->cut_clock;

	if (stream->index < stream->count)
		clock = stream->segments[stream->index]->header.start_clock;
	return clock_between(clock, stream->clock, stream->cut_clock);
}

/* To the time of a record; one that is before the last counts as being with it. */
static bool stream_move(struct stream *stream, uint64_t word)
{
	uint64_t clock = stream_record_clock(stream, word);

	if (clock > stream->cut_clock) {
		stream->finished = true;
		return false;
	}
	if (clock > stream->clock)
		stream->clock = clock;
	return true;
}

static uint64_t epoch_of(uint64_t clock)
{
	return clock >> FLIGHTREC_TIME_BITS << FLIGHTREC_TIME_BITS;
}

/*
 * Steps over a LONG record at @at. Sets @is_event if it's an event that is known.
 * False if there is nothing to read behind it.
 */
static bool stream_long(struct stream *stream, const uint8_t *at, uint64_t word, bool *is_event)
{
	uint32_t type = record_type(word);
	uint32_t words = record_words(word);

	if (!words || words > (size_t)(stream->end - at) / WORD) {
		stream->unreadable = true;
		return false;
	}
	stream->pos = at + words * WORD;
	*is_event = event_words(type) && words >= event_words(type);
	if (type == FLIGHTREC_LONG_TIME)
		stream->epoch =
			((word >> FLIGHTREC_TIME_SHIFT) << FLIGHTREC_TID_BITS | record_tid(word))
			<< FLIGHTREC_TIME_BITS;
	return type < LONG_FIRST_EVENT || stream_move(stream, word);
}

/* Finds the segment's next event; false if there is none. */
static bool stream_scan(struct stream *stream)
{
	stream->notes = stream->pos;
	while (stream->pos < stream->end) {
		const uint8_t *at = stream->pos;
		uint64_t word = load64(at);
		bool is_event = true;

		switch (word & FLIGHTREC_TAG_MASK) {
		case FLIGHTREC_TAG_LONG:
			if (!stream_long(stream, at, word, &is_event))
				return false;
			break;
		default:
			stream->pos = at + WORD;
			if (!stream_move(stream, word))
				return false;
			is_event = record_is_plain(word);
			break;
		}
		if (is_event) {
			stream->record = at;
			stream->word = word;
			/* A fork makes room for its child before that is named. */
			stream->next = stream->notes == at && !stream->entered &&
						       record_is_plain(word)
					       ? STREAM_PLAIN
					       : STREAM_RECORD;
			return true;
		}
	}
	return false;
}

/* The number of segments missing before the present one, 0 if it's the first. */
static uint64_t stream_missing(const struct stream *stream)
{
	const struct segment *const *segments =
		(const struct segment *const *)stream->segments + stream->index;

	return stream->index ? segments[0]->header.seq - segments[-1]->header.seq - 1 : 0;
}

/* Goes on to the next segment, and sees what there is to tell before its records. */
static bool stream_enter(struct stream *stream)
{
	const struct segment *segment;
	const struct flightrec_segment *header;

	if (stream->segment && stream->segment->kind == SEGMENT_READABLE)
		flightrec_source_drop(stream->source, stream->segment->offset,
				      stream->segment->header.block.bytes);
	if (stream->index == stream->count)
		return false;
	segment = stream->segments[stream->index];
	header = &segment->header;
	if (header->start_clock > stream->cut_clock)
		return false;

	stream->steps = 0;
	stream->hole_segments = stream_missing(stream);
	stream->lost_since_clock = stream->segment ? stream->clock : header->start_clock;
	if (stream->hole_segments || stream->unreadable) {
		stream->steps |= 1 << STREAM_HOLE;
		stream->hole_end_clock = stream_following_clock(stream);
		/* Behind what was taken back, which has been told up to its end. */
		if (stream->adrift && stream->segment)
			stream->clock = clock_between(stream->segment->header.end_clock,
						      stream->clock, stream->hole_end_clock);
	}
	if (!stream->index)
		stream->adrift = true;
	if (segment->kind != SEGMENT_READABLE) {
		stream->steps |= 1 << STREAM_TAKEN_BACK;
	} else {
		if (stream->index && header->flags & FLIGHTREC_SEGMENT_START)
			stream->steps |= 1 << STREAM_PAUSED;
		if (header->lost)
			stream->steps |= 1 << STREAM_LOST;
		if (stream->adrift || stream->steps & (1 << STREAM_HOLE | 1 << STREAM_PAUSED))
			stream->steps |= 1 << STREAM_BEGIN;
	}

	stream->index++;
	stream->segment = segment;
	stream->unreadable = false;
	stream->adrift = segment->kind != SEGMENT_READABLE;
	stream->entered = segment->kind == SEGMENT_READABLE;
	stream->task_base = NULL;
	stream->epoch = epoch_of(header->start_clock);
	stream->pos = segment->data;
	stream->end = segment->data;
	if (segment->kind == SEGMENT_READABLE)
		stream->end += header->data_bytes;
	return true;
}

/* The next one of the steps that are due before the segment's records. */
static void stream_step(struct stream *stream)
{
	enum stream_next step = __builtin_ctz(stream->steps);
	uint64_t start = stream->segment->header.start_clock;

	stream->steps &= stream->steps - 1;
	/* What is missing starts where the stream broke off, all else at the start. */
	if (step == STREAM_HOLE || step == STREAM_PAUSED || start < stream->clock)
		start = stream->clock;
	if (step == STREAM_TAKEN_BACK) {
		stream->hole_segments = 1;
		stream->clock = start;
		stream->hole_end_clock = stream_following_clock(stream);
	}
	stream_set(stream, step, start);
}

/*
 * Behind the last segment. If it was closed, and the file is damaged or cut short,
 * a later one may be missing.
 */
static void stream_end(struct stream *stream)
{
	bool more = stream->unreadable ||
		    (stream->short_file && stream->segment && !stream->adrift &&
		     !(stream->segment->header.flags & FLIGHTREC_SEGMENT_OPEN));

	if (more && !stream->finished) {
		stream->hole_segments = 0;
		stream->hole_end_clock = stream->cut_clock;
		stream->unreadable = false;
		stream->finished = true;
		stream_set(stream, STREAM_HOLE, stream->clock);
		return;
	}
	stream->finished = true;
	stream_set(stream, STREAM_END, CLOCK_END);
}

/* Goes on to what comes next. */
void flightrec_stream_fetch_slowly(struct stream *stream)
{
	while (!stream->finished) {
		if (stream->steps) {
			stream_step(stream);
			return;
		}
		/* The segments' own times are what holds, and never go back. */
		if (stream->pos == stream->segment->data &&
		    stream->clock < stream->segment->header.start_clock)
			stream->clock = stream->segment->header.start_clock;
		if (stream_scan(stream))
			return;
		if (!stream->finished && !stream_enter(stream))
			break;
	}
	stream_end(stream);
}

/* To the start of segment number @index. */
static void stream_start(struct stream *stream, size_t index)
{
	stream->index = index;
	stream->clock = 0;
	stream->steps = 0;
	stream->segment = NULL;
	stream->running = NULL;
	stream->idle = NULL;
	stream->unreadable = false;
	stream->finished = false;
	stream->adrift = true;
	flightrec_priority_reset(&stream->priorities);
	if (stream_enter(stream)) {
		/* What is missing before it is none of the reader's business now. */
		stream->steps &= ~(1U << STREAM_HOLE | 1U << STREAM_PAUSED);
		flightrec_stream_fetch_slowly(stream);
	} else {
		stream_end(stream);
	}
}

void flightrec_stream_rewind(struct stream *stream)
{
	stream_start(stream, 0);
}

/* To the last segment that starts at or before @clock. */
void flightrec_stream_seek(struct stream *stream, uint64_t clock)
{
	size_t low = 0, high = stream->count;

	while (high - low > 1) {
		size_t middle = low + (high - low) / 2;

		if (stream->segments[middle]->header.start_clock <= clock)
			low = middle;
		else
			high = middle;
	}
	stream_start(stream, low);
}

/* A TASK record of @words words at @at. */
static int stream_name(struct stream *stream, struct thread_table *threads, const uint8_t *at,
		       uint32_t words)
{
	uint32_t tid = record_tid(load64(at));
	struct thread *thread;
	uint64_t who;

	if (words >= FLIGHTREC_TASK_WORDS)
		stream->task_base = at + 2 * WORD;
	if (words < FLIGHTREC_TASK_WORDS_SAME || !stream->task_base || !tid)
		return 0;
	who = load64(at + WORD);
	thread = flightrec_thread_name(threads, tid, who, stream->task_base);
	if (!thread)
		return -1;
	return flightrec_priority_tell(&stream->priorities, thread,
				       who >> FLIGHTREC_TASK_PRIORITY_SHIFT);
}

/* The annotations from stream->notes to @end, or to the first record that's none. */
static int stream_annotate(struct stream *stream, struct thread_table *threads, const uint8_t *end,
			   uint64_t now_ns)
{
	while (stream->notes < end) {
		const uint8_t *at = stream->notes;
		uint64_t word = load64(at);
		uint32_t words = record_words(word);
		struct thread *thread;

		if ((word & FLIGHTREC_TAG_MASK) != FLIGHTREC_TAG_LONG || !words ||
		    words > (size_t)(end - at) / WORD)
			return 0;
		/* The others' names may be for a fork, which they have to wait for. */
		if (stream->next == STREAM_BEGIN &&
		    (record_type(word) != FLIGHTREC_LONG_TASK ||
		     record_tid(word) != stream->segment->header.start_tid))
			return 0;
		switch (record_type(word)) {
		case FLIGHTREC_LONG_TASK:
			if (stream_name(stream, threads, at, words))
				return -1;
			break;
		case FLIGHTREC_LONG_PRIO:
			thread = stream_thread(stream, threads, record_tid(word), now_ns);
			if (!thread || flightrec_priority_tell(&stream->priorities, thread,
							       word >> FLIGHTREC_TIME_SHIFT))
				return -1;
			break;
		default:
			break;
		}
		stream->notes += words * WORD;
	}
	return 0;
}

/*
 * Of a segment whose beginning is left out: names of threads that are mentioned no more
 * may come before that of the one that runs. They are all left for the first record.
 */
static int stream_name_first(struct stream *stream, struct thread_table *threads)
{
	const uint32_t tid = stream->segment->header.start_tid;
	const uint8_t *at = stream->pos;
	int err = 0;

	while (at < stream->end) {
		uint64_t word = load64(at);
		uint32_t words = record_words(word);

		if ((word & FLIGHTREC_TAG_MASK) != FLIGHTREC_TAG_LONG || !words ||
		    words > (size_t)(stream->end - at) / WORD ||
		    record_type(word) >= LONG_FIRST_EVENT)
			break;
		if (record_type(word) == FLIGHTREC_LONG_TASK) {
			if (words >= FLIGHTREC_TASK_WORDS)
				stream->task_base = at + 2 * WORD;
			if (record_tid(word) == tid) {
				err = stream_name(stream, threads, at, words);
				break;
			}
		}
		at += words * WORD;
	}
	stream->task_base = NULL;
	return err;
}

/*
 * What is due before a record is handed out, or a BEGIN: who everybody is, and who
 * runs when a segment starts. A BEGIN takes the running thread's name alone. -1 if
 * there is no memory.
 */
int flightrec_stream_prelude(struct stream *stream, struct thread_table *threads, uint64_t now_ns)
{
	const uint8_t *end = stream->record;

	if (stream->next == STREAM_BEGIN) {
		stream->notes = stream->pos;
		end = stream->end;
	} else {
		uint64_t word = load64(stream->record);

		if ((word & FLIGHTREC_TAG_MASK) == FLIGHTREC_TAG_LONG &&
		    record_type(word) == FLIGHTREC_LONG_FORK &&
		    !flightrec_thread_reborn(threads, record_tid(word)))
			return -1;
	}
	if (stream->next == STREAM_BEGIN &&
	    stream->segment->header.flags & FLIGHTREC_SEGMENT_PART) {
		if (stream_name_first(stream, threads))
			return -1;
	} else if (stream_annotate(stream, threads, end, now_ns)) {
		return -1;
	}
	if (stream->next == STREAM_BEGIN)
		stream->pos = stream->notes;
	if (stream->entered) {
		stream->running =
			stream_thread(stream, threads, stream->segment->header.start_tid, now_ns);
		stream->entered = false;
		if (!stream->running)
			return -1;
	}
	return 0;
}
