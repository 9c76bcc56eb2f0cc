// SPDX-License-Identifier: GPL-2.0
/* Where a snapshot can be read from. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"
#include "flightrec.h"
#include "writer.h"

static const char expected[] = "1000 0 begin a-10\n"
			       "1000 0 exit a-10\n";

static void write_small(struct writer *writer)
{
	struct writer_header header = writer_header_defaults();

	writer_header(writer, &header);
	writer_segment(writer, 0, 1, 1000, 10);
	writer_task(writer, 10, 10, "a");
	writer_exit(writer, 1000, 10);
	writer_end(writer);
}

static void check_small(struct flightrec_trace *trace)
{
	char *got = check_describe(trace);

	CHECK_TEXT(got, expected);
	free(got);
	flightrec_trace_close(trace);
}

static void a_file_is_read_from_where_it_stands(void)
{
	struct flightrec_trace *trace;
	struct writer writer = { 0 };
	FILE *file = tmpfile();

	CHECK(file);
	write_small(&writer);
	CHECK(write(fileno(file), "prefix of 13.", 13) == 13);
	CHECK(write(fileno(file), writer.data, writer.bytes) == (ssize_t)writer.bytes);
	CHECK(lseek(fileno(file), 13, SEEK_SET) == 13);
	CHECK_EQUAL(-flightrec_trace_open_fd(&trace, fileno(file)), 0);
	fclose(file);
	check_small(trace);
	writer_free(&writer);
}

static void a_pipe_is_read_to_its_end(void)
{
	struct flightrec_trace *trace;
	struct writer writer = { 0 };
	int ends[2], status;
	pid_t child;

	write_small(&writer);
	CHECK(!pipe(ends));
	child = fork();
	CHECK(child >= 0);
	if (!child) {
		for (size_t i = 0; i < writer.bytes; i += 7)
			if (write(ends[1], writer.data + i,
				  writer.bytes - i < 7 ? writer.bytes - i : 7) < 0)
				_exit(1);
		_exit(0);
	}
	close(ends[1]);
	CHECK_EQUAL(-flightrec_trace_open_fd(&trace, ends[0]), 0);
	close(ends[0]);
	CHECK(waitpid(child, &status, 0) == child && !status);
	check_small(trace);
	writer_free(&writer);
}

static void memory_need_not_be_aligned(void)
{
	struct flightrec_trace *trace;
	struct writer writer = { 0 };
	uint8_t *copy;

	write_small(&writer);
	copy = malloc(writer.bytes + 3);
	CHECK(copy);
	memcpy(copy + 3, writer.data, writer.bytes);
	CHECK_EQUAL(-flightrec_trace_open_memory(&trace, copy + 3, writer.bytes), 0);
	check_small(trace);
	free(copy);
	writer_free(&writer);
}

static void what_is_no_snapshot_is_refused(void)
{
	struct writer_header header = writer_header_defaults();
	struct flightrec_trace *trace;
	struct writer writer = { 0 };

	CHECK_EQUAL(-flightrec_trace_open(&trace, "/nonexistent"), ENOENT);
	CHECK_EQUAL(-flightrec_trace_open(&trace, "/"), EISDIR);
	CHECK_EQUAL(-flightrec_trace_open(&trace, "/dev/null"), ENODATA);
	CHECK_EQUAL(-flightrec_trace_open_memory(&trace, "", 0), ENODATA);
	CHECK_EQUAL(-flightrec_trace_open_memory(&trace, "hello, world", 12), EBADMSG);
	CHECK_EQUAL(-flightrec_trace_open_fd(&trace, -1), EBADF);

	header.version = 2;
	writer_header(&writer, &header);
	writer_end(&writer);
	CHECK_EQUAL(-flightrec_trace_open_memory(&trace, writer.data, writer.bytes),
		    EPROTONOSUPPORT);
	writer_free(&writer);
}

static void the_recorder_is_missed_by_name(void)
{
	struct flightrec *recorder;

	CHECK_EQUAL(-flightrec_open(&recorder, "/nonexistent"), ENOENT);
	CHECK_EQUAL(-flightrec_open(&recorder, "/dev/null"), ENOTTY);
	flightrec_close(NULL);
	flightrec_trace_close(NULL);
}

static void the_headers_of_segments_are_given(void)
{
	struct flightrec_segment segment;
	struct flightrec_trace *trace;
	struct writer writer = { 0 };

	write_small(&writer);
	trace = check_open(&writer);
	CHECK_EQUAL(flightrec_trace_get_info(trace)->segments, 1);
	CHECK_EQUAL(flightrec_trace_get_segment(trace, 0, &segment), 0);
	CHECK_EQUAL(segment.block.bytes, 96 + 56);
	CHECK_EQUAL(segment.cpu, 0);
	CHECK_EQUAL(segment.seq, 1);
	CHECK_EQUAL(segment.start_clock, 1000);
	CHECK_EQUAL(segment.end_clock, 1000);
	CHECK_EQUAL(segment.start_tid, 10);
	CHECK_EQUAL(segment.data_bytes, 56);
	CHECK_EQUAL(segment.events, 1);
	flightrec_trace_close(trace);
	writer_free(&writer);
}

const struct test file_tests[] = {
	TEST(a_file_is_read_from_where_it_stands),
	TEST(a_pipe_is_read_to_its_end),
	TEST(memory_need_not_be_aligned),
	TEST(what_is_no_snapshot_is_refused),
	TEST(the_recorder_is_missed_by_name),
	TEST(the_headers_of_segments_are_given),
	{ NULL, NULL },
};
