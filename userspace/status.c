// SPDX-License-Identifier: GPL-2.0
/* flightrec status */
#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <json-c/json.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "command.h"
#include "json.h"
#include "names.h"
#include "prometheus.h"
#include "quantity.h"

const char status_help[] =
	"Usage: flightrec status [--cpus] [--watch[=SECONDS]] [--json | --format FORMAT]\n"
	"\n"
	"Tells whether the recorder records, how far back its memory reaches, and what\n"
	"it has written, overwritten and lost.\n"
	"\n"
	"  --cpus             what each CPU has written, overwritten and lost, too\n"
	"  --watch[=SECONDS]  again every second or so many, as in 0.5 or 200ms; rates are\n"
	"                     those since the last time then\n"
	"  --format FORMAT    text, json, or prometheus: what its server scrapes\n"
	"  --json             the same as --format json, for programs\n";

/* Who looks oftener looks mostly at itself. */
#define LEAST_WATCH_NS 10000000

struct wish {
	enum { FORMAT_TEXT, FORMAT_JSON, FORMAT_PROMETHEUS } format;
	bool cpus;
	uint64_t watch_ns; /* 0: once */
};

/* What was seen, now and the last time. */
struct look {
	struct flightrec_status status;
	struct flightrec_status before;
	bool again; /* there was a last time */
	struct flightrec_cpu_status *cpus;
	size_t cpu_count;
};

static uint64_t since(const struct flightrec_status *status, uint64_t ns)
{
	return status->now_ns > ns ? status->now_ns - ns : 0;
}

/* The oldest moment from which on everything is in memory. */
static uint64_t window_start(const struct flightrec_status *status)
{
	return status->complete_since_ns > status->recording_since_ns ? status->complete_since_ns
								      : status->recording_since_ns;
}

static uint64_t window_ns(const struct flightrec_status *status)
{
	return status->recording_since_ns ? since(status, window_start(status)) : 0;
}

static void print_recording(const struct flightrec_status *status)
{
	char text[QUANTITY_ROOM];

	if (status->flags & FLIGHTREC_STATUS_RECORDING)
		printf("recording   for %s\n",
		       quantity_time(text, since(status, status->recording_since_ns)));
	else if (status->recording_since_ns)
		printf("recording   stopped, started %s ago\n",
		       quantity_time(text, since(status, status->recording_since_ns)));
	else
		printf("recording   never started\n");
}

static void print_window(const struct flightrec_status *status)
{
	char reach[QUANTITY_ROOM], min_age[QUANTITY_ROOM], bytes[QUANTITY_ROOM];

	if (!status->recording_since_ns)
		return;
	quantity_time(reach, since(status, window_start(status)));
	quantity_time(min_age, status->min_age_ns);
	if (status->flags & FLIGHTREC_STATUS_MIN_AGE_MET)
		printf("window      the last %s are in memory, MinAge %s is met\n", reach, min_age);
	else if (status->complete_since_ns <= status->recording_since_ns)
		printf("window      the last %s are in memory, nothing was overwritten yet "
		       "(MinAge %s)\n",
		       reach, min_age);
	else
		printf("window      the last %s are in memory, MinAge %s is not met\n", reach,
		       min_age);
	if (!(status->flags & FLIGHTREC_STATUS_MIN_AGE_MET) &&
	    status->min_age_bytes > status->max_bytes)
		printf("            at this rate that needs max_bytes=%llu (%s)\n",
		       status->min_age_bytes, quantity_bytes(bytes, status->min_age_bytes));
}

static void print_memory(const struct flightrec_status *status)
{
	char pool[QUANTITY_ROOM], limit[QUANTITY_ROOM], segment[QUANTITY_ROOM];

	printf("memory      %s of %s: %u segments of %s, %u free, %u"
	       " open, %u held\n",
	       quantity_bytes(pool, status->pool_bytes), quantity_bytes(limit, status->max_bytes),
	       status->segments, quantity_bytes(segment, status->segment_bytes),
	       status->segments_free, status->segments_open, status->segments_held);
	printf("snapshots   %u open", status->snapshots);
	if (status->segments_taken_back)
		printf(", %llu segments were taken back from slow readers",
		       status->segments_taken_back);
	printf("\n");
}

/* Events per second, since the last time, or else of what is in memory. */
static double rate(const struct look *look)
{
	const struct flightrec_status *status = &look->status;
	uint64_t window = window_ns(status);

	if (look->again && status->now_ns > look->before.now_ns)
		return (status->events_written - look->before.events_written) * 1e9 /
		       (status->now_ns - look->before.now_ns);
	if (!window || status->events_overwritten > status->events_written)
		return 0;
	return (status->events_written - status->events_overwritten) * 1e9 / window;
}

static void print_events(const struct look *look)
{
	const struct flightrec_status *status = &look->status;
	const double cost_ns = (double)status->event_cost_ps / 1e3;
	char bytes[QUANTITY_ROOM];

	printf("events      %llu written", status->events_written);
	if (status->events_written)
		printf(" (%s, %.2f bytes each)", quantity_bytes(bytes, status->bytes_written),
		       (double)status->bytes_written / status->events_written);
	printf(", %llu overwritten, %llu lost\n", status->events_overwritten, status->events_lost);
	if (status->flags & FLIGHTREC_STATUS_RECORDING)
		printf("rate        %.0f events a second\n", rate(look));
	if (status->event_cost_ps)
		printf("cost        %.1f ns an event, as measured at the load: at this rate %.3f%% "
		       "of a CPU\n",
		       cost_ns, rate(look) * cost_ns / 1e7);
}

static void print_cpus(const struct look *look)
{
	char bytes[QUANTITY_ROOM];

	printf("\n  CPU      written  overwritten        lost       bytes\n");
	for (size_t i = 0; i < look->cpu_count; i++) {
		const struct flightrec_cpu_status *cpu = &look->cpus[i];

		printf("%5" PRIu32 " %12llu %12llu %11llu %11s%s\n", cpu->cpu, cpu->events_written,
		       cpu->events_overwritten, cpu->events_lost,
		       quantity_bytes(bytes, cpu->bytes_written),
		       cpu->flags & FLIGHTREC_CPU_ONLINE ? "" : "  offline");
	}
}

static void print_sources(const struct flightrec_status *status)
{
	const char *clock = name_of_clock(status->clock);
	const uint64_t unwanted = FLIGHTREC_EVENTS_ALL & ~status->events_wanted;

	printf("clock       %s, %.3f MHz\n", clock ? clock : "unknown", status->clock_khz / 1000.0);
	for (uint32_t i = 0; i < 64; i++)
		if (status->events_missing >> i & 1)
			printf("missing     %s: this kernel doesn't have it\n",
			       name_of_event(i) ? name_of_event(i) : "an event unknown here");
	for (uint32_t i = 0; status->events_wanted && i < 64; i++)
		if (unwanted >> i & 1)
			printf("left out    %s: as configured\n", name_of_event(i));
}

static struct json_object *cpus_json(const struct look *look)
{
	struct json_object *array = json_object_new_array();

	for (size_t i = 0; i < look->cpu_count; i++) {
		const struct flightrec_cpu_status *cpu = &look->cpus[i];
		struct json_object *object = json_object_new_object();

		json_add_number(object, "cpu", cpu->cpu);
		json_add_bool(object, "online", cpu->flags & FLIGHTREC_CPU_ONLINE);
		json_add_number(object, "events_written", cpu->events_written);
		json_add_number(object, "events_overwritten", cpu->events_overwritten);
		json_add_number(object, "events_lost", cpu->events_lost);
		json_add_number(object, "bytes_written", cpu->bytes_written);
		json_object_array_add(array, object);
	}
	return array;
}

static void print_json(const struct look *look)
{
	const struct flightrec_status *status = &look->status;
	struct json_object *object = json_object_new_object();

	json_add_bool(object, "recording", status->flags & FLIGHTREC_STATUS_RECORDING);
	json_add_number(object, "now_ns", status->now_ns);
	json_add_number(object, "recording_since_ns", status->recording_since_ns);
	json_add_number(object, "complete_since_ns", status->complete_since_ns);
	json_add_number(object, "window_ns", window_ns(status));
	json_add_number(object, "min_age_ns", status->min_age_ns);
	json_add_bool(object, "min_age_met", status->flags & FLIGHTREC_STATUS_MIN_AGE_MET);
	json_add_number(object, "min_age_bytes", status->min_age_bytes);
	json_add_number(object, "max_bytes", status->max_bytes);
	json_add_number(object, "pool_bytes", status->pool_bytes);
	json_add_number(object, "segment_bytes", status->segment_bytes);
	json_add_number(object, "segments", status->segments);
	json_add_number(object, "segments_free", status->segments_free);
	json_add_number(object, "segments_open", status->segments_open);
	json_add_number(object, "segments_held", status->segments_held);
	json_add_number(object, "segments_taken_back", status->segments_taken_back);
	json_add_number(object, "snapshots", status->snapshots);
	json_add_number(object, "events_written", status->events_written);
	json_add_number(object, "events_overwritten", status->events_overwritten);
	json_add_number(object, "events_lost", status->events_lost);
	json_add_number(object, "bytes_written", status->bytes_written);
	json_add_fraction(object, "events_per_second",
			  status->flags & FLIGHTREC_STATUS_RECORDING ? rate(look) : 0);
	json_add_fraction(object, "event_cost_ns", (double)status->event_cost_ps / 1e3);
	json_add_name(object, "clock", name_of_clock(status->clock));
	json_add_number(object, "clock_khz", status->clock_khz);
	json_add_events(object, "events", status->events);
	json_add_events(object, "events_missing", status->events_missing);
	json_add_events(object, "events_wanted", status->events_wanted);
	if (look->cpu_count)
		json_object_object_add(object, "per_cpu", cpus_json(look));
	json_print(object);
}

/* The status of every CPU. -ENOTTY: the module is too old to tell. */
static int get_cpus(struct flightrec *recorder, struct look *look)
{
	struct flightrec_cpu_status status;
	uint32_t cpu = 0;
	size_t room = 0;
	int err;

	look->cpu_count = 0;
	while (!(err = flightrec_get_cpu_status(recorder, cpu, &status))) {
		if (look->cpu_count == room) {
			struct flightrec_cpu_status *more;

			room = room ? 2 * room : 64;
			more = reallocarray(look->cpus, room, sizeof(*more));
			if (!more)
				return -ENOMEM;
			look->cpus = more;
		}
		look->cpus[look->cpu_count++] = status;
		cpu = status.cpu + 1;
	}
	return err == -ENXIO ? 0 : err;
}

static void print(const struct look *look, const struct wish *wish)
{
	const struct flightrec_status *status = &look->status;

	switch (wish->format) {
	case FORMAT_JSON:
		print_json(look);
		break;
	case FORMAT_PROMETHEUS:
		prometheus_print(status, (double)window_ns(status) / 1e9, look->cpus,
				 look->cpu_count);
		break;
	case FORMAT_TEXT:
		print_recording(status);
		print_window(status);
		print_events(look);
		print_memory(status);
		print_sources(status);
		if (wish->cpus)
			print_cpus(look);
		break;
	}
}

static int look_once(struct flightrec *recorder, const struct wish *wish, struct look *look)
{
	int err = flightrec_get_status(recorder, &look->status);

	if (!err && (wish->cpus || wish->format == FORMAT_PROMETHEUS)) {
		err = get_cpus(recorder, look);
		/* What each CPU did is more than was asked for by name. */
		if (err == -ENOTTY && !wish->cpus)
			err = 0;
	}
	if (err)
		return command_recorder_error("status", err);
	return EXIT_SUCCESS;
}

/* Again and again, until nobody reads it any more. */
static int watch(struct flightrec *recorder, const struct wish *wish, struct look *look)
{
	const struct timespec pause = {
		.tv_sec = wish->watch_ns / 1000000000,
		.tv_nsec = wish->watch_ns % 1000000000,
	};
	bool terminal = wish->format == FORMAT_TEXT && isatty(STDOUT_FILENO);

	for (;;) {
		if (look_once(recorder, wish, look))
			return EXIT_FAILURE;
		/* Each line's rest and the rest of the screen are what was there before. */
		if (terminal)
			printf("\033[H\033[J");
		print(look, wish);
		if (!terminal && wish->format == FORMAT_TEXT)
			printf("\n");
		if (fflush(stdout) || ferror(stdout))
			return command_end_output();
		look->before = look->status;
		look->again = true;
		nanosleep(&pause, NULL);
	}
}

static int parse_option(int option, struct wish *wish)
{
	switch (option) {
	case 'c':
		wish->cpus = true;
		return EXIT_SUCCESS;
	case 'j':
		wish->format = FORMAT_JSON;
		return EXIT_SUCCESS;
	case 'f':
		if (!strcmp(optarg, "text"))
			wish->format = FORMAT_TEXT;
		else if (!strcmp(optarg, "json"))
			wish->format = FORMAT_JSON;
		else if (!strcmp(optarg, "prometheus"))
			wish->format = FORMAT_PROMETHEUS;
		else
			return command_usage("status", "no format '%s'", optarg);
		return EXIT_SUCCESS;
	case 'w':
		wish->watch_ns = 1000000000;
		if (optarg && (quantity_parse_time(optarg, &wish->watch_ns) ||
			       wish->watch_ns < LEAST_WATCH_NS))
			return command_usage("status", "--watch=%s: a time from 10ms on is needed",
					     optarg);
		return EXIT_SUCCESS;
	default:
		return command_usage("status", "can't do that");
	}
}

int status_main(int argc, char **argv)
{
	static const struct option options[] = {
		{ "cpus", no_argument, NULL, 'c' },
		{ "json", no_argument, NULL, 'j' },
		{ "format", required_argument, NULL, 'f' },
		{ "watch", optional_argument, NULL, 'w' },
		{ NULL, 0, NULL, 0 },
	};
	struct wish wish = { .format = FORMAT_TEXT };
	struct look look = { .again = false };
	struct flightrec *recorder;
	int option, status;

	while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
		status = parse_option(option, &wish);
		if (status)
			return status;
	}
	if (optind < argc)
		return command_usage(argv[0], "what is '%s' for?", argv[optind]);
	if (command_open_recorder(&recorder))
		return EXIT_FAILURE;
	if (wish.watch_ns) {
		status = watch(recorder, &wish, &look);
	} else {
		status = look_once(recorder, &wish, &look);
		if (!status) {
			print(&look, &wish);
			status = command_end_output();
		}
	}
	free(look.cpus);
	flightrec_close(recorder);
	return status;
}
