// SPDX-License-Identifier: LGPL-2.1
/* A snapshot: opened, described, closed. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "trace.h"

/*
 * What a rundown takes to be written: behind a cut that is so much older, it was
 * asked for in the past.
 */
#define RUNDOWN_LATE_NS 20000000

/* Without a header, what happened last is the end of what can be known. */
static uint64_t last_clock(const struct segment_table *table)
{
	uint64_t last = 0;

	for (size_t i = 0; i < table->count; i++) {
		const struct flightrec_segment *header = &table->segments[i].header;

		if (table->segments[i].kind != SEGMENT_READABLE)
			continue;
		if (header->start_clock > last)
			last = header->start_clock;
		if (header->end_clock > last)
			last = header->end_clock;
	}
	return last;
}

static int build_clock_map(struct flightrec_trace *trace)
{
	const struct segment_table *table = &trace->segments;
	const struct flightrec_header *header = &trace->header;
	struct clock_pair *pairs;
	size_t count = 0;
	int err;

	if (trace->info.clock == FLIGHTREC_CLOCK_MONOTONIC)
		return flightrec_clock_map_identity(&trace->clock_map);

	pairs = calloc(table->count + 2, sizeof(*pairs));
	if (!pairs)
		return -ENOMEM;
	if (header->version) {
		pairs[count++] =
			(struct clock_pair){ header->origin_clock, header->origin_monotonic_ns };
		pairs[count++] = (struct clock_pair){ header->cut_clock, header->cut_monotonic_ns };
	}
	for (size_t i = 0; i < table->count; i++) {
		const struct flightrec_segment *segment = &table->segments[i].header;

		if (table->segments[i].kind != SEGMENT_READABLE)
			continue;
		/* Without a header there is nothing but these. */
		if (!header->version || segment->pair_clock <= trace->cut_clock)
			pairs[count++] = (struct clock_pair){ segment->pair_clock,
							      segment->pair_monotonic_ns };
	}
	err = flightrec_clock_map_build(&trace->clock_map, pairs, count);
	free(pairs);
	return err;
}

/* The streams' segments in the order of CPUs: counts the CPUs. */
static uint32_t count_cpus(const struct segment_table *table)
{
	uint32_t cpus = 0;

	for (size_t i = 0; i < table->in_streams; i++)
		if (!i || table->streams[i]->header.cpu != table->streams[i - 1]->header.cpu)
			cpus++;
	return cpus;
}

static int build_streams(struct flightrec_trace *trace)
{
	struct segment_table *table = &trace->segments;
	struct stream *stream = NULL;
	uint32_t cpus = count_cpus(table);

	trace->streams = calloc(cpus ? cpus : 1, sizeof(*trace->streams));
	trace->cpus = calloc(cpus ? cpus : 1, sizeof(*trace->cpus));
	if (!trace->streams || !trace->cpus)
		return -ENOMEM;
	/* Without a CPU, this one remains, which the iteration ends with. */
	trace->streams[0].next = STREAM_END;
	for (size_t i = 0; i < table->in_streams; i++) {
		if (!stream || table->streams[i]->header.cpu != stream->cpu) {
			stream = &trace->streams[trace->info.cpus++];
			stream->cpu = table->streams[i]->header.cpu;
			stream->segments = &table->streams[i];
			stream->cut_clock = trace->cut_clock;
			stream->source = &trace->source;
		}
		stream->count++;
	}
	return flightrec_merge_init(&trace->merge, trace->streams, cpus);
}

static void describe_cpu(struct flightrec_trace *trace, uint32_t index)
{
	const struct stream *stream = &trace->streams[index];
	struct flightrec_trace_cpu *cpu = &trace->cpus[index];
	uint64_t start = UINT64_MAX, end = 0;

	cpu->cpu = stream->cpu;
	for (size_t i = 0; i < stream->count; i++) {
		const struct segment *segment = stream->segments[i];
		const struct flightrec_segment *header = &segment->header;

		if (i)
			cpu->missing_segments +=
				header->seq - stream->segments[i - 1]->header.seq - 1;
		if (segment->kind != SEGMENT_READABLE) {
			cpu->missing_segments++;
			cpu->lost_events += header->events;
			continue;
		}
		cpu->segments++;
		cpu->events += header->events;
		cpu->lost_events += header->lost;
		cpu->data_bytes += header->data_bytes;
		if (start > header->start_clock)
			start = header->start_clock;
		if (end < header->end_clock)
			end = header->end_clock;
	}
	if (!cpu->segments)
		start = end = stream->segments[0]->header.start_clock;
	if (end > trace->cut_clock)
		end = trace->cut_clock;
	cpu->start_ns = flightrec_clock_map_ns(&trace->clock_map, start);
	cpu->end_ns = flightrec_clock_map_ns(&trace->clock_map, end);
}

/* What the header counts, or else what looks like a segment, and can't be read. */
static void note_unreadable(struct flightrec_trace *trace)
{
	struct flightrec_trace_info *info = &trace->info;
	uint64_t whole = 0, damaged = 0;

	for (size_t i = 0; i < trace->segments.in_streams; i++) {
		if (trace->segments.streams[i]->kind == SEGMENT_DAMAGED)
			damaged++;
		else
			whole++;
	}
	info->unreadable_segments = damaged;
	if (trace->header.version)
		info->unreadable_segments =
			trace->header.segments > whole ? trace->header.segments - whole : 0;
}

/*
 * Segments that the header counts, but that are neither here nor known to be
 * missing from the middle of a stream, were the last ones of theirs.
 */
static void note_short_streams(struct flightrec_trace *trace)
{
	struct flightrec_trace_info *info = &trace->info;
	uint64_t known = info->segments + info->missing_segments;
	bool short_file = info->flags & (FLIGHTREC_TRACE_CUT_SHORT | FLIGHTREC_TRACE_DAMAGED);

	if (trace->header.version) {
		short_file = trace->header.segments > known;
		if (short_file)
			info->missing_segments += trace->header.segments - known;
	}
	for (uint32_t i = 0; i < info->cpus; i++)
		trace->streams[i].short_file = short_file;
}

static void describe_streams(struct flightrec_trace *trace)
{
	struct flightrec_trace_info *info = &trace->info;

	for (uint32_t i = 0; i < info->cpus; i++) {
		const struct flightrec_trace_cpu *cpu = &trace->cpus[i];

		describe_cpu(trace, i);
		info->segments += cpu->segments;
		info->missing_segments += cpu->missing_segments;
		info->segment_data_bytes += cpu->data_bytes;
		info->events += cpu->events;
		info->lost_events += cpu->lost_events;
		if (!i || cpu->start_ns < info->first_ns)
			info->first_ns = cpu->start_ns;
	}
	note_unreadable(trace);
	note_short_streams(trace);
}

/* What can be said of the window when there is no header. */
static void describe_window_of_segments(struct flightrec_trace *trace)
{
	struct flightrec_trace_info *info = &trace->info;

	for (uint32_t i = 0; i < info->cpus; i++)
		if (trace->cpus[i].start_ns > info->window_start_ns)
			info->window_start_ns = trace->cpus[i].start_ns;
	info->window_end_ns = flightrec_clock_map_ns(&trace->clock_map, trace->cut_clock);
	info->complete_since_ns = info->window_start_ns;
}

static void describe_window(struct flightrec_trace *trace)
{
	const struct flightrec_header *header = &trace->header;
	const struct clock_map *map = &trace->clock_map;
	struct flightrec_trace_info *info = &trace->info;

	if (!header->version) {
		describe_window_of_segments(trace);
		return;
	}
	info->window_start_ns = flightrec_clock_map_ns(map, header->window_start_clock);
	info->window_end_ns = header->cut_monotonic_ns;
	info->complete_since_ns = flightrec_clock_map_ns(map, header->complete_since_clock);
	if (header->recording_since_clock)
		info->recording_since_ns =
			flightrec_clock_map_ns(map, header->recording_since_clock);
	info->realtime_offset_ns = header->cut_realtime_ns - header->cut_monotonic_ns;
	info->boottime_offset_ns = header->cut_boottime_ns - header->cut_monotonic_ns;
	if (header->begin_clock)
		info->begin_ns = flightrec_clock_map_ns(map, header->begin_clock);
	info->rundown_ns = info->window_end_ns;
	if (header->rundown_clock > header->cut_clock)
		info->rundown_ns = flightrec_clock_map_ns(map, header->rundown_clock);
	if (info->rundown_ns > info->window_end_ns + RUNDOWN_LATE_NS)
		info->flags |= FLIGHTREC_TRACE_RUNDOWN_LATE;
	if (header->flags & FLIGHTREC_HEADER_RECORDING)
		info->flags |= FLIGHTREC_TRACE_RECORDING;
	if (header->flags & FLIGHTREC_HEADER_MIN_AGE_MET)
		info->flags |= FLIGHTREC_TRACE_MIN_AGE_MET;
}

static int trace_build(struct flightrec_trace *trace)
{
	struct flightrec_trace_info *info = &trace->info;
	int err;

	err = flightrec_trace_index(trace);
	if (err)
		return err;
	err = flightrec_segment_table_sort(&trace->segments, info->cpus_possible);
	if (err)
		return err;
	if (!trace->header.version && !trace->segments.readable_count)
		return -EBADMSG;

	trace->cut_clock = trace->header.version ? trace->header.cut_clock
						 : last_clock(&trace->segments);
	if (trace->cut_clock >= CLOCK_END)
		trace->cut_clock = CLOCK_END - 1;
	err = build_clock_map(trace);
	if (err)
		return err;
	err = build_streams(trace);
	if (err)
		return err;
	describe_streams(trace);
	describe_window(trace);
	info->tasks = trace->rundown.count;
	info->tasks_missed = trace->rundown.missed;

	trace->threads.rundown = &trace->rundown;
	trace->threads.boottime_known = trace->header.version != 0;
	trace->threads.boottime_offset_ns = info->boottime_offset_ns;
	return flightrec_trace_rewind(trace);
}

/* Makes a trace of an open source, which it takes over. */
static int trace_create(struct flightrec_trace **out, struct source *source)
{
	struct flightrec_trace *trace = calloc(1, sizeof(*trace));
	int err;

	if (!trace) {
		flightrec_source_close(source);
		return -ENOMEM;
	}
	trace->source = *source;
	err = trace_build(trace);
	if (err) {
		flightrec_trace_close(trace);
		return err;
	}
	*out = trace;
	return 0;
}

int flightrec_trace_open_fd(struct flightrec_trace **out, int fd)
{
	struct source source;
	int err = flightrec_source_open_fd(&source, fd);

	return err ? err : trace_create(out, &source);
}

int flightrec_trace_open(struct flightrec_trace **out, const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	int err;

	if (fd < 0)
		return -errno;
	err = flightrec_trace_open_fd(out, fd);
	close(fd);
	return err;
}

int flightrec_trace_open_memory(struct flightrec_trace **out, const void *data, size_t bytes)
{
	struct source source;

	flightrec_source_open_memory(&source, data, bytes);
	return trace_create(out, &source);
}

void flightrec_trace_close(struct flightrec_trace *trace)
{
	if (!trace)
		return;
	flightrec_syscall_names_free(&trace->syscalls);
	flightrec_thread_table_reset(&trace->threads);
	flightrec_merge_free(&trace->merge);
	for (uint32_t i = 0; i < trace->info.cpus; i++)
		flightrec_priority_reset(&trace->streams[i].priorities);
	free(trace->streams);
	free(trace->cpus);
	flightrec_clock_map_free(&trace->clock_map);
	flightrec_segment_table_free(&trace->segments);
	flightrec_cgroup_table_free(&trace->cgroups);
	flightrec_rundown_free(&trace->rundown);
	flightrec_source_close(&trace->source);
	free(trace);
}

const struct flightrec_trace_info *flightrec_trace_get_info(const struct flightrec_trace *trace)
{
	return &trace->info;
}

const struct flightrec_trace_cpu *flightrec_trace_get_cpu(const struct flightrec_trace *trace,
							  uint32_t index)
{
	return index < trace->info.cpus ? &trace->cpus[index] : NULL;
}

uint64_t flightrec_trace_monotonic_ns(const struct flightrec_trace *trace, uint64_t clock)
{
	return flightrec_clock_map_ns(&trace->clock_map, clock);
}

const char *flightrec_trace_syscall_name(struct flightrec_trace *trace, uint32_t nr,
					 uint32_t thread_flags)
{
	return flightrec_syscall_names_find(&trace->syscalls, trace->info.machine, nr,
					    thread_flags & FLIGHTREC_TASK_COMPAT);
}

const char *flightrec_trace_cgroup_path(const struct flightrec_trace *trace, uint64_t id)
{
	return flightrec_cgroup_table_path(&trace->cgroups, id);
}

char flightrec_state_letter(uint32_t state)
{
	static const char letters[] = "RSDTtXZPIR";

	return state < sizeof(letters) - 1 ? letters[state] : '?';
}

int flightrec_trace_get_task(const struct flightrec_trace *trace, uint32_t index,
			     struct flightrec_task *task)
{
	return flightrec_rundown_get(&trace->rundown, index, task);
}

int flightrec_trace_find_task(const struct flightrec_trace *trace, uint32_t tid,
			      struct flightrec_task *task)
{
	return flightrec_rundown_find(&trace->rundown, tid, task);
}

int flightrec_trace_get_segment(const struct flightrec_trace *trace, uint32_t index,
				struct flightrec_segment *segment)
{
	if (index >= trace->segments.readable_count)
		return -ENOENT;
	*segment = trace->segments.readable[index]->header;
	return 0;
}
