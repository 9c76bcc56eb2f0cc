// SPDX-License-Identifier: GPL-2.0
/* Marks: what userspace recorded, and what a hostile file makes of them. */
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "flightrec.h"
#include "writer.h"

static void start(struct writer *writer)
{
	struct writer_header header = writer_header_defaults();

	writer_header(writer, &header);
	writer_segment(writer, 0, 1, 1000, 10);
	writer_task(writer, 10, 10, "a");
}

/* Another length in the last mark, whose second word is @words words before the end. */
static void claim(struct writer *writer, unsigned int words, unsigned int bytes)
{
	writer->data[writer->bytes - 8 * words] = bytes & 0xff;
	writer->data[writer->bytes - 8 * words + 1] = bytes >> 8;
}

static void a_mark_has_its_text_kind_and_ids(void)
{
	struct writer writer = { 0 };

	start(&writer);
	writer_short_mark(&writer, 1000, 10, "short", 5);
	writer_short_mark(&writer, 1001, 10, "", 0);
	writer_mark(&writer, 1002, 10, 1, 18446744073709551615U, 77, "12345678", 8);
	writer_mark(&writer, 1003, 10, 2, 18446744073709551615U, 0, "", 0);
	writer_mark(&writer, 1004, 10, 0, 1, 2, "123456789", 9);
	writer_mark(&writer, 1005, 10, 3, 0, 0, "?", 1);
	writer_exit(&writer, 1006, 10);
	check_events(&writer,
		     "1000 0 begin a-10\n"
		     "1000 0 mark a-10 kind 0 id 0 parent 0 'short'\n"
		     "1001 0 mark a-10 kind 0 id 0 parent 0 ''\n"
		     "1002 0 mark a-10 kind 1 id 18446744073709551615 parent 77 '12345678'\n"
		     "1003 0 mark a-10 kind 2 id 18446744073709551615 parent 0 ''\n"
		     "1004 0 mark a-10 kind 0 id 1 parent 2 '123456789'\n"
		     "1005 0 mark a-10 kind 3 id 0 parent 0 '?'\n"
		     "1006 0 exit a-10\n");
}

static const struct flightrec_event *find_mark(struct flightrec_trace *trace)
{
	const struct flightrec_event *event;

	do {
		CHECK_EQUAL(flightrec_trace_next(trace, &event), 0);
		CHECK(event);
	} while (event->type != FLIGHTREC_EVENT_MARK);
	return event;
}

static void the_text_of_a_mark_may_be_any_bytes(void)
{
	const struct flightrec_event *event;
	struct writer writer = { 0 };
	struct flightrec_trace *trace;
	uint8_t text[1024];

	for (size_t i = 0; i < sizeof(text); i++)
		text[i] = i;
	start(&writer);
	writer_mark(&writer, 1000, 10, 0, 0, 0, text, sizeof(text));
	writer_short_mark(&writer, 1001, 10, text, sizeof(text));
	writer_end(&writer);
	trace = check_open(&writer);
	for (int i = 0; i < 2; i++) {
		event = find_mark(trace);
		CHECK_EQUAL(event->mark.text_bytes, 1024);
		CHECK(!memcmp(event->mark.text, text, sizeof(text)));
		CHECK_EQUAL(event->mark.text[1024], 0);
		CHECK_EQUAL(event->thread->tid, 10);
		CHECK_EQUAL(event->running->tid, 10);
	}
	flightrec_trace_close(trace);
	writer_free(&writer);
}

static void a_mark_that_claims_more_than_its_record_has_is_cut(void)
{
	struct writer writer = { 0 };

	start(&writer);
	writer_short_mark(&writer, 1000, 10, "12345678", 8);
	claim(&writer, 2, 65535);
	writer_mark(&writer, 1001, 10, 1, 5, 6, "abcdefgh", 8);
	claim(&writer, 4, 65535);
	writer_mark(&writer, 1002, 10, 1, 5, 6, "", 0);
	claim(&writer, 3, 1);
	writer_exit(&writer, 1003, 10);
	check_events(&writer, "1000 0 begin a-10\n"
			      "1000 0 mark a-10 kind 0 id 0 parent 0 '12345678'\n"
			      "1001 0 mark a-10 kind 1 id 5 parent 6 'abcdefgh'\n"
			      "1002 0 mark a-10 kind 1 id 5 parent 6 ''\n"
			      "1003 0 exit a-10\n");
}

/* One of @words words in all, the second of them with bits of a long mark. */
static void stub(struct writer *writer, uint64_t at, uint32_t words)
{
	writer_word(writer, at << 39 | (uint64_t)words << 31 | 22 << 24 | 10 << 2);
	for (uint32_t i = 1; i < words; i++)
		writer_word(writer, i == 1 ? 1 << 16 | 400 : 0x41 + i);
	writer->events++;
}

static void a_mark_without_room_for_its_ids_has_none(void)
{
	struct writer writer = { 0 };

	start(&writer);
	stub(&writer, 1000, 1);
	stub(&writer, 1001, 2);
	stub(&writer, 1002, 3);
	stub(&writer, 1003, 4);
	writer_exit(&writer, 1004, 10);
	check_events(&writer, "1000 0 begin a-10\n"
			      "1001 0 mark a-10 kind 1 id 0 parent 0 ''\n"
			      "1002 0 mark a-10 kind 1 id 67 parent 0 ''\n"
			      "1003 0 mark a-10 kind 1 id 67 parent 68 ''\n"
			      "1004 0 exit a-10\n");
}

static void the_longest_record_of_a_mark_is_read(void)
{
	const struct flightrec_event *event;
	struct writer writer = { 0 };
	struct flightrec_trace *trace;
	char text[2024];

	memset(text, 'x', sizeof(text));
	start(&writer);
	writer_short_mark(&writer, 1000, 10, text, sizeof(text));
	claim(&writer, 254, 65535);
	writer_end(&writer);
	trace = check_open(&writer);
	event = find_mark(trace);
	CHECK_EQUAL(event->mark.text_bytes, 2024);
	CHECK(!memcmp(event->mark.text, text, sizeof(text)));
	CHECK_EQUAL(event->mark.text[2024], 0);
	flightrec_trace_close(trace);
	writer_free(&writer);
}

const struct test mark_tests[] = {
	TEST(a_mark_has_its_text_kind_and_ids),
	TEST(the_text_of_a_mark_may_be_any_bytes),
	TEST(a_mark_that_claims_more_than_its_record_has_is_cut),
	TEST(a_mark_without_room_for_its_ids_has_none),
	TEST(the_longest_record_of_a_mark_is_read),
	{ NULL, NULL },
};
