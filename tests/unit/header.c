// SPDX-License-Identifier: GPL-2.0
/* Headers of other lengths than this library's own: older ones, and newer ones. */
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "flightrec.h"
#include "writer.h"

static struct flightrec_trace *open_with(struct writer *writer, const struct writer_header *header)
{
	writer_header(writer, header);
	writer_segment(writer, 0, 1, 1000, 10);
	writer_task(writer, 10, 10, "a");
	writer_exit(writer, 1000, 10);
	writer_end(writer);
	return check_open(writer);
}

static void a_header_of_the_first_version_has_nothing_behind_the_taker(void)
{
	struct writer_header header = writer_header_defaults();
	const struct flightrec_trace_info *info;
	struct writer writer = { 0 };
	struct flightrec_trace *trace;

	header.taker_tid = 5;
	trace = open_with(&writer, &header);
	info = flightrec_trace_get_info(trace);
	CHECK_EQUAL(info->flags & (FLIGHTREC_TRACE_NO_HEADER | FLIGHTREC_TRACE_RUNDOWN_LATE), 0);
	CHECK_EQUAL(info->taker_tid, 5);
	CHECK_EQUAL(info->begin_ns, 0);
	CHECK_EQUAL(info->events_wanted, 0);
	CHECK_EQUAL(info->rundown_ns, 1000000);
	CHECK_EQUAL(info->cursor, 0);
	flightrec_trace_close(trace);
	writer_free(&writer);
}

static void a_later_header_says_what_was_asked_for(void)
{
	struct writer_header header = writer_header_defaults();
	const struct flightrec_trace_info *info;
	struct writer writer = { 0 };
	struct flightrec_trace *trace;

	header.extra_bytes = 32;
	header.begin = 900;
	header.events_wanted = 0x103;
	header.rundown = 1000500;
	header.cursor = 0x123456789abcdef0;
	trace = open_with(&writer, &header);
	info = flightrec_trace_get_info(trace);
	CHECK_EQUAL(info->begin_ns, 900);
	CHECK_EQUAL(info->events_wanted, 0x103);
	CHECK_EQUAL(info->rundown_ns, 1000500);
	CHECK_EQUAL(info->flags & FLIGHTREC_TRACE_RUNDOWN_LATE, 0);
	CHECK_EQUAL(info->cursor, 0x123456789abcdef0);
	flightrec_trace_close(trace);
	writer_free(&writer);
}

/* Three of the four later fields, and one that this library doesn't know. */
static void a_header_of_any_length_is_read_as_far_as_it_goes(void)
{
	struct writer_header header = writer_header_defaults();
	struct writer writer = { 0 };
	struct flightrec_trace *trace;

	header.extra_bytes = 40;
	header.begin = 900;
	header.events_wanted = 3;
	header.cursor = 7;
	trace = open_with(&writer, &header);
	CHECK_EQUAL(flightrec_trace_get_info(trace)->cursor, 7);
	flightrec_trace_close(trace);
	/* Bytes 6 and 7 are the length: the cursor is data now, which a header has not. */
	writer.data[6] = (336 + 24) & 0xff;
	writer_checksum(writer.data);
	trace = check_open(&writer);
	CHECK_EQUAL(flightrec_trace_get_info(trace)->events_wanted, 3);
	CHECK_EQUAL(flightrec_trace_get_info(trace)->cursor, 0);
	flightrec_trace_close(trace);
	writer.data[6] = (336 - 8) & 0xff;
	writer_checksum(writer.data);
	trace = check_open(&writer);
	CHECK(flightrec_trace_get_info(trace)->flags & FLIGHTREC_TRACE_NO_HEADER);
	flightrec_trace_close(trace);
	writer_free(&writer);
}

static void a_rundown_long_behind_the_cut_is_called_late(void)
{
	struct writer_header header = writer_header_defaults();
	struct writer writer = { 0 };
	struct flightrec_trace *trace;

	header.extra_bytes = 32;
	header.rundown = 1000000 + 20000001;
	trace = open_with(&writer, &header);
	CHECK(flightrec_trace_get_info(trace)->flags & FLIGHTREC_TRACE_RUNDOWN_LATE);
	CHECK_EQUAL(flightrec_trace_get_info(trace)->rundown_ns, 21000001);
	flightrec_trace_close(trace);
	writer_free(&writer);
}

static void segments_of_any_header_length_are_read(void)
{
	struct writer_header header = writer_header_defaults();
	struct flightrec_segment segment;
	struct writer writer = { 0 };
	struct flightrec_trace *trace;
	char *got;

	writer_header(&writer, &header);
	for (uint32_t seq = 1; seq <= 3; seq++) {
		writer_segment(&writer, 0, seq, 1000 * seq, 10);
		if (seq > 1)
			writer_segment_first_event(&writer, 41 + seq, seq == 3 ? 16 : 0);
		writer_task(&writer, 10, 10, "a");
		writer_exit(&writer, 1000 * seq, 10);
	}
	writer_end(&writer);
	trace = check_open(&writer);
	for (uint32_t i = 0; i < 3; i++) {
		CHECK_EQUAL(flightrec_trace_get_segment(trace, i, &segment), 0);
		CHECK_EQUAL(segment.first_event, i ? 42 + i : 0);
		CHECK_EQUAL(segment.block.header_bytes, i == 2 ? 120 : i ? 104 : 96);
	}
	got = check_describe(trace);
	CHECK_TEXT(got, "1000 0 begin a-10\n"
			"1000 0 exit a-10\n"
			"2000 0 exit a-10\n"
			"3000 0 exit a-10\n");
	free(got);
	flightrec_trace_close(trace);
	writer_free(&writer);
}

/* Its clock starts in the middle, and so do its upper bits. */
static void a_part_of_a_segment_begins_with_who_ran_then(void)
{
	struct writer_header header = writer_header_defaults();
	struct flightrec_segment segment;
	struct writer writer = { 0 };
	struct flightrec_trace *trace;
	char *got;

	header.extra_bytes = 32;
	header.cut_clock = header.cut_ns = 1ULL << 30;
	header.begin = header.window_start = (1ULL << 25) + 500;
	writer_header(&writer, &header);
	writer_segment(&writer, 0, 7, (1ULL << 25) + 500, 11);
	writer_segment_flags(&writer, 4);
	writer_segment_first_event(&writer, 1000, 0);
	writer_task(&writer, 10, 10, "gone");
	writer_task(&writer, 11, 11, "runs");
	writer_task(&writer, 12, 12, "next");
	writer_switch(&writer, (1ULL << 25) + 501, 12, 1, 0);
	writer_end(&writer);
	trace = check_open(&writer);
	CHECK_EQUAL(flightrec_trace_get_info(trace)->missing_segments, 0);
	CHECK_EQUAL(flightrec_trace_get_segment(trace, 0, &segment), 0);
	CHECK_EQUAL(segment.flags, FLIGHTREC_SEGMENT_PART);
	CHECK_EQUAL(segment.first_event, 1000);
	got = check_describe(trace);
	CHECK_TEXT(got, "33554932 0 begin runs-11\n"
			"33554933 0 switch runs-11 S 0 > next-12\n");
	free(got);
	flightrec_trace_close(trace);
	writer_free(&writer);
}

const struct test header_tests[] = {
	TEST(a_header_of_the_first_version_has_nothing_behind_the_taker),
	TEST(a_later_header_says_what_was_asked_for),
	TEST(a_header_of_any_length_is_read_as_far_as_it_goes),
	TEST(a_rundown_long_behind_the_cut_is_called_late),
	TEST(segments_of_any_header_length_are_read),
	TEST(a_part_of_a_segment_begins_with_who_ran_then),
	{ NULL, NULL },
};
