/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The kernel's memory model with the compiler's atomics. Where the kernel's data
 * race is meant, ThreadSanitizer is told to look away for that expression only.
 */
#ifndef NATIVE_COMPILER_H
#define NATIVE_COMPILER_H

#include <sys/cdefs.h>

#define noinline	     __attribute__((noinline))
#define likely(x)	     __builtin_expect(!!(x), 1)
#define unlikely(x)	     __builtin_expect(!!(x), 0)

#define READ_ONCE(x)	     __atomic_load_n(&(x), __ATOMIC_RELAXED)
#define WRITE_ONCE(x, value) __atomic_store_n(&(x), (value), __ATOMIC_RELAXED)

#ifdef __SANITIZE_THREAD__
void AnnotateIgnoreReadsBegin(const char *file, int line);
void AnnotateIgnoreReadsEnd(const char *file, int line);
void AnnotateIgnoreWritesBegin(const char *file, int line);
void AnnotateIgnoreWritesEnd(const char *file, int line);

#define data_race(expr)                                        \
	({                                                     \
		AnnotateIgnoreReadsBegin(__FILE__, __LINE__);  \
		AnnotateIgnoreWritesBegin(__FILE__, __LINE__); \
		__auto_type data_race_value = (expr);          \
		AnnotateIgnoreWritesEnd(__FILE__, __LINE__);   \
		AnnotateIgnoreReadsEnd(__FILE__, __LINE__);    \
		data_race_value;                               \
	})
#else
#define data_race(expr) (expr)
#endif

#endif
