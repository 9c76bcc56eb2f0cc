// SPDX-License-Identifier: GPL-2.0
/* Fuzzes `flightrec report`: the analysis, and both of its outputs. */
#include "flightrec.h"
#include "fuzz.h"
#include "report/analysis.h"
#include "report/document.h"
#include "report/text.h"

int LLVMFuzzerInitialize(int *argc, char ***argv);

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	fuzz_be_quiet();
	return 0;
}

/* As the command line allows them. */
static struct analysis_options choose_options(uint32_t choice)
{
	static const char *const threads[] = { NULL, NULL, "*", "1", "w*[", "?" };
	static const unsigned int tops[] = { 5, 1, 5, 40 };
	struct analysis_options options = { .from_ns = INT64_MIN };

	options.thread = threads[choice % 6];
	/* Much memory takes much time, so that it is rare. */
	options.top = choice >> 22 & 63 ? tops[choice / 6 % 4] : 1000;
	if (choice >> 8 & 1)
		options.from_ns = -(int64_t)(1ULL << (choice >> 10 & 63) >> 1);
	if (choice >> 9 & 1)
		options.to_ns = -(int64_t)(1ULL << (choice >> 16 & 63) >> 1);
	return options;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct flightrec_trace *trace = fuzz_open(data, size);
	uint32_t choice = fuzz_choice(data, size);
	struct analysis_options options = choose_options(choice);
	struct analysis analysis;

	if (!trace)
		return 0;
	CHECK(!analysis_run(&analysis, trace, &options));
	if (choice >> 31)
		document_print(&analysis);
	else
		text_print(&analysis, stdout, choice >> 30 & 1);
	analysis_free(&analysis);
	flightrec_trace_close(trace);
	return 0;
}
