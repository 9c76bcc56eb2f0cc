// SPDX-License-Identifier: GPL-2.0
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

#include "writer.h"

#define NOTHING_OPEN ((size_t)-1)

static void store(uint8_t *at, uint64_t value, unsigned int bytes)
{
	for (unsigned int i = 0; i < bytes; i++)
		at[i] = value >> (8 * i);
}

static uint64_t fetch(const uint8_t *at, unsigned int bytes)
{
	uint64_t value = 0;

	for (unsigned int i = 0; i < bytes; i++)
		value |= (uint64_t)at[i] << (8 * i);
	return value;
}

/* Room for more, zeroed. */
static uint8_t *more(struct writer *writer, size_t bytes)
{
	uint8_t *at;

	if (writer->bytes + bytes > writer->room) {
		writer->room = 2 * (writer->bytes + bytes) + 4096;
		writer->data = realloc(writer->data, writer->room);
		if (!writer->data)
			abort();
	}
	at = writer->data + writer->bytes;
	memset(at, 0, bytes);
	writer->bytes += bytes;
	return at;
}

static uint8_t *block(struct writer *writer)
{
	return writer->data + writer->block;
}

static uint8_t *open_block(struct writer *writer, uint32_t type, uint32_t header_bytes)
{
	uint8_t *at;

	if (writer->bytes)
		writer_close(writer);
	writer->block = writer->bytes;
	at = more(writer, header_bytes);
	store(at, 0x4b425246, 4);
	store(at + 4, type, 2);
	store(at + 6, header_bytes, 2);
	writer->entries = 0;
	return at;
}

void writer_checksum(uint8_t *at)
{
	uint64_t bytes = fetch(at + 8, 8);

	store(at + 16, 0, 8);
	store(at + 16, XXH64(at, bytes, 0), 8);
}

void writer_close(struct writer *writer)
{
	uint8_t *at = block(writer);
	uint32_t header_bytes;

	if (writer->block == NOTHING_OPEN)
		return;
	while (writer->bytes % 8)
		more(writer, 1);
	at = block(writer);
	store(at + 8, writer->bytes - writer->block, 8);
	header_bytes = fetch(at + 6, 2);
	switch (fetch(at + 4, 2)) {
	case 2:
		store(at + 64, writer->clock, 8);
		store(at + 76, writer->bytes - writer->block - header_bytes, 4);
		store(at + 80, writer->events, 8);
		break;
	case 4:
	case 5:
		store(at + 24, writer->entries, 4);
		break;
	}
	writer_checksum(at);
	writer->block = NOTHING_OPEN;
}

struct writer_header writer_header_defaults(void)
{
	return (struct writer_header){
		.version = 1,
		.machine = 62,
		.clock = 1,
		.clock_khz = 1000000,
		.cpus = 4,
		.flags = 3,
		.cut_clock = 1000000,
		.cut_ns = 1000000,
		.cut_realtime_ns = 1700000000000000000 + 1000000,
		.cut_boottime_ns = 5000 + 1000000,
		.window_start = 100,
		.complete_since = 50,
		.recording_since = 100,
		.min_age_ns = 10000000000,
		.max_bytes = 33554432,
	};
}

void writer_header(struct writer *writer, const struct writer_header *header)
{
	uint8_t *at = open_block(writer, 1, 336 + header->extra_bytes);

	store(at + 24, header->version, 4);
	store(at + 28, header->machine, 4);
	store(at + 32, header->clock, 4);
	store(at + 36, header->clock_khz, 4);
	store(at + 40, header->cpus, 4);
	store(at + 44, header->cpus, 4);
	store(at + 48, header->flags, 4);
	store(at + 328, header->taker_tid, 4);
	store(at + 64, header->origin_clock, 8);
	store(at + 72, header->origin_ns, 8);
	store(at + 80, header->cut_clock, 8);
	store(at + 88, header->cut_ns, 8);
	store(at + 96, header->cut_realtime_ns, 8);
	store(at + 104, header->cut_boottime_ns, 8);
	store(at + 112, header->window_start, 8);
	store(at + 120, header->complete_since, 8);
	store(at + 128, header->recording_since, 8);
	store(at + 136, header->events_lost, 8);
	store(at + 144, header->min_age_ns, 8);
	store(at + 152, header->max_bytes, 8);
	store(at + 160, 2 * header->max_bytes, 8);
	store(at + 168, 131072, 8);
	store(at + 176, 0xff, 8);
	for (int i = 0; i < 16; i++)
		at[184 + i] = 0x10 + i;
	memcpy(at + 200, "6.1.0-test", 10);
	memcpy(at + 264, "testhost", 8);
	if (header->extra_bytes >= 32) {
		store(at + 336, header->begin, 8);
		store(at + 344, header->events_wanted, 8);
		store(at + 352, header->rundown, 8);
		store(at + 360, header->cursor, 8);
	}
}

void writer_segment(struct writer *writer, uint32_t cpu, uint64_t seq, uint64_t start,
		    uint32_t start_tid)
{
	uint8_t *at = open_block(writer, 2, 96);

	writer->clock = start;
	writer->events = 0;
	writer->segments++;
	store(at + 24, cpu, 4);
	store(at + 32, seq, 8);
	store(at + 40, start, 8);
	store(at + 48, start, 8);
	store(at + 56, start, 8);
	store(at + 72, start_tid, 4);
}

void writer_segment_flags(struct writer *writer, uint32_t flags)
{
	store(block(writer) + 28, flags, 4);
}

void writer_segment_lost(struct writer *writer, uint64_t lost)
{
	store(block(writer) + 88, lost, 8);
}

void writer_segment_pair(struct writer *writer, uint64_t clock, uint64_t ns)
{
	store(block(writer) + 48, clock, 8);
	store(block(writer) + 56, ns, 8);
}

void writer_segment_first_event(struct writer *writer, uint64_t first_event, uint32_t more_bytes)
{
	more(writer, 8 + more_bytes);
	store(block(writer) + 6, 104 + more_bytes, 2);
	store(block(writer) + 96, first_event, 8);
}

void writer_gap(struct writer *writer, uint32_t cpu, uint64_t seq, uint64_t start, uint64_t end,
		uint64_t events)
{
	uint8_t *at;

	writer_segment(writer, cpu, seq, start, 0);
	more(writer, 8 * events);
	at = block(writer);
	store(at + 4, 3, 2);
	store(at + 64, end, 8);
	store(at + 80, events, 8);
}

void writer_word(struct writer *writer, uint64_t word)
{
	store(more(writer, 8), word, 8);
}

static void put_comm(struct writer *writer, const char *comm)
{
	strncpy((char *)more(writer, 16), comm, 16);
}

/* The low 25 bits; the others have to be those that were told last. */
static uint64_t low_of(struct writer *writer, uint64_t at)
{
	if (at >> 25 != writer->clock >> 25) {
		fprintf(stderr, "writer: %llu needs a writer_time() before\n",
			(unsigned long long)at);
		abort();
	}
	writer->clock = at;
	writer->events++;
	return at & 0x1ffffff;
}

void writer_switch(struct writer *writer, uint64_t at, uint32_t next, uint32_t state, uint32_t nr)
{
	writer_word(writer, low_of(writer, at) << 39 | (uint64_t)nr << 28 | (uint64_t)state << 24 |
				    (uint64_t)next << 2 | 1);
}

void writer_waking(struct writer *writer, uint64_t at, uint32_t tid, uint32_t cpu, uint32_t context)
{
	writer_word(writer, low_of(writer, at) << 39 | (uint64_t)context << 37 |
				    (uint64_t)cpu << 24 | (uint64_t)tid << 2 | 2);
}

static void put_long(struct writer *writer, uint64_t top, uint32_t type, uint32_t words,
		     uint32_t tid)
{
	writer_word(writer,
		    top << 39 | (uint64_t)words << 31 | (uint64_t)type << 24 | (uint64_t)tid << 2);
}

void writer_migrate(struct writer *writer, uint64_t at, uint32_t tid, uint32_t from, uint32_t to)
{
	put_long(writer, low_of(writer, at), 21, 2, tid);
	writer_word(writer, (uint64_t)to << 32 | from);
}

void writer_wakeup_new(struct writer *writer, uint64_t at, uint32_t tid, uint32_t cpu)
{
	put_long(writer, low_of(writer, at), 16, 2, tid);
	writer_word(writer, cpu);
}

void writer_fork(struct writer *writer, uint64_t at, uint32_t child, uint32_t parent)
{
	put_long(writer, low_of(writer, at), 17, 2, child);
	writer_word(writer, parent);
}

void writer_exec(struct writer *writer, uint64_t at, uint32_t tid, uint32_t old_tid,
		 const char *name)
{
	size_t bytes = strlen(name);
	size_t words = (bytes + 7) / 8;

	put_long(writer, low_of(writer, at), 18, 2 + words, tid);
	writer_word(writer, (uint64_t)bytes << 32 | old_tid);
	memcpy(more(writer, 8 * words), name, bytes);
}

void writer_exit(struct writer *writer, uint64_t at, uint32_t tid)
{
	put_long(writer, low_of(writer, at), 19, 1, tid);
}

void writer_rename(struct writer *writer, uint64_t at, uint32_t tid, const char *from,
		   const char *to)
{
	put_long(writer, low_of(writer, at), 20, 6, tid);
	writer_word(writer, (uint16_t)-500);
	put_comm(writer, from);
	put_comm(writer, to);
}

void writer_mark(struct writer *writer, uint64_t at, uint32_t tid, uint32_t kind, uint64_t id,
		 uint64_t parent, const void *text, size_t bytes)
{
	size_t words = (bytes + 7) / 8;

	put_long(writer, low_of(writer, at), 22, 4 + words, tid);
	writer_word(writer, (uint64_t)kind << 16 | bytes);
	writer_word(writer, id);
	writer_word(writer, parent);
	memcpy(more(writer, 8 * words), text, bytes);
}

void writer_short_mark(struct writer *writer, uint64_t at, uint32_t tid, const void *text,
		       size_t bytes)
{
	size_t words = (bytes + 7) / 8;

	put_long(writer, low_of(writer, at), 22, 2 + words, tid);
	writer_word(writer, 1 << 18 | bytes);
	memcpy(more(writer, 8 * words), text, bytes);
}

void writer_long_event(struct writer *writer, uint64_t at, uint32_t type, uint32_t words)
{
	put_long(writer, low_of(writer, at), type, words, 77);
	for (uint32_t i = 1; i < words; i++)
		writer_word(writer, 0xffffffffffffffff);
}

void writer_annotation(struct writer *writer, uint32_t type, uint32_t words, uint32_t tid)
{
	put_long(writer, 0x1ffffff, type, words, tid);
	for (uint32_t i = 1; i < words; i++)
		writer_word(writer, 0xffffffffffffffff);
}

void writer_time(struct writer *writer, uint64_t at)
{
	uint64_t high = at >> 25;

	put_long(writer, high >> 22, 1, 1, high & 0x3fffff);
	writer->clock = high << 25;
}

void writer_prio(struct writer *writer, uint32_t tid, uint32_t priority)
{
	put_long(writer, priority, 2, 1, tid);
}

static void put_who(struct writer *writer, uint32_t tgid, uint32_t priority, uint32_t flags,
		    uint32_t ns_tid)
{
	writer_word(writer, (uint64_t)ns_tid << 42 | (uint64_t)flags << 30 |
				    (uint64_t)priority << 22 | tgid);
}

void writer_task_full(struct writer *writer, uint32_t tid, uint32_t tgid, const char *comm,
		      uint32_t priority, uint32_t flags, uint64_t cgroup, uint32_t ns_tid,
		      uint64_t pid_ns)
{
	put_long(writer, 0, 3, 6, tid);
	put_who(writer, tgid, priority, flags, ns_tid);
	put_comm(writer, comm);
	writer_word(writer, cgroup);
	writer_word(writer, pid_ns);
}

void writer_task(struct writer *writer, uint32_t tid, uint32_t tgid, const char *comm)
{
	writer_task_full(writer, tid, tgid, comm, 120, 0, 1, tid, 4026531836);
}

void writer_task_same(struct writer *writer, uint32_t tid, uint32_t tgid)
{
	put_long(writer, 0, 3, 2, tid);
	put_who(writer, tgid, 120, 0, tid);
}

void writer_rundown(struct writer *writer, uint32_t task_bytes, uint64_t missed)
{
	uint8_t *at = open_block(writer, 4, 40);

	store(at + 28, task_bytes, 4);
	store(at + 32, missed, 8);
}

void writer_rundown_task(struct writer *writer, uint32_t tid, uint32_t tgid, const char *comm,
			 uint32_t state, uint32_t nr, uint64_t start_boottime_ns)
{
	uint8_t *at = more(writer, fetch(block(writer) + 28, 4));

	store(at, tid, 4);
	store(at + 4, tgid, 4);
	store(at + 8, 1, 4);
	store(at + 12, 120, 1);
	store(at + 13, state, 1);
	store(at + 16, 2, 4);
	store(at + 20, nr, 4);
	store(at + 24, 4026531836, 4);
	store(at + 28, tid, 4);
	store(at + 32, 1, 8);
	store(at + 40, start_boottime_ns, 8);
	strncpy((char *)at + 48, comm, 16);
	writer->entries++;
}

void writer_cgroups(struct writer *writer)
{
	open_block(writer, 5, 32);
}

void writer_cgroup(struct writer *writer, uint64_t id, const char *path)
{
	size_t bytes = strlen(path);
	uint8_t *at = more(writer, 16 + (bytes + 7) / 8 * 8);

	store(at, id, 8);
	store(at + 8, bytes, 4);
	store(at + 12, 16 + (bytes + 7) / 8 * 8, 4);
	memcpy(at + 16, path, bytes);
	writer->entries++;
}

void writer_unknown_block(struct writer *writer, uint32_t type, size_t bytes)
{
	open_block(writer, type, 24);
	memset(more(writer, bytes), 0xaa, bytes);
}

void writer_end(struct writer *writer)
{
	uint8_t *header = writer->data;

	store(open_block(writer, 6, 32) + 24, writer->bytes, 8);
	writer_close(writer);
	header = writer->data;
	if (fetch(header + 4, 2) == 1) {
		store(header + 52, writer->segments, 4);
		store(header + 56, writer->bytes, 8);
		writer_checksum(header);
	}
}

void writer_free(struct writer *writer)
{
	free(writer->data);
	memset(writer, 0, sizeof(*writer));
}
