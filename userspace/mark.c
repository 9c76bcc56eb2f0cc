// SPDX-License-Identifier: GPL-2.0
/* flightrec mark */
#include <errno.h>
#include <getopt.h>
#include <string.h>

#include "command.h"
#include "quantity.h"

const char mark_help[] =
	"Usage: flightrec mark [--begin | --end] [--id ID] [--parent ID] [--] TEXT\n"
	"\n"
	"Records a mark among the scheduler's events: what a program is about, to be found\n"
	"again in dump and report. TEXT is at most 1024 bytes.\n"
	"\n"
	"  --begin      a region begins\n"
	"  --end        it ends\n"
	"  --id ID      a number of the region, by which its begin and its end belong together\n"
	"  --parent ID  the region that this one is part of\n";

struct mark {
	uint32_t kind;
	uint64_t id;
	uint64_t parent;
	const char *text;
};

static int parse_option(int option, struct mark *mark)
{
	uint64_t *number = option == 'i' ? &mark->id : &mark->parent;

	switch (option) {
	case 'b':
	case 'e':
		if (mark->kind != FLIGHTREC_MARK_INSTANT)
			return command_usage("mark", "--begin or --end, once");
		mark->kind = option == 'b' ? FLIGHTREC_MARK_BEGIN : FLIGHTREC_MARK_END;
		return EXIT_SUCCESS;
	case 'i':
	case 'p':
		if (quantity_parse_number(optarg, number) || !*number)
			return command_usage("mark", "'%s' is no ID: a number from 1 on is needed",
					     optarg);
		return EXIT_SUCCESS;
	default:
		return command_usage("mark", "can't do that");
	}
}

static int parse_options(int argc, char **argv, struct mark *mark)
{
	static const struct option options[] = {
		{ "begin", no_argument, NULL, 'b' },
		{ "end", no_argument, NULL, 'e' },
		{ "id", required_argument, NULL, 'i' },
		{ "parent", required_argument, NULL, 'p' },
		{ NULL, 0, NULL, 0 },
	};
	int option, status;

	while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
		status = parse_option(option, mark);
		if (status)
			return status;
	}
	if (optind + 1 != argc)
		return command_usage("mark",
				     optind == argc ? "which TEXT?" : "one TEXT only; quote it");
	mark->text = argv[optind];
	if (strlen(mark->text) > FLIGHTREC_MARK_TEXT_MAX)
		return command_usage("mark", "the text has %zu bytes, and %d is the most",
				     strlen(mark->text), FLIGHTREC_MARK_TEXT_MAX);
	return EXIT_SUCCESS;
}

static int complain(int err)
{
	switch (err) {
	case -ENODATA:
		return command_error("mark", "marks are not being recorded now; "
					     "see flightrec status and flightrec config");
	case -EBADF:
		return command_error("mark", FLIGHTREC_DEVICE " can't be opened for writing");
	case -ENOSPC:
		return command_error("mark", "the recorder had no room for it");
	default:
		return command_recorder_error("mark", err);
	}
}

int mark_main(int argc, char **argv)
{
	struct mark wanted = { .kind = FLIGHTREC_MARK_INSTANT };
	struct flightrec_mark mark = { 0 };
	struct flightrec *recorder;
	int err = parse_options(argc, argv, &wanted);

	if (err)
		return err;
	if (command_open_recorder(&recorder))
		return EXIT_FAILURE;
	mark.kind = wanted.kind;
	mark.id = wanted.id;
	mark.parent = wanted.parent;
	mark.text = (uintptr_t)wanted.text;
	mark.text_bytes = (uint32_t)strlen(wanted.text);
	err = flightrec_write_mark(recorder, &mark);
	flightrec_close(recorder);
	return err ? complain(err) : EXIT_SUCCESS;
}
