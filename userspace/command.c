// SPDX-License-Identifier: GPL-2.0
/* What all subcommands say alike. */
#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "command.h"

int command_error(const char *what, const char *why, ...)
{
	va_list arguments;

	fflush(stdout);
	fprintf(stderr, "flightrec: %s: ", what);
	va_start(arguments, why);
	vfprintf(stderr, why, arguments);
	va_end(arguments);
	fputc('\n', stderr);
	return EXIT_FAILURE;
}

int command_usage(const char *command, const char *why, ...)
{
	va_list arguments;

	fprintf(stderr, "flightrec%s%s: ", command ? " " : "", command ? command : "");
	va_start(arguments, why);
	vfprintf(stderr, why, arguments);
	va_end(arguments);
	fprintf(stderr, "; see flightrec%s%s --help\n", command ? " " : "", command ? command : "");
	return EXIT_USAGE;
}

/* A reader that has seen enough (| head) is no error. */
int command_end_output(void)
{
	if (!fflush(stdout) && !ferror(stdout))
		return EXIT_SUCCESS;
	if (errno == EPIPE)
		return EXIT_SUCCESS;
	return command_error("standard output", "%s", strerror(errno));
}

int command_open_recorder(struct flightrec **recorder)
{
	int err = flightrec_open(recorder, NULL);

	switch (err) {
	case 0:
		return EXIT_SUCCESS;
	case -ENOENT:
	case -ENXIO:
	case -ENODEV:
		return command_error(FLIGHTREC_DEVICE, "%s; is the module loaded? (flightrec load)",
				     strerror(-err));
	case -ENOTTY:
		return command_error(FLIGHTREC_DEVICE, "is not the recorder");
	default:
		return command_recorder_error(FLIGHTREC_DEVICE, err);
	}
}

int command_recorder_error(const char *what, int err)
{
	if (err == -EPERM || err == -EACCES)
		return command_error(what,
				     "%s; this needs root, or CAP_PERFMON to look "
				     "and CAP_SYS_ADMIN to change",
				     strerror(-err));
	if (err == -E2BIG || err == -ENOTTY)
		return command_error(what, "the loaded module is older than this command, "
					   "and doesn't know what was asked for");
	return command_error(what, "%s", strerror(-err));
}

static const char *file_name(const char *file)
{
	return strcmp(file, "-") ? file : "standard input";
}

static const char *trace_error(int err)
{
	switch (err) {
	case -ENODATA:
		return "is empty";
	case -EBADMSG:
		return "is not a snapshot, or damaged throughout";
	case -EPROTONOSUPPORT:
		return "was written by a newer flightrec than this one reads";
	default:
		return strerror(-err);
	}
}

/* Says what is wrong with the file itself. What the recorder lost is not its fault. */
static void complain(const struct flightrec_trace_info *info, const char *name)
{
	if (info->flags & FLIGHTREC_TRACE_CUT_SHORT && info->file_bytes > info->bytes)
		command_error(name,
			      "is cut short, %" PRIu64 " of %" PRIu64
			      " bytes are there; what follows is from these",
			      info->bytes, info->file_bytes);
	else if (info->flags & FLIGHTREC_TRACE_CUT_SHORT)
		command_error(name, "is cut short, its end mark is missing; "
				    "what follows is from the part that is there");
	if (info->flags & FLIGHTREC_TRACE_DAMAGED)
		command_error(name,
			      "has %" PRIu64 " bytes that can't be used, "
			      "in %" PRIu64 " place%s, the first at byte %" PRIu64,
			      info->damaged_bytes, info->damaged_blocks,
			      info->damaged_blocks == 1 ? "" : "s", info->damage_offset);
	if (info->unreadable_segments)
		command_error(name, "lacks %" PRIu64 " segment%s for that",
			      info->unreadable_segments, info->unreadable_segments == 1 ? "" : "s");
	if (info->flags & FLIGHTREC_TRACE_NO_HEADER)
		command_error(name, "has no readable header; "
				    "times are what the segments say of them");
}

int command_open_trace(struct flightrec_trace **trace, const char *file)
{
	const char *name = file_name(file);
	int err;

	if (strcmp(file, "-"))
		err = flightrec_trace_open(trace, file);
	else
		err = flightrec_trace_open_fd(trace, STDIN_FILENO);
	if (err)
		return command_error(name, "%s", trace_error(err));
	complain(flightrec_trace_get_info(*trace), name);
	return EXIT_SUCCESS;
}

int command_close_trace(struct flightrec_trace *trace)
{
	const uint32_t bad = FLIGHTREC_TRACE_CUT_SHORT | FLIGHTREC_TRACE_DAMAGED |
			     FLIGHTREC_TRACE_NO_HEADER;
	bool damaged = flightrec_trace_get_info(trace)->flags & bad;

	flightrec_trace_close(trace);
	if (command_end_output())
		return EXIT_FAILURE;
	return damaged ? EXIT_FAILURE : EXIT_SUCCESS;
}
