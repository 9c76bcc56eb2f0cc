// SPDX-License-Identifier: GPL-2.0
/* Fuzzes `flightrec info`, as text and as JSON. */
#include <getopt.h>

#include "command.h"
#include "fuzz.h"

int LLVMFuzzerInitialize(int *argc, char ***argv);

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	fuzz_be_quiet();
	return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *arguments[] = { "info", "FILE", "--json", NULL };

	fuzz_data = data;
	fuzz_size = size;
	/* The GNU way of saying that there is another command line. */
	optind = 0;
	info_main(2 + fuzz_choice(data, size) % 2, arguments);
	return 0;
}
