// SPDX-License-Identifier: GPL-2.0
/* Fuzzes libflightrec's reader: everything that can be asked of a trace. */
#include <string.h>

#include "flightrec.h"
#include "fuzz.h"

static void check_thread(const struct flightrec_thread *thread)
{
	if (thread)
		CHECK(memchr(thread->comm, 0, sizeof(thread->comm)));
}

/* Reads what the event points to, so that ASan sees where that is. */
static size_t touch(const void *data, size_t bytes)
{
	const volatile uint8_t *at = data;
	size_t sum = 0;

	while (bytes--)
		sum += *at++;
	return sum;
}

static void check_event(const struct flightrec_event *event)
{
	check_thread(event->thread);
	check_thread(event->running);
	switch (event->type) {
	case FLIGHTREC_EVENT_EXEC:
		CHECK(!event->exec.name[event->exec.name_bytes]);
		touch(event->exec.name, event->exec.name_bytes);
		break;
	case FLIGHTREC_EVENT_RENAME:
		CHECK(strlen(event->rename.from) <= 16 && strlen(event->rename.to) <= 16);
		break;
	case FLIGHTREC_EVENT_MARK:
		CHECK(!event->mark.text[event->mark.text_bytes]);
		touch(event->mark.text, event->mark.text_bytes);
		break;
	case FLIGHTREC_EVENT_FORK:
		check_thread(event->fork.parent);
		break;
	case FLIGHTREC_STREAM_GAP:
		CHECK(event->gap.end_ns >= event->time_ns);
		break;
	case FLIGHTREC_STREAM_LOST:
		CHECK(event->lost.since_ns <= event->time_ns);
		break;
	case FLIGHTREC_STREAM_BEGIN:
		CHECK(event->thread);
		break;
	default:
		CHECK(event->thread || event->type >= FLIGHTREC_STREAM_BEGIN);
		break;
	}
}

/* All events from here on, in their order. */
static uint64_t read_events(struct flightrec_trace *trace, uint64_t last, size_t size)
{
	const struct flightrec_event *event;
	uint64_t count = 0;

	while (!flightrec_trace_next(trace, &event) && event) {
		CHECK(event->time_ns >= last);
		last = event->time_ns;
		check_event(event);
		CHECK(count++ <= size);
		if (event->type == FLIGHTREC_EVENT_SWITCH)
			flightrec_trace_syscall_name(trace, event->sw.nr, count % 2 ? 0 : 4);
	}
	CHECK(flightrec_trace_time_ns(trace) == last || !count);
	return count;
}

static void check_tables(const struct flightrec_trace *trace)
{
	const struct flightrec_trace_info *info = flightrec_trace_get_info(trace);
	struct flightrec_segment segment;
	struct flightrec_task task, found;
	uint32_t last_tid = 0;

	CHECK(info->damaged_bytes <= info->bytes);
	CHECK(memchr(info->host, 0, sizeof(info->host)));
	CHECK(memchr(info->release, 0, sizeof(info->release)));
	for (uint32_t i = 0; i < info->cpus; i++)
		CHECK(flightrec_trace_get_cpu(trace, i));
	CHECK(!flightrec_trace_get_cpu(trace, info->cpus));
	for (uint32_t i = 0; i < info->segments; i++)
		CHECK(!flightrec_trace_get_segment(trace, i, &segment));
	CHECK(flightrec_trace_get_segment(trace, info->segments, &segment));
	for (uint32_t i = 0; i < info->tasks; i++) {
		CHECK(!flightrec_trace_get_task(trace, i, &task));
		CHECK(task.tid >= last_tid);
		last_tid = task.tid;
		CHECK(!flightrec_trace_find_task(trace, task.tid, &found));
		CHECK(found.tid == task.tid);
		flightrec_trace_cgroup_path(trace, task.cgroup);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct flightrec_trace *trace = fuzz_open(data, size);
	const struct flightrec_trace_info *info;
	uint64_t all, span, moment;
	uint32_t choice;

	if (!trace)
		return 0;
	check_tables(trace);
	all = read_events(trace, 0, size);

	choice = fuzz_choice(data, size);
	info = flightrec_trace_get_info(trace);
	span = info->window_end_ns - info->first_ns;
	moment = info->first_ns + (span ? choice % span : choice);
	CHECK(!flightrec_trace_seek(trace, moment));
	flightrec_trace_running(trace, choice % 4);
	check_thread(flightrec_trace_thread(trace, choice % 64));
	read_events(trace, moment, size);
	if (!(choice % 16)) {
		CHECK(!flightrec_trace_rewind(trace));
		CHECK(read_events(trace, 0, size) == all);
	}
	flightrec_trace_close(trace);
	return 0;
}
