// SPDX-License-Identifier: GPL-2.0
/*
 * Writes a snapshot that has one of everything to standard output, for what prints
 * snapshots to be tested with.
 *
 *	sample		but for marks, with headers as of the first version
 *	sample marks	marks, of a snapshot that was asked for in parts
 *	sample longest	the longest texts that records can have, many of them
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "writer.h"

#define NONE   2047
#define SECOND 1000000000ULL

static void write_first_cpu(struct writer *writer)
{
	uint64_t at = 100 * SECOND + 500000000;

	writer_segment(writer, 0, 4, at, 0);
	writer_task(writer, 812, 812, "nginx");
	writer_waking(writer, at, 812, 0, 2);
	writer_switch(writer, at + 1499, 812, 0, NONE);
	writer_task_full(writer, 14, 14, "rcu_preempt", 120, 1, 1, 14, 4026531836);
	writer_waking(writer, at + 2500, 14, 1, 1);
	writer_switch(writer, at + 10000, 14, 1, 232);
	writer_switch(writer, at + 20000, 0, 8, NONE);
	/* UTF-8 but for what UTF-8 forbids: a surrogate, one too large, one too long. */
	writer_task_full(writer, 99, 99, "dl\xed\xa0\x80\xf4\x90\x80\x80\xe0\x80\x80", 255, 0, 1,
			 99, 4026531836);
	writer_switch(writer, at + 30000, 99, 0, NONE);
	writer_task_full(writer, 4000000, 4000000, "a b\t\"\\\033[2J\xff\xc3\xa9", 49, 4, 77, 5,
			 4026532000);
	writer_switch(writer, at + 40000, 4000000, 9, NONE);
	writer_switch(writer, at + 50000, 812, 1, 2000);
	writer_switch(writer, at + 60000, 0, 2, 17);
	writer_migrate(writer, at + 61000, 812, 0, 3);
}

static void write_second_cpu(struct writer *writer)
{
	uint64_t at = 100 * SECOND + 999999600;

	writer_segment(writer, 1, 9, at, 900);
	writer_task(writer, 900, 900, "sh");
	writer_task(writer, 901, 901, "sh");
	writer_fork(writer, at, 901, 900);
	writer_wakeup_new(writer, at + 1000, 901, 12);
	writer_switch(writer, at + 2000, 901, 1, 61);
	writer_rename(writer, at + 3000, 901, "sh", "ls");
	writer_exec(writer, at + 4000, 901, 901, "/usr/bin/ls");
	writer_exit(writer, at + 5000, 901);
	writer_switch(writer, at + 6000, 900, 6, 231);
	writer_gap(writer, 1, 10, at + SECOND, at + SECOND + 5, 7);
	writer_segment(writer, 1, 13, at + 2 * SECOND, 900);
	writer_segment_lost(writer, 3);
	writer_task(writer, 900, 900, "sh");
	writer_switch(writer, at + 2 * SECOND, 0, 7, NONE);
	writer_segment(writer, 1, 14, at + 3 * SECOND, 0);
	writer_segment_flags(writer, 3);
	writer_task(writer, 900, 900, "sh");
	writer_waking(writer, at + 3 * SECOND, 900, 1, 3);
	writer_waking(writer, at + 3 * SECOND + 1, 900, 1, 0);
}

static void write_marks(struct writer *writer)
{
	static const char bytes[] = "tab\t\"quoted\" \\ new\nline \033[2J \0 \xff \xc3\xa9";
	struct writer_header header = writer_header_defaults();

	header.cut_clock = header.cut_ns = 30000000;
	header.window_start = header.begin = 500;
	header.extra_bytes = 32;
	header.events_wanted = 0x101;
	header.rundown = 33000000 + 20000000;
	header.cursor = 30000001;
	writer_header(writer, &header);
	writer_segment(writer, 0, 5, 500, 812);
	writer_segment_flags(writer, 4);
	writer_segment_first_event(writer, 20, 0);
	writer_task(writer, 812, 800, "worker");
	writer_mark(writer, 1000, 812, 1, 7, 0, "request 17", 10);
	writer_mark(writer, 2000, 812, 1, 0, 7, "parse", 5);
	writer_mark(writer, 3000, 812, 2, 0, 0, "", 0);
	writer_short_mark(writer, 4000, 812, bytes, sizeof(bytes) - 1);
	writer_mark(writer, 5000, 812, 0, 8, 7, "with ids", 8);
	writer_mark(writer, 6000, 812, 2, 7, 0, "request 17", 10);
	writer_mark(writer, 7000, 812, 3, 0, 0, "of an unknown kind", 18);
	writer_switch(writer, 29000000, 0, 1, 202);
	writer_rundown(writer, 64, 0);
	writer_rundown_task(writer, 812, 800, "worker", 1, 202, 0);
	writer_end(writer);
}

static void write_longest(struct writer *writer)
{
	struct writer_header header = writer_header_defaults();
	char text[2024 + 1] = "";

	memset(text, 1, sizeof(text) - 1);
	writer_header(writer, &header);
	writer_segment(writer, 0, 1, 500, 812);
	writer_task(writer, 812, 800, "worker");
	for (int i = 0; i < 50; i++) {
		writer_exec(writer, 1000 + i, 812, 812, text);
		writer_short_mark(writer, 1000 + i, 812, text, sizeof(text) - 1);
	}
	writer_end(writer);
}

/* Clocks whose differences don't fit. */
static void write_wild(struct writer *writer)
{
	struct writer_header header = writer_header_defaults();

	header.cut_clock = header.cut_ns = 5000000000 * SECOND;
	header.cut_realtime_ns = 14000000000 * SECOND;
	writer_header(writer, &header);
	writer_segment(writer, 0, 1, 500, 0);
	writer_task(writer, 812, 800, "worker");
	writer_waking(writer, 1000, 812, 0, 0);
	writer_end(writer);
}

static void write_sample(struct writer *writer)
{
	struct writer_header header = writer_header_defaults();

	header.origin_clock = header.origin_ns = 50 * SECOND;
	header.recording_since = 60 * SECOND;
	header.complete_since = 100 * SECOND;
	header.window_start = 100 * SECOND + 500000000;
	header.cut_clock = header.cut_ns = 105 * SECOND;
	header.cut_realtime_ns = 1700000000 * SECOND + 123456789;
	header.cut_boottime_ns = 106 * SECOND;
	header.events_lost = 11;
	header.flags = 1;
	writer_header(writer, &header);
	write_first_cpu(writer);
	write_second_cpu(writer);
	writer_rundown(writer, 64, 0);
	writer_rundown_task(writer, 812, 812, "nginx", 1, 232, 0);
	writer_rundown_task(writer, 900, 900, "sh", 1, 61, 0);
	writer_cgroups(writer);
	writer_cgroup(writer, 1, "/");
	writer_cgroup(writer, 77, "/system.slice/x.service");
	writer_end(writer);
}

int main(int argc, char **argv)
{
	struct writer writer = { 0 };

	if (argc > 1 && !strcmp(argv[1], "marks"))
		write_marks(&writer);
	else if (argc > 1 && !strcmp(argv[1], "wild"))
		write_wild(&writer);
	else if (argc > 1)
		write_longest(&writer);
	else
		write_sample(&writer);
	if (fwrite(writer.data, 1, writer.bytes, stdout) != writer.bytes || fflush(stdout))
		return EXIT_FAILURE;
	writer_free(&writer);
	return EXIT_SUCCESS;
}
