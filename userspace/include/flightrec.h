/* SPDX-License-Identifier: LGPL-2.1 */
/*
 * libflightrec: control of the recorder, and reading of its snapshots.
 *
 * The two halves can be used apart. The control half (struct flightrec) talks
 * to /dev/flightrec. The reader half (struct flightrec_trace) needs neither root
 * nor the module nor the machine on which the snapshot was taken.
 *
 * Every function that can fail returns 0 or a negative errno. None prints, none
 * exits, and there is no global state. A handle may be used by one thread at a
 * time; different handles are independent of each other. Pointers to const that
 * a function returns belong to the handle.
 *
 * Times called "_ns" are nanoseconds of CLOCK_MONOTONIC, unless a comment says
 * otherwise. Sizes are in bytes.
 *
 * The structs that the library hands out by pointer may grow at their end in
 * later versions; the program that is linked to this one will not notice.
 */
#ifndef FLIGHTREC_H
#define FLIGHTREC_H

#include <stddef.h>
#include <stdint.h>

#include "flightrec_format.h"
#include "flightrec_ioctl.h"

#ifdef __cplusplus
extern "C" {
#endif

#pragma GCC visibility push(default)

/* ------------------------------------------------------------- control --- */

struct flightrec;

/**
 * flightrec_open - open the recorder
 * @out: the handle, to be closed with flightrec_close()
 * @path: the device; NULL: FLIGHTREC_DEVICE
 *
 * It is opened for reading and writing as far as its mode allows. Only reading, it can
 * do all but write marks; only writing, nothing but that.
 *
 * Errors: those of open(2), among them -ENOENT (the module is not loaded) and
 * -EACCES; -ENOTTY if @path is something else; -ENOMEM.
 */
int flightrec_open(struct flightrec **out, const char *path);

/* flightrec_close - close the recorder, giving up its snapshot; NULL is fine. */
void flightrec_close(struct flightrec *recorder);

/* flightrec_fd - the device's file descriptor, which stays the handle's. */
int flightrec_fd(const struct flightrec *recorder);

/*
 * flightrec_start, flightrec_stop - record from now on; record no more, keeping
 * what there is. Doing what is done already is a success.
 *
 * Errors: -EPERM without CAP_SYS_ADMIN, -EINTR, -ENOMEM.
 */
int flightrec_start(struct flightrec *recorder);
int flightrec_stop(struct flightrec *recorder);

/*
 * An older module, which doesn't know a field or a call, refuses what it can't do:
 * -E2BIG for a field that isn't zero and behind what it knows, -ENOTTY for a call.
 * Nothing has changed then.
 */

/*
 * flightrec_get_config, flightrec_set_config - the settings: max_bytes, segment_bytes,
 * min_age_ns and the mask of events. @config->size is set by the library; see struct
 * flightrec_config for the rest. Zero in a field that is set means its default. To
 * change one field, get all, change it, and set all.
 *
 * Errors: -EPERM without CAP_PERFMON (get) or CAP_SYS_ADMIN (set), -EINVAL for
 * a value that the recorder refuses (the kernel's log says what it would accept),
 * -ENOMEM, -EINTR. On an error of set, nothing has changed.
 */
int flightrec_get_config(struct flightrec *recorder, struct flightrec_config *config);
int flightrec_set_config(struct flightrec *recorder, const struct flightrec_config *config);

/*
 * flightrec_get_status - what the recorder is doing. @status->size is set by the
 * library; fields that the running kernel doesn't know are zero.
 *
 * Errors: -EPERM without CAP_PERFMON.
 */
int flightrec_get_status(struct flightrec *recorder, struct flightrec_status *status);

/*
 * flightrec_get_cpu_status - what CPU @cpu has recorded or, if there is none of that
 * number, the next one behind it: @status->cpu says which. Begin with 0, and go on
 * with one more than the last until -ENXIO.
 *
 * Errors: -ENXIO: no such CPU, nor one behind it; -EPERM without CAP_PERFMON.
 */
int flightrec_get_cpu_status(struct flightrec *recorder, uint32_t cpu,
			     struct flightrec_cpu_status *status);

/*
 * flightrec_clear - what is recorded until now will be in no snapshot that is taken
 * from now on. Snapshots that are open keep it. Recording goes on.
 *
 * Errors: -EPERM without CAP_SYS_ADMIN, -EINTR.
 */
int flightrec_clear(struct flightrec *recorder);

/**
 * flightrec_wait - wait until so much has been recorded
 * @recorder: the recorder
 * @wait: in: bytes of records to wait for; timeout_ns, how long at most, in ns, zero:
 *	not at all; since, the cursor of a snapshot: what was recorded since, zero: all.
 *	Out: bytes, how much there is, also with -ETIMEDOUT.
 *
 * Only segments that were closed count. It sleeps, and looks every 10 ms; a signal
 * ends it.
 *
 * Errors: -ETIMEDOUT, -EINTR, -EPERM without CAP_PERFMON, -EINVAL if @wait->since is
 * not a cursor, or @wait->bytes is more than the recorder has memory for.
 */
int flightrec_wait(struct flightrec *recorder, struct flightrec_wait *wait);

/*
 * flightrec_mark, flightrec_mark_begin, flightrec_mark_end - record a mark, among the
 * scheduler's events: something happens now, or a region begins or ends. The calling
 * thread is its writer.
 *
 * @text is any @bytes bytes, at most FLIGHTREC_MARK_TEXT_MAX, and is copied. @id is the
 * region's, chosen by the caller, so that begin and end find each other also in
 * different threads; with zero, regions nest within their thread. @parent is the @id of
 * the region that it belongs to, or zero.
 *
 * They take about a microsecond, and wait for nobody. They need no capability, but
 * that the device may be opened for writing.
 *
 * Errors: -EBADF: it could not; -EMSGSIZE: the text is too long; -ENODATA: marks are
 * not being recorded now; -ENOSPC: there was no room, and the mark is lost and counted.
 */
int flightrec_mark(struct flightrec *recorder, const void *text, size_t bytes);
int flightrec_mark_begin(struct flightrec *recorder, uint64_t id, uint64_t parent, const void *text,
			 size_t bytes);
int flightrec_mark_end(struct flightrec *recorder, uint64_t id, const void *text, size_t bytes);

/*
 * flightrec_write_mark - the same, with all that a mark can have. @mark->size is set by
 * the library, the text stays the caller's. Errors also: -EINVAL for an unknown kind.
 */
int flightrec_write_mark(struct flightrec *recorder, const struct flightrec_mark *mark);

/**
 * flightrec_take_snapshot - cut a snapshot, to be read later
 * @recorder: the recorder; it holds one snapshot, replacing the one before
 * @snapshot: in: what is wanted, zero for what is configured: flags, min_age_ns,
 *	max_bytes, begin_ns, end_ns, events_wanted, since; the rest is ignored. Out:
 *	what was taken. NULL: as configured.
 *
 * Snapshots that form a chain: the first is taken with FLIGHTREC_SNAPSHOT_CONTINUE in
 * flags, each other one with that and with the @cursor of the one before as @since.
 * Each event is in exactly one of them then, unless it was lost: a snapshot without
 * FLIGHTREC_SNAPSHOT_SINCE_MET in flags lacks some that had been recycled.
 *
 * From here on the snapshot is read with flightrec_write_snapshot(), or with
 * pread(2) of flightrec_fd() from offset 0 on.
 *
 * Errors: -EPERM without CAP_PERFMON, -EINVAL if max_bytes is too small for even
 * an empty snapshot, begin_ns is in the future, not before end_ns or given beside
 * min_age_ns, since is not a cursor, or events_wanted lacks switches; -ENOMEM, -EINTR.
 */
int flightrec_take_snapshot(struct flightrec *recorder, struct flightrec_snapshot *snapshot);

/**
 * flightrec_write_snapshot - write the snapshot that was taken to a file
 * @recorder: the recorder
 * @fd: open for writing; stays the caller's
 *
 * Errors: those of write(2) and of reading the device, and what the function of
 * flightrec_on_progress() returned. Some of it may have been written then.
 */
int flightrec_write_snapshot(struct flightrec *recorder, int fd);

/*
 * flightrec_on_progress - have a function called while a snapshot is written, every few
 * MiB, with the number of bytes that have been written, of how many. If it returns something else
 * than 0, which should be a negative errno, writing ends with that. NULL: no more.
 * @context is passed to it, and stays the caller's.
 */
typedef int flightrec_progress(void *context, uint64_t done, uint64_t all);
void flightrec_on_progress(struct flightrec *recorder, flightrec_progress *progress, void *context);

/*
 * flightrec_snapshot_to_fd - flightrec_take_snapshot() and
 * flightrec_write_snapshot() in one.
 */
int flightrec_snapshot_to_fd(struct flightrec *recorder, struct flightrec_snapshot *snapshot,
			     int fd);

/**
 * flightrec_snapshot_to_file - take a snapshot and write it under a name
 * @recorder: the recorder
 * @snapshot: as for flightrec_take_snapshot()
 * @path: what to write; a file of that name is replaced
 *
 * The snapshot is cut before the file is created. It is written to a temporary
 * name in the same directory, synced, and renamed: under @path there is the
 * whole snapshot or what was there before. A pipe or a device is written to as it
 * is.
 *
 * Errors: those of flightrec_snapshot_to_fd() and of open(2), fsync(2) and
 * rename(2), among them -ENOSPC. The temporary file is removed then.
 */
int flightrec_snapshot_to_file(struct flightrec *recorder, struct flightrec_snapshot *snapshot,
			       const char *path);

/* -------------------------------------------------------------- reading --- */

struct flightrec_trace;

/*
 * flightrec_trace_open, _open_fd, _open_memory - open a snapshot
 *
 * Of a file; of whatever @fd gives from its present offset on (a regular file is
 * mapped, all else is read to its end, into memory), which stays the caller's and
 * may be closed at once; or of memory, which stays the caller's and must not
 * change before flightrec_trace_close(). A file must not be truncated while it is
 * open.
 *
 * All of the file is checked here. What is damaged or cut short is left out, and
 * the rest is given: see the figures in struct flightrec_trace_info. Nothing
 * that a file says can make the library crash or loop.
 *
 * Errors: those of open(2), mmap(2) and read(2); -ENODATA: there is nothing in it;
 * -EBADMSG: it is no snapshot, or neither header nor a single segment of it can
 * be read; -EPROTONOSUPPORT: its format is newer than this library; -ENOMEM.
 */
int flightrec_trace_open(struct flightrec_trace **out, const char *path);
int flightrec_trace_open_fd(struct flightrec_trace **out, int fd);
int flightrec_trace_open_memory(struct flightrec_trace **out, const void *data, size_t bytes);

/* flightrec_trace_close - end all that belongs to the trace; NULL is fine. */
void flightrec_trace_close(struct flightrec_trace *trace);

/* flightrec_trace_info.flags */
#define FLIGHTREC_TRACE_RECORDING    (1 << 0) /* recording was on at the cut */
#define FLIGHTREC_TRACE_MIN_AGE_MET  (1 << 1) /* the window reaches back MinAge */
#define FLIGHTREC_TRACE_CUT_SHORT    (1 << 2) /* the end is missing */
#define FLIGHTREC_TRACE_DAMAGED	     (1 << 3) /* see damaged_bytes */
#define FLIGHTREC_TRACE_NO_HEADER    (1 << 4) /* header damaged or missing */
#define FLIGHTREC_TRACE_NO_RUNDOWN   (1 << 5) /* rundown damaged or missing */
#define FLIGHTREC_TRACE_RUNDOWN_LATE (1 << 6) /* see rundown_ns */

/**
 * struct flightrec_trace_info - what a snapshot is and what is missing from it
 * @flags: FLIGHTREC_TRACE_*; with NO_HEADER, of the fields up to @host only the
 *	times are known, as far as the segments give them, the rest is zero
 * @version: of the format
 * @machine: ELF machine of the kernel (EM_X86_64, EM_AARCH64)
 * @clock: the recorder's clock, FLIGHTREC_CLOCK_*
 * @clock_khz: its nominal units in a millisecond
 * @cpus_possible: number of CPUs that the kernel can have
 * @cpus_online: number of those online at the cut
 * @taker_tid: thread that took the snapshot, maybe because it had noticed something;
 *	0: unknown
 * @window_start_ns: from here to @window_end_ns the snapshot has every event, but
 *	for the losses told below. The iteration begins with events that are
 *	older, which some CPUs have and others don't.
 * @window_end_ns: the instant of the snapshot; no event is younger
 * @complete_since_ns: later than this the recorder had recycled nothing
 * @recording_since_ns: when recording was last started; 0: never
 * @first_ns: start of the oldest segment
 * @realtime_offset_ns: add to a time of this trace for CLOCK_REALTIME
 * @boottime_offset_ns: add to a time of this trace for CLOCK_BOOTTIME
 * @min_age_ns: MinAge of the snapshot
 * @max_bytes: MaxBytes of the snapshot
 * @pool_max_bytes: MaxBytes of the recorder
 * @segment_bytes: memory of one segment
 * @event_mask: bits 1 << FLIGHTREC_EVENT_* of the events that were recorded
 * @events_lost_ever: events that could not be recorded since the module's load
 * @boot_id: of the kernel that recorded
 * @release: of that kernel, as uname -r says it
 * @host: its name, as uname -n says it
 * @bytes: size of what was opened
 * @file_bytes: what the header says that it should be
 * @cpus: number of CPUs that have segments, for flightrec_trace_get_cpu()
 * @segments: number of segments that can be read, for flightrec_trace_get_segment()
 * @segment_data_bytes: bytes of records in them
 * @events: number of events in them, as their headers say; those of the instant
 *	of the cut may be a few more than the iteration gives
 * @lost_events: events within the snapshot that are known to be lost: not
 *	recorded, in segments taken back (GAP), or in damaged ones
 * @missing_segments: segments taken back, damaged, or missing in the sequence
 * @unreadable_segments: of these, what the file should have, but has not or damaged
 * @damaged_blocks: number of places where the file is damaged
 * @damaged_bytes: bytes that can't be used because of that
 * @damage_offset: where the first damage starts
 * @tasks: number of entries in the rundown, for flightrec_trace_get_task()
 * @tasks_missed: live tasks that the rundown had no room for
 * @begin_ns: no event is older, because that was asked for; 0: no such bound
 * @events_wanted: bits 1 << FLIGHTREC_EVENT_* of the events that were asked for, others
 *	having been left out; 0: the snapshot doesn't say, and has all
 * @rundown_ns: when the rundown was written. With FLIGHTREC_TRACE_RUNDOWN_LATE that is
 *	so long behind the cut, which was asked for in the past, that what tasks did
 *	(state, nr, cpu) is not what they did at the cut; who they are holds
 * @cursor: for struct flightrec_snapshot.since of the snapshot that goes on behind
 *	this one, within the same boot; 0: it was not taken with
 *	FLIGHTREC_SNAPSHOT_CONTINUE
 *
 * What the file is too old to have is zero.
 */
struct flightrec_trace_info {
	uint32_t flags;
	uint32_t version;
	uint32_t machine;
	uint32_t clock;
	uint32_t clock_khz;
	uint32_t cpus_possible;
	uint32_t cpus_online;
	uint32_t taker_tid;
	uint64_t window_start_ns;
	uint64_t window_end_ns;
	uint64_t complete_since_ns;
	uint64_t recording_since_ns;
	uint64_t first_ns;
	int64_t realtime_offset_ns;
	int64_t boottime_offset_ns;
	uint64_t min_age_ns;
	uint64_t max_bytes;
	uint64_t pool_max_bytes;
	uint64_t segment_bytes;
	uint64_t event_mask;
	uint64_t events_lost_ever;
	uint8_t boot_id[16];
	char release[65];
	char host[65];
	uint64_t bytes;
	uint64_t file_bytes;
	uint32_t cpus;
	uint32_t segments;
	uint64_t segment_data_bytes;
	uint64_t events;
	uint64_t lost_events;
	uint64_t missing_segments;
	uint64_t unreadable_segments;
	uint64_t damaged_blocks;
	uint64_t damaged_bytes;
	uint64_t damage_offset;
	uint32_t tasks;
	uint64_t tasks_missed;
	uint64_t begin_ns;
	uint64_t events_wanted;
	uint64_t rundown_ns;
	uint64_t cursor;
};

/* flightrec_trace_get_info - what the snapshot is; the trace's, unchanging. */
const struct flightrec_trace_info *flightrec_trace_get_info(const struct flightrec_trace *trace);

/**
 * struct flightrec_trace_cpu - what the snapshot has of one CPU
 * @cpu: its number
 * @segments: number of its segments that can be read
 * @missing_segments: as in struct flightrec_trace_info
 * @events: as in struct flightrec_trace_info
 * @lost_events: as in struct flightrec_trace_info
 * @data_bytes: bytes of records
 * @start_ns: start of its first segment
 * @end_ns: time of its last event
 */
struct flightrec_trace_cpu {
	uint32_t cpu;
	uint32_t segments;
	uint64_t missing_segments;
	uint64_t events;
	uint64_t lost_events;
	uint64_t data_bytes;
	uint64_t start_ns;
	uint64_t end_ns;
};

/*
 * flightrec_trace_get_cpu - the @index'th of info.cpus CPUs, by rising number;
 * NULL behind the last. The trace's, unchanging.
 */
const struct flightrec_trace_cpu *flightrec_trace_get_cpu(const struct flightrec_trace *trace,
							  uint32_t index);

/* ------------------------------------------------------------ iteration --- */

/* flightrec_thread.known: where what is known of a thread comes from. */
#define FLIGHTREC_KNOWN_NOT	0 /* comm is "<...>", all else zero */
#define FLIGHTREC_KNOWN_TRACE	1 /* from the records up to the present moment */
#define FLIGHTREC_KNOWN_RUNDOWN 2 /* from the rundown: as it was at info.rundown_ns */
#define FLIGHTREC_KNOWN_PARENT	3 /* just forked: name and priority are its parent's */

/**
 * struct flightrec_thread - a thread, as the iteration knows it at its present
 *	moment
 * @index: 0, 1, 2, ... in the order of first mention: for tables of one's own.
 *	A tid that is used again by a new thread gets another struct.
 * @tid: thread, as the initial pid namespace numbers it; 0: a CPU's idle thread,
 *	of which each CPU has its own
 * @tgid: its process
 * @ns_tid: its tid in its own pid namespace
 * @cgroup: id of its cgroup, for flightrec_trace_cgroup_path()
 * @pid_ns: inode number of its pid namespace
 * @flags: FLIGHTREC_TASK_*
 * @priority: the kernel's, see struct flightrec_task
 * @known: FLIGHTREC_KNOWN_*
 * @comm: name, any bytes, ends with a NUL
 *
 * The struct stays where it is until flightrec_trace_rewind(),
 * flightrec_trace_seek() or flightrec_trace_close(), also when the thread has
 * exited; what it says changes as the iteration moves on.
 */
struct flightrec_thread {
	uint32_t index;
	uint32_t tid;
	uint32_t tgid;
	uint32_t ns_tid;
	uint64_t cgroup;
	uint64_t pid_ns;
	uint16_t flags;
	uint8_t priority;
	uint8_t known;
	char comm[20];
};

/*
 * flightrec_event.type: FLIGHTREC_EVENT_* (flightrec_format.h), or one of these,
 * which are no events of the kernel but tell of what is known from here on.
 *
 * BEGIN: this CPU's stream begins, or is resumed behind a gap or a pause. From
 *	here on it is known what runs there: @running (also @thread).
 * GAP: segments of this CPU are missing from here to gap.end_ns. What runs
 *	there, or what happened, isn't known until then. @thread is NULL, @running
 *	is the last one known.
 * LOST: lost.events of this CPU could not be recorded, at times between
 *	lost.since_ns and here. @thread is NULL.
 * PAUSE: recording was off on this CPU, or it was offline, from here until the next BEGIN.
 *	@thread is NULL, @running is the last one known.
 */
#define FLIGHTREC_STREAM_BEGIN	 64
#define FLIGHTREC_STREAM_GAP	 65
#define FLIGHTREC_STREAM_LOST	 66
#define FLIGHTREC_STREAM_PAUSE	 67

#define FLIGHTREC_EVENTS_UNKNOWN UINT64_MAX

/**
 * struct flightrec_event - one event
 * @time_ns: when
 * @clock: the same, in units of the recorder's clock
 * @type: FLIGHTREC_EVENT_* or FLIGHTREC_STREAM_*; ignore those you don't know
 * @cpu: the CPU that recorded it
 * @thread: whom it is about: whom SWITCH switches to, who is woken, migrated, has
 *	been forked, execs, exits, is renamed, writes a mark
 * @running: the thread that was running on @cpu: whom SWITCH switches from, who
 *	woke, forked, renamed, ... (or was interrupted by what did: see
 *	waking.context). NULL if unknown.
 *
 * SWITCH has @sw: the state (FLIGHTREC_STATE_*) in which @running left, and the
 * number of the system call that it left from, or FLIGHTREC_NR_NONE. The priorities
 * are thread->priority and running->priority.
 *
 * WAKING has @waking: target_cpu, where @thread last ran; context
 * (FLIGHTREC_CONTEXT_*), what woke it: @running, or an interrupt above it.
 * WAKEUP_NEW has the same, with the context of a thread.
 *
 * MIGRATE has @migrate: from CPU, to CPU.
 *
 * FORK has @fork: the parent. EXEC has @exec: the tid that the thread had before,
 * the file's name with its length (any bytes, ends with a NUL) and whether it
 * was cut. RENAME has @rename: the names before and from now on; @thread has the
 * new one.
 *
 * MARK has @mark: the text that userspace recorded, with its length: any bytes, NULs
 * among them, and a NUL behind the last; its kind (FLIGHTREC_MARK_*); id and parent,
 * zero for none.
 *
 * GAP has @gap: where it ends, the number of segments that are missing, and of
 * events in them, or FLIGHTREC_EVENTS_UNKNOWN. LOST has @lost.
 */
struct flightrec_event {
	uint64_t time_ns;
	uint64_t clock;
	uint32_t type;
	uint32_t cpu;
	const struct flightrec_thread *thread;
	const struct flightrec_thread *running;
	__extension__ union {
		struct {
			uint32_t state;
			uint32_t nr;
		} sw;
		struct {
			uint32_t target_cpu;
			uint32_t context;
		} waking;
		struct {
			uint32_t from_cpu;
			uint32_t to_cpu;
		} migrate;
		struct {
			const struct flightrec_thread *parent;
		} fork;
		struct {
			uint32_t old_tid;
			uint16_t name_bytes;
			uint16_t name_cut;
			const char *name;
		} exec;
		struct {
			int32_t oom_score_adj;
			const char *from;
			const char *to;
		} rename;
		struct {
			const char *text;
			uint32_t text_bytes;
			uint32_t kind;
			uint64_t id;
			uint64_t parent;
		} mark;
		struct {
			uint64_t end_ns;
			uint64_t segments;
			uint64_t events;
		} gap;
		struct {
			uint64_t since_ns;
			uint64_t events;
		} lost;
	};
};

/**
 * flightrec_trace_next - the next event of all CPUs
 * @trace: the trace
 * @event: it, or NULL at the end; the trace's, until the next call on it
 *
 * Events come in the order of their time; of the same time, by rising CPU, and
 * of one CPU as they were recorded.
 *
 * Errors: -ENOMEM; the iteration has ended then.
 */
int flightrec_trace_next(struct flightrec_trace *trace, const struct flightrec_event **event);

/*
 * flightrec_trace_time_ns - time of the event that flightrec_trace_next() gave last, 0
 * before the first. Only reads, and may be called by a signal handler that interrupts
 * another call on the trace: how far has it come?
 */
uint64_t flightrec_trace_time_ns(const struct flightrec_trace *trace);

/*
 * flightrec_trace_rewind - begin again with the first event. Takes back every
 * struct flightrec_thread. Errors: -ENOMEM.
 */
int flightrec_trace_rewind(struct flightrec_trace *trace);

/*
 * flightrec_trace_seek - go on with the first event at @time_ns or later, forward
 * or back, with the threads' names as they were then; but one that was renamed from
 * another CPU while it ran may keep the old name until it is mentioned again. Takes
 * back every struct flightrec_thread. Costs about as much as reading one segment of
 * each CPU. Errors: -ENOMEM.
 */
int flightrec_trace_seek(struct flightrec_trace *trace, uint64_t time_ns);

/*
 * flightrec_trace_thread - who @tid is at the present moment of the iteration
 * (after the event that flightrec_trace_next() gave last); NULL if neither the
 * records so far nor the rundown mention it. For tid 0, the idle thread of the
 * last event's CPU.
 */
const struct flightrec_thread *flightrec_trace_thread(struct flightrec_trace *trace, uint32_t tid);

/*
 * flightrec_trace_running - who runs on @cpu at the present moment of the
 * iteration; NULL if that isn't known (no stream yet, or in a gap).
 */
const struct flightrec_thread *flightrec_trace_running(struct flightrec_trace *trace, uint32_t cpu);

/*
 * flightrec_trace_monotonic_ns - a value of the recorder's clock as
 * CLOCK_MONOTONIC. Rises with @clock.
 */
uint64_t flightrec_trace_monotonic_ns(const struct flightrec_trace *trace, uint64_t clock);

/* ---------------------------------------------------------------- names --- */

/*
 * flightrec_trace_syscall_name - the name of system call @nr in a thread with
 * @thread_flags (FLIGHTREC_TASK_COMPAT counts); NULL if there is none, which is so
 * for FLIGHTREC_NR_NONE. Valid until the trace is closed.
 */
const char *flightrec_trace_syscall_name(struct flightrec_trace *trace, uint32_t nr,
					 uint32_t thread_flags);

/*
 * flightrec_trace_cgroup_path - path of a cgroup from the root of the unified
 * hierarchy, "/" for the root itself; NULL if the snapshot doesn't have it (no
 * live task was in it at the cut). Valid until the trace is closed.
 */
const char *flightrec_trace_cgroup_path(const struct flightrec_trace *trace, uint64_t id);

/* flightrec_state_letter - the kernel's letter of FLIGHTREC_STATE_*: R, S, D, ... */
char flightrec_state_letter(uint32_t state);

/* -------------------------------------------------------------- rundown --- */

/*
 * flightrec_trace_get_task - the @index'th of info.tasks live tasks at the time of
 * the rundown, info.rundown_ns, by rising tid. @task is filled in; what the file doesn't have is zero.
 * Independent of the iteration.
 *
 * Errors: -ENOENT behind the last.
 */
int flightrec_trace_get_task(const struct flightrec_trace *trace, uint32_t index,
			     struct flightrec_task *task);

/*
 * flightrec_trace_find_task - the live task with this tid, at the same time. Independent
 * of the iteration. Errors: -ENOENT if there is none.
 */
int flightrec_trace_find_task(const struct flightrec_trace *trace, uint32_t tid,
			      struct flightrec_task *task);

/* ------------------------------------------------------------- segments --- */

/*
 * flightrec_trace_get_segment - the header of the @index'th of info.segments
 * readable segments, in the order of the file; what the file is too old to have is
 * zero (first_event, if block.header_bytes does not reach so far). Of one with
 * FLIGHTREC_SEGMENT_PART the beginning is left out, as the snapshot's begin or since
 * asked for. Independent of the iteration.
 * Errors: -ENOENT behind the last.
 */
int flightrec_trace_get_segment(const struct flightrec_trace *trace, uint32_t index,
				struct flightrec_segment *segment);

#pragma GCC visibility pop

#ifdef __cplusplus
}
#endif

#endif
