// SPDX-License-Identifier: GPL-2.0
/* flightrec report: why was it slow? */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "command.h"
#include "progress.h"
#include "quantity.h"
#include "report/analysis.h"
#include "report/document.h"
#include "report/text.h"

const char report_help[] =
	"Usage: flightrec report [OPTION]... FILE\n"
	"\n"
	"Tells why it was slow: which threads were held up, by whom, and what that one\n"
	"was waiting for, back to the thread, timer or interrupt behind it all; how busy\n"
	"the CPUs were; and who waited longest for one. FILE is a snapshot; - is stdin.\n"
	"\n"
	"      --top N          findings, and rows of a table (default: 5)\n"
	"      --thread WHO     explain the longest waits of these threads: a tid, or a\n"
	"                       name, in which * and ? are wildcards\n"
	"      --from TIME      look at what was later than this long before the snapshot,\n"
	"                       as in 2s or 300ms\n"
	"      --to TIME        and earlier than this\n"
	"      --json           for programs\n"
	"      --help           this text\n";

struct report_options {
	struct analysis_options analysis;
	bool json;
};

static int parse_top(const char *text, unsigned int *top)
{
	unsigned long value;
	char *end;

	errno = 0;
	value = strtoul(text, &end, 10);
	if (errno || end == text || *end || value < 1 || value > 1000)
		return command_usage("report", "--top %s: a number from 1 to 1000 is needed", text);
	*top = (unsigned int)value;
	return EXIT_SUCCESS;
}

/* A time before the cut; a minus in front of it is taken for the same. */
static int parse_before(const char *option, const char *text, int64_t *relative_ns)
{
	uint64_t ns;

	if (quantity_parse_time(text + (text[0] == '-'), &ns) < 0 || ns > INT64_MAX)
		return command_usage("report", "%s %s: a time as 2s or 300ms is needed", option,
				     text);
	*relative_ns = -(int64_t)ns;
	return EXIT_SUCCESS;
}

static int parse_option(int option, struct report_options *options)
{
	switch (option) {
	case 'n':
		return parse_top(optarg, &options->analysis.top);
	case 't':
		options->analysis.thread = optarg;
		return EXIT_SUCCESS;
	case 'b':
		return parse_before("--from", optarg, &options->analysis.from_ns);
	case 'e':
		return parse_before("--to", optarg, &options->analysis.to_ns);
	case 'j':
		options->json = true;
		return EXIT_SUCCESS;
	default:
		return command_usage("report", "wrong option");
	}
}

static int parse_options(int argc, char **argv, struct report_options *options)
{
	static const struct option known[] = {
		{ "top", required_argument, NULL, 'n' },
		{ "thread", required_argument, NULL, 't' },
		{ "from", required_argument, NULL, 'b' },
		{ "to", required_argument, NULL, 'e' },
		{ "json", no_argument, NULL, 'j' },
		{ NULL, 0, NULL, 0 },
	};
	int option;
	int ret;

	while ((option = getopt_long(argc, argv, "", known, NULL)) != -1) {
		ret = parse_option(option, options);
		if (ret)
			return ret;
	}
	if (argc - optind != 1)
		return command_usage("report", "one FILE is needed");
	if (options->analysis.from_ns != INT64_MIN &&
	    options->analysis.from_ns >= options->analysis.to_ns)
		return command_usage("report", "--from has to be before --to");
	return EXIT_SUCCESS;
}

static int report(struct flightrec_trace *trace, const char *file,
		  const struct report_options *options)
{
	struct analysis analysis;
	int ret = EXIT_SUCCESS;
	int err;

	progress_reading(trace, ANALYSIS_PASSES);
	err = analysis_run(&analysis, trace, &options->analysis);
	progress_end();
	if (err < 0)
		ret = command_error(file, "%s", strerror(-err));
	else if (options->json)
		document_print(&analysis);
	else
		text_print(&analysis, stdout, isatty(STDOUT_FILENO));
	analysis_free(&analysis);
	return ret;
}

int report_main(int argc, char **argv)
{
	struct report_options options = {
		.analysis = { .top = 5, .from_ns = INT64_MIN },
	};
	struct flightrec_trace *trace;
	int ret = parse_options(argc, argv, &options);
	int closed;

	if (ret)
		return ret;
	ret = command_open_trace(&trace, argv[optind]);
	if (ret)
		return ret;
	ret = report(trace, argv[optind], &options);
	closed = command_close_trace(trace);
	return ret ? ret : closed;
}
