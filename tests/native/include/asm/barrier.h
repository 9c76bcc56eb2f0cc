/* SPDX-License-Identifier: GPL-2.0 */
#ifndef NATIVE_BARRIER_H
#define NATIVE_BARRIER_H

#include <stdbool.h>

#define smp_store_release(p, value) __atomic_store_n(p, value, __ATOMIC_RELEASE)
#define smp_load_acquire(p)	    __atomic_load_n(p, __ATOMIC_ACQUIRE)

/*
 * ThreadSanitizer doesn't know fences. What they order is under data_race(), or
 * is the ring's @pos: see threads_test.c.
 */
#ifdef __SANITIZE_THREAD__
#pragma GCC diagnostic ignored "-Wtsan"
extern __thread bool native_fenced;

#define smp_wmb()                                        \
	do {                                             \
		__atomic_thread_fence(__ATOMIC_RELEASE); \
		native_fenced = true;                    \
	} while (0)
#else
#define smp_wmb() __atomic_thread_fence(__ATOMIC_RELEASE)
#endif
#define smp_rmb() __atomic_thread_fence(__ATOMIC_ACQUIRE)
#define smp_mb()  __atomic_thread_fence(__ATOMIC_SEQ_CST)

#endif
