/* SPDX-License-Identifier: GPL-2.0 */
/* Test cases: functions named by what they show, each run in a process of its own. */
#ifndef CASES_H
#define CASES_H

#include <stdbool.h>
#include <stddef.h>

struct test_case {
	const char *name;
	bool (*run)(void);
};

#define TEST(function)              \
	{                           \
#function, function \
	}

/* Runs those that argv names, or all, @before before each; the exit status. */
int cases_run(const struct test_case *cases, size_t nr, void (*before)(void), int argc,
	      char **argv);

bool expect(bool condition, const char *text, const char *file, int line);

#define EXPECT(condition)                                               \
	do {                                                            \
		if (!expect(condition, #condition, __FILE__, __LINE__)) \
			return false;                                   \
	} while (0)

#endif
