// SPDX-License-Identifier: GPL-2.0
/* What is missing is told where it is missing, and counted. */
#include <stdlib.h>

#include "check.h"
#include "flightrec.h"
#include "writer.h"

#define NONE 2047

static void start(struct writer *writer)
{
	struct writer_header header = writer_header_defaults();

	writer_header(writer, &header);
}

/* A segment in which thread 10 runs and, 10 later, sleeps. */
static void simple_segment(struct writer *writer, uint32_t cpu, uint64_t seq, uint64_t at)
{
	writer_segment(writer, cpu, seq, at, 0);
	writer_task(writer, 10, 10, "a");
	writer_switch(writer, at, 10, 0, NONE);
	writer_switch(writer, at + 10, 0, 1, NONE);
}

static void check_losses(const struct writer *writer, uint64_t lost_events, uint64_t missing)
{
	struct flightrec_trace *trace = check_open(writer);

	CHECK_EQUAL(flightrec_trace_get_info(trace)->lost_events, lost_events);
	CHECK_EQUAL(flightrec_trace_get_info(trace)->missing_segments, missing);
	flightrec_trace_close(trace);
}

static void check_all(struct writer *writer, uint64_t lost_events, uint64_t missing,
		      const char *expected)
{
	struct flightrec_trace *trace;
	char *got;

	writer_end(writer);
	check_losses(writer, lost_events, missing);
	trace = check_open(writer);
	got = check_describe(trace);
	CHECK_TEXT(got, expected);
	free(got);
	flightrec_trace_close(trace);
	writer_free(writer);
}

static void a_segment_that_was_taken_back_is_a_gap(void)
{
	struct writer writer = { 0 };

	start(&writer);
	simple_segment(&writer, 0, 1, 1000);
	writer_gap(&writer, 0, 2, 1500, 1900, 42);
	simple_segment(&writer, 0, 3, 2000);
	check_all(&writer, 42, 1,
		  "1000 0 begin swapper/0-0\n"
		  "1000 0 switch swapper/0-0 R none > a-10\n"
		  "1010 0 switch a-10 S none > swapper/0-0\n"
		  "1500 0 gap until 2000 segments 1 events 42\n"
		  "2000 0 begin swapper/0-0\n"
		  "2000 0 switch swapper/0-0 R none > a-10\n"
		  "2010 0 switch a-10 S none > swapper/0-0\n");
}

static void a_cpu_whose_first_and_last_segments_were_taken_back(void)
{
	struct writer writer = { 0 };

	start(&writer);
	writer_gap(&writer, 0, 1, 500, 900, 2);
	simple_segment(&writer, 0, 2, 1000);
	writer_gap(&writer, 0, 3, 1500, 1900, 3);
	writer_gap(&writer, 0, 4, 1900, 2500, 4);
	check_all(&writer, 9, 3,
		  "500 0 gap until 1000 segments 1 events 2\n"
		  "1000 0 begin swapper/0-0\n"
		  "1000 0 switch swapper/0-0 R none > a-10\n"
		  "1010 0 switch a-10 S none > swapper/0-0\n"
		  "1500 0 gap until 1900 segments 1 events 3\n"
		  "1900 0 gap until 1000000 segments 1 events 4\n");
}

static void a_hole_in_the_numbers_is_a_gap_of_unknown_size(void)
{
	struct writer writer = { 0 };

	start(&writer);
	simple_segment(&writer, 0, 7, 1000);
	simple_segment(&writer, 0, 10, 2000);
	check_all(&writer, 0, 2,
		  "1000 0 begin swapper/0-0\n"
		  "1000 0 switch swapper/0-0 R none > a-10\n"
		  "1010 0 switch a-10 S none > swapper/0-0\n"
		  "1010 0 gap until 2000 segments 2 events unknown\n"
		  "2000 0 begin swapper/0-0\n"
		  "2000 0 switch swapper/0-0 R none > a-10\n"
		  "2010 0 switch a-10 S none > swapper/0-0\n");
}

static void a_hole_behind_a_segment_that_was_taken_back_starts_at_its_end(void)
{
	struct writer writer = { 0 };

	start(&writer);
	writer_gap(&writer, 0, 1, 500, 900, 2);
	simple_segment(&writer, 0, 3, 1000);
	check_all(&writer, 2, 2,
		  "500 0 gap until 1000 segments 1 events 2\n"
		  "900 0 gap until 1000 segments 1 events unknown\n"
		  "1000 0 begin swapper/0-0\n"
		  "1000 0 switch swapper/0-0 R none > a-10\n"
		  "1010 0 switch a-10 S none > swapper/0-0\n");
}

static void events_that_were_not_recorded_are_told_at_the_next_segment(void)
{
	struct writer writer = { 0 };

	start(&writer);
	simple_segment(&writer, 0, 1, 1000);
	writer_segment(&writer, 0, 2, 2000, 10);
	writer_segment_lost(&writer, 5);
	writer_task(&writer, 10, 10, "a");
	writer_switch(&writer, 2000, 0, 1, NONE);
	check_all(&writer, 5, 0,
		  "1000 0 begin swapper/0-0\n"
		  "1000 0 switch swapper/0-0 R none > a-10\n"
		  "1010 0 switch a-10 S none > swapper/0-0\n"
		  "2000 0 lost 5 since 1010\n"
		  "2000 0 switch a-10 S none > swapper/0-0\n");
}

static void a_pause_of_the_recording_is_told_and_is_no_loss(void)
{
	struct writer writer = { 0 };

	start(&writer);
	writer_segment(&writer, 0, 1, 1000, 0);
	writer_segment_flags(&writer, 2);
	writer_task(&writer, 10, 10, "a");
	writer_switch(&writer, 1000, 10, 0, NONE);
	writer_segment(&writer, 0, 2, 5000, 0);
	writer_segment_flags(&writer, 2);
	writer_task(&writer, 10, 10, "a");
	writer_switch(&writer, 5000, 10, 0, NONE);
	check_all(&writer, 0, 0,
		  "1000 0 begin swapper/0-0\n"
		  "1000 0 switch swapper/0-0 R none > a-10\n"
		  "1000 0 pause\n"
		  "5000 0 begin swapper/0-0\n"
		  "5000 0 switch swapper/0-0 R none > a-10\n");
}

static void segments_that_the_header_counts_are_missed_at_the_end(void)
{
	struct writer writer = { 0 };

	start(&writer);
	simple_segment(&writer, 0, 1, 1000);
	simple_segment(&writer, 1, 1, 1100);
	writer_segment_flags(&writer, 1);
	writer.segments++;
	check_all(&writer, 0, 1,
		  "1000 0 begin swapper/0-0\n"
		  "1000 0 switch swapper/0-0 R none > a-10\n"
		  "1010 0 switch a-10 S none > swapper/0-0\n"
		  "1010 0 gap until 1000000 segments 0 events unknown\n"
		  "1100 1 begin swapper/1-0\n"
		  "1100 1 switch swapper/1-0 R none > a-10\n"
		  "1110 1 switch a-10 S none > swapper/1-0\n");
}

static void losses_are_told_of_each_cpu(void)
{
	const struct flightrec_trace_cpu *cpu;
	struct writer writer = { 0 };
	struct flightrec_trace *trace;

	start(&writer);
	simple_segment(&writer, 1, 4, 1000);
	writer_gap(&writer, 1, 5, 1500, 1900, 42);
	simple_segment(&writer, 1, 8, 2000);
	writer_segment_lost(&writer, 3);
	simple_segment(&writer, 3, 1, 1200);
	writer_end(&writer);
	trace = check_open(&writer);
	cpu = flightrec_trace_get_cpu(trace, 0);
	CHECK(cpu);
	CHECK_EQUAL(cpu->cpu, 1);
	CHECK_EQUAL(cpu->segments, 2);
	CHECK_EQUAL(cpu->missing_segments, 3);
	CHECK_EQUAL(cpu->events, 4);
	CHECK_EQUAL(cpu->lost_events, 45);
	CHECK_EQUAL(cpu->data_bytes, 128);
	CHECK_EQUAL(cpu->start_ns, 1000);
	CHECK_EQUAL(cpu->end_ns, 2010);
	cpu = flightrec_trace_get_cpu(trace, 1);
	CHECK(cpu);
	CHECK_EQUAL(cpu->cpu, 3);
	CHECK_EQUAL(cpu->missing_segments, 0);
	CHECK(!flightrec_trace_get_cpu(trace, 2));
	flightrec_trace_close(trace);
	writer_free(&writer);
}

const struct test loss_tests[] = {
	TEST(a_segment_that_was_taken_back_is_a_gap),
	TEST(a_cpu_whose_first_and_last_segments_were_taken_back),
	TEST(a_hole_in_the_numbers_is_a_gap_of_unknown_size),
	TEST(a_hole_behind_a_segment_that_was_taken_back_starts_at_its_end),
	TEST(events_that_were_not_recorded_are_told_at_the_next_segment),
	TEST(a_pause_of_the_recording_is_told_and_is_no_loss),
	TEST(segments_that_the_header_counts_are_missed_at_the_end),
	TEST(losses_are_told_of_each_cpu),
	{ NULL, NULL },
};
