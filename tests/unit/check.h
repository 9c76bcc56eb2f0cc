/* SPDX-License-Identifier: GPL-2.0 */
/* What a test program needs: checks that end a test, and a table of tests. */
#ifndef TEST_CHECK_H
#define TEST_CHECK_H

#include <stdint.h>

struct writer;
struct flightrec_trace;

struct test {
	const char *name;
	void (*run)(void);
};

/* Named after its function. The formatter takes the braces for a block. */
/* clang-format off */
#define TEST(function) { #function, function }
/* clang-format on */

/* The tests of each file, ended by one without a name. */
extern const struct test order_tests[];
extern const struct test name_tests[];
extern const struct test record_tests[];
extern const struct test loss_tests[];
extern const struct test damage_tests[];
extern const struct test clock_tests[];
extern const struct test file_tests[];
extern const struct test random_tests[];
extern const struct test mark_tests[];
extern const struct test header_tests[];

/* Ends the test as failed. */
void check_failed(const char *file, int line, const char *what) __attribute__((noreturn));

#define CHECK(condition)                                              \
	do {                                                          \
		if (!(condition))                                     \
			check_failed(__FILE__, __LINE__, #condition); \
	} while (0)

/* Of numbers: prints both if they differ. */
void check_equal(const char *file, int line, const char *what, uint64_t got, uint64_t expected);
#define CHECK_EQUAL(got, expected) check_equal(__FILE__, __LINE__, #got, got, expected)

/* Of texts. */
void check_text(const char *file, int line, const char *got, const char *expected);
#define CHECK_TEXT(got, expected) check_text(__FILE__, __LINE__, got, expected)

/* Opens what was written, which stays in the writer. */
struct flightrec_trace *check_open(const struct writer *writer);

/*
 * All events from the present one on, a line each, to be freed:
 *
 *	TIME CPU switch PREV-TID STATE NR > NEXT-TID
 *	TIME CPU waking TID cpu TARGET CONTEXT by TID
 *	TIME CPU begin TID
 *	TIME CPU gap until TIME segments N events N
 *	...
 */
char *check_describe(struct flightrec_trace *trace);

/* That a file with this content gives these events. Ends the writing. */
void check_events(struct writer *writer, const char *expected);

#endif
