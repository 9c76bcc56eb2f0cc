// SPDX-License-Identifier: GPL-2.0
/* The status for Prometheus: text exposition format, version 0.0.4. */
#include <inttypes.h>
#include <stdio.h>

#include "names.h"
#include "prometheus.h"

static void head(const char *name, const char *type, const char *help)
{
	printf("# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

static void gauge(const char *name, const char *help, uint64_t value)
{
	head(name, "gauge", help);
	printf("%s %" PRIu64 "\n", name, value);
}

static void seconds(const char *name, const char *help, double value)
{
	head(name, "gauge", help);
	printf("%s %.9g\n", name, value);
}

static void counter(const char *name, const char *help, uint64_t value)
{
	head(name, "counter", help);
	printf("%s %" PRIu64 "\n", name, value);
}

static void print_state(const struct flightrec_status *status, double window_s)
{
	gauge("flightrec_recording", "Whether it is recording.",
	      !!(status->flags & FLIGHTREC_STATUS_RECORDING));
	seconds("flightrec_window_seconds", "How far back memory reaches without a loss.",
		window_s);
	seconds("flightrec_min_age_seconds", "How far back a snapshot shall reach.",
		(double)status->min_age_ns / 1e9);
	gauge("flightrec_min_age_met", "Whether memory reaches back so far.",
	      !!(status->flags & FLIGHTREC_STATUS_MIN_AGE_MET));
	gauge("flightrec_min_age_bytes",
	      "What max_bytes would have to be for that at the present rate, 0 if not known.",
	      status->min_age_bytes);
	gauge("flightrec_max_bytes", "Bound on the memory of recordings.", status->max_bytes);
	gauge("flightrec_pool_bytes", "Memory taken for recordings.", status->pool_bytes);
	gauge("flightrec_segment_bytes", "Memory of one segment.", status->segment_bytes);
	gauge("flightrec_segments", "Segments in all.", status->segments);
	gauge("flightrec_segments_free", "Segments that hold nothing.", status->segments_free);
	gauge("flightrec_segments_open", "Segments that are being written.", status->segments_open);
	gauge("flightrec_segments_held", "Segments kept for open snapshots.",
	      status->segments_held);
	gauge("flightrec_snapshots_open", "Open snapshots.", status->snapshots);
	if (status->event_cost_ps)
		seconds("flightrec_event_cost_seconds",
			"What recording an event took when it was measured, at the load.",
			(double)status->event_cost_ps / 1e12);
}

static void print_counters(const struct flightrec_status *status)
{
	counter("flightrec_events_written_total", "Events recorded since the load.",
		status->events_written);
	counter("flightrec_events_overwritten_total", "Of these, overwritten by newer ones.",
		status->events_overwritten);
	counter("flightrec_events_lost_total", "Events that could not be recorded.",
		status->events_lost);
	counter("flightrec_written_bytes_total", "Bytes of records, with headers and names.",
		status->bytes_written);
	counter("flightrec_segments_taken_back_total",
		"Segments that were recycled while a snapshot held them.",
		status->segments_taken_back);
}

static void print_events(const struct flightrec_status *status)
{
	head("flightrec_event_recorded", "gauge",
	     "Whether the event is recorded: 0 if it is not wanted, or the kernel lacks it.");
	for (uint32_t i = 0; i < FLIGHTREC_EVENTS; i++)
		printf("flightrec_event_recorded{event=\"%s\"} %d\n", name_of_event(i),
		       (int)(status->events >> i & 1));
}

/* One family of all CPUs. Of those that @offset of the struct says. */
static void print_cpus(const char *name, const char *help, size_t offset,
		       const struct flightrec_cpu_status *cpus, size_t count)
{
	head(name, "counter", help);
	for (size_t i = 0; i < count; i++)
		printf("%s{cpu=\"%" PRIu32 "\"} %" PRIu64 "\n", name, (uint32_t)cpus[i].cpu,
		       *(const uint64_t *)((const char *)&cpus[i] + offset));
}

void prometheus_print(const struct flightrec_status *status, double window_s,
		      const struct flightrec_cpu_status *cpus, size_t count)
{
	print_state(status, window_s);
	print_counters(status);
	print_events(status);
	if (!count)
		return;
	head("flightrec_cpu_online", "gauge", "Whether the CPU is online.");
	for (size_t i = 0; i < count; i++)
		printf("flightrec_cpu_online{cpu=\"%" PRIu32 "\"} %d\n", (uint32_t)cpus[i].cpu,
		       !!(cpus[i].flags & FLIGHTREC_CPU_ONLINE));
	print_cpus("flightrec_cpu_events_written_total", "Events that the CPU recorded.",
		   offsetof(struct flightrec_cpu_status, events_written), cpus, count);
	print_cpus("flightrec_cpu_events_overwritten_total", "Of these, overwritten by newer ones.",
		   offsetof(struct flightrec_cpu_status, events_overwritten), cpus, count);
	print_cpus("flightrec_cpu_events_lost_total", "Events that the CPU could not record.",
		   offsetof(struct flightrec_cpu_status, events_lost), cpus, count);
	print_cpus("flightrec_cpu_written_bytes_total", "Bytes of records of the CPU.",
		   offsetof(struct flightrec_cpu_status, bytes_written), cpus, count);
}
