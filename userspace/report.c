// SPDX-License-Identifier: GPL-2.0
/* flightrec report: why was it slow? */
#include "command.h"

const char report_help[] = "Usage: flightrec report FILE [--json]\n";

int report_main(int argc, char **argv)
{
	(void)argc;
	return command_error(argv[0], "not there yet");
}
