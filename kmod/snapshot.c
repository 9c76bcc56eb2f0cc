// SPDX-License-Identifier: GPL-2.0
/*
 * A snapshot: a consistent cut of all rings at one instant, read as one file.
 *
 * Nothing is stopped, swapped or copied when it is taken. The instant is read
 * first; then each segment that reaches into the window is noted and held, and
 * of one that is still being written, how far. That goes on in small steps with
 * the pool's lock, during which CPUs may close and open segments:
 *
 * - a segment that is opened meanwhile starts behind the instant: not in it;
 * - one that is closed meanwhile was open at the instant, and is treated so;
 * - one that is recycled before it is found is missing, and the window starts
 *   behind it.
 *
 * An open segment may be noted with events behind the instant. They are cut off
 * when it is read (slice.c), as is what is older than was asked for. An event that
 * a CPU was just recording at the instant may be missing at the end of that CPU's
 * stream; unless the next snapshot is to continue this one, and a grace period
 * was waited for, in which all CPUs ended what they were at.
 *
 * The size of each block is fixed by then, and so is the order of them: reading
 * again gives the same bytes. What only a reader needs, places and checksums, is
 * left to the first read, so that taking a snapshot is short.
 *
 * A reader may stall for as long as it likes without keeping a segment in use,
 * and what is handed out can't change under the checksum. Where there is room
 * for all of a closed segment's block, it is hashed and copied from where it is,
 * without a page fault, and what was copied counts only if the segment was still
 * there behind that. The rest, and readers that ask for less, come out of a
 * buffer of the snapshot's own, which costs another copy. If the segment has been
 * taken back, a GAP block fills its place.
 */
#include <linux/errno.h>
#include <linux/fs.h>
#include <linux/math64.h>
#include <linux/mm.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/sort.h>
#include <linux/string.h>
#include <linux/uio.h>
#include <linux/utsname.h>
#include <linux/uuid.h>

#include "block.h"
#include "clock.h"
#include "compat.h"
#include "events.h"
#include "recorder.h"
#include "ring.h"
#include "rundown.h"
#include "slice.h"
#include "snapshot.h"

/* Slots that are looked at in one go with the pool's lock. */
#define SLOTS_AT_ONCE 64

/**
 * struct cut_segment - a segment of the snapshot
 * @header: as far as it is known before the segment is read
 * @index: its slot in the pool
 * @generation: of the contents
 * @offset: in the file
 */
struct cut_segment {
	struct flightrec_segment header;
	u32 index;
	u64 generation;
	u64 offset;
};

/**
 * struct flightrec_cut - a snapshot
 * @header: first block of the file
 * @segments: @header.segments of them; in the file's order if @ordered
 * @ordered: they are
 * @laid_out: everything has its place, and what is not a segment its checksum
 * @slice: what is wanted of the segments
 * @behind: the blocks behind the segments
 * @behind_offset: in the file
 * @events: in it, about
 * @lost: events that could not be recorded, told in its segments
 * @largest: bytes of the largest segment, with its header, before it is sliced
 * @buffer: one segment's block; NULL until a reader needs it
 * @buffered: which one; negative: none
 *
 * The caller keeps concurrent reads of one snapshot apart.
 */
struct flightrec_cut {
	struct flightrec_header header;
	struct cut_segment *segments;
	bool ordered;
	bool laid_out;
	struct flightrec_slice slice;
	struct flightrec_rundown_blocks behind;
	u64 behind_offset;
	u64 events;
	u64 lost;
	u64 largest;
	void *buffer;
	int buffered;
};

static uuid_t boot_id;

/* The kernel exports its boot id to user space only, so it is read from there. */
void __init flightrec_snapshot_init(void)
{
	char text[UUID_STRING_LEN + 1] = "";
	struct file *file;
	loff_t pos = 0;

	file = filp_open("/proc/sys/kernel/random/boot_id", O_RDONLY, 0);
	if (IS_ERR(file))
		return;
	if (kernel_read(file, text, UUID_STRING_LEN, &pos) == UUID_STRING_LEN)
		uuid_parse(text, &boot_id);
	filp_close(file, NULL);
}

/* What the cut needs to know while it goes through the slots. */
struct window {
	u64 begin; /* segments that end before are left out */
	u64 from; /* and so is each event that is not younger; 0: none are */
	u64 cut; /* those that start behind are left out */
	u64 start; /* from here on nothing is missing */
};

static void note_slot(struct flightrec_cut *cut, u32 index, u64 end, u32 flags, u32 used)
{
	const struct flightrec_slot *slot = &flightrec_pool.slots[index];

	flightrec_pool_hold(&flightrec_pool, index);
	/* With all of it named, it is not cleared first. */
	cut->segments[cut->header.segments++] = (struct cut_segment){
		.header = {
			.block = {
				.magic = FLIGHTREC_BLOCK_MAGIC,
				.type = FLIGHTREC_BLOCK_SEGMENT,
				.header_bytes = sizeof(struct flightrec_segment),
				.bytes = sizeof(struct flightrec_segment) + used,
				.checksum = 0,
			},
			.cpu = slot->cpu,
			.flags = slot->flags | flags,
			.seq = slot->seq,
			.start_clock = slot->start,
			.pair_clock = slot->pair_clock,
			.pair_monotonic_ns = slot->pair_ns,
			.end_clock = end,
			.start_tid = slot->start_tid,
			.data_bytes = used,
			.events = slot->events,
			.lost = slot->lost,
			.first_event = slot->first_event,
		},
		.index = index,
		.generation = slot->generation,
		.offset = 0,
	};
}

static void note_open_slot(struct flightrec_cut *cut, u32 index, const struct window *window)
{
	const struct flightrec_slot *slot = &flightrec_pool.slots[index];
	struct flightrec_ring_written written;
	struct flightrec_segment *header;

	if (!flightrec_ring_written(flightrec_events_ring(slot->cpu), index, &written))
		return;
	note_slot(cut, index, window->cut, FLIGHTREC_SEGMENT_OPEN, written.used);
	header = &cut->segments[cut->header.segments - 1].header;
	header->events = written.events;
	header->lost = written.lost;
}

static void visit_slot(struct flightrec_cut *cut, u32 index, struct window *window)
{
	const struct flightrec_slot *slot = &flightrec_pool.slots[index];
	bool open = flightrec_pool_slot_open(&flightrec_pool, index);

	if (!open && !flightrec_pool_slot_closed(&flightrec_pool, index))
		return;
	if (slot->start > window->cut || (!open && slot->end <= window->from))
		return;
	if (open)
		note_open_slot(cut, index, window);
	else if (slot->end > window->cut)
		note_slot(cut, index, window->cut, FLIGHTREC_SEGMENT_OPEN, slot->used);
	else if (slot->end >= window->begin)
		note_slot(cut, index, slot->end, 0, slot->used);
	else
		window->start = max(window->start, slot->end);
}

/* Notes and holds all that reaches into the window. */
static void gather(struct flightrec_cut *cut, u32 room, struct window *window)
{
	struct flightrec_pool *pool = &flightrec_pool;
	unsigned long flags;
	u32 index = 0;
	bool more = true;

	while (more) {
		u32 stop = index + SLOTS_AT_ONCE;

		raw_spin_lock_irqsave(&pool->lock, flags);
		for (; index < stop && index < pool->capacity && index < room; index++)
			visit_slot(cut, index, window);
		more = index == stop;
		window->start = max(window->start, pool->complete_since);
		raw_spin_unlock_irqrestore(&pool->lock, flags);
	}
}

static void release(struct flightrec_cut *cut, u32 from, u32 to)
{
	struct flightrec_pool *pool = &flightrec_pool;
	unsigned long flags;
	u32 i;

	while (from < to) {
		u32 stop = min(from + SLOTS_AT_ONCE, to);

		raw_spin_lock_irqsave(&pool->lock, flags);
		for (i = from; i < stop; i++)
			flightrec_pool_release(pool, cut->segments[i].index,
					       cut->segments[i].generation);
		raw_spin_unlock_irqrestore(&pool->lock, flags);
		from = stop;
	}
}

/* The open ones, which end at the cut, come last. */
static int by_end(const void *a, const void *b)
{
	const struct flightrec_segment *first = &((const struct cut_segment *)a)->header;
	const struct flightrec_segment *second = &((const struct cut_segment *)b)->header;
	int open = (int)(first->flags & FLIGHTREC_SEGMENT_OPEN) -
		   (int)(second->flags & FLIGHTREC_SEGMENT_OPEN);

	if (open)
		return open;
	if (first->end_clock != second->end_clock)
		return first->end_clock < second->end_clock ? -1 : 1;
	if (first->cpu != second->cpu)
		return first->cpu < second->cpu ? -1 : 1;
	return first->seq < second->seq ? -1 : 1;
}

/*
 * The file's order: what the recorder would take back first comes first, and a
 * file that is cut short lacks the youngest.
 */
static void put_in_order(struct flightrec_cut *cut)
{
	if (!cut->ordered)
		sort(cut->segments, cut->header.segments, sizeof(*cut->segments), by_end, NULL);
	cut->ordered = true;
}

/*
 * Adds it all up, without the oldest segments if else the file would not fit
 * max_bytes. Return: 0, or -EINVAL if not even the rest of the file does.
 */
static int fit(struct flightrec_cut *cut, struct window *window)
{
	struct flightrec_header *header = &cut->header;
	u64 bytes = sizeof(*header) + cut->behind.bytes + sizeof(struct flightrec_end);
	u32 i, out = 0;

	if (bytes > header->max_bytes)
		return -EINVAL;
	for (i = 0; i < header->segments; i++) {
		const struct flightrec_segment *segment = &cut->segments[i].header;

		bytes += segment->block.bytes;
		cut->largest = max_t(u64, cut->largest, sizeof(*segment) + segment->data_bytes);
		cut->events += segment->events;
		cut->lost += segment->lost;
	}
	if (bytes > header->max_bytes)
		put_in_order(cut);
	for (; bytes > header->max_bytes; out++) {
		const struct flightrec_segment *oldest = &cut->segments[out].header;

		window->start = max(window->start, oldest->end_clock);
		bytes -= oldest->block.bytes;
		cut->events -= oldest->events;
		cut->lost -= oldest->lost;
	}
	if (out) {
		release(cut, 0, out);
		header->segments -= out;
		memmove(cut->segments, cut->segments + out,
			header->segments * sizeof(*cut->segments));
	}
	header->file_bytes = bytes;
	return 0;
}

/* Gives each block its place, and those that are no segments their checksums. */
static void lay_out(struct flightrec_cut *cut)
{
	u64 offset = sizeof(cut->header);
	struct flightrec_end *end;
	u32 i;

	if (cut->laid_out)
		return;
	put_in_order(cut);
	for (i = 0; i < cut->header.segments; i++) {
		cut->segments[i].offset = offset;
		offset += cut->segments[i].header.block.bytes;
	}
	cut->behind_offset = offset;

	end = cut->behind.data + cut->behind.bytes;
	flightrec_block_init(&end->block, FLIGHTREC_BLOCK_END, sizeof(*end), sizeof(*end));
	end->file_bytes = cut->header.file_bytes;
	flightrec_block_seal(&end->block);
	flightrec_block_seal(&cut->header.block);
	flightrec_rundown_seal(&cut->behind);
	cut->laid_out = true;
}

static u64 lost_so_far(void)
{
	struct flightrec_ring_stats stats;
	u64 lost = 0;
	int cpu;

	for_each_possible_cpu(cpu) {
		flightrec_ring_stats(flightrec_events_ring(cpu), &stats);
		lost += stats.lost;
	}
	return lost;
}

/* The part of the header that is known before anything is gathered. */
static void describe_recorder(struct flightrec_header *header, const struct flightrec_state *state)
{
	flightrec_block_init(&header->block, FLIGHTREC_BLOCK_HEADER, sizeof(*header),
			     sizeof(*header));
	header->version = FLIGHTREC_FORMAT_VERSION;
	header->machine = FLIGHTREC_MACHINE;
	header->clock = flightrec_clock_id();
	header->clock_khz = flightrec_clock_khz();
	header->cpus_possible = num_possible_cpus();
	header->cpus_online = num_online_cpus();
	if (state->recording)
		header->flags |= FLIGHTREC_HEADER_RECORDING;
	header->origin_clock = flightrec_clock_origin()->clock;
	header->origin_monotonic_ns = flightrec_clock_origin()->monotonic_ns;
	header->cut_clock = state->now.clock;
	header->cut_monotonic_ns = state->now.monotonic_ns;
	header->cut_realtime_ns = state->now.realtime_ns;
	header->cut_boottime_ns = state->now.boottime_ns;
	header->recording_since_clock = state->since.clock;
	header->pool_max_bytes = state->config.max_bytes;
	header->segment_bytes = state->config.segment_bytes;
	header->events = flightrec_events_recorded();
	memcpy(header->boot_id, &boot_id, sizeof(header->boot_id));
	strscpy_pad(header->release, init_utsname()->release, sizeof(header->release));
	strscpy_pad(header->host, init_utsname()->nodename, sizeof(header->host));
	header->taker_tid = current->pid;
	header->taker_tgid = current->tgid;
}

static void describe_window(struct flightrec_header *header, const struct window *window)
{
	u64 start = max(window->start, window->from);

	header->complete_since_clock =
		max(READ_ONCE(flightrec_pool.complete_since), READ_ONCE(flightrec_pool.cleared));
	header->window_start_clock = min(start, window->cut);
	header->begin_clock = window->from;
	header->events_lost = lost_so_far();
	if (header->window_start_clock <= window->begin)
		header->flags |= FLIGHTREC_HEADER_MIN_AGE_MET;
}

/*
 * Moves the cut to an earlier time. Realtime and boottime are those of then if
 * nobody set the clock, and the machine was not suspended since.
 */
static void move_cut(struct flightrec_instant *now, u64 end_ns)
{
	u64 past;

	if (!end_ns || end_ns >= now->monotonic_ns)
		return;
	/* Before the load, nobody knows what the clock was. */
	end_ns = max(end_ns, flightrec_clock_origin()->monotonic_ns);
	past = now->monotonic_ns - end_ns;
	now->clock = flightrec_clock_from_ns(end_ns);
	now->monotonic_ns = end_ns;
	now->realtime_ns -= past;
	now->boottime_ns -= past;
}

/* What is asked for, in terms of the clock. Return: 0 or -EINVAL. */
static int find_window(const struct flightrec_snapshot *request, struct flightrec_header *header,
		       struct window *window)
{
	u64 span = flightrec_clock_from_ns_span(header->min_age_ns);

	window->cut = header->cut_clock;
	window->start = 0;
	window->begin = window->cut - min(span, window->cut);
	window->from = READ_ONCE(flightrec_pool.cleared);
	if (request->since > flightrec_clock() || request->begin_ns > ktime_get_ns())
		return -EINVAL;
	if (request->begin_ns && request->end_ns && request->begin_ns >= request->end_ns)
		return -EINVAL;
	/* The event at the very begin is wanted. */
	if (request->begin_ns)
		window->from = max(window->from, flightrec_clock_from_ns(request->begin_ns) - 1);
	window->from = max(window->from, request->since);
	/* When recording is off, the cut is when it ended. */
	window->from = min(window->from, window->cut);
	if (request->begin_ns || (request->since && !request->min_age_ns))
		window->begin = window->from;
	return 0;
}

/* Of segments that are wanted in part, what they need in the file. */
static void measure_slices(struct flightrec_cut *cut)
{
	struct flightrec_pool *pool = &flightrec_pool;
	u32 i;

	for (i = 0; i < cut->header.segments; i++) {
		struct cut_segment *segment = &cut->segments[i];
		struct flightrec_segment header = segment->header;
		const u64 *words;
		bool sliced;

		words = flightrec_pool_begin_read(pool, segment->index, segment->generation);
		sliced = words && flightrec_slice_take(&cut->slice, &header, words, NULL);
		if (flightrec_pool_end_read(pool, segment->index, segment->generation) && sliced) {
			segment->header.block.bytes = sizeof(header) + header.data_bytes;
			segment->header.events = header.events;
		}
		cond_resched();
	}
}

static void free_cut(struct flightrec_cut *cut)
{
	kvfree(cut->behind.data);
	kvfree(cut->buffer);
	kvfree(cut->segments);
	kfree(cut);
}

/* All but the memory that is needed first. */
static int take(struct flightrec_cut *cut, const struct flightrec_snapshot *request, u32 capacity)
{
	struct flightrec_header *header = &cut->header;
	struct flightrec_state state;
	struct window window;
	int err;

	flightrec_recorder_state(&state);
	move_cut(&state.now, request->end_ns);
	header->min_age_ns = request->min_age_ns ?: state.config.min_age_ns;
	header->max_bytes = request->max_bytes ?: state.config.max_bytes;
	header->events_wanted = request->events_wanted ?: FLIGHTREC_EVENTS_ALL;
	describe_recorder(header, &state);
	err = find_window(request, header, &window);
	if (err)
		return err;
	cut->slice.from = window.from;
	cut->slice.to = window.cut;
	cut->slice.events = header->events_wanted;
	if (request->flags & FLIGHTREC_SNAPSHOT_CONTINUE) {
		/* Never back, so that nothing is told twice. */
		header->cursor = max(window.cut, request->since);
		synchronize_rcu();
	}

	gather(cut, capacity, &window);
	header->rundown_clock = flightrec_clock();
	err = flightrec_rundown_take(&cut->behind);
	if (err)
		return err;
	if (cut->slice.events != FLIGHTREC_EVENTS_ALL)
		measure_slices(cut);
	err = fit(cut, &window);
	if (err)
		return err;
	describe_window(header, &window);
	return 0;
}

/**
 * flightrec_cut_take() - take a snapshot
 * @request: how, see the ioctl
 *
 * Return: the snapshot, to be freed with flightrec_cut_free(); or ERR_PTR() of
 * -ENOMEM, or of -EINVAL if the request can't be met.
 */
struct flightrec_cut *flightrec_cut_take(const struct flightrec_snapshot *request)
{
	struct flightrec_cut *cut;
	u32 capacity;
	int err;

	cut = kzalloc(sizeof(*cut), GFP_KERNEL_ACCOUNT);
	if (!cut)
		return ERR_PTR(-ENOMEM);
	cut->buffered = -1;
	capacity = READ_ONCE(flightrec_pool.capacity);
	cut->segments = kvmalloc_array(capacity, sizeof(*cut->segments), GFP_KERNEL_ACCOUNT);
	if (!cut->segments) {
		free_cut(cut);
		return ERR_PTR(-ENOMEM);
	}
	flightrec_recorder_count_snapshots(1);
	err = take(cut, request, capacity);
	if (err) {
		flightrec_cut_free(cut);
		return ERR_PTR(err);
	}
	return cut;
}

/**
 * flightrec_cut_free() - let go of a snapshot and all that it holds
 * @cut: it; NULL is fine
 */
void flightrec_cut_free(struct flightrec_cut *cut)
{
	if (!cut)
		return;
	release(cut, 0, cut->header.segments);
	flightrec_recorder_count_snapshots(-1);
	free_cut(cut);
}

u64 flightrec_cut_bytes(const struct flightrec_cut *cut)
{
	return cut->header.file_bytes;
}

/* Fills in what SNAPSHOT tells of it. */
void flightrec_cut_tell(const struct flightrec_cut *cut, struct flightrec_snapshot *told)
{
	const struct flightrec_header *header = &cut->header;

	told->flags = 0;
	told->min_age_ns = header->min_age_ns;
	told->max_bytes = header->max_bytes;
	told->bytes = header->file_bytes;
	told->events = cut->events;
	told->events_lost = cut->lost;
	told->segments = header->segments;
	told->window_start_ns = flightrec_clock_to_ns(header->window_start_clock);
	told->window_end_ns = header->cut_monotonic_ns;
	told->complete_since_ns = flightrec_clock_to_ns(header->complete_since_clock);
	if (header->flags & FLIGHTREC_HEADER_MIN_AGE_MET)
		told->flags |= FLIGHTREC_SNAPSHOT_MIN_AGE_MET;
	if (told->since && header->window_start_clock <= told->since)
		told->flags |= FLIGHTREC_SNAPSHOT_SINCE_MET;
	told->cursor = header->cursor;
}

/* Whether not all that was noted of the segment is wanted. */
static bool needs_slicing(const struct flightrec_cut *cut, const struct cut_segment *segment)
{
	return segment->header.flags & FLIGHTREC_SEGMENT_OPEN ||
	       segment->header.start_clock <= cut->slice.from ||
	       cut->slice.events != FLIGHTREC_EVENTS_ALL;
}

/* Leaves of the buffered segment what is wanted. */
static void slice_buffered(struct flightrec_cut *cut, struct flightrec_segment *header, u64 *words)
{
	u32 had = header->data_bytes;

	WARN_ON_ONCE(!flightrec_slice_take(&cut->slice, header, words, words));
	memset((void *)words + header->data_bytes, 0, had - header->data_bytes);
}

/* Brings the block of one segment into the buffer. Return: 0 or -ENOMEM. */
static int buffer_segment(struct flightrec_cut *cut, int i)
{
	struct cut_segment *segment = &cut->segments[i];
	u32 used = segment->header.data_bytes;
	struct flightrec_segment *header;
	u64 *words;

	if (cut->buffered == i)
		return 0;
	if (!cut->buffer)
		cut->buffer = kvmalloc(cut->largest, GFP_KERNEL_ACCOUNT);
	if (!cut->buffer)
		return -ENOMEM;
	header = cut->buffer;
	words = (u64 *)(header + 1);
	*header = segment->header;
	if (flightrec_pool_copy(&flightrec_pool, segment->index, segment->generation, words,
				used)) {
		if (needs_slicing(cut, segment))
			slice_buffered(cut, header, words);
	} else {
		header->block.type = FLIGHTREC_BLOCK_GAP;
		header->data_bytes = 0;
		memset(words, 0, used);
	}
	flightrec_block_seal(&header->block);
	cut->buffered = i;
	return 0;
}

/* Copies all of a closed segment's block; false, and @to is as before, if it can't. */
static bool copy_in_place(const struct cut_segment *segment, struct iov_iter *to)
{
	struct flightrec_segment header = segment->header;
	size_t copied;
	const void *data;
	bool there;

	data = flightrec_pool_begin_read(&flightrec_pool, segment->index, segment->generation);
	if (data) {
		flightrec_block_seal_parts(&header.block, data);
		/* A fault may take as long as user space likes, and the pool waits. */
		pagefault_disable();
		copied = copy_to_iter(&header, sizeof(header), to);
		copied += copy_to_iter(data, header.data_bytes, to);
		pagefault_enable();
	}
	there = flightrec_pool_end_read(&flightrec_pool, segment->index, segment->generation);
	if (!data)
		return false;
	if (there && copied == header.block.bytes)
		return true;
	iov_iter_revert(to, copied);
	return false;
}

/*
 * Hands out all of segment @i's block without the buffer. False if that can't be,
 * and nothing was.
 */
static bool read_in_place(struct flightrec_cut *cut, int i, struct iov_iter *to)
{
	const struct cut_segment *segment = &cut->segments[i];

	if (needs_slicing(cut, segment))
		return false;
	return copy_in_place(segment, to) ||
	       (!flightrec_fault_in(to, segment->header.block.bytes) && copy_in_place(segment, to));
}

/* The segment whose block has the byte at @pos. */
static int find_segment(const struct flightrec_cut *cut, u64 pos)
{
	int low = 0, high = cut->header.segments;

	while (high - low > 1) {
		int middle = low + (high - low) / 2;

		if (cut->segments[middle].offset <= pos)
			low = middle;
		else
			high = middle;
	}
	return low;
}

/*
 * Copies bytes from memory, as many as there is room for. Return: how many, 0 at
 * a fault.
 */
static ssize_t copy_bytes(const void *from, size_t bytes, struct iov_iter *to)
{
	return copy_to_iter(from, min(bytes, iov_iter_count(to)), to);
}

/* The bytes at @pos, which is in segment @i; 0 at a fault, or -ENOMEM. */
static ssize_t read_segment(struct flightrec_cut *cut, int i, u64 pos, struct iov_iter *to)
{
	const struct cut_segment *segment = &cut->segments[i];
	u64 bytes = segment->header.block.bytes;
	u64 at = pos - segment->offset;
	int err;

	if (!at && iov_iter_count(to) >= bytes && cut->buffered != i && read_in_place(cut, i, to))
		return bytes;
	err = buffer_segment(cut, i);
	return err ?: copy_bytes(cut->buffer + at, bytes - at, to);
}

/* As many bytes from @pos on as lie together; 0 at a fault, or -ENOMEM. */
static ssize_t read_part(struct flightrec_cut *cut, u64 pos, struct iov_iter *to)
{
	const struct flightrec_header *header = &cut->header;

	if (pos < sizeof(*header))
		return copy_bytes((void *)header + pos, sizeof(*header) - pos, to);
	if (pos >= cut->behind_offset)
		return copy_bytes(cut->behind.data + (pos - cut->behind_offset),
				  header->file_bytes - pos, to);
	return read_segment(cut, find_segment(cut, pos), pos, to);
}

/*
 * Whether to end a read of @done bytes here: what it has left has no room for the
 * block that begins, and all of another like it has. So the block needn't be
 * buffered.
 */
static bool ends_well(const struct flightrec_cut *cut, u64 pos, size_t done,
		      const struct iov_iter *to)
{
	const struct cut_segment *segment;
	u64 bytes;

	if (!done || pos >= cut->behind_offset)
		return false;
	segment = &cut->segments[find_segment(cut, pos)];
	bytes = segment->header.block.bytes;
	return segment->offset == pos && !needs_slicing(cut, segment) &&
	       iov_iter_count(to) < bytes && done + iov_iter_count(to) >= bytes;
}

/**
 * flightrec_cut_read() - read a snapshot as a file
 * @cut: the snapshot
 * @pos: offset in the file; moved on
 * @to: where to
 *
 * Return: the number of bytes, 0 at the end. They may be less than there is room
 * for. Or, if there are none, -EFAULT, -ENOMEM, or -EINTR at a fatal signal.
 */
ssize_t flightrec_cut_read(struct flightrec_cut *cut, loff_t *pos, struct iov_iter *to)
{
	ssize_t part, done = 0;

	lay_out(cut);
	while (iov_iter_count(to) && *pos < cut->header.file_bytes) {
		if (ends_well(cut, *pos, done, to))
			break;
		if (fatal_signal_pending(current))
			return done ?: -EINTR;
		part = read_part(cut, *pos, to);
		if (part <= 0)
			return done ?: part ?: -EFAULT;
		*pos += part;
		done += part;
		cond_resched();
	}
	return done;
}
