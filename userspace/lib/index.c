// SPDX-License-Identifier: LGPL-2.1
/*
 * What is in a file: walks from block to block, checks every one, and finds the
 * next good one behind damage.
 */
#include <errno.h>
#include <stdlib.h>
#include <xxhash.h>

#include "load.h"
#include "trace.h"

#define ALIGNMENT	   8

/* The header of the first version, which had nothing behind the taker. */
#define HEADER_LEAST_BYTES offsetof(struct flightrec_header, begin_clock)

struct walk {
	struct flightrec_trace *trace;
	XXH64_state_t *hash;
	/*
	 * Bytes that may still be hashed in search of a good block. A file made of
	 * nothing but starts of blocks would otherwise take time by the square of
	 * its size.
	 */
	uint64_t search_bytes;
	bool ended;
};

#define SEARCH_FACTOR 8

/* Whether what lies at @offset can be a block, going by its first words. */
static bool block_plausible(const struct source *source, size_t offset)
{
	const uint8_t *block = source->data + offset;
	size_t room = source->bytes - offset;
	uint64_t header_bytes, bytes;

	if (room < sizeof(struct flightrec_block) ||
	    load_field(block, struct flightrec_block, magic) != FLIGHTREC_BLOCK_MAGIC)
		return false;
	header_bytes = load_field(block, struct flightrec_block, header_bytes);
	bytes = load_field(block, struct flightrec_block, bytes);
	return bytes <= room && bytes % ALIGNMENT == 0 && header_bytes % ALIGNMENT == 0 &&
	       header_bytes >= sizeof(struct flightrec_block) && header_bytes <= bytes;
}

static uint64_t block_bytes(const struct source *source, size_t offset)
{
	return load_field(source->data + offset, struct flightrec_block, bytes);
}

static bool block_good(const struct walk *walk, size_t offset)
{
	static const uint64_t no_checksum;
	const struct source *source = &walk->trace->source;
	const size_t at = offsetof(struct flightrec_block, checksum);
	const size_t behind = at + sizeof(no_checksum);
	const uint8_t *block = source->data + offset;

	if (!block_plausible(source, offset))
		return false;
	XXH64_reset(walk->hash, 0);
	XXH64_update(walk->hash, block, at);
	XXH64_update(walk->hash, &no_checksum, sizeof(no_checksum));
	XXH64_update(walk->hash, block + behind, block_bytes(source, offset) - behind);
	return XXH64_digest(walk->hash) == load_field(block, struct flightrec_block, checksum);
}

/* The same in a search, which ends when it has cost too much. */
static bool block_found(struct walk *walk, size_t offset)
{
	uint64_t bytes;

	if (!block_plausible(&walk->trace->source, offset))
		return false;
	bytes = block_bytes(&walk->trace->source, offset);
	if (bytes > walk->search_bytes) {
		walk->search_bytes = 0;
		return false;
	}
	walk->search_bytes -= bytes;
	return block_good(walk, offset);
}

/*
 * The next good block behind a bad one; the file's end if there is none. First
 * where the bad one says that it ends: what it holds may look like a block.
 */
static size_t walk_search(struct walk *walk, size_t offset)
{
	const struct source *source = &walk->trace->source;
	size_t next;

	if (block_plausible(source, offset)) {
		next = offset + block_bytes(source, offset);
		if (next == source->bytes || block_found(walk, next))
			return next;
	}
	for (next = offset + ALIGNMENT; next < source->bytes && walk->search_bytes;
	     next += ALIGNMENT)
		if (block_found(walk, next))
			return next;
	return source->bytes;
}

static void copy_text(char *to, const uint8_t *from, size_t bytes)
{
	memcpy(to, from, bytes);
	to[bytes] = '\0';
}

static int take_header(struct flightrec_trace *trace, const uint8_t *block)
{
	struct flightrec_header *header = &trace->header;
	struct flightrec_trace_info *info = &trace->info;

	if (load_field(block, struct flightrec_block, header_bytes) < HEADER_LEAST_BYTES)
		return -EBADMSG;
	header->version = load_field(block, struct flightrec_header, version);
	if (header->version > FLIGHTREC_FORMAT_VERSION)
		return -EPROTONOSUPPORT;
	if (info->version || !header->version)
		return -EBADMSG;

	header->flags = load_field(block, struct flightrec_header, flags);
	header->segments = load_field(block, struct flightrec_header, segments);
	header->origin_clock = load_field(block, struct flightrec_header, origin_clock);
	header->origin_monotonic_ns =
		load_field(block, struct flightrec_header, origin_monotonic_ns);
	header->cut_clock = load_field(block, struct flightrec_header, cut_clock);
	header->cut_monotonic_ns = load_field(block, struct flightrec_header, cut_monotonic_ns);
	header->cut_realtime_ns = load_field(block, struct flightrec_header, cut_realtime_ns);
	header->cut_boottime_ns = load_field(block, struct flightrec_header, cut_boottime_ns);
	header->window_start_clock = load_field(block, struct flightrec_header, window_start_clock);
	header->complete_since_clock =
		load_field(block, struct flightrec_header, complete_since_clock);
	header->recording_since_clock =
		load_field(block, struct flightrec_header, recording_since_clock);
	header->begin_clock = load_later_field(block, struct flightrec_header, begin_clock);
	header->rundown_clock = load_later_field(block, struct flightrec_header, rundown_clock);

	info->version = header->version;
	info->machine = load_field(block, struct flightrec_header, machine);
	info->clock = load_field(block, struct flightrec_header, clock);
	info->clock_khz = load_field(block, struct flightrec_header, clock_khz);
	info->cpus_possible = load_field(block, struct flightrec_header, cpus_possible);
	info->cpus_online = load_field(block, struct flightrec_header, cpus_online);
	info->taker_tid = load_field(block, struct flightrec_header, taker_tid);
	info->file_bytes = load_field(block, struct flightrec_header, file_bytes);
	info->events_lost_ever = load_field(block, struct flightrec_header, events_lost);
	info->min_age_ns = load_field(block, struct flightrec_header, min_age_ns);
	info->max_bytes = load_field(block, struct flightrec_header, max_bytes);
	info->pool_max_bytes = load_field(block, struct flightrec_header, pool_max_bytes);
	info->segment_bytes = load_field(block, struct flightrec_header, segment_bytes);
	info->event_mask = load_field(block, struct flightrec_header, events);
	info->events_wanted = load_later_field(block, struct flightrec_header, events_wanted);
	info->cursor = load_later_field(block, struct flightrec_header, cursor);
	memcpy(info->boot_id, block + offsetof(struct flightrec_header, boot_id),
	       sizeof(info->boot_id));
	copy_text(info->release, block + offsetof(struct flightrec_header, release),
		  sizeof(header->release));
	copy_text(info->host, block + offsetof(struct flightrec_header, host),
		  sizeof(header->host));
	return 0;
}

static int take_segment(struct flightrec_trace *trace, size_t offset, enum segment_kind kind)
{
	const uint8_t *block = trace->source.data + offset;
	struct segment segment = { .kind = kind, .offset = offset };
	size_t room = trace->source.bytes - offset;

	/* A damaged one may say what it likes of its header's length. */
	if (room < SEGMENT_LEAST_BYTES ||
	    room < load_field(block, struct flightrec_block, header_bytes))
		return -EBADMSG;
	flightrec_segment_parse(&segment.header, block);
	if (!flightrec_segment_sensible(&segment.header))
		return -EBADMSG;
	segment.data = block + segment.header.block.header_bytes;
	return flightrec_segment_add(&trace->segments, &segment);
}

/* Takes a good block; -EBADMSG if what it holds makes no sense all the same. */
static int take_block(struct walk *walk, size_t offset)
{
	struct flightrec_trace *trace = walk->trace;
	const uint8_t *block = trace->source.data + offset;
	size_t bytes = block_bytes(&trace->source, offset);

	switch (load_field(block, struct flightrec_block, type)) {
	case FLIGHTREC_BLOCK_HEADER:
		return take_header(trace, block);
	case FLIGHTREC_BLOCK_SEGMENT:
		return take_segment(trace, offset, SEGMENT_READABLE);
	case FLIGHTREC_BLOCK_GAP:
		return take_segment(trace, offset, SEGMENT_TAKEN_BACK);
	case FLIGHTREC_BLOCK_RUNDOWN:
		return trace->rundown.entries
			       ? -EBADMSG
			       : flightrec_rundown_take(&trace->rundown, block, bytes);
	case FLIGHTREC_BLOCK_CGROUPS:
		return trace->cgroups.cgroups
			       ? -EBADMSG
			       : flightrec_cgroup_table_take(&trace->cgroups, block, bytes);
	case FLIGHTREC_BLOCK_END:
		walk->ended = true;
		return 0;
	default:
		return 0;
	}
}

static void note_damage(struct flightrec_trace *trace, size_t offset, size_t bytes)
{
	struct flightrec_trace_info *info = &trace->info;

	if (!info->damaged_blocks)
		info->damage_offset = offset;
	info->damaged_blocks++;
	info->damaged_bytes += bytes;
	info->flags |= FLIGHTREC_TRACE_DAMAGED;
}

/* A bad block at @offset: if it looks like a segment, it says what is missing. */
static int take_damaged(struct flightrec_trace *trace, size_t offset)
{
	const uint8_t *block = trace->source.data + offset;
	int err;

	if (trace->source.bytes - offset < sizeof(struct flightrec_block) ||
	    load_field(block, struct flightrec_block, magic) != FLIGHTREC_BLOCK_MAGIC ||
	    load_field(block, struct flightrec_block, type) != FLIGHTREC_BLOCK_SEGMENT)
		return 0;
	err = take_segment(trace, offset, SEGMENT_DAMAGED);
	return err == -EBADMSG ? 0 : err;
}

static int walk_blocks(struct walk *walk)
{
	struct flightrec_trace *trace = walk->trace;
	const struct source *source = &trace->source;
	size_t offset = 0, next;
	int err;

	while (offset < source->bytes && !walk->ended) {
		if (block_good(walk, offset)) {
			next = offset + block_bytes(source, offset);
			err = take_block(walk, offset);
			if (err == -EBADMSG)
				note_damage(trace, offset, next - offset);
			else if (err)
				return err;
		} else {
			next = walk_search(walk, offset);
			note_damage(trace, offset, next - offset);
			err = take_damaged(trace, offset);
			if (err)
				return err;
		}
		flightrec_source_drop(source, offset, next - offset);
		offset = next;
	}
	if (offset < source->bytes)
		note_damage(trace, offset, source->bytes - offset);
	return 0;
}

/* Finds and checks all blocks, and notes what is missing. */
int flightrec_trace_index(struct flightrec_trace *trace)
{
	struct flightrec_trace_info *info = &trace->info;
	struct walk walk = {
		.trace = trace,
		.search_bytes = SEARCH_FACTOR * (uint64_t)trace->source.bytes,
	};
	int err;

	if (!trace->source.bytes)
		return -ENODATA;
	walk.hash = XXH64_createState();
	if (!walk.hash)
		return -ENOMEM;
	err = walk_blocks(&walk);
	XXH64_freeState(walk.hash);
	if (err)
		return err;

	info->bytes = trace->source.bytes;
	if (!walk.ended)
		info->flags |= FLIGHTREC_TRACE_CUT_SHORT;
	if (!info->version)
		info->flags |= FLIGHTREC_TRACE_NO_HEADER;
	if (!trace->rundown.entries)
		info->flags |= FLIGHTREC_TRACE_NO_RUNDOWN;
	return 0;
}
