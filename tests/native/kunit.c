// SPDX-License-Identifier: GPL-2.0
/*
 * Runs the tests in userspace.
 *
 *	core [SUFFIX [SUITE]]
 *
 * prints `ok - NAME` or `not ok - NAME` for each of them, with SUFFIX behind it.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <kunit/test.h>

struct kunit_memory {
	struct kunit_memory *next;
} __attribute__((aligned(64)));

static struct kunit_suite *suites;

void kunit_register(struct kunit_suite *suite)
{
	suite->next = suites;
	suites = suite;
}

/* Freed at the end of the test. Aligned as what the kernel's would be. */
void *kunit_kzalloc(struct kunit *test, size_t bytes, int gfp)
{
	struct kunit_memory *memory;

	(void)gfp;
	bytes = (sizeof(*memory) + bytes + 63) / 64 * 64;
	memory = aligned_alloc(64, bytes);
	if (!memory)
		abort();
	memset(memory, 0, bytes);
	memory->next = test->memory;
	test->memory = memory;
	return memory + 1;
}

void kunit_failed(struct kunit *test, bool end, const char *file, int line, const char *format, ...)
{
	va_list args;

	printf("# %s:%d: ", file, line);
	va_start(args, format);
	vprintf(format, args);
	va_end(args);
	printf("\n");
	__atomic_store_n(&test->failed, true, __ATOMIC_RELAXED);
	if (end)
		longjmp(*test->end, 1);
}

static bool run(const struct kunit_suite *suite, const struct kunit_case *test_case)
{
	struct kunit test = { 0 };
	jmp_buf end;

	test.end = &end;
	if (!setjmp(end)) {
		if (suite->init && suite->init(&test))
			abort();
		test_case->run_case(&test);
	}
	if (!setjmp(end) && suite->exit)
		suite->exit(&test);
	while (test.memory) {
		struct kunit_memory *memory = test.memory;

		test.memory = memory->next;
		free(memory);
	}
	return !test.failed;
}

int main(int argc, char **argv)
{
	const char *suffix = argc > 1 ? argv[1] : "";
	const struct kunit_suite *suite;
	const struct kunit_case *test_case;
	int failures = 0;

	setvbuf(stdout, NULL, _IOLBF, 0);
	for (suite = suites; suite; suite = suite->next) {
		if (argc > 2 && strcmp(argv[2], suite->name))
			continue;
		for (test_case = suite->test_cases; test_case->run_case; test_case++) {
			bool ok = run(suite, test_case);

			printf("%s - %s%s\n", ok ? "ok" : "not ok", test_case->name, suffix);
			failures += !ok;
		}
	}
	return failures ? 1 : 0;
}
