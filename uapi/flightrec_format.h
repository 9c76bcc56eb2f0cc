/* SPDX-License-Identifier: GPL-2.0 WITH Linux-syscall-note */
/*
 * The format of a snapshot: what a segment holds in memory, and what a read of
 * /dev/flightrec gives.
 *
 * Everything is little-endian and 8-byte aligned, on every architecture.
 *
 * A snapshot is a sequence of blocks:
 *
 *	+--------+---------+-----+---------+---------+---------+-----+
 *	| HEADER | SEGMENT | ... | SEGMENT | RUNDOWN | CGROUPS | END |
 *	+--------+---------+-----+---------+---------+---------+-----+
 *
 * Each one starts with struct flightrec_block, which has its type, its size and
 * a checksum over all of it. A reader skips a block whose type it does not
 * know, and header fields behind those that it knows (header_bytes says where
 * the block's data start). A file without END was cut short; every block before
 * the cut is good.
 *
 * The SEGMENT blocks are ordered by the time of their end, those that were open
 * last. One that was taken back before it could be read leaves a GAP block of the
 * same size, so that nothing behind it moves: it says which CPU, which sequence
 * number, which span of time and how many events are missing.
 *
 * Times called "clock" are in units of the recorder's clock, which the header
 * names (enum below). All CPUs share it. Segments and header hold pairs of
 * (clock, CLOCK_MONOTONIC), read together with interrupts off; a reader
 * interpolates between them.
 */
#ifndef _UAPI_FLIGHTREC_FORMAT_H
#define _UAPI_FLIGHTREC_FORMAT_H

#include <linux/types.h>

#define FLIGHTREC_FORMAT_VERSION	1

#define FLIGHTREC_BLOCK_MAGIC		0x4b425246	/* "FRBK" */

#define FLIGHTREC_BLOCK_HEADER		1
#define FLIGHTREC_BLOCK_SEGMENT		2
#define FLIGHTREC_BLOCK_GAP		3
#define FLIGHTREC_BLOCK_RUNDOWN		4
#define FLIGHTREC_BLOCK_CGROUPS		5
#define FLIGHTREC_BLOCK_END		6

/**
 * struct flightrec_block - what every block starts with
 * @magic: FLIGHTREC_BLOCK_MAGIC
 * @type: FLIGHTREC_BLOCK_*
 * @header_bytes: offset of the block's data: this struct and the fields behind
 *	it; a multiple of 8
 * @bytes: the whole block: header, data, zero padding; a multiple of 8
 * @checksum: XXH64 with seed 0 over the whole block, this field taken as zero
 */
struct flightrec_block {
	__u32 magic;
	__u16 type;
	__u16 header_bytes;
	__u64 bytes;
	__u64 checksum;
};

/* The recorder's clock. */
#define FLIGHTREC_CLOCK_MONOTONIC	1	/* ktime_get_mono_fast_ns() */
#define FLIGHTREC_CLOCK_TSC		2	/* x86 time stamp counter */
#define FLIGHTREC_CLOCK_ARM_COUNTER	3	/* arm64 virtual counter */

/* Events, as bits of a mask: 1 << FLIGHTREC_EVENT_*. */
#define FLIGHTREC_EVENT_SWITCH		0	/* sched_switch */
#define FLIGHTREC_EVENT_WAKING		1	/* sched_waking */
#define FLIGHTREC_EVENT_WAKEUP_NEW	2	/* sched_wakeup_new */
#define FLIGHTREC_EVENT_MIGRATE		3	/* sched_migrate_task */
#define FLIGHTREC_EVENT_FORK		4	/* sched_process_fork */
#define FLIGHTREC_EVENT_EXEC		5	/* sched_process_exec */
#define FLIGHTREC_EVENT_EXIT		6	/* sched_process_exit */
#define FLIGHTREC_EVENT_RENAME		7	/* task_rename */
#define FLIGHTREC_EVENT_MARK		8	/* userspace's own: FLIGHTREC_MARK */
#define FLIGHTREC_EVENTS		9
#define FLIGHTREC_EVENTS_ALL		((1ULL << FLIGHTREC_EVENTS) - 1)

/* flightrec_header.flags */
#define FLIGHTREC_HEADER_RECORDING	(1 << 0)	/* it was on at the cut */
#define FLIGHTREC_HEADER_MIN_AGE_MET	(1 << 1)	/* window >= min_age_ns */

/**
 * struct flightrec_header - FLIGHTREC_BLOCK_HEADER, the first block
 * @block: common part
 * @version: FLIGHTREC_FORMAT_VERSION; a reader refuses a newer one
 * @machine: ELF machine (EM_X86_64, EM_AARCH64); gives the system calls' names
 * @clock: FLIGHTREC_CLOCK_*
 * @clock_khz: nominal units of the clock in a millisecond
 * @cpus_possible: number of CPUs that the kernel can have
 * @cpus_online: number of those online at the cut
 * @flags: FLIGHTREC_HEADER_*
 * @file_bytes: the whole snapshot
 * @segments: number of SEGMENT and GAP blocks
 * @origin_clock: first pair of clocks: when the module was loaded
 * @origin_monotonic_ns: CLOCK_MONOTONIC at @origin_clock
 * @cut_clock: the instant of the snapshot; no event is younger
 * @cut_monotonic_ns: CLOCK_MONOTONIC at the cut
 * @cut_realtime_ns: CLOCK_REALTIME at the cut
 * @cut_boottime_ns: CLOCK_BOOTTIME at the cut
 * @window_start_clock: from here to the cut the snapshot has every event, but
 *	for those that a segment's @lost or a GAP block counts
 * @complete_since_clock: the same for the recorder's memory: later than this
 *	nothing had been recycled at the cut
 * @recording_since_clock: when recording was last started; 0: never
 * @events_lost: events that could not be recorded, since the module was loaded
 * @min_age_ns: MinAge of this snapshot
 * @max_bytes: MaxBytes of this snapshot
 * @pool_max_bytes: MaxBytes of the recorder
 * @segment_bytes: memory of one segment
 * @events: mask of the events being recorded when it was taken; 0: recording was off
 * @boot_id: /proc/sys/kernel/random/boot_id, or zeros
 * @release: uname -r, NUL padded
 * @host: uname -n, NUL padded
 * @taker_tid: thread that took the snapshot, maybe because it noticed something
 * @taker_tgid: its process
 * @begin_clock: no event is as old as this, or older; 0: no such bound
 * @events_wanted: mask of the events that were asked for: others are left out,
 *	and the counts of events in segments are without them
 * @rundown_clock: when the rundown was written: behind the cut, and long behind
 *	it if the cut was asked for in the past
 * @cursor: what FLIGHTREC_SNAPSHOT told, to go on behind this snapshot; 0: nothing
 */
struct flightrec_header {
	struct flightrec_block block;
	__u32 version;
	__u32 machine;
	__u32 clock;
	__u32 clock_khz;
	__u32 cpus_possible;
	__u32 cpus_online;
	__u32 flags;
	__u32 segments;
	__u64 file_bytes;
	__u64 origin_clock;
	__u64 origin_monotonic_ns;
	__u64 cut_clock;
	__u64 cut_monotonic_ns;
	__u64 cut_realtime_ns;
	__u64 cut_boottime_ns;
	__u64 window_start_clock;
	__u64 complete_since_clock;
	__u64 recording_since_clock;
	__u64 events_lost;
	__u64 min_age_ns;
	__u64 max_bytes;
	__u64 pool_max_bytes;
	__u64 segment_bytes;
	__u64 events;
	__u8 boot_id[16];
	char release[64];
	char host[64];
	__u32 taker_tid;
	__u32 taker_tgid;
	__u64 begin_clock;
	__u64 events_wanted;
	__u64 rundown_clock;
	__u64 cursor;
};

/* flightrec_segment.flags */
#define FLIGHTREC_SEGMENT_OPEN		(1 << 0)	/* cut while being written */
#define FLIGHTREC_SEGMENT_START		(1 << 1)	/* CPU's first since start, or online */
#define FLIGHTREC_SEGMENT_PART		(1 << 2)	/* its beginning is left out */

/**
 * struct flightrec_segment - FLIGHTREC_BLOCK_SEGMENT and FLIGHTREC_BLOCK_GAP
 * @block: common part
 * @cpu: the CPU that wrote it
 * @flags: FLIGHTREC_SEGMENT_*
 * @seq: number of this segment in its CPU's stream, from 1; a hole in the
 *	numbers within the window is a loss
 * @start_clock: time of the segment's opening; its bits above the low 25 are
 *	those of the first records
 * @pair_clock: a pair of clocks, read shortly after @start_clock
 * @pair_monotonic_ns: CLOCK_MONOTONIC at @pair_clock
 * @end_clock: no record is younger; of a segment that is not OPEN, the time of
 *	its closing
 * @start_tid: the thread that was running at @start_clock (0: idle)
 * @data_bytes: bytes of records, from @block.header_bytes on; 0 in a GAP
 * @events: number of events in the data, annotations not counted
 * @lost: events that this CPU could not record since it closed its previous
 *	segment, none of them in the data
 * @first_event: number of events that this CPU had recorded, since the module was
 *	loaded, before the first one here. Where nothing is missing, this is
 *	@first_event + @events of the CPU's segment before, in the same snapshot
 *	or in the one that it continues
 *
 * Of a PART, what is before the snapshot's begin is left out: @start_clock is the
 * begin, @start_tid ran then, and descriptions of threads that are not mentioned
 * any more may still be in it.
 *
 * Every task that the data mention, @start_tid included, is described by a
 * TASK record before or at its first mention, so that a segment can be read
 * without any other.
 */
struct flightrec_segment {
	struct flightrec_block block;
	__u32 cpu;
	__u32 flags;
	__u64 seq;
	__u64 start_clock;
	__u64 pair_clock;
	__u64 pair_monotonic_ns;
	__u64 end_clock;
	__u32 start_tid;
	__u32 data_bytes;
	__u64 events;
	__u64 lost;
	__u64 first_event;
};

/*
 * Records. One or more 64-bit words each. In the first word of all of them:
 *
 *	bits 1:0	tag
 *	bits 23:2	tid of the thread that it is about
 *
 * Word by word, bit 63 on the left:
 *
 *	SWITCH		63        39 38     28 27   24 23          2 1  0
 *			|   time    |   nr    | state |  next tid   | 01 |
 *
 *	WAKING		63        39 38  37 36      24 23          2 1  0
 *			|   time    | ctx  |   cpu    |  woken tid  | 10 |
 *
 *	LONG		63        39 38     31 30   24 23          2 1  0
 *			|   time    |  words  | type  |     tid     | 00 |
 *			|          words - 1 more words                  |
 *
 * time: the low 25 bits of the clock. The bits above are those of the segment's
 * start_clock, until a TIME record gives others, which it does before the first
 * record for which they have changed. (A difference to the record before would
 * need that one's time to be kept, subtracted, and checked for its size. This is
 * one comparison.)
 *
 * SWITCH: the thread that ran until now left the CPU in `state`; `nr` is the
 * system call that it left from (the low 11 bits of its number), or
 * FLIGHTREC_NR_NONE if it was in none. Of a thread that has no user
 * mode (FLIGHTREC_TASK_KTHREAD, FLIGHTREC_TASK_IO_WORKER) it means nothing.
 * WAKING: `cpu` is where the woken thread last ran, `ctx` tells what woke it:
 * the running thread, or a softirq, hard interrupt or NMI on top of it.
 * LONG: `type` is one of FLIGHTREC_LONG_*, `words` counts the first word too,
 * so that a reader skips a type that it does not know. Tag 3 is not in use.
 */
#define FLIGHTREC_TAG_MASK		0x3
#define FLIGHTREC_TAG_LONG		0
#define FLIGHTREC_TAG_SWITCH		1
#define FLIGHTREC_TAG_WAKING		2

#define FLIGHTREC_TID_SHIFT		2
#define FLIGHTREC_TID_BITS		22	/* the kernel's PID_MAX_LIMIT */

#define FLIGHTREC_TIME_SHIFT		39
#define FLIGHTREC_TIME_BITS		25

#define FLIGHTREC_SWITCH_STATE_SHIFT	24
#define FLIGHTREC_SWITCH_STATE_BITS	4
#define FLIGHTREC_SWITCH_NR_SHIFT	28
#define FLIGHTREC_SWITCH_NR_BITS	11

/*
 * The state in which the previous thread left, in the order of the kernel's own
 * letters (TASK_STATE_TO_CHAR_STR, "RSDTtXZPI"), and one for a thread that was
 * preempted while it wanted to go on.
 */
#define FLIGHTREC_STATE_RUNNING		0	/* R, yielded */
#define FLIGHTREC_STATE_SLEEPING	1	/* S */
#define FLIGHTREC_STATE_UNINTERRUPTIBLE	2	/* D */
#define FLIGHTREC_STATE_STOPPED		3	/* T */
#define FLIGHTREC_STATE_TRACED		4	/* t */
#define FLIGHTREC_STATE_DEAD		5	/* X */
#define FLIGHTREC_STATE_ZOMBIE		6	/* Z */
#define FLIGHTREC_STATE_PARKED		7	/* P */
#define FLIGHTREC_STATE_IDLE		8	/* I */
#define FLIGHTREC_STATE_PREEMPTED	9	/* R+ */

#define FLIGHTREC_NR_NONE		((1 << FLIGHTREC_SWITCH_NR_BITS) - 1)

#define FLIGHTREC_CPU_BITS		13	/* x86's largest NR_CPUS, 8192 */
#define FLIGHTREC_WAKING_CPU_SHIFT	24
#define FLIGHTREC_WAKING_CONTEXT_SHIFT	37
#define FLIGHTREC_CONTEXT_THREAD	0
#define FLIGHTREC_CONTEXT_SOFTIRQ	1
#define FLIGHTREC_CONTEXT_HARDIRQ	2
#define FLIGHTREC_CONTEXT_NMI		3

#define FLIGHTREC_LONG_TYPE_SHIFT	24
#define FLIGHTREC_LONG_TYPE_BITS	7
#define FLIGHTREC_LONG_WORDS_SHIFT	31
#define FLIGHTREC_LONG_WORDS_BITS	8

/*
 * Annotations: LONG records that are no events and have no time. Its bits are
 * theirs. Types below 16 are annotations, those from 16 on are events with a
 * time: also the ones that a reader doesn't know.
 *
 * TIME, 1 word: from here on the clock's bits above the low 25 are
 * bits 63:39 << 22 | bits 23:2.
 *
 * PRIO, 1 word: the thread's priority is now bits 46:39 (see flightrec_task). A CPU tells
 * a priority, here or in TASK, when it isn't the one that its segment has told last: for
 * its records that one holds, also if another CPU has told a newer one meanwhile.
 *
 * TASK, 6 words: who a thread is:
 *
 *		63                42 41       30 29      22 21                0
 *	1	|  tid in its ns    |   flags   | priority |       tgid        |
 *	2, 3	comm, 16 bytes, NUL padded
 *	4	cgroup id
 *	5	inode number of its pid namespace
 *
 * TASK, 2 words: the same; words 2 to 5 are those of the segment's last TASK
 * of 6 words.
 */
#define FLIGHTREC_LONG_TIME		1
#define FLIGHTREC_LONG_PRIO		2
#define FLIGHTREC_LONG_TASK		3

#define FLIGHTREC_TASK_WORDS		6
#define FLIGHTREC_TASK_WORDS_SAME	2
#define FLIGHTREC_TASK_PRIORITY_SHIFT	22
#define FLIGHTREC_TASK_FLAGS_SHIFT	30
#define FLIGHTREC_TASK_FLAGS_BITS	12
#define FLIGHTREC_TASK_NS_TID_SHIFT	42

/*
 * Events of a kind that is not frequent. All have a time.
 *
 * WAKEUP_NEW, 2 words: a new thread's first waking. 1: target CPU.
 * FORK, 2 words: the tid is the child's. 1: the parent's tid.
 * EXEC, 2 + n words: 1: bits 31:0 the tid before, 47:32 length of the file name
 *	in bytes, bit 63 set if it was cut; then the name, zero padded.
 * EXIT, 1 word: the thread is exiting.
 * RENAME, 6 words: 1: bits 15:0 oom_score_adj (signed); 2, 3: comm before;
 *	4, 5: comm from now on.
 * MIGRATE, 2 words: the thread's runqueue changes. 1: bits 31:0 from CPU, 63:32
 *	to CPU.
 * MARK, 4 + n words: the tid is the writer's. 1: bits 15:0 length of the text in
 *	bytes, 17:16 kind (FLIGHTREC_MARK_*, flightrec_ioctl.h); 2: id; 3: parent;
 *	then the text, any bytes, zero padded.
 * MARK, 2 + n words, with bit 18 of word 1 set: the same, INSTANT, with neither id
 *	nor parent: the text is from word 2 on.
 */
#define FLIGHTREC_LONG_WAKEUP_NEW	16
#define FLIGHTREC_LONG_FORK		17
#define FLIGHTREC_LONG_EXEC		18
#define FLIGHTREC_LONG_EXIT		19
#define FLIGHTREC_LONG_RENAME		20
#define FLIGHTREC_LONG_MIGRATE		21
#define FLIGHTREC_LONG_MARK		22

#define FLIGHTREC_EXEC_NAME_MAX		512	/* bytes kept of a file name */
#define FLIGHTREC_EXEC_NAME_CUT		(1ULL << 63)

#define FLIGHTREC_MARK_TEXT_MAX		1024	/* bytes of text in a mark */
#define FLIGHTREC_MARK_KIND_SHIFT	16
#define FLIGHTREC_MARK_SHORT		(1ULL << 18)

/* Flags of a task. */
#define FLIGHTREC_TASK_KTHREAD		(1 << 0)	/* kernel thread */
#define FLIGHTREC_TASK_IO_WORKER	(1 << 1)	/* io_uring, vhost: never in user mode */
#define FLIGHTREC_TASK_COMPAT		(1 << 2)	/* 32-bit: its numbers are that ABI's */

/**
 * struct flightrec_task - one entry of the rundown
 * @tid: thread, as the initial pid namespace numbers it
 * @tgid: its process
 * @ppid: its parent process
 * @priority: the kernel's: 0 to 98 real-time (99 - rtprio), 100 to 139 fair
 *	(120 + nice), 255 deadline (the kernel's -1)
 * @state: FLIGHTREC_STATE_*, of a running or runnable thread RUNNING
 * @flags: FLIGHTREC_TASK_*
 * @cpu: where it runs or last ran
 * @nr: system call it is blocked in, FLIGHTREC_NR_NONE if in none or not blocked
 * @pid_ns: inode number of its pid namespace
 * @ns_tid: its tid in there
 * @cgroup: id of its cgroup on the unified hierarchy
 * @start_boottime_ns: CLOCK_BOOTTIME of its birth
 * @comm: name, NUL padded
 */
struct flightrec_task {
	__u32 tid;
	__u32 tgid;
	__u32 ppid;
	__u8 priority;
	__u8 state;
	__u16 flags;
	__u32 cpu;
	__u32 nr;
	__u32 pid_ns;
	__u32 ns_tid;
	__u64 cgroup;
	__u64 start_boottime_ns;
	char comm[16];
};

/**
 * struct flightrec_rundown - FLIGHTREC_BLOCK_RUNDOWN: all live tasks at the time
 *	of flightrec_header.rundown_clock
 * @block: common part
 * @tasks: number of entries
 * @task_bytes: size of one entry; a reader takes of it what it knows
 * @missed: live tasks for which there was no room, because more were born while
 *	it was being written
 *
 * The entries follow.
 */
struct flightrec_rundown {
	struct flightrec_block block;
	__u32 tasks;
	__u32 task_bytes;
	__u64 missed;
};

/**
 * struct flightrec_cgroup - one entry of the table of cgroups
 * @id: cgroup id, the inode number of its directory
 * @path_bytes: length of the path behind this struct
 * @bytes: this entry, the path and zero padding; a multiple of 8
 */
struct flightrec_cgroup {
	__u64 id;
	__u32 path_bytes;
	__u32 bytes;
};

/**
 * struct flightrec_cgroups - FLIGHTREC_BLOCK_CGROUPS: paths of the live tasks'
 *	cgroups, from the root of the unified hierarchy
 * @block: common part
 * @cgroups: number of entries, which follow
 * @missed: cgroups for which there was no room
 */
struct flightrec_cgroups {
	struct flightrec_block block;
	__u32 cgroups;
	__u32 missed;
};

/**
 * struct flightrec_end - FLIGHTREC_BLOCK_END, the last block
 * @block: common part
 * @file_bytes: as in the header
 */
struct flightrec_end {
	struct flightrec_block block;
	__u64 file_bytes;
};

#endif
