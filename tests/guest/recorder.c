// SPDX-License-Identifier: GPL-2.0
/*
 * What the module promises, tested by behaviour in a guest of four CPUs.
 *
 *	recorder [NAME...]	run these tests, or all
 *
 * Every snapshot that is read here is checked whole on the way (walk.c):
 * checksums, order, counts, and that each record is within its segment.
 */
#define _GNU_SOURCE
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/sendfile.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "cases.h"
#include "device.h"
#include "load.h"
#include "walk.h"

#define MIB	 (1ULL << 20)
#define SECOND	 1000000000ULL
#define LONG_AGO (1000 * SECOND)

static void sleep_ms(unsigned int ms)
{
	usleep(ms * 1000);
}

/* ----------------------------------------------------------- reading --- */

/* A snapshot of some segments, closed and open, that stays as it is. */
static int snapshot_of_many_segments(size_t *bytes)
{
	struct flightrec_snapshot told;
	struct pingpong load;
	int fd = device_open();

	device_reset(2 * MIB, 16384, LONG_AGO);
	pingpong_start(&load, 0, -1, "ping", "pong");
	if (!device_wait_for_events(20000) || device_snapshot(fd, 0, 0, &told) || told.segments < 8)
		errx(1, "no snapshot of many segments");
	pingpong_kill(&load);
	*bytes = told.bytes;
	return fd;
}

/* By way of a pipe. */
static void splice_all(int from, int to)
{
	loff_t offset = 0;
	int pipes[2];
	ssize_t got, put;

	if (pipe2(pipes, O_CLOEXEC))
		err(1, "pipe");
	while ((got = splice(from, &offset, pipes[1], NULL, 1 << 20, 0)) > 0) {
		for (; got > 0; got -= put) {
			put = splice(pipes[0], NULL, to, NULL, got, 0);
			if (put <= 0)
				err(1, "splice");
		}
	}
	close(pipes[0]);
	close(pipes[1]);
}

/* Before 6.0 it takes only from regular files and disks, whatever a device could do. */
static bool sendfile_takes_from_devices(void)
{
	struct utsname kernel;

	if (uname(&kernel))
		err(1, "uname");
	return atoi(kernel.release) >= 6;
}

static bool every_way_of_reading_gives_the_same_bytes(void)
{
	struct flightrec_config before = device_config();
	size_t bytes, again, told;
	char *first, *second, piece[1000];
	int fd = snapshot_of_many_segments(&told), copy;
	off_t offset = 0;

	first = device_read(fd, 1 << 20, &bytes);
	EXPECT(bytes == told);
	EXPECT(read(fd, piece, sizeof(piece)) == 0);

	for (size_t chunk = 7; chunk < 200000; chunk = chunk * 5 / 2) {
		EXPECT(lseek(fd, 0, SEEK_SET) == 0);
		second = device_read(fd, chunk, &again);
		EXPECT(again == bytes && !memcmp(first, second, bytes));
		free(second);
	}

	srand(1);
	for (int i = 0; i < 500; i++) {
		size_t at = rand() % bytes;
		ssize_t got = pread(fd, piece, sizeof(piece), at);

		EXPECT(got == (ssize_t)(bytes - at < sizeof(piece) ? bytes - at : sizeof(piece)));
		EXPECT(!memcmp(piece, first + at, got));
	}
	EXPECT(pread(fd, piece, sizeof(piece), bytes + 5) == 0);
	EXPECT(lseek(fd, 0, SEEK_END) == (off_t)bytes);

	second = malloc(bytes);
	copy = memfd_create("copy", MFD_CLOEXEC);
	splice_all(fd, copy);
	EXPECT(pread(copy, second, bytes, 0) == (ssize_t)bytes && !memcmp(first, second, bytes));
	close(copy);

	if (sendfile_takes_from_devices()) {
		copy = memfd_create("copy", MFD_CLOEXEC);
		while (sendfile(copy, fd, &offset, 1 << 20) > 0)
			;
		EXPECT(offset == (off_t)bytes);
		memset(second, 0, bytes);
		EXPECT(pread(copy, second, bytes, 0) == (ssize_t)bytes &&
		       !memcmp(first, second, bytes));
		close(copy);
	}

	snapshot_free(snapshot_parse(first, bytes));
	free(second);
	close(fd);
	device_reset(before.max_bytes, before.segment_bytes, before.min_age_ns);
	return true;
}

/*
 * Segments are copied without page faults where they are. Here each page is one:
 * of memory that isn't there yet, and then of one that never will be.
 */
static bool pages_that_are_missing_lose_nothing(void)
{
	struct flightrec_config before = device_config();
	const size_t room = 65536, page = 4096, hole = 5 * page;
	size_t bytes, at, told;
	char *first, *memory;
	int fd = snapshot_of_many_segments(&told);
	ssize_t got;

	first = device_read(fd, 1000, &bytes);
	memory = mmap(NULL, room, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	for (at = 0; at < bytes; at += got) {
		madvise(memory, room, MADV_DONTNEED);
		got = pread(fd, memory, room, at);
		EXPECT(got > 0 && !memcmp(memory, first + at, got));
	}
	mprotect(memory + hole, page, PROT_NONE);
	for (at = 0; at < bytes; at += got) {
		got = pread(fd, memory, room, at);
		EXPECT(got > 0 && got <= (ssize_t)hole && !memcmp(memory, first + at, got));
	}
	EXPECT(pread(fd, memory + hole, room - hole, 0) < 0 && errno == EFAULT);
	munmap(memory, room);
	free(first);
	close(fd);
	device_reset(before.max_bytes, before.segment_bytes, before.min_age_ns);
	return true;
}

struct after {
	uint64_t cut;
	uint64_t events;
	uint64_t late;
};

static void count_late(const struct record *record, void *arg)
{
	struct after *after = arg;

	after->events++;
	if (record->clock > after->cut)
		after->late++;
}

static bool no_event_is_after_the_cut(void)
{
	struct pingpong load[3];
	int fd = device_open();

	for (int i = 0; i < 3; i++)
		pingpong_start(&load[i], 0, i, "ping", "pong");
	EXPECT(device_wait_for_events(1000));
	for (int i = 0; i < 20; i++) {
		struct snapshot *snapshot;
		struct after after = { 0 };

		sleep_ms(20);
		EXPECT(!device_snapshot(fd, 0, 0, NULL));
		sleep_ms(5);
		snapshot = device_parse(fd);
		after.cut = snapshot->header->cut_clock;
		snapshot_walk(snapshot, count_late, &after);
		EXPECT(after.events > 100);
		EXPECT(after.late == 0);
		snapshot_free(snapshot);
	}
	for (int i = 0; i < 3; i++)
		pingpong_kill(&load[i]);
	close(fd);
	return true;
}

static const struct flightrec_segment *find_segment(const struct snapshot *in,
						    const struct flightrec_segment *like)
{
	for (uint32_t i = 0; i < in->nr_segments; i++)
		if (in->segments[i]->cpu == like->cpu && in->segments[i]->seq == like->seq)
			return in->segments[i];
	return NULL;
}

static const void *data_of(const struct flightrec_segment *segment)
{
	return (const char *)segment + segment->block.header_bytes;
}

struct reading {
	int fd;
	struct snapshot *snapshot;
};

static void *read_slowly(void *arg)
{
	struct reading *reading = arg;
	size_t bytes;
	char *data = device_read(reading->fd, 4000, &bytes);

	reading->snapshot = snapshot_parse(data, bytes);
	return NULL;
}

/*
 * Of two that are taken one after the other and read at the same time, the
 * second has all that the first has of a CPU, and goes on from there.
 */
static bool two_snapshots_at_once_are_each_consistent(void)
{
	struct reading early = { .fd = device_open() }, late = { .fd = device_open() };
	const struct flightrec_header *header[2];
	struct pingpong load[2];
	pthread_t thread;

	for (int i = 0; i < 2; i++)
		pingpong_start(&load[i], 0, i, "ping", "pong");
	sleep_ms(300);
	EXPECT(!device_snapshot(early.fd, LONG_AGO, 0, NULL));
	sleep_ms(100);
	EXPECT(!device_snapshot(late.fd, LONG_AGO, 0, NULL));
	pthread_create(&thread, NULL, read_slowly, &early);
	read_slowly(&late);
	pthread_join(thread, NULL);

	header[0] = early.snapshot->header;
	header[1] = late.snapshot->header;
	EXPECT(early.snapshot->nr_gaps == 0 && late.snapshot->nr_gaps == 0);
	EXPECT(header[1]->cut_clock > header[0]->cut_clock);
	for (uint32_t i = 0; i < early.snapshot->nr_segments; i++) {
		const struct flightrec_segment *first = early.snapshot->segments[i];
		const struct flightrec_segment *second = find_segment(late.snapshot, first);

		if (!second) {
			EXPECT(first->end_clock <= header[1]->complete_since_clock);
			continue;
		}
		EXPECT(second->data_bytes >= first->data_bytes);
		EXPECT(!memcmp(data_of(first), data_of(second), first->data_bytes));
	}
	for (int i = 0; i < 2; i++)
		pingpong_kill(&load[i]);
	snapshot_free(early.snapshot);
	snapshot_free(late.snapshot);
	close(early.fd);
	close(late.fd);
	return true;
}

/*
 * A snapshot that nobody reads keeps half of the pool at most; the recorder goes
 * on in the rest. What was taken back is told, segment by segment.
 */
static bool a_stalled_reader_neither_stops_recording_nor_gets_silence(void)
{
	struct flightrec_config before = device_config();
	struct flightrec_status status;
	struct flightrec_snapshot told;
	struct snapshot *snapshot;
	struct pingpong load;
	uint64_t gap_events = 0, lost;
	int fd = device_open();

	device_reset(2 * MIB, 32768, LONG_AGO);
	lost = device_status().events_lost; /* while the segments were replaced */
	pingpong_start(&load, 0, 1, "ping", "pong");
	EXPECT(device_wait_for_events(300000));
	EXPECT(!device_snapshot(fd, 0, 0, &told));
	EXPECT(device_status().segments_held == told.segments);
	EXPECT(device_wait_for_events(400000));

	status = device_status();
	EXPECT(status.flags & FLIGHTREC_STATUS_RECORDING);
	EXPECT(status.segments_taken_back > 0);
	EXPECT(status.segments_held <= status.segments / 2);
	EXPECT(status.segments_held >= status.segments / 2 - 1);
	EXPECT(status.events_lost == lost);
	EXPECT(status.snapshots == 1);

	snapshot = device_parse(fd);
	EXPECT(snapshot->bytes == told.bytes);
	EXPECT(snapshot->nr_segments == told.segments);
	EXPECT(snapshot->nr_gaps > 0 && snapshot->nr_gaps < snapshot->nr_segments);
	for (uint32_t i = 0; i < snapshot->nr_segments; i++) {
		const struct flightrec_segment *segment = snapshot->segments[i];

		if (segment->block.type != FLIGHTREC_BLOCK_GAP)
			continue;
		EXPECT(segment->seq && segment->end_clock > segment->start_clock);
		gap_events += segment->events;
	}
	EXPECT(gap_events > 1000);
	pingpong_kill(&load); /* they have the file open too */
	close(fd);
	EXPECT(device_status().segments_held == 0 && device_status().snapshots == 0);
	snapshot_free(snapshot);
	device_reset(before.max_bytes, before.segment_bytes, before.min_age_ns);
	return true;
}

/* ----------------------------------------------------------- content --- */

struct search {
	const char *comm;
	uint32_t tid;
	uint32_t full;
	uint64_t mentions;
};

static void search_name(const struct record *record, void *arg)
{
	struct search *search = arg;
	char comm[16];

	if (!record->tag && record->type == FLIGHTREC_LONG_TASK && record->words == 6) {
		memcpy(comm, record->word + 2, sizeof(comm));
		search->full = !strncmp(comm, search->comm, sizeof(comm));
	}
	if (!record->tag && record->type == FLIGHTREC_LONG_TASK && search->full)
		search->tid = record->tid;
	if (record->tag == FLIGHTREC_TAG_SWITCH && record->tid == search->tid)
		search->mentions++;
}

/* The player's name is still there when it is long gone, and all have forgotten it. */
static bool names_survive_exit(void)
{
	struct search search = { .comm = "ephemeral" };
	struct pingpong load;
	struct snapshot *snapshot;
	int fd;

	pingpong_start(&load, 200, 2, "ephemeral", "other");
	pingpong_wait(&load);
	pingpong_kill(&load);
	for (int i = 0; i < 50; i++) {
		pid_t pid = fork();

		if (!pid)
			_exit(0);
		waitpid(pid, NULL, 0);
	}
	fd = device_open();
	EXPECT(!device_snapshot(fd, LONG_AGO, 0, NULL));
	snapshot = device_parse(fd);
	snapshot_walk(snapshot, search_name, &search);
	EXPECT(search.tid == (uint32_t)load.pid[0]);
	EXPECT(search.mentions >= 100);
	snapshot_free(snapshot);
	close(fd);
	return true;
}

struct names {
	uint8_t *known;
	uint64_t unknown;
};

static void check_named(const struct record *record, void *arg)
{
	struct names *names = arg;

	if (!record->tag && record->type == FLIGHTREC_LONG_TASK)
		names->known[record->tid] = 1;
	if ((record->tag || record->type >= FLIGHTREC_LONG_WAKEUP_NEW) &&
	    !names->known[record->tid])
		names->unknown++;
}

static bool each_segment_names_all_that_it_mentions(void)
{
	struct names names = { .known = malloc(1 << 22) };
	struct pingpong load[4];
	struct snapshot *snapshot;
	int fd = device_open();

	for (int i = 0; i < 4; i++)
		pingpong_start(&load[i], 0, -1, "ping", "pong");
	sleep_ms(500);
	snapshot = device_parse(fd);
	for (uint32_t i = 0; i < snapshot->nr_segments; i++) {
		memset(names.known, 0, 1 << 22);
		segment_walk(snapshot->segments[i], check_named, &names);
	}
	EXPECT(snapshot->nr_segments >= 4);
	EXPECT(names.unknown == 0);
	for (int i = 0; i < 4; i++)
		pingpong_kill(&load[i]);
	snapshot_free(snapshot);
	free(names.known);
	close(fd);
	return true;
}

/* Counts how often some threads leave their CPU. */
struct counting {
	uint32_t running[64];
	const pid_t *pids;
	uint64_t *counts;
	uint32_t nr;
};

static void count_switches(const struct record *record, void *arg)
{
	struct counting *counting = arg;

	if (record->tag != FLIGHTREC_TAG_SWITCH)
		return;
	for (uint32_t i = 0; i < counting->nr; i++)
		if (counting->running[record->cpu] == (uint32_t)counting->pids[i])
			counting->counts[i]++;
	counting->running[record->cpu] = record->tid;
}

static bool switch_counts_agree_with_proc_to_the_event(void)
{
	pid_t pids[8];
	uint64_t counts[8] = { 0 };
	struct counting counting = { .pids = pids, .counts = counts, .nr = 8 };
	struct pingpong load[4];
	struct snapshot *snapshot;
	int fd = device_open();

	for (int i = 0; i < 4; i++) {
		pingpong_start(&load[i], 5000, i < 2 ? -1 : i, "ping", "pong");
		memcpy(pids + 2 * i, load[i].pid, sizeof(load[i].pid));
	}
	for (int i = 0; i < 4; i++)
		pingpong_wait(&load[i]);
	EXPECT(!device_snapshot(fd, LONG_AGO, 0, NULL));
	snapshot = device_parse(fd);
	for (uint32_t i = 0; i < snapshot->nr_segments; i++) {
		counting.running[snapshot->segments[i]->cpu] = snapshot->segments[i]->start_tid;
		segment_walk(snapshot->segments[i], count_switches, &counting);
	}
	for (int i = 0; i < 8; i++) {
		if (counts[i] != switches_of(pids[i]))
			fprintf(stderr, "tid %d: %llu recorded, %llu in /proc\n", pids[i],
				(unsigned long long)counts[i],
				(unsigned long long)switches_of(pids[i]));
		EXPECT(counts[i] == switches_of(pids[i]));
		EXPECT(counts[i] >= 4000);
	}
	for (int i = 0; i < 4; i++)
		pingpong_kill(&load[i]);
	snapshot_free(snapshot);
	close(fd);
	return true;
}

struct sleeper {
	uint32_t tid;
	uint32_t running;
	uint32_t cpu;
	uint32_t context; /* in which its timer wakes it */
	uint64_t in_sleep;
	uint64_t timer_wakings;
};

static void watch_sleeper(const struct record *record, void *arg)
{
	struct sleeper *sleeper = arg;
	uint64_t word = *record->word;

	if (record->cpu != sleeper->cpu)
		return;
	if (record->tag == FLIGHTREC_TAG_SWITCH) {
		if (sleeper->running == sleeper->tid &&
		    (word >> 24 & 0xf) == FLIGHTREC_STATE_SLEEPING &&
		    (word >> 28 & 0x7ff) == SYS_clock_nanosleep)
			sleeper->in_sleep++;
		sleeper->running = record->tid;
	}
	if (record->tag == FLIGHTREC_TAG_WAKING && record->tid == sleeper->tid &&
	    (word >> 37 & 3) == sleeper->context && (word >> 24 & 0x1fff) == sleeper->cpu)
		sleeper->timer_wakings++;
}

static bool a_switch_tells_state_and_system_call_and_a_waking_its_context(void)
{
	/* PREEMPT_RT has a softirq do it. */
	bool realtime = !access("/sys/kernel/realtime", F_OK);
	struct sleeper sleeper = {
		.cpu = 3,
		.context = realtime ? FLIGHTREC_CONTEXT_SOFTIRQ : FLIGHTREC_CONTEXT_HARDIRQ,
	};
	struct snapshot *snapshot;
	cpu_set_t set;
	pid_t pid = fork();
	int fd;

	if (!pid) {
		CPU_ZERO(&set);
		CPU_SET(3, &set);
		if (sched_setaffinity(0, sizeof(set), &set))
			_exit(1);
		for (int i = 0; i < 20; i++)
			clock_nanosleep(CLOCK_MONOTONIC, 0,
					&(struct timespec){ .tv_nsec = 2000000 }, NULL);
		_exit(0);
	}
	sleeper.tid = pid;
	waitpid(pid, NULL, 0);
	fd = device_open();
	snapshot = device_parse(fd);
	snapshot_walk(snapshot, watch_sleeper, &sleeper);
	EXPECT(sleeper.in_sleep == 20);
	EXPECT(sleeper.timer_wakings == 20);
	snapshot_free(snapshot);
	close(fd);
	return true;
}

static bool the_rundown_has_all_live_tasks_with_state_and_system_call(void)
{
	const struct flightrec_task *task, *found = NULL;
	struct snapshot *snapshot;
	sigset_t none;
	pid_t pid = fork();
	int fd;

	if (!pid) {
		prctl(PR_SET_NAME, "patient");
		sigemptyset(&none);
		sigsuspend(&none);
		_exit(0);
	}
	sleep_ms(100);
	fd = device_open();
	snapshot = device_parse(fd);
	task = (void *)(snapshot->rundown + 1);
	EXPECT(snapshot->rundown->task_bytes == sizeof(*task));
	EXPECT(snapshot->rundown->missed == 0);
	for (uint32_t i = 0; i < snapshot->rundown->tasks; i++)
		if (task[i].tid == (uint32_t)pid)
			found = &task[i];
	EXPECT(found);
	EXPECT(!strcmp(found->comm, "patient"));
	EXPECT(found->state == FLIGHTREC_STATE_SLEEPING && found->nr == SYS_rt_sigsuspend);
	EXPECT(found->ppid == (uint32_t)getpid() && found->tgid == (uint32_t)pid);
	EXPECT(found->ns_tid == (uint32_t)pid && found->priority == 120);
	EXPECT(found->cgroup && snapshot->cgroups->cgroups >= 1);
	snapshot_free(snapshot);
	close(fd);
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	return true;
}

/* ------------------------------------------------------------ window --- */

/*
 * 3.5 quarters of it and more, if the others hardly write. The longer a slow machine takes
 * for the busy CPU's events, the more they do; nothing else may take memory from it.
 */
static bool one_busy_cpu_of_four_gets_nearly_all_of_the_memory(void)
{
	struct flightrec_config before = device_config();
	struct pingpong load;
	struct snapshot *snapshot;
	uint64_t busy = 0, all, its;
	int fd = device_open();

	device_reset(4 * MIB, 16384, LONG_AGO);
	all = device_status().bytes_written;
	its = device_cpu_status(1).bytes_written;
	pingpong_start(&load, 0, 1, "ping", "pong");
	EXPECT(device_wait_for_events(600000));
	EXPECT(!device_snapshot(fd, LONG_AGO, 0, NULL));
	pingpong_kill(&load);
	all = device_status().bytes_written - all;
	its = device_cpu_status(1).bytes_written - its;
	snapshot = device_parse(fd);
	for (uint32_t i = 0; i < snapshot->nr_segments; i++)
		if (snapshot->segments[i]->cpu == 1)
			busy += snapshot->segments[i]->data_bytes;
	printf("# the busy CPU wrote %.1f %% and has %.2f times a quarter of max_bytes\n",
	       100.0 * its / all, (double)busy / (4 * MIB / 4));
	EXPECT((double)busy / (4 * MIB) >= 0.9 * its / all);
	snapshot_free(snapshot);
	close(fd);
	device_reset(before.max_bytes, before.segment_bytes, before.min_age_ns);
	return true;
}

/* From the window's start on, each CPU's segments follow each other without a hole. */
static bool the_window_is_the_same_on_all_cpus_when_one_is_busy(void)
{
	struct flightrec_config before = device_config();
	struct pingpong load;
	struct snapshot *snapshot;
	uint64_t next[4] = { 0 }, reach[4] = { 0 };
	int fd = device_open();

	device_reset(2 * MIB, 32768, LONG_AGO);
	pingpong_start(&load, 0, 1, "ping", "pong");
	EXPECT(device_wait_for_events(350000));
	snapshot = device_parse(fd);
	pingpong_kill(&load);
	EXPECT(snapshot->nr_gaps == 0);
	EXPECT(snapshot->header->window_start_clock < snapshot->header->cut_clock);
	EXPECT(snapshot->header->window_start_clock >= snapshot->header->complete_since_clock);
	for (uint32_t i = 0; i < snapshot->nr_segments; i++) {
		const struct flightrec_segment *segment = snapshot->segments[i];

		EXPECT(segment->cpu < 4);
		EXPECT(!next[segment->cpu] || segment->seq == next[segment->cpu]);
		if (!next[segment->cpu])
			reach[segment->cpu] = segment->start_clock;
		next[segment->cpu] = segment->seq + 1;
	}
	/*
	 * The busy CPU's oldest segment is the oldest that there is, or one which
	 * starts at once behind what was recycled last.
	 */
	EXPECT(reach[1] >= snapshot->header->complete_since_clock ||
	       reach[1] <= snapshot->header->window_start_clock);
	for (int cpu = 0; cpu < 4; cpu++)
		EXPECT(!next[cpu] || reach[cpu] <= snapshot->header->window_start_clock +
							   snapshot->header->clock_khz * 1000ULL);
	snapshot_free(snapshot);
	close(fd);
	device_reset(before.max_bytes, before.segment_bytes, before.min_age_ns);
	return true;
}

static bool min_age_leaves_out_what_is_wholly_older_and_nothing_else(void)
{
	struct flightrec_config before = device_config();
	const struct flightrec_header *header;
	struct snapshot *all, *recent;
	struct pingpong load;
	uint64_t begin;
	int fd = device_open(), fd_all = device_open();

	device_reset(8 * MIB, 16384, LONG_AGO);
	pingpong_start(&load, 0, 1, "ping", "pong");
	EXPECT(device_wait_for_events(60000));
	EXPECT(!device_snapshot(fd, SECOND / 5, 0, NULL));
	EXPECT(!device_snapshot(fd_all, LONG_AGO, 0, NULL));
	pingpong_kill(&load);
	all = device_parse(fd_all);
	recent = device_parse(fd);
	header = recent->header;
	begin = header->cut_clock - header->clock_khz * 200ULL;
	EXPECT(header->flags & FLIGHTREC_HEADER_MIN_AGE_MET);
	EXPECT(!(all->header->flags & FLIGHTREC_HEADER_MIN_AGE_MET));
	EXPECT(recent->nr_segments < all->nr_segments);
	EXPECT(header->window_start_clock <= begin);
	for (uint32_t i = 0; i < recent->nr_segments; i++)
		EXPECT(recent->segments[i]->block.type == FLIGHTREC_BLOCK_SEGMENT);
	for (uint32_t i = 0; i < all->nr_segments; i++) {
		const struct flightrec_segment *segment = all->segments[i];

		if (segment->start_clock > header->cut_clock)
			continue;
		if (find_segment(recent, segment))
			EXPECT(segment->end_clock >= begin ||
			       segment->flags & FLIGHTREC_SEGMENT_OPEN);
		else
			EXPECT(segment->end_clock <= header->window_start_clock);
	}
	snapshot_free(all);
	snapshot_free(recent);
	close(fd);
	close(fd_all);
	device_reset(before.max_bytes, before.segment_bytes, before.min_age_ns);
	return true;
}

static bool max_bytes_of_a_snapshot_is_a_hard_bound(void)
{
	struct flightrec_snapshot told;
	struct snapshot *snapshot;
	struct pingpong load;
	int fd = device_open();

	pingpong_start(&load, 0, 1, "ping", "pong");
	EXPECT(device_wait_for_events(70000));
	EXPECT(!device_snapshot(fd, LONG_AGO, 400000, &told));
	pingpong_kill(&load);
	EXPECT(told.bytes <= 400000 && told.bytes >= 150000);
	EXPECT(!(told.flags & FLIGHTREC_SNAPSHOT_MIN_AGE_MET));
	EXPECT(told.window_start_ns > told.complete_since_ns);
	snapshot = device_parse(fd);
	EXPECT(snapshot->bytes == told.bytes);
	for (uint32_t i = 0; i < snapshot->nr_segments; i++)
		EXPECT(snapshot->segments[i]->flags & FLIGHTREC_SEGMENT_OPEN ||
		       snapshot->segments[i]->end_clock >= snapshot->header->window_start_clock);
	snapshot_free(snapshot);

	EXPECT(device_snapshot(fd, 0, 500, &told) == EINVAL);
	EXPECT(lseek(fd, 0, SEEK_END) > 500);
	close(fd);
	return true;
}

static bool after_a_stop_the_snapshot_ends_at_the_stop(void)
{
	struct flightrec_snapshot told;
	struct snapshot *snapshot;
	uint64_t stopped;
	int fd = device_open();

	EXPECT(!ioctl(fd, FLIGHTREC_STOP));
	EXPECT(!ioctl(fd, FLIGHTREC_STOP));
	stopped = device_status().now_ns;
	EXPECT(!(device_status().flags & FLIGHTREC_STATUS_RECORDING));
	EXPECT(device_status().events == 0);
	sleep_ms(300);
	EXPECT(!device_snapshot(fd, SECOND / 10, 0, &told));
	EXPECT(told.window_end_ns == stopped);
	EXPECT(told.segments > 0);
	snapshot = device_parse(fd);
	EXPECT(!(snapshot->header->flags & FLIGHTREC_HEADER_RECORDING));
	snapshot_free(snapshot);

	EXPECT(!ioctl(fd, FLIGHTREC_START));
	EXPECT(!ioctl(fd, FLIGHTREC_START));
	EXPECT(device_status().flags & FLIGHTREC_STATUS_RECORDING);
	EXPECT(device_status().complete_since_ns >= stopped + 300000000);
	close(fd);
	return true;
}

/* ---------------------------------------------------------- settings --- */

static bool growing_keeps_the_window_and_shrinking_its_newest_part(void)
{
	struct flightrec_config before = device_config();
	struct flightrec_status status;
	struct pingpong load;
	uint64_t since;

	device_reset(2 * MIB, 32768, LONG_AGO);
	pingpong_start(&load, 0, 1, "ping", "pong");
	EXPECT(device_wait_for_events(330000));
	pingpong_kill(&load);
	since = device_status().complete_since_ns;
	EXPECT(!device_configure(16 * MIB, 32768, LONG_AGO));
	status = device_status();
	/* Converted anew each time, so to a microsecond; and the kill takes a while. */
	EXPECT(status.complete_since_ns + 1000 >= since);
	EXPECT(status.complete_since_ns <= since + 1000);
	EXPECT(status.pool_bytes <= 16 * MIB && status.pool_bytes > 15 * MIB);
	EXPECT(!device_configure(MIB, 32768, LONG_AGO));
	status = device_status();
	EXPECT(status.pool_bytes <= MIB);
	EXPECT(status.complete_since_ns > since);
	EXPECT(status.complete_since_ns < status.now_ns);
	EXPECT(status.segments_free < status.segments);
	device_reset(before.max_bytes, before.segment_bytes, before.min_age_ns);
	return true;
}

static bool a_bad_setting_is_refused_and_changes_nothing(void)
{
	struct flightrec_config before = device_config(), after;

	EXPECT(device_configure(1000, 0, 0) == EINVAL);
	EXPECT(device_configure(UINT64_MAX, 0, 0) == EINVAL);
	EXPECT(device_configure(32 * MIB, 12345, 0) == EINVAL);
	EXPECT(device_configure(32 * MIB, 8192, 0) == EINVAL);
	EXPECT(device_configure(32 * MIB, 1U << 31, 0) == EINVAL);
	after = device_config();
	EXPECT(!memcmp(&before, &after, sizeof(before)));
	EXPECT(!device_configure(before.max_bytes, before.segment_bytes, UINT64_MAX));
	EXPECT(!device_configure(before.max_bytes, before.segment_bytes, before.min_age_ns));
	return true;
}

static bool ioctls_check_the_size_of_their_struct(void)
{
	struct {
		struct flightrec_snapshot known;
		uint64_t more;
	} long_one = { 0 };
	int fd = device_open();

	long_one.known.size = sizeof(long_one);
	EXPECT(!ioctl(fd, FLIGHTREC_SNAPSHOT, &long_one));
	memset(&long_one, 0, sizeof(long_one));
	long_one.known.size = sizeof(long_one);
	long_one.more = 1;
	EXPECT(ioctl(fd, FLIGHTREC_SNAPSHOT, &long_one) && errno == E2BIG);
	long_one.known.size = 8;
	EXPECT(ioctl(fd, FLIGHTREC_SNAPSHOT, &long_one) && errno == EINVAL);
	long_one.known = (struct flightrec_snapshot){ .size = sizeof(long_one.known), .flags = 2 };
	EXPECT(ioctl(fd, FLIGHTREC_SNAPSHOT, &long_one) && errno == EINVAL);
	long_one.known.flags = 0;
	long_one.known.reserved = 1;
	EXPECT(ioctl(fd, FLIGHTREC_SNAPSHOT, &long_one) && errno == EINVAL);
	EXPECT(ioctl(fd, FLIGHTREC_SNAPSHOT, NULL) && errno == EFAULT);
	EXPECT(ioctl(fd, _IO(FLIGHTREC_IOC_MAGIC, 77)) && errno == ENOTTY);
	EXPECT(ioctl(fd, _IO('x', 0)) && errno == ENOTTY);
	close(fd);
	return true;
}

/* A file that root opened is of no use to somebody without capabilities. */
static bool without_capabilities_nothing_is_told_or_changed(void)
{
	int fd = device_open(), status;
	pid_t pid = fork();

	if (!pid) {
		struct flightrec_status told = { .size = sizeof(told) };
		char byte;

		if (setgroups(0, NULL) || setgid(65534) || setuid(65534))
			_exit(2);
		if (open(FLIGHTREC_DEVICE, O_RDONLY) >= 0 || errno != EACCES)
			_exit(3);
		if (!ioctl(fd, FLIGHTREC_STATUS, &told) || errno != EPERM)
			_exit(4);
		if (!ioctl(fd, FLIGHTREC_STOP) || errno != EPERM)
			_exit(5);
		if (device_snapshot(fd, 0, 0, NULL) != EPERM)
			_exit(6);
		if (read(fd, &byte, 1) != -1 || errno != EPERM)
			_exit(7);
		_exit(0);
	}
	waitpid(pid, &status, 0);
	if (status)
		fprintf(stderr, "child's status %#x\n", status);
	EXPECT(!status);
	close(fd);
	return true;
}

/* -------------------------------------------------------------- CPUs --- */

static bool write_to(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	bool written = fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text);

	close(fd);
	return written;
}

static bool a_cpu_may_go_away_and_come_back(void)
{
	struct pingpong load;
	struct snapshot *snapshot;
	uint64_t mine = 0;
	int fd = device_open();

	pingpong_start(&load, 0, -1, "ping", "pong");
	for (int i = 0; i < 3; i++) {
		EXPECT(write_to("/sys/devices/system/cpu/cpu3/online", "0"));
		sleep_ms(50);
		EXPECT(!device_snapshot(fd, 0, 0, NULL));
		snapshot = device_parse(fd);
		EXPECT(snapshot->header->cpus_online == 3 && snapshot->header->cpus_possible == 4);
		snapshot_free(snapshot);
		EXPECT(write_to("/sys/devices/system/cpu/cpu3/online", "1"));
		sleep_ms(50);
	}
	pingpong_kill(&load);
	EXPECT(!device_snapshot(fd, 0, 0, NULL));
	snapshot = device_parse(fd);
	for (uint32_t i = 0; i < snapshot->nr_segments; i++)
		if (snapshot->segments[i]->cpu == 3)
			mine += snapshot->segments[i]->events;
	EXPECT(mine > 10);
	snapshot_free(snapshot);
	close(fd);
	return true;
}

static const struct test_case tests[] = {
	TEST(every_way_of_reading_gives_the_same_bytes),
	TEST(pages_that_are_missing_lose_nothing),
	TEST(no_event_is_after_the_cut),
	TEST(two_snapshots_at_once_are_each_consistent),
	TEST(a_stalled_reader_neither_stops_recording_nor_gets_silence),
	TEST(names_survive_exit),
	TEST(each_segment_names_all_that_it_mentions),
	TEST(switch_counts_agree_with_proc_to_the_event),
	TEST(a_switch_tells_state_and_system_call_and_a_waking_its_context),
	TEST(the_rundown_has_all_live_tasks_with_state_and_system_call),
	TEST(one_busy_cpu_of_four_gets_nearly_all_of_the_memory),
	TEST(the_window_is_the_same_on_all_cpus_when_one_is_busy),
	TEST(min_age_leaves_out_what_is_wholly_older_and_nothing_else),
	TEST(max_bytes_of_a_snapshot_is_a_hard_bound),
	TEST(after_a_stop_the_snapshot_ends_at_the_stop),
	TEST(growing_keeps_the_window_and_shrinking_its_newest_part),
	TEST(a_bad_setting_is_refused_and_changes_nothing),
	TEST(ioctls_check_the_size_of_their_struct),
	TEST(without_capabilities_nothing_is_told_or_changed),
	TEST(a_cpu_may_go_away_and_come_back),
};

int main(int argc, char **argv)
{
	return cases_run(tests, sizeof(tests) / sizeof(*tests), device_restore, argc, argv);
}
