/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Records, as uapi/flightrec_format.h lays them out: how one is put together,
 * and how far it reaches. Plain C, also built in userspace.
 */
#ifndef FLIGHTREC_RECORD_H
#define FLIGHTREC_RECORD_H

#include <linux/types.h>
#include <flightrec_format.h>

/* The longest record of a probe: EXEC with the longest name that is kept. */
#define FLIGHTREC_RECORD_WORDS_MAX (2 + FLIGHTREC_EXEC_NAME_MAX / 8)

#define FLIGHTREC_TID_MASK	   ((1U << FLIGHTREC_TID_BITS) - 1)

static inline u64 flightrec_word_switch(u32 next, u32 state, u32 nr)
{
	/* An addition, because x86 has it, with the shift, in one instruction. */
	u32 low = (next << FLIGHTREC_TID_SHIFT) +
		  (FLIGHTREC_TAG_SWITCH | state << FLIGHTREC_SWITCH_STATE_SHIFT);

	return low | (u64)nr << FLIGHTREC_SWITCH_NR_SHIFT;
}

static inline u64 flightrec_word_waking(u32 tid, u32 cpu, u32 context)
{
	return FLIGHTREC_TAG_WAKING | tid << FLIGHTREC_TID_SHIFT |
	       (u64)cpu << FLIGHTREC_WAKING_CPU_SHIFT |
	       (u64)context << FLIGHTREC_WAKING_CONTEXT_SHIFT;
}

static inline u64 flightrec_word_long(u32 type, u32 tid, u32 words)
{
	return FLIGHTREC_TAG_LONG | tid << FLIGHTREC_TID_SHIFT | type << FLIGHTREC_LONG_TYPE_SHIFT |
	       (u64)words << FLIGHTREC_LONG_WORDS_SHIFT;
}

/* The part of the clock that only TIME tells. */
static inline u64 flightrec_clock_epoch(u64 clock)
{
	return clock >> FLIGHTREC_TIME_BITS;
}

/* Whole epochs, wrapping around like the clock, from one clock to another or just past it. */
static inline u64 flightrec_epochs_until(u64 from, u64 to)
{
	return flightrec_clock_epoch(to - from + (1ULL << FLIGHTREC_TIME_BITS) - 1);
}

static inline u64 flightrec_word_time(u64 epoch)
{
	return flightrec_word_long(FLIGHTREC_LONG_TIME, epoch & FLIGHTREC_TID_MASK, 1) |
	       epoch >> FLIGHTREC_TID_BITS << FLIGHTREC_TIME_SHIFT;
}

static inline u64 flightrec_word_priority(u32 tid, u8 priority)
{
	return flightrec_word_long(FLIGHTREC_LONG_PRIO, tid, 1) | (u64)priority
									  << FLIGHTREC_TIME_SHIFT;
}

static inline u32 flightrec_word_tag(u64 word)
{
	return word & FLIGHTREC_TAG_MASK;
}

static inline u32 flightrec_word_tid(u64 word)
{
	return word >> FLIGHTREC_TID_SHIFT & FLIGHTREC_TID_MASK;
}

static inline u32 flightrec_word_long_type(u64 word)
{
	return word >> FLIGHTREC_LONG_TYPE_SHIFT & ((1 << FLIGHTREC_LONG_TYPE_BITS) - 1);
}

/* Length of the record that starts with @word; 0 if none does. */
static inline u32 flightrec_record_words(u64 word)
{
	if (flightrec_word_tag(word) != FLIGHTREC_TAG_LONG)
		return 1;
	return word >> FLIGHTREC_LONG_WORDS_SHIFT & ((1 << FLIGHTREC_LONG_WORDS_BITS) - 1);
}

/* Annotations have no time and are no events. */
static inline bool flightrec_record_is_annotation(u64 word)
{
	return flightrec_word_tag(word) == FLIGHTREC_TAG_LONG &&
	       flightrec_word_long_type(word) <= FLIGHTREC_LONG_TASK;
}

/* The bit of an event's kind, from the record that starts with @word; 0: unknown. */
static inline u64 flightrec_record_event(u64 word)
{
	static const u8 of_long[] = {
		[FLIGHTREC_LONG_WAKEUP_NEW] = FLIGHTREC_EVENT_WAKEUP_NEW,
		[FLIGHTREC_LONG_FORK] = FLIGHTREC_EVENT_FORK,
		[FLIGHTREC_LONG_EXEC] = FLIGHTREC_EVENT_EXEC,
		[FLIGHTREC_LONG_EXIT] = FLIGHTREC_EVENT_EXIT,
		[FLIGHTREC_LONG_RENAME] = FLIGHTREC_EVENT_RENAME,
		[FLIGHTREC_LONG_MIGRATE] = FLIGHTREC_EVENT_MIGRATE,
		[FLIGHTREC_LONG_MARK] = FLIGHTREC_EVENT_MARK,
	};
	u32 type = flightrec_word_long_type(word);

	if (flightrec_word_tag(word) == FLIGHTREC_TAG_SWITCH)
		return 1 << FLIGHTREC_EVENT_SWITCH;
	if (flightrec_word_tag(word) == FLIGHTREC_TAG_WAKING)
		return 1 << FLIGHTREC_EVENT_WAKING;
	return type < sizeof(of_long) && of_long[type] ? 1ULL << of_long[type] : 0;
}

/* The time behind the record that starts with @word, from the time before it. */
static inline u64 flightrec_record_time(u64 word, u64 clock)
{
	u64 epoch = flightrec_clock_epoch(clock);

	if (!flightrec_record_is_annotation(word))
		return epoch << FLIGHTREC_TIME_BITS | word >> FLIGHTREC_TIME_SHIFT;
	if (flightrec_word_long_type(word) != FLIGHTREC_LONG_TIME)
		return clock;
	epoch = word >> FLIGHTREC_TIME_SHIFT << FLIGHTREC_TID_BITS | flightrec_word_tid(word);
	return epoch << FLIGHTREC_TIME_BITS;
}

#endif
