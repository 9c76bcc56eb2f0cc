// SPDX-License-Identifier: GPL-2.0
/*
 * Files that were cut short, damaged or forged. Run under AddressSanitizer and
 * UBSan, which end the program at the first byte that is read beside the file.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "check.h"
#include "flightrec.h"
#include "writer.h"

#define NONE 2047

/* One of everything, small enough to be broken in every place. */
static void write_all(struct writer *writer)
{
	struct writer_header header = writer_header_defaults();

	writer_header(writer, &header);
	writer_segment(writer, 0, 1, 1000, 0);
	writer_task(writer, 10, 10, "a");
	writer_switch(writer, 1000, 10, 0, NONE);
	writer_task_same(writer, 11, 10);
	writer_fork(writer, 1010, 11, 10);
	writer_wakeup_new(writer, 1020, 11, 1);
	writer_time(writer, 1100);
	writer_switch(writer, 1100, 0, 1, 202);
	writer_segment(writer, 1, 1, 1030, 0);
	writer_task(writer, 11, 10, "a");
	writer_switch(writer, 1030, 11, 0, NONE);
	writer_prio(writer, 11, 130);
	writer_rename(writer, 1040, 11, "a", "b");
	writer_exec(writer, 1050, 11, 11, "/bin/b");
	writer_migrate(writer, 1060, 11, 1, 2);
	writer_exit(writer, 1070, 11);
	writer_switch(writer, 1080, 0, 6, 231);
	writer_gap(writer, 0, 2, 1200, 1300, 4);
	writer_segment(writer, 0, 3, 1400, 0);
	writer_segment_lost(writer, 2);
	writer_task(writer, 10, 10, "a");
	writer_waking(writer, 1400, 10, 0, 2);
	writer_rundown(writer, 64, 0);
	writer_rundown_task(writer, 10, 10, "a", 1, 202, 0);
	writer_cgroups(writer);
	writer_cgroup(writer, 1, "/");
	writer_end(writer);
}

/*
 * Asks a trace everything. Whatever the file holds, it must say something, within
 * the file and in the end.
 */
static uint64_t ask_everything(struct flightrec_trace *trace)
{
	const struct flightrec_trace_info *info = flightrec_trace_get_info(trace);
	const struct flightrec_event *event;
	struct flightrec_segment segment;
	struct flightrec_task task;
	uint64_t events = 0, last = 0;

	CHECK(info->damaged_bytes <= info->bytes);
	for (uint32_t i = 0; i < info->cpus; i++)
		CHECK(flightrec_trace_get_cpu(trace, i));
	for (uint32_t i = 0; i < info->segments; i++)
		CHECK(!flightrec_trace_get_segment(trace, i, &segment));
	CHECK(flightrec_trace_get_segment(trace, info->segments, &segment) < 0);
	for (uint32_t i = 0; i < info->tasks; i++)
		CHECK(!flightrec_trace_get_task(trace, i, &task));
	while (!flightrec_trace_next(trace, &event) && event) {
		CHECK(event->time_ns >= last);
		last = event->time_ns;
		events++;
		if (event->thread)
			CHECK(memchr(event->thread->comm, 0, sizeof(event->thread->comm)));
	}
	flightrec_trace_cgroup_path(trace, 1);
	flightrec_trace_thread(trace, 10);
	flightrec_trace_running(trace, 0);
	return events;
}

/* Opens @bytes of @data in memory of just that size, so that ASan sees its end. */
static int open_exactly(struct flightrec_trace **trace, uint8_t **copy, const uint8_t *data,
			size_t bytes)
{
	*copy = malloc(bytes ? bytes : 1);
	CHECK(*copy);
	memcpy(*copy, data, bytes);
	return flightrec_trace_open_memory(trace, *copy, bytes);
}

static void a_file_cut_at_any_byte_gives_its_whole_blocks(void)
{
	const struct flightrec_trace_info *info;
	struct flightrec_trace *trace;
	struct writer writer = { 0 };
	uint64_t last = 0;
	uint8_t *copy;

	write_all(&writer);
	for (size_t bytes = 0; bytes < writer.bytes; bytes++) {
		int err = open_exactly(&trace, &copy, writer.data, bytes);

		/* Without the header there is nothing to be had. */
		CHECK_EQUAL(-err, !bytes ? ENODATA : bytes < 336 ? EBADMSG : 0);
		if (!err) {
			uint64_t events = ask_everything(trace);

			info = flightrec_trace_get_info(trace);
			CHECK(info->flags & FLIGHTREC_TRACE_CUT_SHORT);
			CHECK_EQUAL(info->file_bytes, writer.bytes);
			CHECK_EQUAL(info->bytes, bytes);
			CHECK_EQUAL(info->segments + info->missing_segments, 4);
			CHECK(events + 1 >= last);
			last = events;
			flightrec_trace_close(trace);
		}
		free(copy);
	}
	/* But for the end mark it was all there: 11 events, 3 begins, a loss, a gap. */
	CHECK_EQUAL(last, 16);
	writer_free(&writer);
}

/* What is known of the events does not grow by damage. */
static void check_flipped(const uint8_t *data, size_t bytes, size_t bit)
{
	struct flightrec_trace *trace;
	uint8_t *copy;
	int err;

	copy = malloc(bytes);
	CHECK(copy);
	memcpy(copy, data, bytes);
	copy[bit / 8] ^= 1 << bit % 8;
	err = flightrec_trace_open_memory(&trace, copy, bytes);
	CHECK_EQUAL(-err, 0);
	ask_everything(trace);
	CHECK(flightrec_trace_get_info(trace)->flags & FLIGHTREC_TRACE_DAMAGED);
	flightrec_trace_close(trace);
	free(copy);
}

static void a_bit_flipped_anywhere_is_noticed(void)
{
	struct writer writer = { 0 };

	write_all(&writer);
	for (size_t bit = 0; bit < 8 * writer.bytes; bit++)
		check_flipped(writer.data, writer.bytes, bit);
	writer_free(&writer);
}

static size_t next_block(const struct writer *writer, size_t offset)
{
	uint64_t bytes;

	memcpy(&bytes, writer->data + offset + 8, sizeof(bytes));
	return offset + bytes;
}

/* Does @change to every @step'th bit of every block, each time with a right checksum. */
static void forge(void (*change)(uint8_t *at, unsigned int bit), unsigned int step)
{
	struct flightrec_trace *trace;
	struct writer writer = { 0 };
	size_t end;

	write_all(&writer);
	for (size_t block = 0; block < writer.bytes; block = end) {
		end = next_block(&writer, block);
		for (size_t bit = 8 * block; bit < 8 * end; bit += step) {
			uint8_t *copy = malloc(writer.bytes);

			CHECK(copy);
			/* The block's size and checksum are not forged here. */
			if (bit / 8 - block >= 8 && bit / 8 - block < 24) {
				free(copy);
				continue;
			}
			memcpy(copy, writer.data, writer.bytes);
			change(copy + bit / 8, bit % 8);
			writer_checksum(copy + block);
			if (!flightrec_trace_open_memory(&trace, copy, writer.bytes)) {
				ask_everything(trace);
				CHECK(!flightrec_trace_seek(trace, 1050));
				ask_everything(trace);
				flightrec_trace_close(trace);
			}
			free(copy);
		}
	}
	writer_free(&writer);
}

static void flip(uint8_t *at, unsigned int bit)
{
	*at ^= 1 << bit;
}

static void set_all(uint8_t *at, unsigned int bit)
{
	(void)bit;
	*at = 0xff;
}

static void forged_fields_are_survived(void)
{
	forge(flip, 1);
	forge(set_all, 8);
}

static void a_damaged_segment_is_a_gap_of_known_size(void)
{
	struct writer_header header = writer_header_defaults();
	const struct flightrec_trace_info *info;
	struct flightrec_trace *trace;
	struct writer writer = { 0 };
	size_t damaged = 0;
	char *got;

	writer_header(&writer, &header);
	for (uint64_t seq = 1; seq <= 3; seq++) {
		writer_segment(&writer, 0, seq, 1000 * seq, 0);
		if (seq == 2)
			damaged = writer.block;
		writer_task(&writer, 10, 10, "a");
		writer_waking(&writer, 1000 * seq, 10, 0, 0);
		writer_waking(&writer, 1000 * seq + 10, 10, 0, 0);
	}
	writer_end(&writer);
	writer.data[damaged + 96 + 50] ^= 4;
	trace = check_open(&writer);
	info = flightrec_trace_get_info(trace);
	CHECK_EQUAL(info->flags & FLIGHTREC_TRACE_DAMAGED, FLIGHTREC_TRACE_DAMAGED);
	CHECK_EQUAL(info->damaged_blocks, 1);
	CHECK_EQUAL(info->damaged_bytes, 96 + 64);
	CHECK_EQUAL(info->damage_offset, damaged);
	CHECK_EQUAL(info->missing_segments, 1);
	CHECK_EQUAL(info->lost_events, 2);
	got = check_describe(trace);
	CHECK_TEXT(got, "1000 0 begin swapper/0-0\n"
			"1000 0 waking a-10 cpu 0 thread by swapper/0-0\n"
			"1010 0 waking a-10 cpu 0 thread by swapper/0-0\n"
			"2000 0 gap until 3000 segments 1 events 2\n"
			"3000 0 begin swapper/0-0\n"
			"3000 0 waking a-10 cpu 0 thread by swapper/0-0\n"
			"3010 0 waking a-10 cpu 0 thread by swapper/0-0\n");
	free(got);
	flightrec_trace_close(trace);

	/* The same with its length gone wrong, too: what follows has to be found. */
	writer.data[damaged + 8] ^= 0x40;
	trace = check_open(&writer);
	CHECK_EQUAL(flightrec_trace_get_info(trace)->segments, 2);
	CHECK_EQUAL(flightrec_trace_get_info(trace)->damaged_bytes, 96 + 64);
	flightrec_trace_close(trace);

	/* And the middle of the file turned to zeros. */
	memset(writer.data + damaged, 0, 96 + 64);
	trace = check_open(&writer);
	info = flightrec_trace_get_info(trace);
	CHECK_EQUAL(info->segments, 2);
	CHECK_EQUAL(info->missing_segments, 1);
	CHECK_EQUAL(info->damaged_bytes, 96 + 64);
	got = check_describe(trace);
	CHECK(strstr(got, "\n1010 0 gap until 3000 segments 1 events unknown\n3000 0 begin"));
	free(got);
	flightrec_trace_close(trace);
	writer_free(&writer);
}

static void a_block_inside_a_damaged_one_is_not_believed(void)
{
	struct writer_header header = writer_header_defaults();
	struct flightrec_trace *trace;
	struct writer inner = { 0 }, writer = { 0 };
	size_t damaged = 0;

	writer_segment(&inner, 0, 1, 1000, 66);
	writer_task(&inner, 66, 66, "forged");
	writer_exit(&inner, 1000, 66);
	writer_close(&inner);

	writer_header(&writer, &header);
	writer_segment(&writer, 0, 1, 1000, 10);
	damaged = writer.block;
	for (size_t i = 0; i < inner.bytes; i += 8) {
		uint64_t word;

		memcpy(&word, inner.data + i, sizeof(word));
		writer_word(&writer, word);
	}
	writer_end(&writer);
	writer.data[damaged + 90] ^= 1;
	trace = check_open(&writer);
	CHECK_EQUAL(flightrec_trace_get_info(trace)->segments, 0);
	CHECK(!flightrec_trace_thread(trace, 66));
	flightrec_trace_close(trace);
	writer_free(&inner);
	writer_free(&writer);
}

static void without_its_header_the_segments_can_still_be_read(void)
{
	const struct flightrec_trace_info *info;
	struct flightrec_trace *trace;
	struct writer writer = { 0 };
	char *got;

	write_all(&writer);
	writer.data[250] ^= 1;
	trace = check_open(&writer);
	info = flightrec_trace_get_info(trace);
	CHECK(info->flags & FLIGHTREC_TRACE_NO_HEADER);
	CHECK_EQUAL(info->segments, 3);
	CHECK_EQUAL(info->window_start_ns, 1030);
	CHECK_EQUAL(info->window_end_ns, 1400);
	CHECK_TEXT(info->host, "");
	got = check_describe(trace);
	CHECK_TEXT(got, "1000 0 begin swapper/0-0\n"
			"1000 0 switch swapper/0-0 R none > a-10\n"
			"1010 0 fork a-10 > a-11\n"
			"1020 0 wakeup_new a-11 cpu 1 thread by a-10\n"
			"1030 1 begin swapper/1-0\n"
			"1030 1 switch swapper/1-0 R none > a-11\n"
			"1040 1 rename 'a' > b-11\n"
			"1050 1 exec b-11 was 11 '/bin/b'\n"
			"1060 1 migrate b-11 1 to 2\n"
			"1070 1 exit b-11\n"
			"1080 1 switch b-11 Z 231 > swapper/1-0\n"
			"1080 1 gap until 1400 segments 0 events unknown\n"
			"1100 0 switch a-10 S 202 > swapper/0-0\n"
			"1200 0 gap until 1400 segments 1 events 4\n"
			"1400 0 lost 2 since 1200\n"
			"1400 0 begin swapper/0-0\n"
			"1400 0 waking a-10 cpu 0 hardirq by swapper/0-0\n"
			"1400 0 gap until 1400 segments 0 events unknown\n");
	free(got);
	flightrec_trace_close(trace);
	writer_free(&writer);
}

static void what_follows_the_end_mark_is_not_read(void)
{
	struct flightrec_trace *trace;
	struct writer writer = { 0 };
	size_t end;

	write_all(&writer);
	end = writer.bytes;
	writer_segment(&writer, 3, 1, 1000, 0);
	writer_close(&writer);
	trace = check_open(&writer);
	CHECK_EQUAL(flightrec_trace_get_info(trace)->cpus, 2);
	CHECK_EQUAL(flightrec_trace_get_info(trace)->damage_offset, end);
	CHECK_EQUAL(flightrec_trace_get_info(trace)->damaged_bytes, 96);
	flightrec_trace_close(trace);
	writer_free(&writer);
}

static void the_same_segment_twice_is_read_once(void)
{
	struct writer_header header = writer_header_defaults();
	struct writer writer = { 0 };

	writer_header(&writer, &header);
	for (int i = 0; i < 2; i++) {
		writer_segment(&writer, 0, 1, 1000, 10);
		writer_task(&writer, 10, 10, "a");
		writer_exit(&writer, 1000, 10);
	}
	writer.segments = 1;
	check_events(&writer, "1000 0 begin a-10\n"
			      "1000 0 exit a-10\n");
}

/* With a checksum that is right, so that nothing but the fields themselves tells. */
static void segments_whose_fields_contradict_each_other_are_left_out(void)
{
	static const struct {
		size_t offset, bytes;
		uint64_t value;
	} lies[] = {
		{ 6, 2, 88 },	       { 6, 2, 104 + 56 }, { 24, 4, 8192 },
		{ 32, 8, 0 },	       { 72, 4, 1 << 22 }, { 76, 4, 64 },
		{ 76, 4, 0xfffffff8 }, { 76, 4, 55 },	   { 80, 8, 1000 },
	};
	struct writer_header header = writer_header_defaults();
	struct flightrec_trace *trace;
	struct writer writer = { 0 };
	size_t segment;

	for (size_t i = 0; i < sizeof(lies) / sizeof(lies[0]); i++) {
		writer_header(&writer, &header);
		writer_segment(&writer, 0, 1, 1000, 10);
		segment = writer.block;
		writer_task(&writer, 10, 10, "a");
		writer_exit(&writer, 1000, 10);
		writer_end(&writer);
		memcpy(writer.data + segment + lies[i].offset, &lies[i].value, lies[i].bytes);
		writer_checksum(writer.data + segment);
		trace = check_open(&writer);
		CHECK_EQUAL(flightrec_trace_get_info(trace)->segments, 0);
		CHECK_EQUAL(flightrec_trace_get_info(trace)->damaged_blocks, 1);
		CHECK_EQUAL(flightrec_trace_get_info(trace)->damaged_bytes, 96 + 56);
		CHECK_EQUAL(ask_everything(trace), 0);
		flightrec_trace_close(trace);
		writer_free(&writer);
	}
}

/* Of a CPU that has no other segment: whether it exists decides. */
static void a_damaged_segment_of_a_cpu_that_cannot_be_is_not_believed(void)
{
	struct writer_header header = writer_header_defaults();
	struct flightrec_trace *trace;
	struct writer writer = { 0 };

	for (uint32_t cpu = 3; cpu <= 4; cpu++) {
		writer_header(&writer, &header);
		writer_segment(&writer, cpu, 1, 1000, 10);
		writer_task(&writer, 10, 10, "a");
		writer_exit(&writer, 1000, 10);
		writer_end(&writer);
		writer.data[336 + 96 + 20] ^= 4;
		trace = check_open(&writer);
		CHECK_EQUAL(flightrec_trace_get_info(trace)->cpus, cpu == 3 ? 1 : 0);
		CHECK_EQUAL(flightrec_trace_get_info(trace)->missing_segments, 1);
		flightrec_trace_close(trace);
		writer_free(&writer);
	}
}

/* Offsets into the CGROUPS block: its number of entries, and the first one's fields. */
static void tables_that_are_shorter_than_they_say_are_left_out(void)
{
	static const struct {
		size_t offset;
		uint32_t value;
	} lies[] = {
		{ 24, 2 }, { 24, 1000 }, { 32 + 8, 48 }, { 32 + 12, 64 }, { 32 + 12, 8 },
	};
	struct writer_header header = writer_header_defaults();
	struct flightrec_trace *trace;
	struct writer writer = { 0 };
	uint8_t *copy;
	size_t table;

	for (size_t i = 0; i < sizeof(lies) / sizeof(lies[0]); i++) {
		writer_header(&writer, &header);
		writer_cgroups(&writer);
		table = writer.block;
		writer_cgroup(&writer, 1, "/a/path/of/thirty-three/characters");
		writer_end(&writer);
		memcpy(writer.data + table + lies[i].offset, &lies[i].value, 4);
		writer_checksum(writer.data + table);
		trace = check_open(&writer);
		CHECK(!flightrec_trace_cgroup_path(trace, 1));
		CHECK_EQUAL(flightrec_trace_get_info(trace)->damaged_blocks, 1);
		flightrec_trace_close(trace);
		/* And with nothing behind it. */
		CHECK(!open_exactly(&trace, &copy, writer.data, writer.bytes - 32));
		CHECK(!flightrec_trace_cgroup_path(trace, 1));
		flightrec_trace_close(trace);
		free(copy);
		writer_free(&writer);
	}
	writer_header(&writer, &header);
	writer_rundown(&writer, 64, 0);
	table = writer.block;
	writer_rundown_task(&writer, 10, 10, "a", 1, 7, 0);
	writer_end(&writer);
	writer.data[table + 24] = 2;
	writer_checksum(writer.data + table);
	trace = check_open(&writer);
	CHECK_EQUAL(flightrec_trace_get_info(trace)->tasks, 0);
	CHECK_EQUAL(flightrec_trace_get_info(trace)->damaged_blocks, 1);
	flightrec_trace_close(trace);
	writer_free(&writer);
}

static void a_damaged_segment_that_is_out_of_its_time_is_not_believed(void)
{
	struct writer_header header = writer_header_defaults();
	struct flightrec_trace *trace;
	struct writer writer = { 0 };
	size_t damaged = 0;
	char *got;

	writer_header(&writer, &header);
	for (uint64_t seq = 1; seq <= 3; seq++) {
		writer_segment(&writer, 0, seq, seq == 2 ? 500 : 1000 * seq, 10);
		if (seq == 2)
			damaged = writer.block;
		writer_task(&writer, 10, 10, "a");
		writer_exit(&writer, seq == 2 ? 500 : 1000 * seq, 10);
	}
	writer_end(&writer);
	writer.data[damaged + 96 + 50] ^= 4;
	trace = check_open(&writer);
	CHECK_EQUAL(flightrec_trace_get_info(trace)->lost_events, 0);
	CHECK_EQUAL(flightrec_trace_get_info(trace)->missing_segments, 1);
	got = check_describe(trace);
	CHECK_TEXT(got, "1000 0 begin a-10\n"
			"1000 0 exit a-10\n"
			"1000 0 gap until 3000 segments 1 events unknown\n"
			"3000 0 begin a-10\n"
			"3000 0 exit a-10\n");
	free(got);
	flightrec_trace_close(trace);
	writer_free(&writer);
}

/* Each word pair looks like the start of a block that reaches almost to the end. */
static void a_file_of_nothing_but_starts_of_blocks_costs_bounded_time(void)
{
	const size_t bytes = (size_t)2 << 20;
	struct flightrec_trace *trace;
	uint8_t *data = malloc(bytes);
	clock_t before;

	CHECK(data);
	for (size_t i = 0; i < bytes; i += 16) {
		uint64_t word = 0x4b425246ULL | 2ULL << 32 | 24ULL << 48;
		uint64_t rest = bytes - i - (i < bytes - 16 ? 8 : 0);

		memcpy(data + i, &word, 8);
		memcpy(data + i + 8, &rest, 8);
	}
	before = clock();
	CHECK_EQUAL(-flightrec_trace_open_memory(&trace, data, bytes), EBADMSG);
	CHECK(clock() - before < 3 * CLOCKS_PER_SEC);
	free(data);
}

/* What a segment's header says of its own length may not be there. */
static void a_file_cut_within_a_segments_header_is_not_read_behind_its_end(void)
{
	struct writer_header header = writer_header_defaults();
	struct flightrec_trace *trace;
	struct writer writer = { 0 };
	size_t start;
	uint8_t *copy;

	writer_header(&writer, &header);
	writer_segment(&writer, 0, 1, 1000, 0);
	writer_segment_first_event(&writer, 5, 16);
	start = writer.block;
	writer_exit(&writer, 1000, 10);
	writer_end(&writer);
	for (size_t bytes = start; bytes < start + 128; bytes++) {
		CHECK_EQUAL(open_exactly(&trace, &copy, writer.data, bytes), 0);
		CHECK_EQUAL(flightrec_trace_get_info(trace)->segments, 0);
		CHECK_EQUAL(flightrec_trace_get_info(trace)->missing_segments, 1);
		ask_everything(trace);
		flightrec_trace_close(trace);
		free(copy);
	}
	writer_free(&writer);
}

const struct test damage_tests[] = {
	TEST(a_file_cut_at_any_byte_gives_its_whole_blocks),
	TEST(a_bit_flipped_anywhere_is_noticed),
	TEST(forged_fields_are_survived),
	TEST(a_damaged_segment_is_a_gap_of_known_size),
	TEST(a_block_inside_a_damaged_one_is_not_believed),
	TEST(without_its_header_the_segments_can_still_be_read),
	TEST(what_follows_the_end_mark_is_not_read),
	TEST(the_same_segment_twice_is_read_once),
	TEST(segments_whose_fields_contradict_each_other_are_left_out),
	TEST(a_damaged_segment_of_a_cpu_that_cannot_be_is_not_believed),
	TEST(tables_that_are_shorter_than_they_say_are_left_out),
	TEST(a_damaged_segment_that_is_out_of_its_time_is_not_believed),
	TEST(a_file_cut_within_a_segments_header_is_not_read_behind_its_end),
	TEST(a_file_of_nothing_but_starts_of_blocks_costs_bounded_time),
	{ NULL, NULL },
};
