/* SPDX-License-Identifier: GPL-2.0 WITH Linux-syscall-note */
/*
 * /dev/flightrec and its ioctls.
 *
 * Reading it gives a snapshot (flightrec_format.h): the one that SNAPSHOT took,
 * or one that the first read takes. Reading is quickest with room for at least
 * the largest block, segment_bytes and 4096. A read may return less than it has
 * room for; ENOMEM and EINTR are possible, and nothing is lost by them.
 *
 * Every struct starts with its own size, set by the caller. A kernel that knows
 * a shorter struct takes a longer one if what it doesn't know is zero; one that
 * knows a longer struct takes the rest as zero, which always means the old
 * behaviour. Of an output it writes as much as the caller has room for.
 *
 * All return 0, or -1 with errno:
 *
 *	ENOTTY		unknown ioctl
 *	E2BIG		non-zero bytes behind what this kernel knows
 *	EINVAL		size below the first version's, or a field that is wrong
 *	EPERM		CAP_SYS_ADMIN is missing (START, STOP, SET_CONFIG,
 *			CLEAR), or CAP_PERFMON (the others, but for MARK)
 *	EFAULT		the struct can't be read or written
 *	ENOMEM		no memory
 *	EINTR		interrupted by a signal while waiting for another caller
 *
 * and on any error nothing has changed. Capabilities are those of the initial
 * user namespace.
 *
 * Writing records a mark: see FLIGHTREC_MARK. Polling finds the device readable
 * as long as a read would give something, that is unless all of a snapshot has
 * been read, and writable always.
 */
#ifndef _UAPI_FLIGHTREC_IOCTL_H
#define _UAPI_FLIGHTREC_IOCTL_H

#include <linux/ioctl.h>
#include <linux/types.h>

#define FLIGHTREC_DEVICE	"/dev/flightrec"

#define FLIGHTREC_IOC_MAGIC	0xFB

#define FLIGHTREC_GET_CONFIG	_IO(FLIGHTREC_IOC_MAGIC, 0)
#define FLIGHTREC_SET_CONFIG	_IO(FLIGHTREC_IOC_MAGIC, 1)
#define FLIGHTREC_START		_IO(FLIGHTREC_IOC_MAGIC, 2)
#define FLIGHTREC_STOP		_IO(FLIGHTREC_IOC_MAGIC, 3)
#define FLIGHTREC_STATUS	_IO(FLIGHTREC_IOC_MAGIC, 4)
#define FLIGHTREC_SNAPSHOT	_IO(FLIGHTREC_IOC_MAGIC, 5)
#define FLIGHTREC_CLEAR		_IO(FLIGHTREC_IOC_MAGIC, 6)
#define FLIGHTREC_WAIT		_IO(FLIGHTREC_IOC_MAGIC, 7)
#define FLIGHTREC_MARK		_IO(FLIGHTREC_IOC_MAGIC, 8)
#define FLIGHTREC_CPU_STATUS	_IO(FLIGHTREC_IOC_MAGIC, 9)

/* What zero means in a configuration. */
#define FLIGHTREC_DEFAULT_MAX_BYTES	(32ULL << 20)
#define FLIGHTREC_DEFAULT_MIN_AGE_NS	(10ULL * 1000 * 1000 * 1000)

/**
 * struct flightrec_config - FLIGHTREC_GET_CONFIG, FLIGHTREC_SET_CONFIG
 * @size: sizeof(struct flightrec_config)
 * @segment_bytes: memory of one segment, a power of two from 16 KiB to 4 MiB;
 *	zero: a 256th of @max_bytes, or less on a machine with many CPUs
 * @max_bytes: bound on all memory that recordings take, in bytes; zero:
 *	FLIGHTREC_DEFAULT_MAX_BYTES
 * @min_age_ns: how far back a snapshot reaches, if @max_bytes allows, in ns;
 *	zero: FLIGHTREC_DEFAULT_MIN_AGE_NS
 * @events: mask of what is to be recorded (1 << FLIGHTREC_EVENT_*); zero: all.
 *	SWITCH can't be left out, as the others are told by who was running. What
 *	this kernel doesn't have is not recorded all the same: see STATUS. A program
 *	that doesn't know this field sets it to all
 *
 * Setting takes effect at once. A larger @max_bytes keeps all that is recorded,
 * a smaller one the newest part. Another @segment_bytes drops what is recorded
 * (open snapshots then report gaps), and takes memory for the new segments before
 * it gives up the old ones. GET gives values in force, never zero. If an error is
 * returned, nothing has changed, and nothing was dropped.
 *
 * SET's errors: EINVAL (the kernel log says what would be accepted), ENOMEM.
 */
struct flightrec_config {
	__u32 size;
	__u32 segment_bytes;
	__aligned_u64 max_bytes;
	__aligned_u64 min_age_ns;
	__aligned_u64 events;
};

/* flightrec_status.flags */
#define FLIGHTREC_STATUS_RECORDING	(1 << 0)
#define FLIGHTREC_STATUS_MIN_AGE_MET	(1 << 1)

/**
 * struct flightrec_status - FLIGHTREC_STATUS
 * @size: sizeof(struct flightrec_status), the only field that is read
 * @flags: FLIGHTREC_STATUS_*
 * @clock: FLIGHTREC_CLOCK_* (flightrec_format.h)
 * @clock_khz: its units in a millisecond
 * @events: mask of the events that are recorded (1 << FLIGHTREC_EVENT_*)
 * @events_missing: mask of those that this kernel does not have
 * @now_ns: CLOCK_MONOTONIC, when this was read
 * @recording_since_ns: CLOCK_MONOTONIC of the last start; 0: never started
 * @complete_since_ns: CLOCK_MONOTONIC; nothing younger has been recycled
 * @max_bytes: as configured
 * @min_age_ns: as configured
 * @min_age_bytes: @max_bytes that would give a window of @min_age_ns at the
 *	rate of the present window; 0: not known yet
 * @pool_bytes: memory taken, at most @max_bytes
 * @segment_bytes: memory of one segment
 * @segments: number of segments in the pool
 * @segments_free: of these, holding nothing
 * @segments_open: being written to
 * @segments_held: kept for open snapshots
 * @snapshots: open snapshots
 * @events_written: events recorded since the module was loaded
 * @events_overwritten: events that were recycled since
 * @events_lost: events that could not be recorded since
 * @segments_taken_back: segments recycled while an open snapshot held them
 * @bytes_written: bytes of records since the module was loaded, headers and
 *	annotations included
 * @events_wanted: mask of the events that are configured to be recorded
 * @event_cost_ps: what putting an event into a ring took on this machine, in
 *	picoseconds, measured at the load with the clock that is recorded; the
 *	tracepoint itself is not in it
 * @cpus: number of CPUs that CPU_STATUS tells of
 * @reserved: zero
 */
struct flightrec_status {
	__u32 size;
	__u32 flags;
	__u32 clock;
	__u32 clock_khz;
	__aligned_u64 events;
	__aligned_u64 events_missing;
	__aligned_u64 now_ns;
	__aligned_u64 recording_since_ns;
	__aligned_u64 complete_since_ns;
	__aligned_u64 max_bytes;
	__aligned_u64 min_age_ns;
	__aligned_u64 min_age_bytes;
	__aligned_u64 pool_bytes;
	__u32 segment_bytes;
	__u32 segments;
	__u32 segments_free;
	__u32 segments_open;
	__u32 segments_held;
	__u32 snapshots;
	__aligned_u64 events_written;
	__aligned_u64 events_overwritten;
	__aligned_u64 events_lost;
	__aligned_u64 segments_taken_back;
	__aligned_u64 bytes_written;
	__aligned_u64 events_wanted;
	__aligned_u64 event_cost_ps;
	__u32 cpus;
	__u32 reserved;
};

/* flightrec_cpu_status.flags */
#define FLIGHTREC_CPU_ONLINE		(1 << 0)

/**
 * struct flightrec_cpu_status - FLIGHTREC_CPU_STATUS
 * @size: sizeof(struct flightrec_cpu_status)
 * @cpu: look at this CPU or, if there is none of that number, at the next one;
 *	out: which it was
 * @flags: out: FLIGHTREC_CPU_*
 * @reserved: must be zero
 * @events_written: out: events that it has recorded since the module was loaded
 * @events_overwritten: out: of these, recycled since
 * @events_lost: out: events that it could not record
 * @bytes_written: out: bytes of records, headers and annotations included
 *
 * Begin with @cpu 0 and go on with one more than the last, until ENXIO: there is
 * no such CPU, nor one behind it.
 */
struct flightrec_cpu_status {
	__u32 size;
	__u32 cpu;
	__u32 flags;
	__u32 reserved;
	__aligned_u64 events_written;
	__aligned_u64 events_overwritten;
	__aligned_u64 events_lost;
	__aligned_u64 bytes_written;
};

/* flightrec_snapshot.flags */
#define FLIGHTREC_SNAPSHOT_MIN_AGE_MET	(1 << 0)	/* out */
#define FLIGHTREC_SNAPSHOT_SINCE_MET	(1 << 1)	/* out */
#define FLIGHTREC_SNAPSHOT_CONTINUE	(1 << 2)	/* in */

/**
 * struct flightrec_snapshot - FLIGHTREC_SNAPSHOT
 * @size: sizeof(struct flightrec_snapshot)
 * @flags: in: CONTINUE or zero; out: MIN_AGE_MET, SINCE_MET or both.
 *	MIN_AGE_MET: it reaches back as far as it should.
 *	SINCE_MET: nothing that was recorded since @since is missing.
 *	CONTINUE: @cursor is wanted
 * @min_age_ns: how far back it must reach, in ns; zero: as configured, or with
 *	@since as far as that. What is in a segment that is wholly older is left
 *	out. Not with @begin_ns
 * @max_bytes: hard bound on the bytes that reading it gives, the oldest
 *	segments being left out; zero: as configured
 * @bytes: out: bytes that reading it gives
 * @events: out: events in it, to within those of the instant of the cut; if
 *	@begin_ns, @end_ns, @since or CLEAR leave out a part of a segment, all of its
 * @events_lost: out: events in its window that could not be recorded
 * @segments: out: number of segments
 * @reserved: must be zero
 * @window_start_ns: out: CLOCK_MONOTONIC; it has every event from here on
 * @window_end_ns: out: CLOCK_MONOTONIC of the cut
 * @complete_since_ns: out: CLOCK_MONOTONIC; nothing younger had been recycled
 * @begin_ns: CLOCK_MONOTONIC: no event that is older is in it; zero: no such bound
 * @end_ns: CLOCK_MONOTONIC of the cut: no event that is younger is in it; zero, or
 *	in the future: now. The rundown is that of now in any case
 * @events_wanted: mask of the events that are in it; zero: all that are
 *	recorded. SWITCH can't be left out. All segments are gone through for it
 * @since: @cursor of an earlier snapshot: what that one had is not in this one,
 *	and nothing is left out in between; zero: no such bound
 * @cursor: out: where the next one goes on, with CONTINUE; else zero
 *
 * Takes a snapshot, which the file's reads then give from offset 0 on. It
 * replaces the file's earlier one. A read without a snapshot takes one with the
 * configured values.
 *
 * With CONTINUE it takes some milliseconds longer: until no CPU is any more in
 * the middle of recording an event from before the cut. Such a one would be in
 * neither this snapshot nor the next; now each event is in exactly one of a chain
 * of snapshots, or it is counted: in STATUS's @events_lost, or, if it had been
 * recycled, by the hole that a CPU's stream has (flightrec_segment.first_event).
 *
 * Errors: EINVAL also if @max_bytes has no room for the header and the rundown, if
 * @begin_ns is in the future or not before @end_ns, or if @since is not a cursor.
 */
struct flightrec_snapshot {
	__u32 size;
	__u32 flags;
	__aligned_u64 min_age_ns;
	__aligned_u64 max_bytes;
	__aligned_u64 bytes;
	__aligned_u64 events;
	__aligned_u64 events_lost;
	__u32 segments;
	__u32 reserved;
	__aligned_u64 window_start_ns;
	__aligned_u64 window_end_ns;
	__aligned_u64 complete_since_ns;
	__aligned_u64 begin_ns;
	__aligned_u64 end_ns;
	__aligned_u64 events_wanted;
	__aligned_u64 since;
	__aligned_u64 cursor;
};

/*
 * FLIGHTREC_CLEAR, without an argument: what is recorded until now will be in no
 * snapshot that is taken from now on. Open ones keep it. Recording goes on.
 */

/**
 * struct flightrec_wait - FLIGHTREC_WAIT
 * @size: sizeof(struct flightrec_wait)
 * @flags: must be zero
 * @bytes: how much to wait for, in bytes of records; out: how much there is
 * @timeout_ns: how long to wait at most; zero: not at all
 * @since: cursor of a snapshot: count what was closed since; zero: all
 *
 * Waits until segments with @bytes of records have been closed. What CPUs have
 * in their open segments is not counted. Looks every 10 ms, so as not to be in
 * the recorder's way.
 *
 * Errors: ETIMEDOUT, and @bytes is told all the same; EINTR; EINVAL also if @since
 * is not a cursor, or @bytes is more than MaxBytes.
 */
struct flightrec_wait {
	__u32 size;
	__u32 flags;
	__aligned_u64 bytes;
	__aligned_u64 timeout_ns;
	__aligned_u64 since;
};

/* flightrec_mark.kind */
#define FLIGHTREC_MARK_INSTANT		0
#define FLIGHTREC_MARK_BEGIN		1
#define FLIGHTREC_MARK_END		2

/**
 * struct flightrec_mark - FLIGHTREC_MARK
 * @size: sizeof(struct flightrec_mark)
 * @kind: FLIGHTREC_MARK_*: something happens, or a region begins or ends
 * @id: of the region or task, chosen by the caller; zero: none
 * @parent: @id that this one belongs to; zero: none
 * @text: address of the text: any bytes, not terminated
 * @text_bytes: its length, at most FLIGHTREC_MARK_TEXT_MAX (flightrec_format.h)
 * @reserved: must be zero
 *
 * Records it with the time, and with the calling thread as its writer. Needs no
 * capability, only a file that is open for writing. A write of text is the same
 * with kind INSTANT; all of it is one mark.
 *
 * Errors: EBADF if the file is not open for writing; EMSGSIZE if the text is too
 * long; ENODATA if marks are not being recorded now; EINVAL for an unknown @kind;
 * ENOSPC if the ring had no room: the mark is lost, and counted.
 */
struct flightrec_mark {
	__u32 size;
	__u32 kind;
	__aligned_u64 id;
	__aligned_u64 parent;
	__aligned_u64 text;
	__u32 text_bytes;
	__u32 reserved;
};

#endif
