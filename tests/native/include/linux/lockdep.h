/* SPDX-License-Identifier: GPL-2.0 */
#ifndef NATIVE_LOCKDEP_H
#define NATIVE_LOCKDEP_H

#include <stdio.h>
#include <stdlib.h>

#include <linux/spinlock.h>

static inline void lockdep_held(const raw_spinlock_t *lock, const char *file, int line)
{
	if (READ_ONCE(lock->holder) == pthread_self())
		return;
	fprintf(stderr, "%s:%d: called without the lock\n", file, line);
	abort();
}

#define lockdep_assert_held(lock) lockdep_held(lock, __FILE__, __LINE__)

#endif
