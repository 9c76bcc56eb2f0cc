/* SPDX-License-Identifier: GPL-2.0 */
/*
 * As much of KUnit as the tests use. Expected and actual values are printed as
 * numbers; a failed assertion ends the test.
 */
#ifndef NATIVE_KUNIT_H
#define NATIVE_KUNIT_H

#include <setjmp.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include <linux/compiler.h>
#include <linux/slab.h>

struct kunit_memory;

struct kunit {
	void *priv;
	bool failed;
	jmp_buf *end;
	struct kunit_memory *memory;
};

struct kunit_case {
	void (*run_case)(struct kunit *test);
	const char *name;
};

struct kunit_suite {
	const char *name;
	int (*init)(struct kunit *test);
	void (*exit)(struct kunit *test);
	struct kunit_case *test_cases;
	struct kunit_suite *next;
};

#define KUNIT_CASE(function)                            \
	{                                               \
		.run_case = function, .name = #function \
	}

#define kunit_test_suite(suite)                                         \
	static void __attribute__((constructor)) register_##suite(void) \
	{                                                               \
		kunit_register(&(suite));                               \
	}                                                               \
	_Static_assert(true, "")

void kunit_register(struct kunit_suite *suite);
void *kunit_kzalloc(struct kunit *test, size_t bytes, int gfp);
void kunit_failed(struct kunit *test, bool end, const char *file, int line, const char *format, ...)
	__attribute__((format(printf, 5, 6)));

#define KUNIT_FAIL(test, ...) kunit_failed(test, false, __FILE__, __LINE__, __VA_ARGS__)

#define KUNIT_COMPARE(test, end, left, op, right)                                              \
	do {                                                                                   \
		__auto_type kunit_left = (left);                                               \
		__auto_type kunit_right = (right);                                             \
		if (!(kunit_left op kunit_right))                                              \
			kunit_failed(test, end, __FILE__, __LINE__,                            \
				     "%s " #op " %s: they are %#llx and %#llx", #left, #right, \
				     (unsigned long long)kunit_left,                           \
				     (unsigned long long)kunit_right);                         \
	} while (0)

#define KUNIT_EXPECT_EQ(test, left, right)   KUNIT_COMPARE(test, false, left, ==, right)
#define KUNIT_EXPECT_NE(test, left, right)   KUNIT_COMPARE(test, false, left, !=, right)
#define KUNIT_EXPECT_LE(test, left, right)   KUNIT_COMPARE(test, false, left, <=, right)
#define KUNIT_EXPECT_GE(test, left, right)   KUNIT_COMPARE(test, false, left, >=, right)
#define KUNIT_EXPECT_TRUE(test, value)	     KUNIT_EXPECT_EQ(test, !!(value), true)
#define KUNIT_EXPECT_FALSE(test, value)	     KUNIT_EXPECT_EQ(test, !!(value), false)

#define KUNIT_ASSERT_EQ(test, left, right)   KUNIT_COMPARE(test, true, left, ==, right)
#define KUNIT_ASSERT_NE(test, left, right)   KUNIT_COMPARE(test, true, left, !=, right)
#define KUNIT_ASSERT_LE(test, left, right)   KUNIT_COMPARE(test, true, left, <=, right)
#define KUNIT_ASSERT_GE(test, left, right)   KUNIT_COMPARE(test, true, left, >=, right)
#define KUNIT_ASSERT_TRUE(test, value)	     KUNIT_ASSERT_EQ(test, !!(value), true)
#define KUNIT_ASSERT_FALSE(test, value)	     KUNIT_ASSERT_EQ(test, !!(value), false)
#define KUNIT_ASSERT_NOT_NULL(test, pointer) KUNIT_ASSERT_TRUE(test, (pointer))

#define KUNIT_SAME(test, end, left, right)                                                      \
	do {                                                                                    \
		const char *kunit_left = (left);                                                \
		const char *kunit_right = (right);                                              \
		if (strcmp(kunit_left, kunit_right))                                            \
			kunit_failed(test, end, __FILE__, __LINE__, "%s is \"%s\", not \"%s\"", \
				     #left, kunit_left, kunit_right);                           \
	} while (0)

#define KUNIT_EXPECT_STREQ(test, left, right) KUNIT_SAME(test, false, left, right)
#define KUNIT_ASSERT_STREQ(test, left, right) KUNIT_SAME(test, true, left, right)

#endif
