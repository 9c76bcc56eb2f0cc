// SPDX-License-Identifier: GPL-2.0
/* flightrec status */
#include <getopt.h>
#include <json-c/json.h>
#include <stdio.h>
#include <time.h>

#include "command.h"
#include "json.h"
#include "names.h"
#include "quantity.h"

const char status_help[] =
	"Usage: flightrec status [--json]\n"
	"\n"
	"Tells whether the recorder records, how far back its memory reaches, and what\n"
	"it has written, overwritten and lost.\n"
	"\n"
	"  --json  for programs\n";

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

/* Events per second, of what is in memory. */
static double rate(const struct flightrec_status *status)
{
	uint64_t window = status->recording_since_ns ? since(status, window_start(status)) : 0;

	if (!window || status->events_overwritten > status->events_written)
		return 0;
	return (status->events_written - status->events_overwritten) * 1e9 / window;
}

static void print_events(const struct flightrec_status *status)
{
	char bytes[QUANTITY_ROOM];

	printf("events      %llu written", status->events_written);
	if (status->events_written)
		printf(" (%s, %.2f bytes each)", quantity_bytes(bytes, status->bytes_written),
		       (double)status->bytes_written / status->events_written);
	printf(", %llu overwritten, %llu lost\n", status->events_overwritten, status->events_lost);
	if (status->flags & FLIGHTREC_STATUS_RECORDING)
		printf("rate        %.0f events a second\n", rate(status));
}

static void print_sources(const struct flightrec_status *status)
{
	const char *clock = name_of_clock(status->clock);

	printf("clock       %s, %.3f MHz\n", clock ? clock : "unknown", status->clock_khz / 1000.0);
	for (uint32_t i = 0; i < 64; i++)
		if (status->events_missing >> i & 1)
			printf("missing     %s: this kernel doesn't have it\n",
			       name_of_event(i) ? name_of_event(i) : "an event unknown here");
}

static struct json_object *event_names(uint64_t mask)
{
	struct json_object *names = json_object_new_array();

	for (uint32_t i = 0; i < 64; i++)
		if (mask >> i & 1 && name_of_event(i))
			json_object_array_add(names, json_object_new_string(name_of_event(i)));
	return names;
}

static void print_json(const struct flightrec_status *status)
{
	struct json_object *object = json_object_new_object();

	json_add_bool(object, "recording", status->flags & FLIGHTREC_STATUS_RECORDING);
	json_add_number(object, "now_ns", status->now_ns);
	json_add_number(object, "recording_since_ns", status->recording_since_ns);
	json_add_number(object, "complete_since_ns", status->complete_since_ns);
	json_add_number(object, "window_ns",
			status->recording_since_ns ? since(status, window_start(status)) : 0);
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
			  status->flags & FLIGHTREC_STATUS_RECORDING ? rate(status) : 0);
	json_add_name(object, "clock", name_of_clock(status->clock));
	json_add_number(object, "clock_khz", status->clock_khz);
	json_object_object_add(object, "events", event_names(status->events));
	json_object_object_add(object, "events_missing", event_names(status->events_missing));
	json_print(object);
}

int status_main(int argc, char **argv)
{
	static const struct option options[] = {
		{ "json", no_argument, NULL, 'j' },
		{ NULL, 0, NULL, 0 },
	};
	struct flightrec_status status;
	struct flightrec *recorder;
	bool json = false;
	int option, err;

	while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (option != 'j')
			return command_usage(argv[0], "can't do that");
		json = true;
	}
	if (optind < argc)
		return command_usage(argv[0], "what is '%s' for?", argv[optind]);
	if (command_open_recorder(&recorder))
		return EXIT_FAILURE;
	err = flightrec_get_status(recorder, &status);
	flightrec_close(recorder);
	if (err)
		return command_recorder_error(argv[0], err);
	if (json) {
		print_json(&status);
	} else {
		print_recording(&status);
		print_window(&status);
		print_events(&status);
		print_memory(&status);
		print_sources(&status);
	}
	return command_end_output();
}
