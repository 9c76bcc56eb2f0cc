// SPDX-License-Identifier: GPL-2.0
/* The flightrec command: a table of subcommands. */
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "command.h"

static const struct {
	const char *name;
	const char *summary;
	int (*run)(int argc, char **argv);
	const char *help;
} commands[] = {
	{ "load", "load the kernel module", load_main, load_help },
	{ "unload", "remove the kernel module, and what it recorded", unload_main, unload_help },
	{ "start", "start recording", start_main, start_help },
	{ "stop", "stop recording, keeping what there is", stop_main, stop_help },
	{ "clear", "forget what is recorded until now", clear_main, clear_help },
	{ "config", "show and change the settings", config_main, config_help },
	{ "mark", "record a text among the events", mark_main, mark_help },
	{ "status", "what the recorder is doing", status_main, status_help },
	{ "snapshot", "take the last seconds into a file", snapshot_main, snapshot_help },
	{ "info", "what a snapshot covers, and what was lost", info_main, info_help },
	{ "dump", "all events of a snapshot, one a line", dump_main, dump_help },
	{ "report", "who kept whom waiting", report_main, report_help },
};

#define COMMANDS (sizeof(commands) / sizeof(commands[0]))

static void print_help(FILE *out)
{
	fputs("Usage: flightrec COMMAND [OPTIONS]\n"
	      "\n"
	      "A flight recorder for the Linux scheduler.\n"
	      "\n",
	      out);
	for (size_t i = 0; i < COMMANDS; i++)
		fprintf(out, "  %-10s %s\n", commands[i].name, commands[i].summary);
	fputs("\n`flightrec COMMAND --help` tells a command's options.\n", out);
}

static bool is_help(const char *argument)
{
	return !strcmp(argument, "--help") || !strcmp(argument, "-h");
}

/* Whether --help stands among the options: behind a "--" it would be a file. */
static bool wants_help(int argc, char **argv)
{
	for (int i = 1; i < argc && strcmp(argv[i], "--"); i++)
		if (is_help(argv[i]))
			return true;
	return false;
}

int main(int argc, char **argv)
{
	/* A reader that has gone is noticed by EPIPE. */
	signal(SIGPIPE, SIG_IGN);
	if (argc < 2) {
		print_help(stderr);
		return EXIT_USAGE;
	}
	if (is_help(argv[1]) || !strcmp(argv[1], "help")) {
		print_help(stdout);
		return command_end_output();
	}
	for (size_t i = 0; i < COMMANDS; i++) {
		if (strcmp(argv[1], commands[i].name))
			continue;
		if (!wants_help(argc - 1, argv + 1))
			return commands[i].run(argc - 1, argv + 1);
		fputs(commands[i].help, stdout);
		return command_end_output();
	}
	return command_usage(NULL, "no command '%s'", argv[1]);
}
