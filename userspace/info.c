// SPDX-License-Identifier: GPL-2.0
/* flightrec info */
#include <getopt.h>
#include <inttypes.h>
#include <json-c/json.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "command.h"
#include "json.h"
#include "moment.h"
#include "names.h"
#include "quantity.h"
#include "utf8.h"

const char info_help[] =
	"Usage: flightrec info FILE [--json]\n"
	"\n"
	"Tells what a snapshot covers, and what was lost. FILE - is standard input.\n"
	"\n"
	"  --json  for programs\n";

static double bytes_per_event(const struct flightrec_trace_info *info)
{
	return info->events ? (double)info->bytes / info->events : 0;
}

static bool is_complete(const struct flightrec_trace_info *info)
{
	return !info->lost_events && !info->missing_segments &&
	       !(info->flags & (FLIGHTREC_TRACE_CUT_SHORT | FLIGHTREC_TRACE_DAMAGED));
}

static uint64_t window_length(const struct flightrec_trace_info *info)
{
	return info->window_end_ns > info->window_start_ns
		       ? info->window_end_ns - info->window_start_ns
		       : 0;
}

/* For how long before the cut, in words. */
static char *age(char *text, const struct flightrec_trace_info *info, uint64_t ns)
{
	return quantity_time(text, info->window_end_ns > ns ? info->window_end_ns - ns : 0);
}

/* What a hostile file calls its machine must not move the terminal's cursor. */
static void print_name(const char *label, const char *name)
{
	printf("%-11s ", label);
	while (*name) {
		size_t length = utf8_printable(name);

		fwrite(length ? name : "?", 1, length ? length : 1, stdout);
		name += length ? length : 1;
	}
	putchar('\n');
}

static void print_origin(const struct flightrec_trace_info *info)
{
	int64_t cut = moment_of_cut(info);
	time_t seconds = cut / 1000000000;
	struct tm date;
	char text[64];

	if (info->flags & FLIGHTREC_TRACE_NO_HEADER)
		return;
	print_name("host", info->host);
	print_name("kernel", info->release);
	if (localtime_r(&seconds, &date) &&
	    strftime(text, sizeof(text), "%Y-%m-%d %H:%M:%S", &date)) {
		printf("taken       %s.%03d", text, (int)(cut / 1000000 % 1000));
		strftime(text, sizeof(text), "%z", &date);
		printf(" %s\n", text);
	}
}

static void print_window(const struct flightrec_trace_info *info)
{
	char length[QUANTITY_ROOM], since[QUANTITY_ROOM], min_age[QUANTITY_ROOM];

	printf("window      the last %s, %s\n", quantity_time(length, window_length(info)),
	       is_complete(info) ? "complete" : "with losses, see below");
	if (info->flags & FLIGHTREC_TRACE_NO_HEADER)
		return;
	printf("MinAge      %s is %s\n", quantity_time(min_age, info->min_age_ns),
	       info->flags & FLIGHTREC_TRACE_MIN_AGE_MET ? "met" : "not met");
	if (info->complete_since_ns > info->recording_since_ns)
		printf("memory      had everything of the last %s\n",
		       age(since, info, info->complete_since_ns));
	else
		printf("memory      had everything since recording started, %s before\n",
		       age(since, info, info->recording_since_ns));
}

/* The names of the events in @mask, between @label and @why; nothing if it is empty. */
static void print_events(const char *label, uint64_t mask, const char *why)
{
	uint32_t count = 0;

	for (uint32_t i = 0; i < 64; i++)
		if (mask >> i & 1)
			printf("%s%s", count++ ? ", " : label,
			       name_of_event(i) ? name_of_event(i) : "an event unknown here");
	if (count)
		printf("%s\n", why);
}

/* What was not being recorded, of the events that are known here. */
static void print_unrecorded(const struct flightrec_trace_info *info)
{
	uint64_t known = 0;

	for (uint32_t i = 0; i < 64; i++)
		if (name_of_event(i))
			known |= 1ULL << i;
	print_events("unrecorded  ", known & ~info->event_mask,
		     ": not configured, or not available there");
}

/* What was asked for, if it isn't all. */
static void print_choice(const struct flightrec_trace_info *info)
{
	char since[QUANTITY_ROOM];

	if (info->begin_ns)
		printf("from        %s before the cut on, as was asked for\n",
		       age(since, info, info->begin_ns));
	if (info->events_wanted)
		print_events("left out    ", info->event_mask & ~info->events_wanted,
			     ", as was asked for");
}

static void print_size(const struct flightrec_trace_info *info)
{
	char size[QUANTITY_ROOM];

	printf("size        %s, %" PRIu32 " segments of %" PRIu32 " CPUs\n",
	       quantity_bytes(size, info->bytes), info->segments, info->cpus);
	printf("events      %" PRIu64, info->events);
	if (info->events)
		printf(", %.2f bytes each with all that belongs to the file",
		       bytes_per_event(info));
	printf("\n");
	if (!(info->flags & FLIGHTREC_TRACE_NO_RUNDOWN))
		printf("tasks       %" PRIu32 " were alive\n", info->tasks);
	if (info->flags & FLIGHTREC_TRACE_RUNDOWN_LATE)
		printf("            %s behind the cut\n",
		       quantity_time(size, info->rundown_ns - info->window_end_ns));
	if (info->tasks_missed)
		printf("            %" PRIu64 " more had no room\n", info->tasks_missed);
}

static void print_losses(const struct flightrec_trace_info *info)
{
	char bytes[QUANTITY_ROOM];

	printf("lost        %" PRIu64 " events\n", info->lost_events);
	if (info->missing_segments)
		printf("missing     %" PRIu64 " segments\n", info->missing_segments);
	if (info->flags & FLIGHTREC_TRACE_CUT_SHORT)
		printf("cut short   %s of %" PRIu64 " bytes\n", quantity_bytes(bytes, info->bytes),
		       info->file_bytes);
	if (info->flags & FLIGHTREC_TRACE_DAMAGED)
		printf("damaged     %" PRIu64 " bytes in %" PRIu64
		       " place%s, the first at byte %" PRIu64 "\n",
		       info->damaged_bytes, info->damaged_blocks,
		       info->damaged_blocks == 1 ? "" : "s", info->damage_offset);
}

static void print_cpus(const struct flightrec_trace *trace, const struct flightrec_trace_info *info)
{
	const struct flightrec_trace_cpu *cpu;
	char history[QUANTITY_ROOM];

	printf("\n  CPU  segments      events  reaches back        lost\n");
	for (uint32_t i = 0; (cpu = flightrec_trace_get_cpu(trace, i)); i++) {
		printf("%5" PRIu32 " %9" PRIu32 " %11" PRIu64 " %13s %11" PRIu64, cpu->cpu,
		       cpu->segments, cpu->events, age(history, info, cpu->start_ns),
		       cpu->lost_events);
		if (cpu->missing_segments)
			printf("  and %" PRIu64 " segments", cpu->missing_segments);
		printf("\n");
	}
}

static struct json_object *cpus_json(const struct flightrec_trace *trace)
{
	struct json_object *cpus = json_object_new_array();
	const struct flightrec_trace_cpu *cpu;

	for (uint32_t i = 0; (cpu = flightrec_trace_get_cpu(trace, i)); i++) {
		struct json_object *object = json_object_new_object();

		json_add_number(object, "cpu", cpu->cpu);
		json_add_number(object, "segments", cpu->segments);
		json_add_number(object, "missing_segments", cpu->missing_segments);
		json_add_number(object, "events", cpu->events);
		json_add_number(object, "lost_events", cpu->lost_events);
		json_add_number(object, "data_bytes", cpu->data_bytes);
		json_add_number(object, "start_ns", cpu->start_ns);
		json_add_number(object, "end_ns", cpu->end_ns);
		json_object_array_add(cpus, object);
	}
	return cpus;
}

/* As /proc/sys/kernel/random/boot_id writes it. */
static void add_boot_id(struct json_object *object, const uint8_t *id)
{
	char text[64], *at = text;

	for (int i = 0; i < 16; i++)
		at += sprintf(at, i == 4 || i == 6 || i == 8 || i == 10 ? "-%02x" : "%02x", id[i]);
	json_add_name(object, "boot_id", text);
}

static void add_origin(struct json_object *object, const struct flightrec_trace_info *info)
{
	json_add_name(object, "host", info->host);
	json_add_name(object, "release", info->release);
	add_boot_id(object, info->boot_id);
	json_add_number(object, "format_version", info->version);
	json_add_name(object, "machine", name_of_machine(info->machine));
	json_add_name(object, "clock", name_of_clock(info->clock));
	json_add_number(object, "clock_khz", info->clock_khz);
	json_add_number(object, "cpus_possible", info->cpus_possible);
	json_add_number(object, "cpus_online", info->cpus_online);
	json_add_bool(object, "recording", info->flags & FLIGHTREC_TRACE_RECORDING);
	json_add_events(object, "event_names", info->event_mask);
	json_add_number(object, "pool_max_bytes", info->pool_max_bytes);
	json_add_number(object, "segment_bytes", info->segment_bytes);
	json_add_number(object, "max_bytes", info->max_bytes);
	json_add_number(object, "events_lost_ever", info->events_lost_ever);
	json_add_events(object, "events_wanted", info->events_wanted);
}

static void add_window(struct json_object *object, const struct flightrec_trace_info *info)
{
	json_add_number(object, "window_start_ns", info->window_start_ns);
	json_add_number(object, "window_end_ns", info->window_end_ns);
	json_add_number(object, "complete_since_ns", info->complete_since_ns);
	json_add_number(object, "recording_since_ns", info->recording_since_ns);
	json_add_number(object, "first_ns", info->first_ns);
	json_add_signed(object, "realtime_offset_ns", info->realtime_offset_ns);
	json_add_signed(object, "boottime_offset_ns", info->boottime_offset_ns);
	json_add_number(object, "min_age_ns", info->min_age_ns);
	json_add_bool(object, "min_age_met", info->flags & FLIGHTREC_TRACE_MIN_AGE_MET);
	json_add_number(object, "begin_ns", info->begin_ns);
	json_add_number(object, "rundown_ns", info->rundown_ns);
	json_add_number(object, "cursor", info->cursor);
}

static void add_contents(struct json_object *object, const struct flightrec_trace_info *info)
{
	json_add_number(object, "events", info->events);
	json_add_number(object, "bytes", info->bytes);
	json_add_fraction(object, "bytes_per_event", bytes_per_event(info));
	json_add_number(object, "lost_events", info->lost_events);
	json_add_number(object, "cpus", info->cpus);
	json_add_number(object, "segments", info->segments);
	json_add_number(object, "missing_segments", info->missing_segments);
	json_add_number(object, "unreadable_segments", info->unreadable_segments);
	json_add_number(object, "data_bytes", info->segment_data_bytes);
	json_add_number(object, "tasks", info->tasks);
	json_add_number(object, "tasks_missed", info->tasks_missed);
	json_add_bool(object, "complete", is_complete(info));
	json_add_number(object, "file_bytes", info->file_bytes);
	json_add_bool(object, "cut_short", info->flags & FLIGHTREC_TRACE_CUT_SHORT);
	json_add_number(object, "damaged_bytes", info->damaged_bytes);
	json_add_number(object, "damaged_blocks", info->damaged_blocks);
}

static void print_json(const struct flightrec_trace *trace, const struct flightrec_trace_info *info)
{
	struct json_object *object = json_object_new_object();

	add_contents(object, info);
	add_window(object, info);
	add_origin(object, info);
	json_object_object_add(object, "per_cpu", cpus_json(trace));
	json_print(object);
}

int info_main(int argc, char **argv)
{
	static const struct option options[] = {
		{ "json", no_argument, NULL, 'j' },
		{ NULL, 0, NULL, 0 },
	};
	const struct flightrec_trace_info *info;
	struct flightrec_trace *trace;
	bool json = false;
	int option;

	while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (option != 'j')
			return command_usage(argv[0], "can't do that");
		json = true;
	}
	if (optind + 1 != argc)
		return command_usage(argv[0], optind == argc ? "which FILE?" : "one FILE only");
	if (command_open_trace(&trace, argv[optind]))
		return EXIT_FAILURE;
	info = flightrec_trace_get_info(trace);
	if (json) {
		print_json(trace, info);
	} else {
		print_origin(info);
		print_window(info);
		print_unrecorded(info);
		print_choice(info);
		print_size(info);
		print_losses(info);
		print_cpus(trace, info);
	}
	return command_close_trace(trace);
}
