// SPDX-License-Identifier: GPL-2.0
/* flightrec dump */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "command.h"
#include "dump.h"
#include "progress.h"

const char dump_help[] =
	"Usage: flightrec dump FILE [--format text|ftrace|json]\n"
	"\n"
	"Prints all events of a snapshot in the order of their time, one a line. FILE - is\n"
	"standard input.\n"
	"\n"
	"  --format text    for people: times before the snapshot, what happened in words\n"
	"                   (default)\n"
	"  --format ftrace  as /sys/kernel/tracing/trace has it, times of CLOCK_MONOTONIC\n"
	"  --format json    an object a line, times in ns of CLOCK_MONOTONIC\n";

struct format {
	const char *name;
	void (*head)(struct dump *dump);
	void (*event)(struct dump *dump, const struct flightrec_event *event);
};

static const struct format formats[] = {
	{ "text", dump_text_head, dump_text_event },
	{ "ftrace", dump_ftrace_head, dump_ftrace_event },
	{ "json", NULL, dump_json_event },
};

const char *dump_syscall(struct dump *dump, uint32_t nr, const struct flightrec_thread *thread,
			 char room[16])
{
	const char *name;

	if (nr == FLIGHTREC_NR_NONE)
		return NULL;
	name = flightrec_trace_syscall_name(dump->trace, nr, thread->flags);
	if (name)
		return name;
	snprintf(room, 16, "syscall_%u", nr);
	return room;
}

static const struct format *find_format(const char *name)
{
	for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); i++)
		if (!strcmp(formats[i].name, name))
			return &formats[i];
	return NULL;
}

/* 0 or -errno. A closed pipe (| head) is the end, and no error. */
static int write_events(struct dump *dump, const struct format *format)
{
	const struct flightrec_event *event;
	int err = 0;

	if (format->head)
		format->head(dump);
	while (!output_room(&dump->output)) {
		err = flightrec_trace_next(dump->trace, &event);
		if (err || !event)
			break;
		format->event(dump, event);
	}
	output_flush(&dump->output);
	if (dump->output.error && dump->output.error != EPIPE)
		return -dump->output.error;
	return err;
}

static int dump_file(const char *file, const struct format *format)
{
	struct dump *dump = calloc(1, sizeof(*dump));
	int status, err;

	if (!dump)
		return command_error(file, "%s", strerror(ENOMEM));
	status = command_open_trace(&dump->trace, file);
	if (status)
		goto free_dump;
	dump->info = flightrec_trace_get_info(dump->trace);
	dump->second = UINT64_MAX;
	output_init(&dump->output, STDOUT_FILENO);
	/* Not between the lines, if these go to the terminal. */
	if (!isatty(STDOUT_FILENO))
		progress_reading(dump->trace, 1);
	err = write_events(dump, format);
	progress_end();
	status = command_close_trace(dump->trace);
	if (err)
		status = command_error("standard output", "%s", strerror(-err));
free_dump:
	free(dump);
	return status;
}

int dump_main(int argc, char **argv)
{
	static const struct option options[] = {
		{ "format", required_argument, NULL, 'f' },
		{ NULL, 0, NULL, 0 },
	};
	const struct format *format = &formats[0];
	int option;

	while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (option != 'f')
			return command_usage(argv[0], "can't do that");
		format = find_format(optarg);
		if (!format)
			return command_usage(argv[0], "no format '%s'", optarg);
	}
	if (optind + 1 != argc)
		return command_usage(argv[0], optind == argc ? "which FILE?" : "one FILE only");
	return dump_file(argv[optind], format);
}
