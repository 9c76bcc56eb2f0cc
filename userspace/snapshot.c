// SPDX-License-Identifier: GPL-2.0
/* flightrec snapshot */
#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <json-c/json.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "command.h"
#include "json.h"
#include "last.h"
#include "moment.h"
#include "names.h"
#include "progress.h"
#include "quantity.h"

const char snapshot_help[] =
	"Usage: flightrec snapshot [-o FILE] [OPTION]...\n"
	"\n"
	"Takes the last seconds out of the recorder, which goes on recording.\n"
	"\n"
	"  -o, --output FILE     where to; - is standard output\n"
	"                        (default: flightrec-DATE-TIME.trace)\n"
	"      --min-age TIME    how far back, as in 2s or 500ms (default: the recorder's)\n"
	"      --max-bytes SIZE  at most so much, the newest, as in 8M (default: the recorder's)\n"
	"      --begin WHEN      nothing older than this\n"
	"      --end WHEN        nothing younger than this\n"
	"      --events NAME,... only these: switch (always), waking, wakeup-new, migrate, fork,\n"
	"                        exec, exit, rename, mark\n"
	"      --since last      what was recorded since the last snapshot that was taken with\n"
	"                        this option, nothing twice and nothing left out\n"
	"      --since FILE      the same since the snapshot in FILE, if that was taken with\n"
	"                        --since or --continue\n"
	"      --since CURSOR    the same since its cursor, a number that info --json tells\n"
	"      --continue        take care that --since can go on behind this one\n"
	"      --json            tell what was taken for programs\n"
	"\n"
	"WHEN is so long ago, as in -5s or -200ms; seconds of CLOCK_MONOTONIC, as dump\n"
	"--format ftrace has them; or a date and a time, as in 2026-11-21T03:00:00, with Z or\n"
	"+01:00 behind it if it's not the local one.\n"
	"\n"
	"FILE is written under a temporary name and renamed when it is whole.\n";

struct wish {
	const char *output;
	const char *since;
	const char *begin;
	const char *end;
	bool json;
	struct flightrec_snapshot snapshot;
};

/* A signal ends the writing of a file, so that no half of one is left. */
static volatile sig_atomic_t ended_by;

static void note_signal(int signal)
{
	ended_by = signal;
}

static int parse_moments(struct wish *wish)
{
	struct moment_clocks now = moment_read_clocks();
	uint64_t ns;

	if (wish->begin) {
		if (moment_parse(wish->begin, &now, &ns))
			return command_usage("snapshot", "'%s' is no time", wish->begin);
		if (ns >= now.monotonic_ns)
			return command_usage("snapshot", "--begin %s is in the future",
					     wish->begin);
		wish->snapshot.begin_ns = ns;
	}
	if (wish->end) {
		if (moment_parse(wish->end, &now, &ns))
			return command_usage("snapshot", "'%s' is no time", wish->end);
		if (ns == 1)
			return command_usage("snapshot",
					     "--end %s is before the machine was started",
					     wish->end);
		wish->snapshot.end_ns = ns;
	}
	if (wish->begin && wish->end && wish->snapshot.begin_ns >= wish->snapshot.end_ns)
		return command_usage("snapshot", "--begin has to be before --end");
	if (wish->begin && wish->snapshot.min_age_ns)
		return command_usage("snapshot", "--begin or --min-age, not both");
	return EXIT_SUCCESS;
}

static int parse_option(int option, struct wish *wish)
{
	uint64_t value;

	switch (option) {
	case 'o':
		wish->output = optarg;
		return EXIT_SUCCESS;
	case 'a':
		if (quantity_parse_time(optarg, &value))
			return command_usage("snapshot", "'%s' is no time", optarg);
		wish->snapshot.min_age_ns = value;
		return EXIT_SUCCESS;
	case 'b':
		if (quantity_parse_bytes(optarg, &value))
			return command_usage("snapshot", "'%s' is no size", optarg);
		wish->snapshot.max_bytes = value;
		return EXIT_SUCCESS;
	case 'f':
		wish->begin = optarg;
		return EXIT_SUCCESS;
	case 't':
		wish->end = optarg;
		return EXIT_SUCCESS;
	case 'e':
		if (names_parse_events(optarg, &value))
			return command_usage("snapshot",
					     "'%s' is no list of events with switch among them",
					     optarg);
		wish->snapshot.events_wanted = value;
		return EXIT_SUCCESS;
	case 's':
		wish->since = optarg;
		wish->snapshot.flags |= FLIGHTREC_SNAPSHOT_CONTINUE;
		return EXIT_SUCCESS;
	case 'c':
		wish->snapshot.flags |= FLIGHTREC_SNAPSHOT_CONTINUE;
		return EXIT_SUCCESS;
	case 'j':
		wish->json = true;
		return EXIT_SUCCESS;
	default:
		return command_usage("snapshot", "can't do that");
	}
}

static int parse_options(int argc, char **argv, struct wish *wish)
{
	static const struct option options[] = {
		{ "output", required_argument, NULL, 'o' },
		{ "min-age", required_argument, NULL, 'a' },
		{ "max-bytes", required_argument, NULL, 'b' },
		{ "begin", required_argument, NULL, 'f' },
		{ "end", required_argument, NULL, 't' },
		{ "events", required_argument, NULL, 'e' },
		{ "since", required_argument, NULL, 's' },
		{ "continue", no_argument, NULL, 'c' },
		{ "json", no_argument, NULL, 'j' },
		{ NULL, 0, NULL, 0 },
	};
	int option, status;

	while ((option = getopt_long(argc, argv, "o:", options, NULL)) != -1) {
		status = parse_option(option, wish);
		if (status)
			return status;
	}
	if (optind < argc)
		return command_usage(argv[0], "what is '%s' for?", argv[optind]);
	return parse_moments(wish);
}

static void name_by_date(char *name, size_t bytes)
{
	time_t now = time(NULL);
	struct tm date;

	if (!localtime_r(&now, &date) ||
	    !strftime(name, bytes, "flightrec-%Y%m%d-%H%M%S.trace", &date))
		snprintf(name, bytes, "flightrec.trace");
}

/* Whether the snapshot is of this boot: another's times mean nothing here. */
static bool is_of_this_boot(const struct flightrec_trace_info *info)
{
	char id[37], text[37], *at = text;

	if (last_boot_id(id))
		return true;
	for (int i = 0; i < 16; i++)
		at += sprintf(at, i == 4 || i == 6 || i == 8 || i == 10 ? "-%02x" : "%02x",
			      info->boot_id[i]);
	return !strcmp(id, text);
}

static int since_file(const char *file, uint64_t *cursor)
{
	const struct flightrec_trace_info *info;
	struct flightrec_trace *trace;
	int status = EXIT_SUCCESS;

	if (command_open_trace(&trace, file))
		return EXIT_FAILURE;
	info = flightrec_trace_get_info(trace);
	*cursor = info->cursor;
	if (!info->cursor)
		status = command_error(file, "was taken with neither --since nor --continue, "
					     "so that nothing can go on behind it");
	else if (!is_of_this_boot(info))
		status = command_error(file, "is of another boot, or of another machine");
	flightrec_trace_close(trace);
	return status;
}

static const char *since_when(const struct wish *wish)
{
	if (!wish->snapshot.since)
		return "";
	return wish->snapshot.flags & FLIGHTREC_SNAPSHOT_SINCE_MET
		       ? ", all of it since then"
		       : ", which is not all since then: the oldest was overwritten";
}

static void summarize(const char *name, const struct wish *wish)
{
	const struct flightrec_snapshot *snapshot = &wish->snapshot;
	char size[QUANTITY_ROOM], window[QUANTITY_ROOM];
	uint64_t length = snapshot->window_end_ns > snapshot->window_start_ns
				  ? snapshot->window_end_ns - snapshot->window_start_ns
				  : 0;
	bool short_of = !wish->begin && !snapshot->since &&
			!(snapshot->flags & FLIGHTREC_SNAPSHOT_MIN_AGE_MET);

	printf("%s: %llu events in %s, %s%s%s\n", name, snapshot->events,
	       quantity_time(window, length), quantity_bytes(size, snapshot->bytes),
	       short_of ? ", which is all there is" : "", since_when(wish));
	if (snapshot->events_lost)
		printf("%s: %llu events could not be recorded\n", name, snapshot->events_lost);
}

static void print_json(const char *name, const struct flightrec_snapshot *snapshot)
{
	struct json_object *object = json_object_new_object();

	json_add_name(object, "file", name);
	json_add_number(object, "bytes", snapshot->bytes);
	json_add_number(object, "events", snapshot->events);
	json_add_number(object, "events_lost", snapshot->events_lost);
	json_add_number(object, "segments", snapshot->segments);
	json_add_number(object, "window_start_ns", snapshot->window_start_ns);
	json_add_number(object, "window_end_ns", snapshot->window_end_ns);
	json_add_number(object, "complete_since_ns", snapshot->complete_since_ns);
	json_add_bool(object, "min_age_met", snapshot->flags & FLIGHTREC_SNAPSHOT_MIN_AGE_MET);
	json_add_number(object, "since", snapshot->since);
	json_add_bool(object, "since_met", snapshot->flags & FLIGHTREC_SNAPSHOT_SINCE_MET);
	json_add_number(object, "cursor", snapshot->cursor);
	json_print(object);
}

static int written(void *context, uint64_t done, uint64_t all)
{
	progress_written(context, done, all);
	return ended_by ? -EINTR : 0;
}

static int write_file(struct flightrec *recorder, struct wish *wish)
{
	const struct sigaction noted = { .sa_handler = note_signal };
	const int signals[] = { SIGINT, SIGTERM, SIGHUP };
	struct sigaction before[3];
	int err;

	for (size_t i = 0; i < 3; i++)
		sigaction(signals[i], &noted, &before[i]);
	err = flightrec_snapshot_to_file(recorder, &wish->snapshot, wish->output);
	for (size_t i = 0; i < 3; i++)
		sigaction(signals[i], &before[i], NULL);
	return err;
}

static int take(struct flightrec *recorder, struct wish *wish)
{
	bool to_stdout = wish->output && !strcmp(wish->output, "-");
	char name[64];
	int err;

	if (!wish->output) {
		name_by_date(name, sizeof(name));
		wish->output = name;
	}
	flightrec_on_progress(recorder, written, NULL);
	progress_writing();
	if (to_stdout)
		err = flightrec_snapshot_to_fd(recorder, &wish->snapshot, STDOUT_FILENO);
	else
		err = write_file(recorder, wish);
	progress_end();
	if (err == -EINTR && ended_by) {
		command_error(wish->output, "was not written: interrupted");
		raise(ended_by);
	}
	if (err)
		return command_recorder_error(to_stdout ? "standard output" : wish->output, err);
	if (to_stdout)
		return EXIT_SUCCESS;
	if (wish->json)
		print_json(wish->output, &wish->snapshot);
	else
		summarize(wish->output, wish);
	return command_end_output();
}

/* The cursor is kept when the snapshot is safe, so that a failed one is taken again. */
static int take_since_last(struct flightrec *recorder, struct wish *wish)
{
	struct last last = { .directory = -1 };
	uint64_t since;
	int status, err = last_open(&last);

	if (err)
		return command_error(LAST_DIRECTORY,
				     "%s; the cursor of --since last is kept there, or else in "
				     "$XDG_RUNTIME_DIR/flightrec",
				     strerror(-err));
	err = last_read(&last, &since);
	if (err) {
		status = command_error(last.path, "%s; remove it to begin anew",
				       err == -EBADMSG ? "is damaged" : strerror(-err));
		goto close_last;
	}
	wish->snapshot.since = since;
	status = take(recorder, wish);
	if (status)
		goto close_last;
	err = last_write(&last, wish->snapshot.cursor);
	if (err)
		status = command_error(last.path, "%s; the next --since last will have the same",
				       strerror(-err));
close_last:
	last_close(&last);
	return status;
}

/* What --since says, unless that is `last`. */
static int find_since(struct wish *wish)
{
	uint64_t cursor;

	if (!wish->since)
		return EXIT_SUCCESS;
	if (quantity_parse_number(wish->since, &cursor) && since_file(wish->since, &cursor))
		return EXIT_FAILURE;
	wish->snapshot.since = cursor;
	return EXIT_SUCCESS;
}

int snapshot_main(int argc, char **argv)
{
	struct wish wish = { 0 };
	struct flightrec *recorder;
	bool last;
	int status;

	status = parse_options(argc, argv, &wish);
	if (status)
		return status;
	last = wish.since && !strcmp(wish.since, "last");
	if (!last && find_since(&wish))
		return EXIT_FAILURE;
	if (wish.output && !strcmp(wish.output, "-") && isatty(STDOUT_FILENO))
		return command_error("standard output", "is a terminal; use -o FILE");
	if (command_open_recorder(&recorder))
		return EXIT_FAILURE;
	status = last ? take_since_last(recorder, &wish) : take(recorder, &wish);
	flightrec_close(recorder);
	return status;
}
