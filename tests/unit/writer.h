/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Writes snapshots, to test readers with.
 *
 * It knows the format from the description in uapi/flightrec_format.h, and has its
 * own numbers for every offset and every bit: neither the recorder's code nor the
 * decoder's, nor the header's constants are used, so that a mistake in one of them
 * does not cancel itself out.
 */
#ifndef TEST_WRITER_H
#define TEST_WRITER_H

#include <stddef.h>
#include <stdint.h>

struct writer {
	uint8_t *data;
	size_t bytes;
	size_t room;
	size_t block; /* where the open block starts */
	uint64_t clock; /* of the open segment's last record, or what TIME told */
	uint64_t events; /* in the open segment */
	uint32_t segments;
	uint32_t entries; /* in the open rundown or table of cgroups */
};

/* Fields of the header that tests care for; see writer_header(). */
struct writer_header {
	uint32_t version, machine, clock, clock_khz, cpus, flags, taker_tid;
	uint64_t origin_clock, origin_ns;
	uint64_t cut_clock, cut_ns, cut_realtime_ns, cut_boottime_ns;
	uint64_t window_start, complete_since, recording_since;
	uint64_t events_lost, min_age_ns, max_bytes, extra_bytes;
	/* These are there if extra_bytes gives room for them. */
	uint64_t begin, events_wanted, rundown, cursor;
};

/*
 * A clock that counts in ns, 4 CPUs of an x86_64 machine, recording since 100, cut
 * at 1000000.
 */
struct writer_header writer_header_defaults(void);
void writer_header(struct writer *writer, const struct writer_header *header);

void writer_segment(struct writer *writer, uint32_t cpu, uint64_t seq, uint64_t start,
		    uint32_t start_tid);
void writer_segment_flags(struct writer *writer, uint32_t flags);
void writer_segment_lost(struct writer *writer, uint64_t lost);
void writer_segment_pair(struct writer *writer, uint64_t clock, uint64_t ns);
/* Makes the header longer, by what the second version has, and more. */
void writer_segment_first_event(struct writer *writer, uint64_t first_event, uint32_t more_bytes);
void writer_gap(struct writer *writer, uint32_t cpu, uint64_t seq, uint64_t start, uint64_t end,
		uint64_t events);

/* Records of the open segment. @at is their time. */
void writer_switch(struct writer *writer, uint64_t at, uint32_t next, uint32_t state, uint32_t nr);
void writer_waking(struct writer *writer, uint64_t at, uint32_t tid, uint32_t cpu,
		   uint32_t context);
void writer_migrate(struct writer *writer, uint64_t at, uint32_t tid, uint32_t from, uint32_t to);
void writer_wakeup_new(struct writer *writer, uint64_t at, uint32_t tid, uint32_t cpu);
void writer_fork(struct writer *writer, uint64_t at, uint32_t child, uint32_t parent);
void writer_exec(struct writer *writer, uint64_t at, uint32_t tid, uint32_t old_tid,
		 const char *name);
void writer_exit(struct writer *writer, uint64_t at, uint32_t tid);
void writer_rename(struct writer *writer, uint64_t at, uint32_t tid, const char *from,
		   const char *to);
/* Of @bytes of @text; the short form has neither kind nor ids. */
void writer_mark(struct writer *writer, uint64_t at, uint32_t tid, uint32_t kind, uint64_t id,
		 uint64_t parent, const void *text, size_t bytes);
void writer_short_mark(struct writer *writer, uint64_t at, uint32_t tid, const void *text,
		       size_t bytes);
/* One with a time: type 16 or above. */
void writer_long_event(struct writer *writer, uint64_t at, uint32_t type, uint32_t words);
/* One without: types below 16. */
void writer_annotation(struct writer *writer, uint32_t type, uint32_t words, uint32_t tid);
/* The upper bits of @at, before the first record that has them. */
void writer_time(struct writer *writer, uint64_t at);
void writer_prio(struct writer *writer, uint32_t tid, uint32_t priority);
/* Priority 120, cgroup 1, pid namespace 4026531836, no flags. */
void writer_task(struct writer *writer, uint32_t tid, uint32_t tgid, const char *comm);
void writer_task_full(struct writer *writer, uint32_t tid, uint32_t tgid, const char *comm,
		      uint32_t priority, uint32_t flags, uint64_t cgroup, uint32_t ns_tid,
		      uint64_t pid_ns);
void writer_task_same(struct writer *writer, uint32_t tid, uint32_t tgid);
void writer_word(struct writer *writer, uint64_t word);

void writer_rundown(struct writer *writer, uint32_t task_bytes, uint64_t missed);
void writer_rundown_task(struct writer *writer, uint32_t tid, uint32_t tgid, const char *comm,
			 uint32_t state, uint32_t nr, uint64_t start_boottime_ns);
void writer_cgroups(struct writer *writer);
void writer_cgroup(struct writer *writer, uint64_t id, const char *path);
void writer_unknown_block(struct writer *writer, uint32_t type, size_t bytes);

/* Ends the open block, and with _end the file: fills in what is known only then. */
void writer_close(struct writer *writer);
void writer_end(struct writer *writer);
void writer_checksum(uint8_t *block);
void writer_free(struct writer *writer);

#endif
