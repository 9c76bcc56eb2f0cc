// SPDX-License-Identifier: GPL-2.0
/* From the recorder's clock to CLOCK_MONOTONIC. */
#include <stdlib.h>

#include "check.h"
#include "flightrec.h"
#include "writer.h"

/* A counter of 2 GHz: 1000 at 1 s, the cut 3 s later. */
static struct writer_header tsc_header(void)
{
	struct writer_header header = writer_header_defaults();

	header.clock = 2;
	header.clock_khz = 2000000;
	header.origin_clock = 1000;
	header.origin_ns = 1000000000;
	header.cut_clock = 1000 + 6000000000;
	header.cut_ns = 4000000000;
	header.window_start = 1000 + 2000000000;
	header.complete_since = 1000 + 1000000000;
	header.recording_since = 2000;
	return header;
}

static void times_lie_on_a_line_through_the_pairs_of_clocks(void)
{
	struct writer_header header = tsc_header();
	struct writer writer = { 0 };
	struct flightrec_trace *trace;

	writer_header(&writer, &header);
	/* Half way, CLOCK_MONOTONIC was 100 ms behind the line. */
	writer_segment(&writer, 0, 1, 500, 0);
	writer_segment_pair(&writer, 1000 + 3000000000, 2400000000);
	writer_end(&writer);
	trace = check_open(&writer);
	CHECK_EQUAL(flightrec_trace_monotonic_ns(trace, 1000), 1000000000);
	CHECK_EQUAL(flightrec_trace_monotonic_ns(trace, 1000 + 1500000000), 1700000000);
	CHECK_EQUAL(flightrec_trace_monotonic_ns(trace, 1000 + 3000000000), 2400000000);
	CHECK_EQUAL(flightrec_trace_monotonic_ns(trace, 1000 + 4500000000), 3200000000);
	CHECK_EQUAL(flightrec_trace_monotonic_ns(trace, 1000 + 6000000000), 4000000000);
	/* Before the first pair and behind the last as next to them. */
	CHECK_EQUAL(flightrec_trace_monotonic_ns(trace, 0), 1000000000 - 466);
	CHECK_EQUAL(flightrec_trace_monotonic_ns(trace, 1000 + 6000000150), 4000000080);
	flightrec_trace_close(trace);
	writer_free(&writer);
}

static void the_window_is_told_in_monotonic_time(void)
{
	const struct flightrec_trace_info *info;
	struct writer_header header = tsc_header();
	struct writer writer = { 0 };
	struct flightrec_trace *trace;

	header.cut_realtime_ns = 1700000004000000000;
	header.cut_boottime_ns = 4000000500;
	writer_header(&writer, &header);
	writer_end(&writer);
	trace = check_open(&writer);
	info = flightrec_trace_get_info(trace);
	CHECK_EQUAL(info->window_start_ns, 2000000000);
	CHECK_EQUAL(info->window_end_ns, 4000000000);
	CHECK_EQUAL(info->complete_since_ns, 1500000000);
	CHECK_EQUAL(info->recording_since_ns, 1000000500);
	CHECK_EQUAL(info->realtime_offset_ns, 1700000000000000000);
	CHECK_EQUAL(info->boottime_offset_ns, 500);
	flightrec_trace_close(trace);
	writer_free(&writer);
}

static void pairs_that_are_close_do_not_bend_the_line(void)
{
	struct writer_header header = tsc_header();
	struct writer writer = { 0 };
	struct flightrec_trace *trace;

	writer_header(&writer, &header);
	writer_segment(&writer, 0, 1, 500, 0);
	writer_segment_pair(&writer, 1000 + 3000000000, 2500000000);
	/* 1 ms later, read 900 ns too late. */
	writer_segment(&writer, 1, 1, 500, 0);
	writer_segment_pair(&writer, 1000 + 3002000000, 2501000900);
	/* 10 ms before the cut, the same. */
	writer_segment(&writer, 2, 1, 500, 0);
	writer_segment_pair(&writer, 1000 + 5980000000, 3990000900);
	writer_end(&writer);
	trace = check_open(&writer);
	CHECK_EQUAL(flightrec_trace_monotonic_ns(trace, 1000 + 3002000000), 2501000000);
	CHECK_EQUAL(flightrec_trace_monotonic_ns(trace, 1000 + 5980000000), 3990000000);
	flightrec_trace_close(trace);
	writer_free(&writer);
}

static void time_never_goes_back_whatever_the_pairs_say(void)
{
	struct writer_header header = tsc_header();
	struct writer writer = { 0 };
	struct flightrec_trace *trace;
	uint64_t last = 0;

	writer_header(&writer, &header);
	for (uint32_t i = 0; i < 40; i++) {
		writer_segment(&writer, i, 1, 500, 0);
		writer_segment_pair(&writer, i * 123456789012345 % 7000000000,
				    i * 987654321098765 % 5000000000);
	}
	writer_segment(&writer, 50, 1, 500, 0);
	writer_segment_pair(&writer, 1, UINT64_MAX);
	writer_segment(&writer, 51, 1, 500, 0);
	writer_segment_pair(&writer, 0, 0);
	writer_end(&writer);
	trace = check_open(&writer);
	for (uint64_t clock = 0; clock < 8000000000; clock += 10000019) {
		uint64_t now = flightrec_trace_monotonic_ns(trace, clock);

		CHECK(now >= last);
		last = now;
	}
	CHECK(flightrec_trace_monotonic_ns(trace, UINT64_MAX) >= last);
	flightrec_trace_close(trace);
	writer_free(&writer);
}

static void a_clock_that_counts_ns_is_taken_as_it_is(void)
{
	struct writer_header header = writer_header_defaults();
	struct writer writer = { 0 };
	struct flightrec_trace *trace;

	writer_header(&writer, &header);
	writer_segment(&writer, 0, 1, 500, 0);
	writer_segment_pair(&writer, 100, 99999);
	writer_end(&writer);
	trace = check_open(&writer);
	CHECK_EQUAL(flightrec_trace_monotonic_ns(trace, 100), 100);
	CHECK_EQUAL(flightrec_trace_monotonic_ns(trace, UINT64_MAX), UINT64_MAX);
	flightrec_trace_close(trace);
	writer_free(&writer);
}

static void without_a_header_any_pair_will_do(void)
{
	struct flightrec_trace *trace;
	struct writer writer = { 0 };

	writer_segment(&writer, 0, 1, 500, 0);
	writer_segment_pair(&writer, 4000, 6000);
	writer_end(&writer);
	trace = check_open(&writer);
	CHECK_EQUAL(flightrec_trace_monotonic_ns(trace, 500), 2500);
	CHECK_EQUAL(flightrec_trace_monotonic_ns(trace, 5000), 7000);
	flightrec_trace_close(trace);
	writer_free(&writer);
}

static void a_seek_finds_its_time_on_any_clock(void)
{
	struct writer_header header = tsc_header();
	const struct flightrec_event *event;
	struct writer writer = { 0 };
	struct flightrec_trace *trace;

	writer_header(&writer, &header);
	writer_segment(&writer, 0, 1, 1000 + 2000000000, 10);
	writer_segment_pair(&writer, 1000 + 2000000000, 2000000000);
	writer_task(&writer, 10, 10, "a");
	for (uint32_t i = 0; i < 100; i++)
		writer_waking(&writer, 1000 + 2000000000 + 2000 * i, 10, 0, 0);
	writer_end(&writer);
	trace = check_open(&writer);
	CHECK_EQUAL(flightrec_trace_seek(trace, 2000050000), 0);
	CHECK_EQUAL(flightrec_trace_next(trace, &event), 0);
	CHECK(event);
	CHECK_EQUAL(event->time_ns, 2000050000);
	CHECK_EQUAL(event->clock, 1000 + 2000000000 + 100000);
	CHECK_EQUAL(flightrec_trace_seek(trace, 2000050001), 0);
	CHECK_EQUAL(flightrec_trace_next(trace, &event), 0);
	CHECK(event);
	CHECK_EQUAL(event->time_ns, 2000051000);
	CHECK_EQUAL(flightrec_trace_seek(trace, 0), 0);
	CHECK_EQUAL(flightrec_trace_next(trace, &event), 0);
	CHECK(event);
	CHECK_EQUAL(event->type, FLIGHTREC_STREAM_BEGIN);
	flightrec_trace_close(trace);
	writer_free(&writer);
}

/* The last event of a segment is rounded up to the time at which the next one starts. */
static void a_seek_does_not_miss_what_is_rounded_up_to_its_time(void)
{
	struct writer_header header = tsc_header();
	const struct flightrec_event *event;
	struct writer writer = { 0 };
	struct flightrec_trace *trace;

	writer_header(&writer, &header);
	writer_segment(&writer, 0, 1, 1000 + 2000000000, 10);
	writer_segment_pair(&writer, 1000 + 2000000000, 2000000000);
	writer_task(&writer, 10, 10, "a");
	writer_waking(&writer, 1000 + 2000000001, 10, 0, 0);
	writer_segment(&writer, 0, 2, 1000 + 2000000002, 10);
	writer_segment_pair(&writer, 1000 + 2000000002, 2000000001);
	writer_task(&writer, 10, 10, "a");
	writer_exit(&writer, 1000 + 2000000002, 10);
	writer_end(&writer);
	trace = check_open(&writer);
	CHECK_EQUAL(flightrec_trace_seek(trace, 2000000001), 0);
	CHECK_EQUAL(flightrec_trace_next(trace, &event), 0);
	CHECK(event);
	CHECK_EQUAL(event->type, FLIGHTREC_EVENT_WAKING);
	CHECK_EQUAL(event->time_ns, 2000000001);
	flightrec_trace_close(trace);
	writer_free(&writer);
}

static void the_cut_has_the_time_that_the_header_says(void)
{
	struct writer_header header = tsc_header();
	struct writer writer = { 0 };
	struct flightrec_trace *trace;

	writer_header(&writer, &header);
	/* 10 ms before it and 100 ms behind it, both read 900 ns too late. */
	writer_segment(&writer, 0, 1, 500, 0);
	writer_segment_pair(&writer, 1000 + 5980000000, 3990000900);
	writer_segment(&writer, 1, 1, 500, 0);
	writer_segment_pair(&writer, 1000 + 6200000000, 4100000900);
	writer_end(&writer);
	trace = check_open(&writer);
	CHECK_EQUAL(flightrec_trace_monotonic_ns(trace, 1000 + 6000000000), 4000000000);
	flightrec_trace_close(trace);
	writer_free(&writer);
}

const struct test clock_tests[] = {
	TEST(times_lie_on_a_line_through_the_pairs_of_clocks),
	TEST(the_window_is_told_in_monotonic_time),
	TEST(pairs_that_are_close_do_not_bend_the_line),
	TEST(time_never_goes_back_whatever_the_pairs_say),
	TEST(a_clock_that_counts_ns_is_taken_as_it_is),
	TEST(without_a_header_any_pair_will_do),
	TEST(a_seek_finds_its_time_on_any_clock),
	TEST(a_seek_does_not_miss_what_is_rounded_up_to_its_time),
	TEST(the_cut_has_the_time_that_the_header_says),
	{ NULL, NULL },
};
