// SPDX-License-Identifier: GPL-2.0
/*
 * Writes a snapshot that has one of everything to standard output, for what prints
 * snapshots to be tested with.
 */
#include <stdio.h>
#include <stdlib.h>

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

int main(void)
{
	struct writer_header header = writer_header_defaults();
	struct writer writer = { 0 };

	header.origin_clock = header.origin_ns = 50 * SECOND;
	header.recording_since = 60 * SECOND;
	header.complete_since = 100 * SECOND;
	header.window_start = 100 * SECOND + 500000000;
	header.cut_clock = header.cut_ns = 105 * SECOND;
	header.cut_realtime_ns = 1700000000 * SECOND + 123456789;
	header.cut_boottime_ns = 106 * SECOND;
	header.events_lost = 11;
	header.flags = 1;
	writer_header(&writer, &header);
	write_first_cpu(&writer);
	write_second_cpu(&writer);
	writer_rundown(&writer, 64, 0);
	writer_rundown_task(&writer, 812, 812, "nginx", 1, 232, 0);
	writer_rundown_task(&writer, 900, 900, "sh", 1, 61, 0);
	writer_cgroups(&writer);
	writer_cgroup(&writer, 1, "/");
	writer_cgroup(&writer, 77, "/system.slice/x.service");
	writer_end(&writer);
	if (fwrite(writer.data, 1, writer.bytes, stdout) != writer.bytes || fflush(stdout))
		return EXIT_FAILURE;
	writer_free(&writer);
	return EXIT_SUCCESS;
}
