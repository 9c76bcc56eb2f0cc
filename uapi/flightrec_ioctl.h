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
 *	EPERM		CAP_SYS_ADMIN is missing (START, STOP, SET_CONFIG), or
 *			CAP_PERFMON (the others)
 *	EFAULT		the struct can't be read or written
 *	ENOMEM		no memory
 *	EINTR		interrupted by a signal while waiting for another caller
 *
 * and on any error nothing has changed.
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
 *
 * Setting takes effect at once. A larger @max_bytes keeps all that is recorded,
 * a smaller one the newest part. Another @segment_bytes drops what is recorded
 * (open snapshots then report gaps). GET gives values in force, never zero.
 *
 * SET's errors: EINVAL (the kernel log says what would be accepted), ENOMEM.
 */
struct flightrec_config {
	__u32 size;
	__u32 segment_bytes;
	__aligned_u64 max_bytes;
	__aligned_u64 min_age_ns;
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
};

/* flightrec_snapshot.flags */
#define FLIGHTREC_SNAPSHOT_MIN_AGE_MET	(1 << 0)

/**
 * struct flightrec_snapshot - FLIGHTREC_SNAPSHOT
 * @size: sizeof(struct flightrec_snapshot)
 * @flags: must be zero; out: FLIGHTREC_SNAPSHOT_*
 * @min_age_ns: how far back it must reach, in ns; zero: as configured. What is
 *	in a segment that is wholly older is left out.
 * @max_bytes: hard bound on the bytes that reading it gives, the oldest
 *	segments being left out; zero: as configured
 * @bytes: out: bytes that reading it gives
 * @events: out: events in it, to within those of the instant of the cut
 * @events_lost: out: events in its window that could not be recorded
 * @segments: out: number of segments
 * @reserved: must be zero
 * @window_start_ns: out: CLOCK_MONOTONIC; it has every event from here on
 * @window_end_ns: out: CLOCK_MONOTONIC of the cut
 * @complete_since_ns: out: CLOCK_MONOTONIC; nothing younger had been recycled
 *
 * Takes a snapshot, which the file's reads then give from offset 0 on. It
 * replaces the file's earlier one. A read without a snapshot takes one with the
 * configured values.
 *
 * Errors: EINVAL also if @max_bytes has no room for the header and the rundown.
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
};

#endif
