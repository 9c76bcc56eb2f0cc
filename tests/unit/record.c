// SPDX-License-Identifier: GPL-2.0
/* What each record says, and what is made of those that are not known. */
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "flightrec.h"
#include "writer.h"

#define NONE 2047

static void start(struct writer *writer)
{
	struct writer_header header = writer_header_defaults();

	writer_header(writer, &header);
}

static void every_field_of_a_record_is_told_to_its_last_bit(void)
{
	struct writer writer = { 0 };

	start(&writer);
	writer_segment(&writer, 8191, 1, 1000, 0);
	writer_task(&writer, 4194303, 4194303, "a");
	writer_waking(&writer, 1000, 4194303, 8191, 3);
	writer_migrate(&writer, 17383, 4194303, 8191, 4095);
	writer_migrate(&writer, 17383, 4194303, 0, 8191);
	writer_wakeup_new(&writer, 17384, 4194303, 8190);
	writer_switch(&writer, 17385, 4194303, 9, NONE);
	writer_switch(&writer, 17386, 0, 15, 2046);
	check_events(&writer, "1000 8191 begin swapper/8191-0\n"
			      "1000 8191 waking a-4194303 cpu 8191 nmi by swapper/8191-0\n"
			      "17383 8191 migrate a-4194303 8191 to 4095\n"
			      "17383 8191 migrate a-4194303 0 to 8191\n"
			      "17384 8191 wakeup_new a-4194303 cpu 8190 thread by swapper/8191-0\n"
			      "17385 8191 switch swapper/8191-0 R+ none > a-4194303\n"
			      "17386 8191 switch a-4194303 ? 2046 > swapper/8191-0\n");
}

static void every_state_has_the_kernels_letter(void)
{
	static const char letters[] = "RSDTtXZPIR";

	for (uint32_t state = 0; state < 10; state++)
		CHECK_EQUAL(flightrec_state_letter(state), letters[state]);
	CHECK_EQUAL(flightrec_state_letter(10), '?');
	CHECK_EQUAL(flightrec_state_letter(UINT32_MAX), '?');
}

static void life_and_death_of_a_process_are_told(void)
{
	const struct flightrec_event *event;
	struct writer writer = { 0 };
	struct flightrec_trace *trace;

	start(&writer);
	writer_segment(&writer, 0, 1, 1000, 10);
	writer_task(&writer, 10, 10, "sh");
	writer_task(&writer, 11, 11, "sh");
	writer_fork(&writer, 1000, 11, 10);
	writer_wakeup_new(&writer, 1010, 11, 2);
	writer_switch(&writer, 1020, 11, 1, 61);
	writer_rename(&writer, 1030, 11, "sh", "sleep");
	writer_exec(&writer, 1040, 11, 11, "/usr/bin/sleep");
	writer_exit(&writer, 1050, 11);
	writer_end(&writer);
	trace = check_open(&writer);
	do {
		CHECK_EQUAL(flightrec_trace_next(trace, &event), 0);
		CHECK(event);
	} while (event->type != FLIGHTREC_EVENT_RENAME);
	CHECK_EQUAL(event->rename.oom_score_adj, -500);
	CHECK_EQUAL(flightrec_trace_next(trace, &event), 0);
	CHECK_EQUAL(event->exec.name_bytes, 14);
	CHECK_EQUAL(event->exec.name_cut, 0);
	flightrec_trace_close(trace);
	writer.block = (size_t)-1;
	trace = check_open(&writer);
	{
		char *got = check_describe(trace);

		CHECK_TEXT(got, "1000 0 begin sh-10\n"
				"1000 0 fork sh-10 > sh-11\n"
				"1010 0 wakeup_new sh-11 cpu 2 thread by sh-10\n"
				"1020 0 switch sh-10 S 61 > sh-11\n"
				"1030 0 rename 'sh' > sleep-11\n"
				"1040 0 exec sleep-11 was 11 '/usr/bin/sleep'\n"
				"1050 0 exit sleep-11\n");
		free(got);
	}
	flightrec_trace_close(trace);
	writer_free(&writer);
}

static void a_thread_that_execs_runs_on_under_its_process_tid(void)
{
	struct writer writer = { 0 };

	start(&writer);
	writer_segment(&writer, 0, 1, 1000, 12);
	writer_task(&writer, 12, 10, "thread");
	writer_task(&writer, 10, 10, "leader");
	writer_exec(&writer, 1000, 10, 12, "/bin/eightchr");
	writer_switch(&writer, 1010, 0, 1, NONE);
	check_events(&writer, "1000 0 begin thread-12\n"
			      "1000 0 exec leader-10 was 12 '/bin/eightchr'\n"
			      "1010 0 switch leader-10 S none > swapper/0-0\n");
}

static void an_exec_name_that_claims_more_than_its_record_has_is_cut(void)
{
	struct writer writer = { 0 };

	start(&writer);
	writer_segment(&writer, 0, 1, 1000, 10);
	writer_task(&writer, 10, 10, "a");
	writer_exec(&writer, 1000, 10, 10, "12345678");
	/* The length is in bytes 4 and 5 of the record's second word. */
	writer.data[writer.bytes - 16 + 4] = 0xff;
	writer.data[writer.bytes - 16 + 5] = 0xff;
	writer_exit(&writer, 1010, 10);
	check_events(&writer, "1000 0 begin a-10\n"
			      "1000 0 exec a-10 was 10 '12345678'\n"
			      "1010 0 exit a-10\n");
}

/* 33554432 is the first clock that has another bit above the low 25 than 1000. */
static void a_time_record_gives_the_clocks_upper_bits(void)
{
	struct writer_header header = writer_header_defaults();
	struct writer writer = { 0 };

	header.cut_clock = header.cut_ns = 1ULL << 60;
	writer_header(&writer, &header);
	writer_segment(&writer, 0, 1, 1000, 0);
	writer_task(&writer, 10, 10, "a");
	writer_waking(&writer, 33554431, 10, 0, 0);
	writer_time(&writer, 33554432);
	writer_waking(&writer, 33554432, 10, 0, 0);
	writer_time(&writer, 1152921504606846975);
	writer_waking(&writer, 1152921504606846975, 10, 0, 0);
	check_events(&writer, "1000 0 begin swapper/0-0\n"
			      "33554431 0 waking a-10 cpu 0 thread by swapper/0-0\n"
			      "33554432 0 waking a-10 cpu 0 thread by swapper/0-0\n"
			      "1152921504606846975 0 waking a-10 cpu 0 thread by swapper/0-0\n");
}

/* A counter that is read without a fence may step back by some cycles. */
static void a_time_before_the_last_one_counts_as_that(void)
{
	struct writer writer = { 0 };

	start(&writer);
	writer_segment(&writer, 0, 1, 1000, 0);
	writer_task(&writer, 10, 10, "a");
	writer_waking(&writer, 2000, 10, 0, 0);
	writer_waking(&writer, 1995, 10, 0, 0);
	writer_waking(&writer, 2001, 10, 0, 0);
	check_events(&writer, "1000 0 begin swapper/0-0\n"
			      "2000 0 waking a-10 cpu 0 thread by swapper/0-0\n"
			      "2000 0 waking a-10 cpu 0 thread by swapper/0-0\n"
			      "2001 0 waking a-10 cpu 0 thread by swapper/0-0\n");
}

static void the_number_of_a_thread_without_user_mode_means_nothing(void)
{
	struct writer writer = { 0 };

	start(&writer);
	writer_segment(&writer, 0, 1, 1000, 0);
	writer_task_full(&writer, 10, 10, "kworker", 120, 1, 1, 10, 4026531836);
	writer_task_full(&writer, 11, 11, "iou-wrk", 120, 2, 1, 11, 4026531836);
	writer_task_full(&writer, 12, 12, "user", 120, 0, 1, 12, 4026531836);
	writer_switch(&writer, 1000, 10, 0, NONE);
	writer_switch(&writer, 1001, 11, 8, 0);
	writer_switch(&writer, 1002, 12, 1, 426);
	writer_switch(&writer, 1003, 0, 1, 0);
	check_events(&writer, "1000 0 begin swapper/0-0\n"
			      "1000 0 switch swapper/0-0 R none > kworker-10\n"
			      "1001 0 switch kworker-10 I none > iou-wrk-11\n"
			      "1002 0 switch iou-wrk-11 S none > user-12\n"
			      "1003 0 switch user-12 S 0 > swapper/0-0\n");
}

static void unknown_annotations_are_skipped_and_take_no_time(void)
{
	struct writer writer = { 0 };

	start(&writer);
	writer_segment(&writer, 0, 1, 1000, 0);
	writer_annotation(&writer, 4, 1, 10);
	writer_task(&writer, 10, 10, "a");
	writer_annotation(&writer, 15, 255, 10);
	writer_waking(&writer, 1005, 10, 0, 0);
	writer_annotation(&writer, 0, 3, 10);
	writer_waking(&writer, 1010, 10, 0, 0);
	check_events(&writer, "1000 0 begin swapper/0-0\n"
			      "1005 0 waking a-10 cpu 0 thread by swapper/0-0\n"
			      "1010 0 waking a-10 cpu 0 thread by swapper/0-0\n");
}

static void unknown_events_are_skipped_and_take_their_time(void)
{
	struct writer writer = { 0 };

	start(&writer);
	writer_segment(&writer, 0, 1, 1000, 0);
	writer_task(&writer, 10, 10, "a");
	writer_long_event(&writer, 1100, 21, 1);
	writer_long_event(&writer, 1200, 127, 200);
	writer_waking(&writer, 1205, 10, 0, 0);
	writer_long_event(&writer, 1300, 64, 2);
	check_events(&writer, "1000 0 begin swapper/0-0\n"
			      "1205 0 waking a-10 cpu 0 thread by swapper/0-0\n");
}

static void a_tag_that_is_not_in_use_is_one_word_and_takes_its_time(void)
{
	struct writer writer = { 0 };

	start(&writer);
	writer_segment(&writer, 0, 1, 1000, 0);
	writer_task(&writer, 10, 10, "a");
	writer_word(&writer, 1100ULL << 39 | 10 << 2 | 3);
	writer_waking(&writer, 1050, 10, 0, 0);
	check_events(&writer, "1000 0 begin swapper/0-0\n"
			      "1100 0 waking a-10 cpu 0 thread by swapper/0-0\n");
}

static void a_longer_record_of_a_known_type_is_understood(void)
{
	struct writer writer = { 0 };

	start(&writer);
	writer_segment(&writer, 0, 1, 1000, 0);
	writer_task(&writer, 10, 10, "a");
	writer_long_event(&writer, 1100, 19, 9);
	writer_waking(&writer, 1205, 10, 0, 0);
	check_events(&writer, "1000 0 begin swapper/0-0\n"
			      "1100 0 exit <...>-77\n"
			      "1205 0 waking a-10 cpu 0 thread by swapper/0-0\n");
}

static void a_record_longer_than_its_segment_ends_it_with_a_gap(void)
{
	struct writer writer = { 0 };

	start(&writer);
	writer_segment(&writer, 0, 1, 1000, 0);
	writer_task(&writer, 10, 10, "a");
	writer_waking(&writer, 1005, 10, 0, 0);
	writer_word(&writer, 10ULL << 39 | 3ULL << 31 | 19 << 24 | 10 << 2);
	writer_word(&writer, 0);
	writer_segment(&writer, 0, 2, 2000, 0);
	writer_task(&writer, 10, 10, "a");
	writer_waking(&writer, 2005, 10, 0, 0);
	writer_word(&writer, 0); /* LONG of no words */
	check_events(&writer, "1000 0 begin swapper/0-0\n"
			      "1005 0 waking a-10 cpu 0 thread by swapper/0-0\n"
			      "1005 0 gap until 2000 segments 0 events unknown\n"
			      "2000 0 begin swapper/0-0\n"
			      "2005 0 waking a-10 cpu 0 thread by swapper/0-0\n"
			      "2005 0 gap until 1000000 segments 0 events unknown\n");
}

static void unknown_blocks_are_skipped(void)
{
	struct writer writer = { 0 };
	struct flightrec_trace *trace;

	start(&writer);
	writer_unknown_block(&writer, 7, 0);
	writer_segment(&writer, 0, 1, 1000, 10);
	writer_task(&writer, 10, 10, "a");
	writer_exit(&writer, 1000, 10);
	writer_unknown_block(&writer, 65535, 4000);
	writer_rundown(&writer, 64, 0);
	writer_rundown_task(&writer, 10, 10, "a", 1, 7, 0);
	writer_end(&writer);
	trace = check_open(&writer);
	CHECK_EQUAL(flightrec_trace_get_info(trace)->flags &
			    (FLIGHTREC_TRACE_DAMAGED | FLIGHTREC_TRACE_CUT_SHORT |
			     FLIGHTREC_TRACE_NO_RUNDOWN),
		    0);
	CHECK_EQUAL(flightrec_trace_get_info(trace)->events, 1);
	flightrec_trace_close(trace);
	writer_free(&writer);
}

static void longer_headers_and_entries_are_read_as_far_as_known(void)
{
	struct writer_header header = writer_header_defaults();
	struct writer writer = { 0 };
	struct flightrec_trace *trace;
	struct flightrec_task task;

	header.extra_bytes = 128;
	writer_header(&writer, &header);
	writer_rundown(&writer, 96, 0);
	writer_rundown_task(&writer, 10, 10, "a", 1, 7, 0);
	writer_rundown_task(&writer, 20, 20, "b", 1, 7, 0);
	writer_end(&writer);
	trace = check_open(&writer);
	CHECK_TEXT(flightrec_trace_get_info(trace)->host, "testhost");
	CHECK_TEXT(flightrec_trace_get_info(trace)->release, "6.1.0-test");
	CHECK_EQUAL(flightrec_trace_get_info(trace)->damaged_blocks, 0);
	CHECK_EQUAL(flightrec_trace_get_task(trace, 1, &task), 0);
	CHECK_TEXT(task.comm, "b");
	flightrec_trace_close(trace);
	writer_free(&writer);
}

const struct test record_tests[] = {
	TEST(every_field_of_a_record_is_told_to_its_last_bit),
	TEST(every_state_has_the_kernels_letter),
	TEST(life_and_death_of_a_process_are_told),
	TEST(a_thread_that_execs_runs_on_under_its_process_tid),
	TEST(an_exec_name_that_claims_more_than_its_record_has_is_cut),
	TEST(a_time_record_gives_the_clocks_upper_bits),
	TEST(a_time_before_the_last_one_counts_as_that),
	TEST(the_number_of_a_thread_without_user_mode_means_nothing),
	TEST(unknown_annotations_are_skipped_and_take_no_time),
	TEST(unknown_events_are_skipped_and_take_their_time),
	TEST(a_tag_that_is_not_in_use_is_one_word_and_takes_its_time),
	TEST(a_longer_record_of_a_known_type_is_understood),
	TEST(a_record_longer_than_its_segment_ends_it_with_a_gap),
	TEST(unknown_blocks_are_skipped),
	TEST(longer_headers_and_entries_are_read_as_far_as_known),
	{ NULL, NULL },
};
