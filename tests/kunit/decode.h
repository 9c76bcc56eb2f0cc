/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A decoder of segments for the tests. It shares nothing with the recorder or
 * with the library: its numbers are those of the diagrams in
 * uapi/flightrec_format.h, written out once more.
 */
#ifndef DECODE_H
#define DECODE_H

#include <linux/types.h>

#define DECODE_THREADS 256

/* What an event is: the tag of the short ones, the type of the long ones. */
enum {
	SWITCH = 1,
	WAKING = 2,
	WAKEUP_NEW = 16,
	FORK = 17,
	EXEC = 18,
	EXIT = 19,
	RENAME = 20,
	MIGRATE = 21,
};

/**
 * struct thread - what the segment has told of a thread so far
 * @tid: which one
 * @tgid: its process
 * @priority: its priority
 * @flags: kernel thread and such
 * @ns_tid: its tid in its own pid namespace
 * @comm: its name
 * @cgroup: id of its cgroup
 * @pid_ns: inode of its pid namespace
 */
struct thread {
	u32 tid;
	u32 tgid;
	u32 priority;
	u32 flags;
	u32 ns_tid;
	char comm[16];
	u64 cgroup;
	u64 pid_ns;
};

/**
 * struct event - one event, decoded
 * @time: when
 * @what: see above
 * @thread: whom it is about; not as it is now, but as the segment has told
 * @prev: SWITCH: who ran until now
 * @state: SWITCH: how @prev left
 * @nr: SWITCH: from which system call
 * @cpu: WAKING: target; MIGRATE: where from
 * @context: WAKING: what woke it
 * @dest: MIGRATE: where to
 * @more: the words behind the first one
 * @nr_more: how many
 */
struct event {
	u64 time;
	u32 what;
	struct thread thread;
	struct thread prev;
	u32 state;
	u32 nr;
	u32 cpu;
	u32 context;
	u32 dest;
	const u64 *more;
	u32 nr_more;
};

/**
 * struct decoder - a segment on its way to events
 * @error: what is wrong with the segment; NULL: nothing so far
 * @words: the records
 * @nr: number of words
 * @at: the word to decode next
 * @time: of the last event; behind a TIME, what it tells of the next one's
 * @running: tid of the thread that runs
 * @annotations: words that were no events' first ones
 * @last_full: the last TASK record of six words
 * @threads: who was described
 * @nr_threads: how many
 */
struct decoder {
	const char *error;
	const u64 *words;
	u32 nr;
	u32 at;
	u64 time;
	u32 running;
	u32 annotations;
	const u64 *last_full;
	struct thread threads[DECODE_THREADS];
	u32 nr_threads;
};

void decode_start(struct decoder *decoder, const u64 *words, u32 nr, u64 start, u32 running);
bool decode_next(struct decoder *decoder, struct event *event);

#endif
