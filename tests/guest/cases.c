// SPDX-License-Identifier: GPL-2.0
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cases.h"

bool expect(bool condition, const char *text, const char *file, int line)
{
	if (!condition)
		fprintf(stderr, "%s:%d: not so: %s\n", file, line, text);
	return condition;
}

static bool wanted(const char *name, int argc, char **argv)
{
	for (int i = 1; i < argc; i++)
		if (!strcmp(argv[i], name))
			return true;
	return argc < 2;
}

int cases_run(const struct test_case *cases, size_t nr, void (*before)(void), int argc, char **argv)
{
	int failed = 0, status;
	pid_t pid;

	setlinebuf(stdout);
	for (size_t i = 0; i < nr; i++) {
		if (!wanted(cases[i].name, argc, argv))
			continue;
		/* In a process of its own: a failed one leaves load and open files behind. */
		before();
		pid = fork();
		if (!pid)
			exit(cases[i].run() ? 0 : 1);
		waitpid(pid, &status, 0);
		printf("%s - %s\n", status ? "not ok" : "ok", cases[i].name);
		failed += !!status;
	}
	return failed != 0;
}
