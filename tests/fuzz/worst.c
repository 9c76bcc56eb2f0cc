// SPDX-License-Identifier: GPL-2.0
/*
 * Writes the snapshots that cost a reader most, to standard output:
 *
 *	worst KIND BYTES
 *
 * Each is made so that something that there may be many of meets something else that
 * there may be many of.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "writer.h"

#define FUTEX	202
#define NONE	2047
#define THREADS (1U << 22)
#define CPUS	8192

static struct writer writer;
static size_t limit;
static uint64_t now = 1000;

static void open_segment(uint32_t cpu, uint64_t seq)
{
	writer_segment(&writer, cpu, seq, now, 0);
}

static void name(uint32_t tid, uint32_t tgid)
{
	if (tid % 1000 == 1)
		writer_task(&writer, tid, tgid, "thread");
	else
		writer_task_same(&writer, tid, tgid);
}

/* Half of the file are threads that are ready to run, the other half losses. */
static void write_losses(void)
{
	open_segment(0, 1);
	writer_task(&writer, 1, 1, "thread");
	for (uint32_t tid = 1; writer.bytes < limit / 2; tid++)
		writer_waking(&writer, ++now, tid, 0, 0);
	for (uint64_t seq = 2; writer.bytes < limit; seq++) {
		open_segment(0, seq);
		writer_segment_lost(&writer, 1);
		writer_waking(&writer, ++now, 1, 0, 0);
	}
}

/*
 * Threads of one process that wait for a lock, and one more whose waits for it are
 * longer from time to time, without anybody who ends them.
 */
static void write_locks(void)
{
	uint64_t length = 100000;

	open_segment(0, 1);
	writer_task(&writer, 1, 1, "thread");
	for (uint32_t tid = 2; writer.bytes < limit / 2; tid++) {
		name(tid, 1);
		writer_switch(&writer, ++now, tid, 1, FUTEX);
	}
	while (writer.bytes < limit) {
		uint64_t next = now + length;

		if (next >> 25 != now >> 25)
			writer_time(&writer, next);
		writer_switch(&writer, next, 1, 1, FUTEX);
		writer_switch(&writer, next + 1, 0, 1, FUTEX);
		now = next + 1;
		length += 10;
	}
}

/* As many CPUs as there can be, and on each of them threads that ran there. */
static void write_cpus(void)
{
	uint32_t tid = 1;

	for (uint32_t cpu = 0; cpu < CPUS && writer.bytes < limit; cpu++) {
		open_segment(cpu, 1);
		for (size_t end = writer.bytes + limit / CPUS; writer.bytes < end; tid++) {
			name(tid, THREADS - 2);
			writer_switch(&writer, now += 10, tid, 1, FUTEX);
		}
	}
}

/* Every fork is another thread, though it always is of the same tid. */
static void write_forks(void)
{
	open_segment(0, 1);
	while (writer.bytes < limit)
		writer_fork(&writer, ++now, 7, 7);
}

/* Threads whose tids have nothing to do with each other. */
static void write_tids(void)
{
	open_segment(0, 1);
	for (uint32_t i = 1; writer.bytes < limit; i++)
		writer_waking(&writer, ++now, i * 1027 % THREADS, 0, 0);
}

static void write_segments(void)
{
	for (uint64_t seq = 1; writer.bytes < limit; seq++)
		open_segment(seq % CPUS, 1 + seq / CPUS);
}

/* The same number again and again: all but one are not wanted. */
static void write_same_segments(void)
{
	while (writer.bytes < limit)
		open_segment(0, 1);
}

static void write_tasks(void)
{
	writer_rundown(&writer, 64, 0);
	for (uint32_t tid = 1; writer.bytes < limit; tid++)
		writer_rundown_task(&writer, tid * 7919 % THREADS, 1, "thread", 1, FUTEX, 0);
}

static void write_cgroups(void)
{
	writer_cgroups(&writer);
	for (uint64_t id = 1; writer.bytes < limit; id++)
		writer_cgroup(&writer, id * 7919, "");
}

static void write_marks(void)
{
	open_segment(0, 1);
	for (uint64_t id = 1; writer.bytes < limit; id++)
		writer_mark(&writer, ++now, 1 + id % 300, 1 + id % 2, id * 3 % 1000, 0, "", 0);
}

/* What all others are measured by. */
static void write_switches(void)
{
	open_segment(0, 1);
	for (uint32_t i = 1; writer.bytes < limit; i++)
		writer_switch(&writer, ++now, i % 100, 1, FUTEX);
}

static const struct {
	const char *name;
	void (*write)(void);
} kinds[] = {
	{ "switches", write_switches }, { "losses", write_losses },
	{ "locks", write_locks },	{ "cpus", write_cpus },
	{ "forks", write_forks },	{ "tids", write_tids },
	{ "segments", write_segments }, { "same_segments", write_same_segments },
	{ "tasks", write_tasks },	{ "cgroups", write_cgroups },
	{ "marks", write_marks },
};

int main(int argc, char **argv)
{
	struct writer_header header = writer_header_defaults();

	if (argc != 3)
		return 2;
	limit = strtoull(argv[2], NULL, 10);
	header.cut_clock = header.cut_ns = 1ULL << 50;
	header.cpus = CPUS;
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		if (strcmp(kinds[i].name, argv[1]))
			continue;
		writer_header(&writer, &header);
		kinds[i].write();
		writer_end(&writer);
		return fwrite(writer.data, 1, writer.bytes, stdout) == writer.bytes ? EXIT_SUCCESS
										    : EXIT_FAILURE;
	}
	return 2;
}
