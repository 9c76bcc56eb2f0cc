// SPDX-License-Identifier: GPL-2.0
/* The order in which events are handed out, and what stands at its ends. */
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

static void events_of_all_cpus_come_in_the_order_of_time(void)
{
	struct writer writer = { 0 };

	start(&writer);
	writer_segment(&writer, 0, 1, 1000, 0);
	writer_task(&writer, 10, 10, "a");
	writer_switch(&writer, 1000, 10, 0, NONE);
	writer_switch(&writer, 1300, 0, 1, 202);
	writer_segment(&writer, 2, 1, 1100, 0);
	writer_task(&writer, 10, 10, "a");
	writer_waking(&writer, 1100, 10, 0, 2);
	writer_task(&writer, 20, 20, "b");
	writer_switch(&writer, 1200, 20, 0, NONE);
	writer_switch(&writer, 1400, 0, 9, NONE);
	check_events(&writer, "1000 0 begin swapper/0-0\n"
			      "1000 0 switch swapper/0-0 R none > a-10\n"
			      "1100 2 begin swapper/2-0\n"
			      "1100 2 waking a-10 cpu 0 hardirq by swapper/2-0\n"
			      "1200 2 switch swapper/2-0 R none > b-20\n"
			      "1300 0 switch a-10 S 202 > swapper/0-0\n"
			      "1400 2 switch b-20 R+ none > swapper/2-0\n");
}

static void events_of_the_same_time_come_by_cpu_and_in_order(void)
{
	struct writer writer = { 0 };

	start(&writer);
	for (uint32_t cpu = 3; cpu < 4; cpu--) {
		writer_segment(&writer, cpu, 1, 500, 0);
		writer_task(&writer, 10 + cpu, 10 + cpu, "t");
		writer_switch(&writer, 500, 10 + cpu, 0, NONE);
		writer_switch(&writer, 500, 0, 1, NONE);
	}
	check_events(&writer, "500 0 begin swapper/0-0\n"
			      "500 0 switch swapper/0-0 R none > t-10\n"
			      "500 0 switch t-10 S none > swapper/0-0\n"
			      "500 1 begin swapper/1-0\n"
			      "500 1 switch swapper/1-0 R none > t-11\n"
			      "500 1 switch t-11 S none > swapper/1-0\n"
			      "500 2 begin swapper/2-0\n"
			      "500 2 switch swapper/2-0 R none > t-12\n"
			      "500 2 switch t-12 S none > swapper/2-0\n"
			      "500 3 begin swapper/3-0\n"
			      "500 3 switch swapper/3-0 R none > t-13\n"
			      "500 3 switch t-13 S none > swapper/3-0\n");
}

static void segments_are_read_by_their_numbers_wherever_they_lie(void)
{
	struct writer writer = { 0 };

	start(&writer);
	writer_segment(&writer, 1, 8, 3000, 10);
	writer_task(&writer, 10, 10, "a");
	writer_switch(&writer, 3000, 0, 1, NONE);
	writer_segment(&writer, 1, 7, 2000, 0);
	writer_task(&writer, 10, 10, "a");
	writer_switch(&writer, 2000, 10, 0, NONE);
	check_events(&writer, "2000 1 begin swapper/1-0\n"
			      "2000 1 switch swapper/1-0 R none > a-10\n"
			      "3000 1 switch a-10 S none > swapper/1-0\n");
}

static void records_after_the_cut_are_not_handed_out(void)
{
	struct writer writer = { 0 };

	start(&writer);
	writer_segment(&writer, 0, 1, 999990, 0);
	writer_task(&writer, 10, 10, "a");
	writer_switch(&writer, 1000000, 10, 0, NONE);
	writer_switch(&writer, 1000001, 0, 1, NONE);
	writer_segment(&writer, 1, 1, 999990, 0);
	writer_time(&writer, 1000001);
	writer_task(&writer, 10, 10, "a");
	writer_waking(&writer, 1000001, 10, 0, 0);
	writer_segment(&writer, 0, 2, 1000002, 0);
	writer_switch(&writer, 1000002, 10, 0, NONE);
	writer_segment(&writer, 2, 1, 999995, 0);
	writer_task(&writer, 10, 10, "a");
	writer_migrate(&writer, 1000000, 10, 0, 2);
	writer_migrate(&writer, 1000001, 10, 2, 0);
	check_events(&writer, "999990 0 begin swapper/0-0\n"
			      "999990 1 begin swapper/1-0\n"
			      "999995 2 begin swapper/2-0\n"
			      "1000000 0 switch swapper/0-0 R none > a-10\n"
			      "1000000 2 migrate a-10 0 to 2\n");
}

static void many_cpus_with_gaps_in_their_numbers_are_merged(void)
{
	struct writer writer = { 0 };
	const struct flightrec_event *event;
	struct flightrec_trace *trace;
	uint64_t last = 0, events = 0;

	start(&writer);
	for (uint32_t cpu = 3; cpu < 8192; cpu += 117) {
		writer_segment(&writer, cpu, 1, 1000 + cpu % 7, 0);
		writer_task(&writer, 10, 10, "a");
		for (uint32_t i = 0; i < 50; i++)
			writer_waking(&writer, 1000 + cpu % 7 + i * (3 + cpu % 5), 10, cpu, 0);
	}
	writer_end(&writer);
	trace = check_open(&writer);
	CHECK_EQUAL(flightrec_trace_get_info(trace)->cpus, 70);
	while (!flightrec_trace_next(trace, &event) && event) {
		CHECK(event->time_ns >= last);
		last = event->time_ns;
		events += event->type == FLIGHTREC_EVENT_WAKING;
		CHECK(event->type != FLIGHTREC_EVENT_WAKING ||
		      event->waking.target_cpu == event->cpu);
	}
	CHECK_EQUAL(events, 3500);
	flightrec_trace_close(trace);
	writer_free(&writer);
}

static void a_file_without_segments_has_no_events(void)
{
	struct writer writer = { 0 };

	start(&writer);
	check_events(&writer, "");
}

static void an_empty_segment_tells_who_runs(void)
{
	struct writer writer = { 0 };

	start(&writer);
	writer_segment(&writer, 0, 1, 1000, 10);
	writer_task(&writer, 10, 10, "a");
	check_events(&writer, "1000 0 begin a-10\n");
}

static void a_rewind_gives_the_same_again(void)
{
	struct writer writer = { 0 };
	struct flightrec_trace *trace;
	char *first, *second;

	start(&writer);
	writer_segment(&writer, 0, 1, 1000, 0);
	writer_task(&writer, 10, 10, "a");
	writer_switch(&writer, 1000, 10, 0, NONE);
	writer_rename(&writer, 1100, 10, "a", "b");
	writer_segment(&writer, 0, 2, 1200, 10);
	writer_task(&writer, 10, 10, "b");
	writer_switch(&writer, 1200, 0, 1, NONE);
	writer_end(&writer);
	trace = check_open(&writer);
	first = check_describe(trace);
	CHECK_EQUAL(flightrec_trace_rewind(trace), 0);
	second = check_describe(trace);
	CHECK_TEXT(second, first);
	free(first);
	free(second);
	flightrec_trace_close(trace);
	writer_free(&writer);
}

static void seek(struct flightrec_trace *trace, uint64_t time, const char *expected)
{
	char *got;

	CHECK_EQUAL(flightrec_trace_seek(trace, time), 0);
	got = check_describe(trace);
	CHECK_TEXT(got, expected);
	free(got);
}

static void a_seek_goes_on_from_a_moment_with_the_names_of_then(void)
{
	struct writer writer = { 0 };
	struct flightrec_trace *trace;

	start(&writer);
	writer_segment(&writer, 0, 1, 1000, 0);
	writer_task(&writer, 10, 10, "old");
	writer_switch(&writer, 1000, 10, 0, NONE);
	writer_rename(&writer, 1100, 10, "old", "new");
	writer_switch(&writer, 1200, 0, 1, NONE);
	writer_segment(&writer, 0, 2, 2000, 0);
	writer_task(&writer, 10, 10, "new");
	writer_switch(&writer, 2000, 10, 0, NONE);
	writer_switch(&writer, 2100, 0, 1, NONE);
	writer_segment(&writer, 1, 1, 1050, 0);
	writer_task(&writer, 10, 10, "old");
	writer_waking(&writer, 1050, 10, 0, 0);
	writer_task(&writer, 10, 10, "new");
	writer_waking(&writer, 1900, 10, 0, 0);
	writer_end(&writer);
	trace = check_open(&writer);
	seek(trace, 1901,
	     "2000 0 switch swapper/0-0 R none > new-10\n"
	     "2100 0 switch new-10 S none > swapper/0-0\n");
	seek(trace, 1050,
	     "1050 1 begin swapper/1-0\n"
	     "1050 1 waking old-10 cpu 0 thread by swapper/1-0\n"
	     "1100 0 rename 'old' > new-10\n"
	     "1200 0 switch new-10 S none > swapper/0-0\n"
	     "1900 1 waking new-10 cpu 0 thread by swapper/1-0\n"
	     "2000 0 switch swapper/0-0 R none > new-10\n"
	     "2100 0 switch new-10 S none > swapper/0-0\n");
	seek(trace, 2050, "2100 0 switch new-10 S none > swapper/0-0\n");
	seek(trace, 2101, "");
	flightrec_trace_close(trace);
	writer_free(&writer);
}

const struct test order_tests[] = {
	TEST(events_of_all_cpus_come_in_the_order_of_time),
	TEST(events_of_the_same_time_come_by_cpu_and_in_order),
	TEST(segments_are_read_by_their_numbers_wherever_they_lie),
	TEST(records_after_the_cut_are_not_handed_out),
	TEST(many_cpus_with_gaps_in_their_numbers_are_merged),
	TEST(a_file_without_segments_has_no_events),
	TEST(an_empty_segment_tells_who_runs),
	TEST(a_rewind_gives_the_same_again),
	TEST(a_seek_goes_on_from_a_moment_with_the_names_of_then),
	{ NULL, NULL },
};
