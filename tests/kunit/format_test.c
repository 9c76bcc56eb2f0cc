// SPDX-License-Identifier: GPL-2.0
/*
 * The format: where each field of it lies, and each bit of a record. All of it is
 * written out here once more, so that a change which would make old files
 * unreadable is seen.
 */
#include <kunit/test.h>
#include <linux/string.h>

#include <flightrec_format.h>
#include "../../kmod/block.h"
#include "../../kmod/record.h"

#define AT(offset, type, field, bytes)                                              \
	do {                                                                        \
		KUNIT_EXPECT_EQ(test, offsetof(struct type, field), offset);        \
		KUNIT_EXPECT_EQ(test, sizeof(((struct type *)NULL)->field), bytes); \
	} while (0)

static void format_block_layout(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, sizeof(struct flightrec_block), 24);
	AT(0, flightrec_block, magic, 4);
	AT(4, flightrec_block, type, 2);
	AT(6, flightrec_block, header_bytes, 2);
	AT(8, flightrec_block, bytes, 8);
	AT(16, flightrec_block, checksum, 8);
}

static void format_header_layout(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, sizeof(struct flightrec_header), 368);
	AT(0, flightrec_header, block, 24);
	AT(24, flightrec_header, version, 4);
	AT(28, flightrec_header, machine, 4);
	AT(32, flightrec_header, clock, 4);
	AT(36, flightrec_header, clock_khz, 4);
	AT(40, flightrec_header, cpus_possible, 4);
	AT(44, flightrec_header, cpus_online, 4);
	AT(48, flightrec_header, flags, 4);
	AT(52, flightrec_header, segments, 4);
	AT(56, flightrec_header, file_bytes, 8);
	AT(64, flightrec_header, origin_clock, 8);
	AT(72, flightrec_header, origin_monotonic_ns, 8);
	AT(80, flightrec_header, cut_clock, 8);
	AT(88, flightrec_header, cut_monotonic_ns, 8);
	AT(96, flightrec_header, cut_realtime_ns, 8);
	AT(104, flightrec_header, cut_boottime_ns, 8);
	AT(112, flightrec_header, window_start_clock, 8);
	AT(120, flightrec_header, complete_since_clock, 8);
	AT(128, flightrec_header, recording_since_clock, 8);
	AT(136, flightrec_header, events_lost, 8);
	AT(144, flightrec_header, min_age_ns, 8);
	AT(152, flightrec_header, max_bytes, 8);
	AT(160, flightrec_header, pool_max_bytes, 8);
	AT(168, flightrec_header, segment_bytes, 8);
	AT(176, flightrec_header, events, 8);
	AT(184, flightrec_header, boot_id, 16);
	AT(200, flightrec_header, release, 64);
	AT(264, flightrec_header, host, 64);
	AT(328, flightrec_header, taker_tid, 4);
	AT(332, flightrec_header, taker_tgid, 4);
}

static void format_segment_layout(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, sizeof(struct flightrec_segment), 104);
	AT(0, flightrec_segment, block, 24);
	AT(24, flightrec_segment, cpu, 4);
	AT(28, flightrec_segment, flags, 4);
	AT(32, flightrec_segment, seq, 8);
	AT(40, flightrec_segment, start_clock, 8);
	AT(48, flightrec_segment, pair_clock, 8);
	AT(56, flightrec_segment, pair_monotonic_ns, 8);
	AT(64, flightrec_segment, end_clock, 8);
	AT(72, flightrec_segment, start_tid, 4);
	AT(76, flightrec_segment, data_bytes, 4);
	AT(80, flightrec_segment, events, 8);
	AT(88, flightrec_segment, lost, 8);
}

static void format_rundown_layout(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, sizeof(struct flightrec_rundown), 40);
	AT(24, flightrec_rundown, tasks, 4);
	AT(28, flightrec_rundown, task_bytes, 4);
	AT(32, flightrec_rundown, missed, 8);

	KUNIT_EXPECT_EQ(test, sizeof(struct flightrec_task), 64);
	AT(0, flightrec_task, tid, 4);
	AT(4, flightrec_task, tgid, 4);
	AT(8, flightrec_task, ppid, 4);
	AT(12, flightrec_task, priority, 1);
	AT(13, flightrec_task, state, 1);
	AT(14, flightrec_task, flags, 2);
	AT(16, flightrec_task, cpu, 4);
	AT(20, flightrec_task, nr, 4);
	AT(24, flightrec_task, pid_ns, 4);
	AT(28, flightrec_task, ns_tid, 4);
	AT(32, flightrec_task, cgroup, 8);
	AT(40, flightrec_task, start_boottime_ns, 8);
	AT(48, flightrec_task, comm, 16);
}

static void format_cgroups_layout(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, sizeof(struct flightrec_cgroups), 32);
	AT(24, flightrec_cgroups, cgroups, 4);
	AT(28, flightrec_cgroups, missed, 4);

	KUNIT_EXPECT_EQ(test, sizeof(struct flightrec_cgroup), 16);
	AT(0, flightrec_cgroup, id, 8);
	AT(8, flightrec_cgroup, path_bytes, 4);
	AT(12, flightrec_cgroup, bytes, 4);
}

static void format_end_layout(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, sizeof(struct flightrec_end), 32);
	AT(24, flightrec_end, file_bytes, 8);
}

static void format_constants(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, FLIGHTREC_FORMAT_VERSION, 1);
	KUNIT_EXPECT_EQ(test, memcmp(&(u32){ FLIGHTREC_BLOCK_MAGIC }, "FRBK", 4), 0);
	KUNIT_EXPECT_EQ(test, FLIGHTREC_BLOCK_HEADER, 1);
	KUNIT_EXPECT_EQ(test, FLIGHTREC_BLOCK_SEGMENT, 2);
	KUNIT_EXPECT_EQ(test, FLIGHTREC_BLOCK_GAP, 3);
	KUNIT_EXPECT_EQ(test, FLIGHTREC_BLOCK_RUNDOWN, 4);
	KUNIT_EXPECT_EQ(test, FLIGHTREC_BLOCK_CGROUPS, 5);
	KUNIT_EXPECT_EQ(test, FLIGHTREC_BLOCK_END, 6);
	KUNIT_EXPECT_EQ(test, FLIGHTREC_LONG_WAKEUP_NEW, 16);
	KUNIT_EXPECT_EQ(test, FLIGHTREC_LONG_FORK, 17);
	KUNIT_EXPECT_EQ(test, FLIGHTREC_LONG_EXEC, 18);
	KUNIT_EXPECT_EQ(test, FLIGHTREC_LONG_EXIT, 19);
	KUNIT_EXPECT_EQ(test, FLIGHTREC_LONG_RENAME, 20);
	KUNIT_EXPECT_EQ(test, FLIGHTREC_LONG_MIGRATE, 21);
	KUNIT_EXPECT_EQ(test, FLIGHTREC_NR_NONE, 2047);
	KUNIT_EXPECT_EQ(test, FLIGHTREC_STATE_PREEMPTED, 9);
}

/* Each field at its largest, alone: no bit of it lies in another's. */
static void format_switch_bits(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, flightrec_word_switch(0, 0, 0), 0x0000000000000001);
	KUNIT_EXPECT_EQ(test, flightrec_word_switch(0x3fffff, 0, 0), 0x0000000000fffffd);
	KUNIT_EXPECT_EQ(test, flightrec_word_switch(0, 15, 0), 0x000000000f000001);
	KUNIT_EXPECT_EQ(test, flightrec_word_switch(0, 0, 2047), 0x0000007ff0000001);
	KUNIT_EXPECT_EQ(test, flightrec_word_switch(1234, 1, 202), 0x0000000ca1001349);
	KUNIT_EXPECT_EQ(test, flightrec_record_words(0xffffffffffffff01), 1);
	/* The low 25 bits of the clock; the others are as they were. */
	KUNIT_EXPECT_EQ(test, flightrec_record_time(0xffffff8000000001, 0), 0x1ffffff);
	KUNIT_EXPECT_EQ(test, flightrec_record_time(0x0000007ffffffffd, 0x1ffffff), 0);
	KUNIT_EXPECT_EQ(test, flightrec_record_time(0x0000008000000001, 0xfffffffffe000007),
			0xfffffffffe000001);
	KUNIT_EXPECT_FALSE(test, flightrec_record_is_annotation(0x0000000003000001));
}

static void format_waking_bits(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, flightrec_word_waking(0, 0, 0), 0x0000000000000002);
	KUNIT_EXPECT_EQ(test, flightrec_word_waking(0x3fffff, 0, 0), 0x0000000000fffffe);
	KUNIT_EXPECT_EQ(test, flightrec_word_waking(0, 8191, 0), 0x0000001fff000002);
	KUNIT_EXPECT_EQ(test, flightrec_word_waking(0, 0, 3), 0x0000006000000002);
	KUNIT_EXPECT_EQ(test, flightrec_record_words(0xffffffffffffff02), 1);
	KUNIT_EXPECT_EQ(test, flightrec_record_time(0x0000008000000002, 0x2000000), 0x2000001);
	KUNIT_EXPECT_FALSE(test, flightrec_record_is_annotation(0x0000000003000002));
}

static void format_long_bits(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, flightrec_word_long(0, 0x3fffff, 0), 0x0000000000fffffc);
	KUNIT_EXPECT_EQ(test, flightrec_word_long(127, 0, 0), 0x000000007f000000);
	KUNIT_EXPECT_EQ(test, flightrec_word_long(0, 0, 255), 0x0000007f80000000);
	KUNIT_EXPECT_EQ(test, flightrec_record_words(0x0000007f80000000), 255);
	KUNIT_EXPECT_EQ(test, flightrec_record_words(0xffffff80fffffffc), 1);
	KUNIT_EXPECT_EQ(test, flightrec_record_words(0), 0);
	/* EXIT of thread 5, and its time. */
	KUNIT_EXPECT_EQ(test, flightrec_word_long(19, 5, 1), 0x0000000093000014);
	KUNIT_EXPECT_EQ(test, flightrec_record_time(0x0000018093000014, 0), 3);
	KUNIT_EXPECT_EQ(test, flightrec_record_time(0x0000018093000014, 0x5ffffff), 0x4000003);
	KUNIT_EXPECT_FALSE(test, flightrec_record_is_annotation(0x0000018093000014));
	/* MIGRATE of thread 5: two words. */
	KUNIT_EXPECT_EQ(test, flightrec_word_long(21, 5, 2), 0x0000000115000014);
	KUNIT_EXPECT_EQ(test, flightrec_record_words(0x0000000115000014), 2);
	/* The last type of an annotation, and the first of an event that may come. */
	KUNIT_EXPECT_TRUE(test, flightrec_record_is_annotation(0x0000000083000000));
	KUNIT_EXPECT_FALSE(test, flightrec_record_is_annotation(0x0000000090000000));
}

static void format_annotation_bits(struct kunit *test)
{
	/* The bits of the clock that it tells are those above the low 25. */
	KUNIT_EXPECT_EQ(test, flightrec_clock_epoch(0x1ffffff), 0);
	KUNIT_EXPECT_EQ(test, flightrec_clock_epoch(0x2000000), 1);
	KUNIT_EXPECT_EQ(test, flightrec_clock_epoch(0xffffffffffffffff), 0x7fffffffff);
	/* From one clock to another, or to what is just behind it; also back. */
	KUNIT_EXPECT_EQ(test, flightrec_epochs_until(5, 5), 0);
	KUNIT_EXPECT_EQ(test, flightrec_epochs_until(5, 6), 1);
	KUNIT_EXPECT_EQ(test, flightrec_epochs_until(5, 5 + 0x2000000), 1);
	KUNIT_EXPECT_EQ(test, flightrec_epochs_until(5, 6 + 0x2000000), 2);
	KUNIT_EXPECT_EQ(test, flightrec_epochs_until(6 + 0x2000000, 5), 0x7fffffffff);
	KUNIT_EXPECT_EQ(test, flightrec_epochs_until(5 + 0x2000000, 6), 0);
	/* TIME: all bits that it has room for, and each half of them alone. */
	KUNIT_EXPECT_EQ(test, flightrec_word_time(0x7fffffffffff), 0xffffff8081fffffc);
	KUNIT_EXPECT_EQ(test, flightrec_word_time(0x3fffff), 0x0000000081fffffc);
	KUNIT_EXPECT_EQ(test, flightrec_word_time(0x400000), 0x0000008081000000);
	KUNIT_EXPECT_EQ(test, flightrec_record_time(0x0000000081000004, 0x123456789), 0x2000000);
	KUNIT_EXPECT_EQ(test, flightrec_record_time(0x0000008081000000, 0), 0x800000000000);
	KUNIT_EXPECT_EQ(test, flightrec_record_time(0x00ffff8081fffffc, 0), 0xfffffffffe000000);
	KUNIT_EXPECT_TRUE(test, flightrec_record_is_annotation(0xffffff8081fffffc));

	KUNIT_EXPECT_EQ(test, flightrec_word_priority(0, 255), 0x00007f8082000000);
	KUNIT_EXPECT_EQ(test, flightrec_word_priority(7, 120), 0x00003c008200001c);
	KUNIT_EXPECT_EQ(test, flightrec_record_time(0x00007f8082000000, 0x123456789), 0x123456789);
	KUNIT_EXPECT_TRUE(test, flightrec_record_is_annotation(0x00007f8082000000));

	/* TASK of six words. */
	KUNIT_EXPECT_EQ(test, flightrec_word_long(3, 0, 6), 0x0000000303000000);
	KUNIT_EXPECT_TRUE(test, flightrec_record_is_annotation(0x0000000303000000));
	KUNIT_EXPECT_EQ(test, flightrec_record_time(0x0000000303000000, 0x123456789), 0x123456789);
}

/* Known answers, worked out elsewhere; the checksum's own bytes count as zeros. */
static void format_block_checksum(struct kunit *test)
{
	u64 words[5] = { 0, 0, 0x5555555555555555, 0x0123456789abcdef, 0xfedcba9876543210 };
	struct flightrec_block *block = (struct flightrec_block *)words;

	KUNIT_EXPECT_EQ(test, xxh64("abc", 3, 0), 0x44bc2cf5ad770999);
	flightrec_block_init(block, 2, 24, 40);
	KUNIT_EXPECT_EQ(test, words[0], 0x001800024b425246);
	KUNIT_EXPECT_EQ(test, words[1], 40);
	KUNIT_EXPECT_EQ(test, words[2], 0);
	words[2] = 0x5555555555555555;
	flightrec_block_seal(block);
	KUNIT_EXPECT_EQ(test, words[2], 0x349a90735d39438c);
	flightrec_block_seal(block);
	KUNIT_EXPECT_EQ(test, words[2], 0x349a90735d39438c);
	words[4] ^= 1;
	flightrec_block_seal(block);
	KUNIT_EXPECT_NE(test, words[2], 0x349a90735d39438c);
}

static struct kunit_case cases[] = {
	KUNIT_CASE(format_block_layout),
	KUNIT_CASE(format_header_layout),
	KUNIT_CASE(format_segment_layout),
	KUNIT_CASE(format_rundown_layout),
	KUNIT_CASE(format_cgroups_layout),
	KUNIT_CASE(format_end_layout),
	KUNIT_CASE(format_constants),
	KUNIT_CASE(format_switch_bits),
	KUNIT_CASE(format_waking_bits),
	KUNIT_CASE(format_long_bits),
	KUNIT_CASE(format_annotation_bits),
	KUNIT_CASE(format_block_checksum),
	{},
};

static struct kunit_suite format_suite = {
	.name = "format",
	.test_cases = cases,
};

kunit_test_suite(format_suite);
