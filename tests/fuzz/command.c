// SPDX-License-Identifier: GPL-2.0
/*
 * In place of the command's own command.c: the file is the fuzzer's input, and
 * nothing is said.
 */
#include "command.h"
#include "fuzz.h"

const uint8_t *fuzz_data;
size_t fuzz_size;

int command_error(const char *what, const char *why, ...)
{
	(void)what;
	(void)why;
	return EXIT_FAILURE;
}

int command_usage(const char *command, const char *why, ...)
{
	(void)command;
	(void)why;
	return EXIT_USAGE;
}

int command_open_trace(struct flightrec_trace **trace, const char *file)
{
	(void)file;
	*trace = fuzz_open(fuzz_data, fuzz_size);
	return *trace ? EXIT_SUCCESS : EXIT_FAILURE;
}

int command_close_trace(struct flightrec_trace *trace)
{
	flightrec_trace_close(trace);
	return EXIT_SUCCESS;
}
