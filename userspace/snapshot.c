// SPDX-License-Identifier: GPL-2.0
/* flightrec snapshot */
#include <getopt.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "command.h"
#include "quantity.h"

const char snapshot_help[] =
	"Usage: flightrec snapshot [-o FILE] [--min-age TIME] [--max-bytes SIZE]\n"
	"\n"
	"Takes the last seconds out of the recorder, which goes on recording.\n"
	"\n"
	"  -o, --output FILE     where to; - is standard output\n"
	"                        (default: flightrec-DATE-TIME.trace)\n"
	"      --min-age TIME    how far back, as in 2s or 500ms (default: the recorder's)\n"
	"      --max-bytes SIZE  at most so much, the newest, as in 8M (default: the recorder's)\n"
	"\n"
	"FILE is written under a temporary name and renamed when it is whole.\n";

struct wish {
	const char *output;
	struct flightrec_snapshot snapshot;
};

static int parse_options(int argc, char **argv, struct wish *wish)
{
	static const struct option options[] = {
		{ "output", required_argument, NULL, 'o' },
		{ "min-age", required_argument, NULL, 'a' },
		{ "max-bytes", required_argument, NULL, 'b' },
		{ NULL, 0, NULL, 0 },
	};
	uint64_t value;
	int option;

	while ((option = getopt_long(argc, argv, "o:", options, NULL)) != -1) {
		switch (option) {
		case 'o':
			wish->output = optarg;
			break;
		case 'a':
			if (quantity_parse_time(optarg, &value))
				return command_usage(argv[0], "'%s' is no time", optarg);
			wish->snapshot.min_age_ns = value;
			break;
		case 'b':
			if (quantity_parse_bytes(optarg, &value))
				return command_usage(argv[0], "'%s' is no size", optarg);
			wish->snapshot.max_bytes = value;
			break;
		default:
			return command_usage(argv[0], "can't do that");
		}
	}
	if (optind < argc)
		return command_usage(argv[0], "what is '%s' for?", argv[optind]);
	return EXIT_SUCCESS;
}

static void name_by_date(char *name, size_t bytes)
{
	time_t now = time(NULL);
	struct tm date;

	if (!localtime_r(&now, &date) ||
	    !strftime(name, bytes, "flightrec-%Y%m%d-%H%M%S.trace", &date))
		snprintf(name, bytes, "flightrec.trace");
}

static void summarize(const char *name, const struct flightrec_snapshot *snapshot)
{
	char size[QUANTITY_ROOM], window[QUANTITY_ROOM];

	printf("%s: %llu events in %s, %s%s\n", name, snapshot->events,
	       quantity_time(window, snapshot->window_end_ns - snapshot->window_start_ns),
	       quantity_bytes(size, snapshot->bytes),
	       snapshot->flags & FLIGHTREC_SNAPSHOT_MIN_AGE_MET ? "" : ", which is all there is");
	if (snapshot->events_lost)
		printf("%s: %llu events could not be recorded\n", name, snapshot->events_lost);
}

static int take(struct flightrec *recorder, struct wish *wish)
{
	char name[64];
	int err;

	if (wish->output && !strcmp(wish->output, "-")) {
		err = flightrec_snapshot_to_fd(recorder, &wish->snapshot, STDOUT_FILENO);
		return err ? command_recorder_error("standard output", err) : EXIT_SUCCESS;
	}
	if (!wish->output) {
		name_by_date(name, sizeof(name));
		wish->output = name;
	}
	err = flightrec_snapshot_to_file(recorder, &wish->snapshot, wish->output);
	if (err)
		return command_recorder_error(wish->output, err);
	summarize(wish->output, &wish->snapshot);
	return command_end_output();
}

int snapshot_main(int argc, char **argv)
{
	struct wish wish = { 0 };
	struct flightrec *recorder;
	int status;

	status = parse_options(argc, argv, &wish);
	if (status)
		return status;
	if (wish.output && !strcmp(wish.output, "-") && isatty(STDOUT_FILENO))
		return command_error("standard output", "is a terminal; use -o FILE");
	if (command_open_recorder(&recorder))
		return EXIT_FAILURE;
	status = take(recorder, &wish);
	flightrec_close(recorder);
	return status;
}
