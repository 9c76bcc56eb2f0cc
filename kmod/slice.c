// SPDX-License-Identifier: GPL-2.0
/*
 * A slice: some of a segment's events, as a segment that can be read alone.
 *
 * Whatever describes threads is kept, so that each one's first mention still
 * finds it described. Who ran when the slice begins is known from the switches
 * before it.
 */
#include <linux/minmax.h>
#include <linux/string.h>

#include "record.h"
#include "slice.h"

/* What is known at one point of the way through a segment. */
struct walk {
	u64 now;
	u32 running;
	u32 events; /* those that are kept */
	u32 before; /* those that are too old */
	u32 words; /* that are kept */
};

static bool keep(const struct flightrec_slice *slice, struct walk *walk, u64 word)
{
	/* Of the upper bits of the time, the slice's begin tells. */
	if (flightrec_record_is_annotation(word))
		return flightrec_word_long_type(word) != FLIGHTREC_LONG_TIME ||
		       walk->now > slice->from;
	if (walk->now <= slice->from) {
		/* A thread that execs takes over its process's tid. */
		if (flightrec_record_event(word) &
		    (1 << FLIGHTREC_EVENT_SWITCH | 1 << FLIGHTREC_EVENT_EXEC))
			walk->running = flightrec_word_tid(word);
		walk->before++;
		return false;
	}
	if (!(slice->events & flightrec_record_event(word)))
		return false;
	walk->events++;
	return true;
}

/* Puts what was found into the header. */
static void describe(const struct flightrec_slice *slice, struct flightrec_segment *header,
		     const struct walk *walk, u64 end)
{
	header->data_bytes = walk->words * sizeof(u64);
	header->events = walk->events;
	if (header->flags & FLIGHTREC_SEGMENT_OPEN)
		header->end_clock = end;
	if (header->start_clock > slice->from)
		return;
	header->flags &= ~FLIGHTREC_SEGMENT_START;
	header->flags |= FLIGHTREC_SEGMENT_PART;
	header->start_clock = slice->from;
	header->start_tid = walk->running;
	header->first_event += walk->before;
}

/**
 * flightrec_slice_take() - take some events out of a segment
 * @slice: which ones
 * @header: the segment's; afterwards the slice's, but for the size of the block
 * @words: @header's data
 * @to: where to put the slice's data; may be @words, or NULL: nowhere
 *
 * Return: false if the words are no records; all that was written is garbage then.
 */
bool flightrec_slice_take(const struct flightrec_slice *slice, struct flightrec_segment *header,
			  const u64 *words, u64 *to)
{
	struct walk walk = { .now = header->start_clock, .running = header->start_tid };
	u64 end = max(header->start_clock, slice->from);
	u32 have = header->data_bytes / sizeof(u64);
	u32 at, length;

	for (at = 0; at < have; at += length) {
		length = flightrec_record_words(words[at]);
		if (!length || length > have - at)
			return false;
		walk.now = flightrec_record_time(words[at], walk.now);
		if (walk.now > slice->to)
			break;
		if (!keep(slice, &walk, words[at]))
			continue;
		if (!flightrec_record_is_annotation(words[at]))
			end = walk.now;
		if (to)
			memmove(to + walk.words, words + at, length * sizeof(u64));
		walk.words += length;
	}
	describe(slice, header, &walk, end);
	return true;
}
