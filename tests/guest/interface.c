// SPDX-License-Identifier: GPL-2.0
/*
 * What the interface promises beyond plain snapshots: slices, chains, marks,
 * clearing, waiting, and what each errno means.
 *
 *	interface [TEST...]
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "cases.h"
#include "device.h"
#include "load.h"
#include "walk.h"

#define MIB	       (1ULL << 20)
#define SECOND	       1000000000ULL
#define LONG_AGO       (1000 * SECOND)
#define CPUS	       64

#define ALL_BUT(event) (FLIGHTREC_EVENTS_ALL & ~(1ULL << (event)))

static uint64_t now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * SECOND + now.tv_nsec;
}

static void sleep_ms(unsigned int ms)
{
	usleep(ms * 1000);
}

/* 0 or the errno */
static int take(int fd, struct flightrec_snapshot *snapshot)
{
	snapshot->size = sizeof(*snapshot);
	return ioctl(fd, FLIGHTREC_SNAPSHOT, snapshot) ? errno : 0;
}

static int configure(struct flightrec_config *config)
{
	int fd = device_open(), error;

	config->size = sizeof(*config);
	error = ioctl(fd, FLIGHTREC_SET_CONFIG, config) ? errno : 0;
	close(fd);
	return error;
}

/* An ioctl without an argument: 0 or the errno. */
static int call(unsigned int number)
{
	int fd = device_open(), error;

	error = ioctl(fd, number) ? errno : 0;
	close(fd);
	return error;
}

/* ------------------------------------------------------------- slices --- */

/* Events of the kinds in a mask, with times in a range, seen in a walk. */
struct seen {
	uint64_t from, to, events; /* what is looked for */
	uint64_t in, out; /* how many there were, and others */
	uint64_t per_cpu[CPUS]; /* of those in */
};

static uint64_t kind_of(const struct record *record)
{
	static const uint8_t of_long[] = {
		[FLIGHTREC_LONG_WAKEUP_NEW] = FLIGHTREC_EVENT_WAKEUP_NEW,
		[FLIGHTREC_LONG_FORK] = FLIGHTREC_EVENT_FORK,
		[FLIGHTREC_LONG_EXEC] = FLIGHTREC_EVENT_EXEC,
		[FLIGHTREC_LONG_EXIT] = FLIGHTREC_EVENT_EXIT,
		[FLIGHTREC_LONG_RENAME] = FLIGHTREC_EVENT_RENAME,
		[FLIGHTREC_LONG_MIGRATE] = FLIGHTREC_EVENT_MIGRATE,
		[FLIGHTREC_LONG_MARK] = FLIGHTREC_EVENT_MARK,
	};

	if (record->tag)
		return 1 << (record->tag == FLIGHTREC_TAG_SWITCH ? FLIGHTREC_EVENT_SWITCH
								 : FLIGHTREC_EVENT_WAKING);
	if (record->type < FLIGHTREC_LONG_WAKEUP_NEW || record->type >= sizeof(of_long))
		return 0;
	return 1 << of_long[record->type];
}

static void see(const struct record *record, void *arg)
{
	struct seen *seen = arg;
	uint64_t kind = kind_of(record);

	if (!kind)
		return;
	if (record->clock < seen->from || record->clock > seen->to || !(kind & seen->events)) {
		seen->out++;
		return;
	}
	seen->in++;
	seen->per_cpu[record->cpu]++;
}

static struct seen look(const struct snapshot *snapshot, uint64_t from, uint64_t to,
			uint64_t events)
{
	struct seen seen = { .from = from, .to = to, .events = events };

	snapshot_walk(snapshot, see, &seen);
	return seen;
}

/* Whom a segment has described so far, as one bit a tid. */
struct named {
	uint64_t tids[(1 << FLIGHTREC_TID_BITS) / 64];
	uint32_t unnamed;
};

static void check_named(const struct record *record, void *arg)
{
	struct named *named = arg;
	uint64_t bit = 1ULL << record->tid % 64;

	if (!record->tag && record->type == FLIGHTREC_LONG_TASK)
		named->tids[record->tid / 64] |= bit;
	else if (kind_of(record) && !(named->tids[record->tid / 64] & bit))
		named->unnamed++;
}

static uint32_t count_unnamed(const struct snapshot *snapshot)
{
	struct named *named = malloc(sizeof(*named));
	uint32_t unnamed = 0;

	for (uint32_t i = 0; i < snapshot->nr_segments; i++) {
		memset(named, 0, sizeof(*named));
		segment_walk(snapshot->segments[i], check_named, named);
		unnamed += named->unnamed;
	}
	free(named);
	return unnamed;
}

/* A recorder with much in it, that stays as it is. */
static void record_and_stop(struct pingpong *load)
{
	device_reset(4 * MIB, 16384, LONG_AGO);
	for (int i = 0; i < 2; i++)
		pingpong_start(&load[i], 0, i, "ping", "pong");
	device_wait_for_events(40000);
	for (int i = 0; i < 2; i++)
		pingpong_kill(&load[i]);
	call(FLIGHTREC_STOP);
}

static bool begin_and_end_are_exact(void)
{
	struct flightrec_snapshot part = { 0 };
	struct snapshot *all, *slice;
	const struct flightrec_header *header;
	struct pingpong load[2];
	struct seen expected, found;
	int fd = device_open();
	uint64_t third;
	bool parts = false;

	record_and_stop(load);
	EXPECT(!device_snapshot(fd, LONG_AGO, 0, NULL));
	all = device_parse(fd);
	header = all->header;
	/* New segments, which every test begins with, have dropped what was before. */
	part.begin_ns = device_status().complete_since_ns;
	third = (header->cut_monotonic_ns - part.begin_ns) / 3;
	part.begin_ns += third;
	part.end_ns = part.begin_ns + third;
	EXPECT(!take(fd, &part));
	EXPECT(part.window_end_ns == part.end_ns);
	EXPECT(part.window_start_ns <= part.begin_ns + 1000);
	slice = device_parse(fd);
	EXPECT(slice->bytes == part.bytes);
	EXPECT(slice->header->rundown_clock > slice->header->cut_clock);

	header = slice->header;
	expected = look(all, header->begin_clock + 1, header->cut_clock, FLIGHTREC_EVENTS_ALL);
	found = look(slice, header->begin_clock + 1, header->cut_clock, FLIGHTREC_EVENTS_ALL);
	EXPECT(expected.in > 1000 && expected.out > 1000);
	EXPECT(found.in == expected.in && found.out == 0);
	EXPECT(!memcmp(found.per_cpu, expected.per_cpu, sizeof(found.per_cpu)));
	for (uint32_t i = 0; i < slice->nr_segments; i++)
		parts |= slice->segments[i]->flags & FLIGHTREC_SEGMENT_PART;
	EXPECT(parts);
	EXPECT(!count_unnamed(slice));
	snapshot_free(all);
	snapshot_free(slice);
	close(fd);
	return true;
}

/* Who ran at a time on a CPU, by the switches of one segment. */
struct running {
	uint64_t at;
	uint32_t tid;
};

static void follow(const struct record *record, void *arg)
{
	struct running *running = arg;

	if (record->tag == FLIGHTREC_TAG_SWITCH && record->clock <= running->at)
		running->tid = record->tid;
}

static bool a_slice_knows_who_ran_when_it_begins(void)
{
	struct flightrec_snapshot part = { 0 };
	struct snapshot *all, *slice;
	struct pingpong load[2];
	struct running running;
	int fd = device_open(), compared = 0;

	record_and_stop(load);
	EXPECT(!device_snapshot(fd, LONG_AGO, 0, NULL));
	all = device_parse(fd);
	part.begin_ns = all->header->cut_monotonic_ns - SECOND / 10;
	EXPECT(!take(fd, &part));
	slice = device_parse(fd);
	for (uint32_t i = 0; i < slice->nr_segments; i++) {
		const struct flightrec_segment *segment = slice->segments[i];

		if (!(segment->flags & FLIGHTREC_SEGMENT_PART))
			continue;
		EXPECT(segment->start_clock == slice->header->begin_clock);
		for (uint32_t k = 0; k < all->nr_segments; k++) {
			if (all->segments[k]->cpu != segment->cpu ||
			    all->segments[k]->seq != segment->seq)
				continue;
			running.at = segment->start_clock;
			running.tid = all->segments[k]->start_tid;
			segment_walk(all->segments[k], follow, &running);
			EXPECT(running.tid == segment->start_tid);
			compared++;
		}
	}
	EXPECT(compared > 0);
	snapshot_free(all);
	snapshot_free(slice);
	close(fd);
	return true;
}

/* What a segment says that a thread is called, where it mentions it. */
struct called {
	uint32_t tid;
	const char *expected;
	char full[17]; /* of the last TASK with a name, whosever it was */
	char name[17];
	int right, wrong;
};

static void follow_name(const struct record *record, void *arg)
{
	struct called *called = arg;
	bool task = !record->tag && record->type == FLIGHTREC_LONG_TASK;

	if (task && record->words == FLIGHTREC_TASK_WORDS)
		memcpy(called->full, record->word + 2, 16);
	if (task && record->tid == called->tid)
		memcpy(called->name, called->full, sizeof(called->name));
	if (!kind_of(record) || record->tid != called->tid)
		return;
	if (strcmp(called->name, called->expected))
		called->wrong++;
	else
		called->right++;
}

static bool a_slice_has_the_names_of_its_time(void)
{
	struct called called = { .tid = syscall(SYS_gettid), .expected = "after" };
	struct flightrec_snapshot part = { 0 };
	struct snapshot *snapshot;
	int fd = device_open();

	prctl(PR_SET_NAME, "before");
	sleep_ms(50);
	prctl(PR_SET_NAME, "after");
	part.begin_ns = now_ns();
	for (int i = 0; i < 10; i++)
		sleep_ms(5);
	EXPECT(!take(fd, &part));
	snapshot = device_parse(fd);
	for (uint32_t i = 0; i < snapshot->nr_segments; i++) {
		called.name[0] = '\0';
		segment_walk(snapshot->segments[i], follow_name, &called);
	}
	EXPECT(called.right >= 10 && !called.wrong);
	snapshot_free(snapshot);
	close(fd);
	return true;
}

static bool a_mask_leaves_out_other_events_and_makes_the_file_smaller(void)
{
	const uint64_t wanted = 1 << FLIGHTREC_EVENT_SWITCH | 1 << FLIGHTREC_EVENT_FORK;
	struct flightrec_snapshot part = { .events_wanted = wanted, .min_age_ns = LONG_AGO };
	struct snapshot *all, *slice;
	struct pingpong load[2];
	struct seen expected, found;
	int fd = device_open();

	record_and_stop(load);
	EXPECT(!device_snapshot(fd, LONG_AGO, 0, NULL));
	all = device_parse(fd);
	EXPECT(!take(fd, &part));
	slice = device_parse(fd);
	EXPECT(slice->bytes == part.bytes && slice->bytes < all->bytes * 3 / 4);
	expected = look(all, 0, UINT64_MAX, wanted);
	found = look(slice, 0, UINT64_MAX, wanted);
	EXPECT(expected.in > 10000 && expected.out > 10000);
	EXPECT(found.in == expected.in && found.out == 0);
	EXPECT(part.events == found.in);
	EXPECT(!count_unnamed(slice));
	snapshot_free(all);
	snapshot_free(slice);

	part = (struct flightrec_snapshot){ .events_wanted = ALL_BUT(FLIGHTREC_EVENT_SWITCH) };
	EXPECT(take(fd, &part) == EINVAL);
	part.events_wanted = FLIGHTREC_EVENTS_ALL + 1;
	EXPECT(take(fd, &part) == EINVAL);
	close(fd);
	return true;
}

/* ------------------------------------------------------------- chains --- */

/* Where each CPU's stream has been read to. */
struct chain {
	uint64_t next[CPUS];
	uint64_t events, missing;
	bool overlap;
};

static void add_to_chain(struct chain *chain, const struct snapshot *snapshot)
{
	for (uint32_t i = 0; i < snapshot->nr_segments; i++) {
		const struct flightrec_segment *segment = snapshot->segments[i];
		uint64_t *next = &chain->next[segment->cpu];

		if (segment->block.type == FLIGHTREC_BLOCK_GAP)
			continue;
		chain->overlap |= segment->first_event < *next;
		chain->missing += segment->first_event - *next;
		chain->events += segment->events;
		*next = segment->first_event + segment->events;
	}
}

/* So that each CPU has a segment open. */
static void visit_all_cpus(void)
{
	for (int cpu = 0; cpu < CPUS; cpu++) {
		cpu_set_t only;

		CPU_ZERO(&only);
		CPU_SET(cpu, &only);
		if (!sched_setaffinity(0, sizeof(only), &only))
			sleep_ms(5);
	}
}

/* Begins a chain behind all that was before; the cursor. */
static uint64_t begin_chain(int fd, struct chain *chain)
{
	struct flightrec_snapshot taken = { .flags = FLIGHTREC_SNAPSHOT_CONTINUE,
					    .min_age_ns = LONG_AGO };
	struct snapshot *snapshot;

	memset(chain, 0, sizeof(*chain));
	visit_all_cpus();
	if (take(fd, &taken) || !taken.cursor)
		return 0;
	snapshot = device_parse(fd);
	add_to_chain(chain, snapshot);
	snapshot_free(snapshot);
	chain->missing = 0;
	chain->events = 0;
	return taken.cursor;
}

static bool each_event_is_in_exactly_one_snapshot_of_a_chain(void)
{
	struct flightrec_snapshot taken;
	struct snapshot *snapshot;
	struct pingpong load[2];
	struct chain chain;
	uint64_t cursor, before = 0, after = 0;
	int fd = device_open();

	device_reset(8 * MIB, 16384, LONG_AGO);
	cursor = begin_chain(fd, &chain);
	EXPECT(cursor);
	for (uint32_t cpu = 0; cpu < CPUS; cpu++)
		before += chain.next[cpu];
	for (int i = 0; i < 2; i++)
		pingpong_start(&load[i], 0, i, "ping", "pong");
	for (int i = 0; i < 20; i++) {
		sleep_ms(20 + 13 * i % 50);
		/* However slow the machine is */
		EXPECT(device_wait_for_events(500));
		if (i == 19) {
			for (int k = 0; k < 2; k++)
				pingpong_kill(&load[k]);
			EXPECT(!call(FLIGHTREC_STOP));
		}
		taken = (struct flightrec_snapshot){ .flags = FLIGHTREC_SNAPSHOT_CONTINUE,
						     .since = cursor };
		EXPECT(!take(fd, &taken));
		EXPECT(taken.flags & FLIGHTREC_SNAPSHOT_SINCE_MET);
		EXPECT(taken.cursor > cursor);
		snapshot = device_parse(fd);
		EXPECT(snapshot->header->cursor == taken.cursor);
		EXPECT(look(snapshot, cursor + 1, taken.cursor, FLIGHTREC_EVENTS_ALL).out == 0);
		EXPECT(!count_unnamed(snapshot));
		add_to_chain(&chain, snapshot);
		EXPECT(!chain.overlap && !chain.missing);
		snapshot_free(snapshot);
		cursor = taken.cursor;
	}
	EXPECT(chain.events > 10000);
	for (uint32_t cpu = 0; device_cpu_status(cpu).cpu == cpu; cpu++) {
		EXPECT(!chain.next[cpu] ||
		       chain.next[cpu] == device_cpu_status(cpu).events_written);
		after += chain.next[cpu];
	}
	EXPECT(after - before == chain.events);
	close(fd);
	return true;
}

static bool a_chain_that_missed_something_says_how_much(void)
{
	struct flightrec_snapshot taken = { 0 };
	struct snapshot *snapshot;
	struct pingpong load;
	struct chain chain;
	uint64_t written, cursor;
	int fd = device_open();

	device_reset(MIB, 16384, LONG_AGO);
	cursor = begin_chain(fd, &chain);
	written = device_status().events_written;
	pingpong_start(&load, 0, 1, "ping", "pong");
	EXPECT(device_wait_for_events(300000));
	pingpong_kill(&load);
	EXPECT(!call(FLIGHTREC_STOP));
	taken.since = cursor;
	EXPECT(!take(fd, &taken));
	EXPECT(!(taken.flags & FLIGHTREC_SNAPSHOT_SINCE_MET));
	EXPECT(!taken.cursor);
	snapshot = device_parse(fd);
	add_to_chain(&chain, snapshot);
	EXPECT(!chain.overlap && chain.missing > 100000);
	/* Those of the two status calls' own making are on either side. */
	written = device_status().events_written - written;
	EXPECT(chain.missing + chain.events >= written);
	EXPECT(chain.missing + chain.events < written + 1000);
	snapshot_free(snapshot);

	taken = (struct flightrec_snapshot){ .since = UINT64_MAX };
	EXPECT(take(fd, &taken) == EINVAL);
	close(fd);
	return true;
}

/* ----------------------------------------------------- what is recorded --- */

static bool events_can_be_chosen_while_recording(void)
{
	struct flightrec_config before = device_config(), config = before;
	struct flightrec_snapshot part = { 0 };
	struct snapshot *snapshot;
	struct pingpong load;
	struct seen seen;
	int fd = device_open();

	pingpong_start(&load, 0, 0, "ping", "pong");
	config.events = ALL_BUT(FLIGHTREC_EVENT_WAKING) & ALL_BUT(FLIGHTREC_EVENT_RENAME);
	EXPECT(!configure(&config));
	EXPECT(device_status().events == config.events);
	EXPECT(device_config().events == config.events);
	part.begin_ns = now_ns();
	prctl(PR_SET_NAME, "renamed");
	EXPECT(device_wait_for_events(1100));
	EXPECT(!take(fd, &part));
	snapshot = device_parse(fd);
	seen = look(snapshot, 0, UINT64_MAX, config.events);
	EXPECT(seen.in > 1000 && seen.out == 0);
	EXPECT(snapshot->header->events == config.events);
	EXPECT(!count_unnamed(snapshot));
	snapshot_free(snapshot);

	config.events = ALL_BUT(FLIGHTREC_EVENT_SWITCH);
	EXPECT(configure(&config) == EINVAL);
	config.events = FLIGHTREC_EVENTS_ALL + 1;
	EXPECT(configure(&config) == EINVAL);
	EXPECT(!configure(&before));
	EXPECT(device_status().events == FLIGHTREC_EVENTS_ALL);
	part = (struct flightrec_snapshot){ .begin_ns = now_ns() };
	EXPECT(device_wait_for_events(1500));
	EXPECT(!take(fd, &part));
	snapshot = device_parse(fd);
	EXPECT(look(snapshot, 0, UINT64_MAX, 1 << FLIGHTREC_EVENT_WAKING).in > 500);
	snapshot_free(snapshot);
	pingpong_kill(&load);
	close(fd);
	return true;
}

static bool cleared_is_in_no_later_snapshot_and_in_every_earlier(void)
{
	struct flightrec_snapshot early = { .min_age_ns = LONG_AGO }, late = early;
	int kept = device_open(), fd = device_open();
	struct snapshot *snapshot;
	struct pingpong load;
	uint64_t clock;

	pingpong_start(&load, 0, 0, "ping", "pong");
	EXPECT(device_wait_for_events(1000));
	EXPECT(!take(kept, &early));
	EXPECT(!call(FLIGHTREC_CLEAR));
	EXPECT(device_wait_for_events(1000));
	EXPECT(!take(fd, &late));
	EXPECT(late.window_start_ns >= early.window_end_ns);
	EXPECT(late.complete_since_ns >= early.window_end_ns);
	EXPECT(!(late.flags & FLIGHTREC_SNAPSHOT_MIN_AGE_MET));
	snapshot = device_parse(kept);
	EXPECT(snapshot->bytes == early.bytes && snapshot->nr_gaps == 0);
	clock = snapshot->header->cut_clock;
	EXPECT(look(snapshot, 0, clock, FLIGHTREC_EVENTS_ALL).in > 500);
	snapshot_free(snapshot);
	snapshot = device_parse(fd);
	EXPECT(look(snapshot, clock + 1, UINT64_MAX, FLIGHTREC_EVENTS_ALL).in > 500);
	EXPECT(look(snapshot, clock + 1, UINT64_MAX, FLIGHTREC_EVENTS_ALL).out == 0);
	EXPECT(!count_unnamed(snapshot));
	snapshot_free(snapshot);
	pingpong_kill(&load);
	close(kept);
	close(fd);
	return true;
}

/* -------------------------------------------------------------- marks --- */

struct marks {
	uint32_t found;
	uint64_t more[8][2 + FLIGHTREC_MARK_TEXT_MAX / 8 + 2];
	uint32_t tid[8];
};

static void collect_mark(const struct record *record, void *arg)
{
	struct marks *marks = arg;

	if (record->tag || record->type != FLIGHTREC_LONG_MARK || marks->found == 8)
		return;
	memcpy(marks->more[marks->found], record->word + 1, (record->words - 1) * 8);
	marks->tid[marks->found++] = record->tid;
}

static bool marks_are_recorded_with_writer_and_every_byte(void)
{
	const char text[] = "caf\xc3\xa9 \0\n\xff end";
	struct flightrec_mark mark = { .size = sizeof(mark),
				       .kind = FLIGHTREC_MARK_BEGIN,
				       .id = 7,
				       .parent = ~0ULL,
				       .text = (uintptr_t)text,
				       .text_bytes = sizeof(text) };
	int fd = open(FLIGHTREC_DEVICE, O_RDWR);
	struct flightrec_snapshot part = { .begin_ns = now_ns() };
	char longest[FLIGHTREC_MARK_TEXT_MAX + 1];
	struct marks marks = { 0 };
	struct snapshot *snapshot;
	cpu_set_t first;

	CPU_ZERO(&first);
	CPU_SET(0, &first);
	sched_setaffinity(0, sizeof(first), &first);
	memset(longest, 'x', sizeof(longest));
	EXPECT(write(fd, text, sizeof(text)) == sizeof(text));
	EXPECT(write(fd, longest, FLIGHTREC_MARK_TEXT_MAX) == FLIGHTREC_MARK_TEXT_MAX);
	EXPECT(write(fd, longest, sizeof(longest)) < 0 && errno == EMSGSIZE);
	EXPECT(write(fd, "", 0) == 0);
	EXPECT(!ioctl(fd, FLIGHTREC_MARK, &mark));
	mark.kind = FLIGHTREC_MARK_END;
	mark.text_bytes = 0;
	EXPECT(!ioctl(fd, FLIGHTREC_MARK, &mark));
	EXPECT(!take(fd, &part));
	snapshot = device_parse(fd);
	snapshot_walk(snapshot, collect_mark, &marks);
	EXPECT(marks.found == 5);
	for (uint32_t i = 0; i < marks.found; i++)
		EXPECT(marks.tid[i] == (uint32_t)syscall(SYS_gettid));
	EXPECT(marks.more[0][0] == (sizeof(text) | FLIGHTREC_MARK_SHORT));
	EXPECT(!memcmp(&marks.more[0][1], text, sizeof(text)));
	EXPECT(marks.more[1][0] == (FLIGHTREC_MARK_TEXT_MAX | FLIGHTREC_MARK_SHORT));
	EXPECT(!memcmp(&marks.more[1][1], longest, FLIGHTREC_MARK_TEXT_MAX));
	EXPECT(marks.more[2][0] == FLIGHTREC_MARK_SHORT);
	EXPECT(marks.more[3][0] == (sizeof(text) | FLIGHTREC_MARK_BEGIN << 16));
	EXPECT(marks.more[3][1] == 7 && marks.more[3][2] == ~0ULL);
	EXPECT(!memcmp(&marks.more[3][3], text, sizeof(text)));
	EXPECT(marks.more[4][0] == FLIGHTREC_MARK_END << 16 && marks.more[4][1] == 7);
	snapshot_free(snapshot);
	close(fd);
	return true;
}

static bool a_mark_that_cannot_be_recorded_is_an_error(void)
{
	struct flightrec_mark mark = { .size = sizeof(mark) };
	struct flightrec_config before = device_config(), config = before;
	int fd = open(FLIGHTREC_DEVICE, O_WRONLY), reader = open(FLIGHTREC_DEVICE, O_RDONLY);

	EXPECT(!ioctl(fd, FLIGHTREC_MARK, &mark));
	EXPECT(ioctl(reader, FLIGHTREC_MARK, &mark) && errno == EBADF);
	EXPECT(write(reader, "x", 1) < 0 && errno == EBADF);
	EXPECT(write(fd, (void *)-4096, 1) < 0 && errno == EFAULT);
	mark.kind = 3;
	EXPECT(ioctl(fd, FLIGHTREC_MARK, &mark) && errno == EINVAL);
	mark = (struct flightrec_mark){ .size = sizeof(mark), .reserved = 1 };
	EXPECT(ioctl(fd, FLIGHTREC_MARK, &mark) && errno == EINVAL);
	mark = (struct flightrec_mark){ .size = sizeof(mark), .text_bytes = 1 };
	EXPECT(ioctl(fd, FLIGHTREC_MARK, &mark) && errno == EFAULT);
	mark.text_bytes = FLIGHTREC_MARK_TEXT_MAX + 1;
	EXPECT(ioctl(fd, FLIGHTREC_MARK, &mark) && errno == EMSGSIZE);

	config.events = ALL_BUT(FLIGHTREC_EVENT_MARK);
	EXPECT(!configure(&config));
	EXPECT(write(fd, "x", 1) < 0 && errno == ENODATA);
	EXPECT(!configure(&before));
	EXPECT(!call(FLIGHTREC_STOP));
	EXPECT(write(fd, "x", 1) < 0 && errno == ENODATA);
	EXPECT(!call(FLIGHTREC_START));
	EXPECT(write(fd, "x", 1) == 1);
	close(fd);
	close(reader);
	return true;
}

/* ---------------------------------------------------- polling, waiting --- */

static bool polling_tells_whether_a_read_gives_something(void)
{
	int fd = open(FLIGHTREC_DEVICE, O_RDWR);
	struct pollfd polled = { .fd = fd, .events = POLLIN | POLLOUT };
	size_t bytes;

	EXPECT(poll(&polled, 1, 0) == 1 && polled.revents == (POLLIN | POLLOUT));
	free(device_read(fd, 65536, &bytes));
	EXPECT(poll(&polled, 1, 0) == 1 && polled.revents == POLLOUT);
	EXPECT(lseek(fd, 0, SEEK_SET) == 0);
	EXPECT(poll(&polled, 1, 0) == 1 && polled.revents == (POLLIN | POLLOUT));
	close(fd);
	return true;
}

static void wake(int signal)
{
	(void)signal;
}

static bool waiting_ends_with_data_time_or_a_signal(void)
{
	struct flightrec_wait wait = { .size = sizeof(wait), .bytes = 3 * 16000 };
	struct itimerval soon = { .it_value = { .tv_usec = 100000 } };
	struct sigaction action = { .sa_handler = wake };
	struct pingpong load;
	int fd = device_open();
	uint64_t start;

	device_reset(2 * MIB, 16384, LONG_AGO);
	EXPECT(ioctl(fd, FLIGHTREC_WAIT, &wait) && errno == ETIMEDOUT);
	EXPECT(wait.bytes < 3 * 16000);

	wait = (struct flightrec_wait){ .size = sizeof(wait),
					.bytes = MIB,
					.timeout_ns = SECOND / 5 };
	start = now_ns();
	EXPECT(ioctl(fd, FLIGHTREC_WAIT, &wait) && errno == ETIMEDOUT);
	EXPECT(now_ns() - start >= SECOND / 5);

	pingpong_start(&load, 0, 0, "ping", "pong");
	wait = (struct flightrec_wait){ .size = sizeof(wait),
					.bytes = 3 * 16000,
					.timeout_ns = 60 * SECOND };
	EXPECT(!ioctl(fd, FLIGHTREC_WAIT, &wait));
	EXPECT(wait.bytes >= 3 * 16000);
	pingpong_kill(&load);

	sigaction(SIGALRM, &action, NULL);
	setitimer(ITIMER_REAL, &soon, NULL);
	wait = (struct flightrec_wait){ .size = sizeof(wait),
					.bytes = 3 * MIB / 2,
					.timeout_ns = UINT64_MAX };
	EXPECT(ioctl(fd, FLIGHTREC_WAIT, &wait) && errno == EINTR);

	wait = (struct flightrec_wait){ .size = sizeof(wait), .bytes = 3 * MIB };
	EXPECT(ioctl(fd, FLIGHTREC_WAIT, &wait) && errno == EINVAL);
	wait = (struct flightrec_wait){ .size = sizeof(wait), .since = UINT64_MAX };
	EXPECT(ioctl(fd, FLIGHTREC_WAIT, &wait) && errno == EINVAL);
	wait = (struct flightrec_wait){ .size = sizeof(wait), .flags = 1 };
	EXPECT(ioctl(fd, FLIGHTREC_WAIT, &wait) && errno == EINVAL);
	close(fd);
	return true;
}

/* ------------------------------------------------------------- status --- */

static bool the_cpus_status_adds_up(void)
{
	struct flightrec_cpu_status status = { .size = sizeof(status) };
	/* of the emulated debug kernel, too */
	const uint64_t cost_max_ps = 1000000000;
	uint64_t written = 0, overwritten = 0, lost = 0, bytes = 0;
	struct flightrec_status all;
	struct pingpong load;
	uint32_t cpus = 0;
	int fd = device_open();

	device_reset(MIB, 16384, LONG_AGO);
	pingpong_start(&load, 0, 1, "ping", "pong");
	EXPECT(device_wait_for_events(200000));
	pingpong_kill(&load);
	EXPECT(!call(FLIGHTREC_STOP));
	for (uint32_t cpu = 0;; cpu = status.cpu + 1) {
		status = (struct flightrec_cpu_status){ .size = sizeof(status), .cpu = cpu };
		if (ioctl(fd, FLIGHTREC_CPU_STATUS, &status))
			break;
		EXPECT(status.flags & FLIGHTREC_CPU_ONLINE);
		EXPECT(status.cpu != 1 || status.events_overwritten > 50000);
		cpus++;
		written += status.events_written;
		overwritten += status.events_overwritten;
		lost += status.events_lost;
		bytes += status.bytes_written;
	}
	EXPECT(errno == ENXIO);
	all = device_status();
	EXPECT(cpus == all.cpus && cpus == (uint32_t)sysconf(_SC_NPROCESSORS_CONF));
	EXPECT(written == all.events_written && overwritten == all.events_overwritten);
	EXPECT(lost == all.events_lost && bytes == all.bytes_written);
	printf("# an event costs %.1f ns\n", all.event_cost_ps / 1e3);
	EXPECT(all.event_cost_ps > 0 && all.event_cost_ps < cost_max_ps);
	EXPECT(all.events == 0 && all.events_wanted == FLIGHTREC_EVENTS_ALL);
	status = (struct flightrec_cpu_status){ .size = sizeof(status), .cpu = UINT32_MAX };
	EXPECT(ioctl(fd, FLIGHTREC_CPU_STATUS, &status) && errno == ENXIO);
	status = (struct flightrec_cpu_status){ .size = sizeof(status), .reserved = 1 };
	EXPECT(ioctl(fd, FLIGHTREC_CPU_STATUS, &status) && errno == EINVAL);
	close(fd);
	return true;
}

/* ------------------------------------------------- arguments and rights --- */

#define ARGUMENT(number, type, last)                                                            \
	{                                                                                       \
#number, number, sizeof(type), offsetof(type, last) + sizeof(((type *)0)->last) \
	}

/* Each with the last field of its first version. */
static const struct {
	const char *name;
	unsigned int number;
	uint32_t size, size_min;
} arguments[] = {
	ARGUMENT(FLIGHTREC_GET_CONFIG, struct flightrec_config, min_age_ns),
	ARGUMENT(FLIGHTREC_SET_CONFIG, struct flightrec_config, min_age_ns),
	ARGUMENT(FLIGHTREC_STATUS, struct flightrec_status, bytes_written),
	ARGUMENT(FLIGHTREC_SNAPSHOT, struct flightrec_snapshot, complete_since_ns),
	ARGUMENT(FLIGHTREC_WAIT, struct flightrec_wait, since),
	ARGUMENT(FLIGHTREC_MARK, struct flightrec_mark, reserved),
	ARGUMENT(FLIGHTREC_CPU_STATUS, struct flightrec_cpu_status, bytes_written),
};

/* The errno of a call with @size bytes of an otherwise zero argument. */
static int call_with(int fd, unsigned int number, void *argument, uint32_t size)
{
	memcpy(argument, &size, sizeof(size));
	return ioctl(fd, number, argument) ? errno : 0;
}

static bool every_argument_may_be_short_exact_or_long_and_zero(void)
{
	const size_t room = 8192;
	char *argument = malloc(room);
	int fd = open(FLIGHTREC_DEVICE, O_RDWR);

	for (size_t i = 0; i < sizeof(arguments) / sizeof(*arguments); i++) {
		unsigned int number = arguments[i].number;
		uint32_t size = arguments[i].size, size_min = arguments[i].size_min;
		const uint32_t fine[] = { size_min, size, size + 8, 4096 };

		for (int k = 0; k < 4; k++) {
			memset(argument, 0, room);
			argument[4096 + 16] = 1;
			EXPECT(!call_with(fd, number, argument, fine[k]));
		}
		memset(argument, 0, room);
		EXPECT(call_with(fd, number, argument, 0) == EINVAL);
		EXPECT(call_with(fd, number, argument, 4) == EINVAL);
		EXPECT(call_with(fd, number, argument, size_min - 1) == EINVAL);
		EXPECT(call_with(fd, number, argument, 4097) == E2BIG);
		argument[size] = 1;
		EXPECT(call_with(fd, number, argument, size + 8) == E2BIG);
		argument[size] = 0;
		argument[size + 7] = 1;
		EXPECT(call_with(fd, number, argument, size + 8) == E2BIG);
		EXPECT(ioctl(fd, number, NULL) && errno == EFAULT);
		EXPECT(ioctl(fd, number, (char *)-4096) && errno == EFAULT);
	}
	free(argument);
	close(fd);
	return true;
}

/* What is written back ends where the caller's struct does. */
static bool no_more_is_written_than_there_is_room_for(void)
{
	unsigned char argument[4096];
	int fd = open(FLIGHTREC_DEVICE, O_RDWR);

	for (size_t i = 0; i < sizeof(arguments) / sizeof(*arguments); i++) {
		uint32_t size_min = arguments[i].size_min;

		memset(argument, 0, size_min);
		memset(argument + size_min, 0xa5, sizeof(argument) - size_min);
		EXPECT(!call_with(fd, arguments[i].number, argument, size_min));
		for (size_t at = size_min; at < sizeof(argument); at++)
			EXPECT(argument[at] == 0xa5);
	}
	close(fd);
	return true;
}

static bool a_wrong_window_is_refused(void)
{
	struct flightrec_snapshot taken;
	uint64_t now = now_ns();
	int fd = device_open();

	taken = (struct flightrec_snapshot){ .begin_ns = now, .min_age_ns = SECOND };
	EXPECT(take(fd, &taken) == EINVAL);
	taken = (struct flightrec_snapshot){ .begin_ns = now + 60 * SECOND };
	EXPECT(take(fd, &taken) == EINVAL);
	taken = (struct flightrec_snapshot){ .begin_ns = now, .end_ns = now };
	EXPECT(take(fd, &taken) == EINVAL);
	taken = (struct flightrec_snapshot){ .begin_ns = now, .end_ns = now - 1 };
	EXPECT(take(fd, &taken) == EINVAL);
	taken = (struct flightrec_snapshot){ .flags = FLIGHTREC_SNAPSHOT_MIN_AGE_MET };
	EXPECT(take(fd, &taken) == EINVAL);
	taken = (struct flightrec_snapshot){ .flags = 1U << 31 };
	EXPECT(take(fd, &taken) == EINVAL);
	/* An end in the future is now, and a begin before the load is the load. */
	taken = (struct flightrec_snapshot){ .begin_ns = 1, .end_ns = now + 60 * SECOND };
	EXPECT(!take(fd, &taken));
	EXPECT(taken.window_end_ns <= now_ns());
	close(fd);
	return true;
}

/* In a child that has all capabilities in a user namespace, and none outside. */
static int try_in_user_namespace(int fd)
{
	struct flightrec_status status = { .size = sizeof(status) };
	char byte;

	if (setgroups(0, NULL) || setgid(65534) || setuid(65534) || unshare(CLONE_NEWUSER))
		return 2;
	if (!ioctl(fd, FLIGHTREC_STATUS, &status) || errno != EPERM)
		return 3;
	if (read(fd, &byte, 1) != -1 || errno != EPERM)
		return 4;
	if (!ioctl(fd, FLIGHTREC_STOP) || errno != EPERM)
		return 5;
	if (!ioctl(fd, FLIGHTREC_CLEAR) || errno != EPERM)
		return 6;
	if (open(FLIGHTREC_DEVICE, O_RDONLY) >= 0 || errno != EACCES)
		return 7;
	/* A mark needs only the open file. */
	return write(fd, "mark", 4) == 4 ? 0 : 8;
}

static bool a_user_namespace_gives_no_rights(void)
{
	int fd = open(FLIGHTREC_DEVICE, O_RDWR), status;
	pid_t pid = fork();

	if (!pid)
		_exit(try_in_user_namespace(fd));
	waitpid(pid, &status, 0);
	EXPECT(WIFEXITED(status) && WEXITSTATUS(status) == 0);
	EXPECT(device_status().flags & FLIGHTREC_STATUS_RECORDING);
	close(fd);
	return true;
}

static const struct test_case tests[] = {
	TEST(begin_and_end_are_exact),
	TEST(a_slice_knows_who_ran_when_it_begins),
	TEST(a_slice_has_the_names_of_its_time),
	TEST(a_mask_leaves_out_other_events_and_makes_the_file_smaller),
	TEST(each_event_is_in_exactly_one_snapshot_of_a_chain),
	TEST(a_chain_that_missed_something_says_how_much),
	TEST(events_can_be_chosen_while_recording),
	TEST(cleared_is_in_no_later_snapshot_and_in_every_earlier),
	TEST(marks_are_recorded_with_writer_and_every_byte),
	TEST(a_mark_that_cannot_be_recorded_is_an_error),
	TEST(polling_tells_whether_a_read_gives_something),
	TEST(waiting_ends_with_data_time_or_a_signal),
	TEST(the_cpus_status_adds_up),
	TEST(every_argument_may_be_short_exact_or_long_and_zero),
	TEST(no_more_is_written_than_there_is_room_for),
	TEST(a_wrong_window_is_refused),
	TEST(a_user_namespace_gives_no_rights),
};

int main(int argc, char **argv)
{
	return cases_run(tests, sizeof(tests) / sizeof(*tests), device_restore, argc, argv);
}
