// SPDX-License-Identifier: GPL-2.0
/* flightrec start, flightrec stop, flightrec clear */
#include "command.h"

const char start_help[] = "Usage: flightrec start\n"
			  "\n"
			  "Starts recording, with the settings that `flightrec config` shows.\n"
			  "Does nothing if it is recording already.\n";

const char stop_help[] =
	"Usage: flightrec stop\n"
	"\n"
	"Stops recording. What was recorded stays, and snapshots can be taken of it.\n";

const char clear_help[] =
	"Usage: flightrec clear\n"
	"\n"
	"Forgets what is recorded until now: no snapshot that is taken from now on has it.\n"
	"Recording goes on.\n";

static int change(int argc, char **argv, int (*change_recorder)(struct flightrec *))
{
	struct flightrec *recorder;
	int err;

	if (argc > 1)
		return command_usage(argv[0], "takes no arguments");
	if (command_open_recorder(&recorder))
		return EXIT_FAILURE;
	err = change_recorder(recorder);
	flightrec_close(recorder);
	return err ? command_recorder_error(argv[0], err) : EXIT_SUCCESS;
}

int start_main(int argc, char **argv)
{
	return change(argc, argv, flightrec_start);
}

int stop_main(int argc, char **argv)
{
	return change(argc, argv, flightrec_stop);
}

int clear_main(int argc, char **argv)
{
	return change(argc, argv, flightrec_clear);
}
