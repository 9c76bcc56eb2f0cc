/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A mutex in place of the spin lock: with more threads than cores, spinning
 * would only wait for the holder to be scheduled. It knows its holder, for
 * lockdep_assert_held().
 */
#ifndef NATIVE_SPINLOCK_H
#define NATIVE_SPINLOCK_H

#include <pthread.h>

#include <linux/compiler.h>

typedef struct {
	pthread_mutex_t mutex;
	pthread_t holder;
} raw_spinlock_t;

static inline void raw_spin_lock_init(raw_spinlock_t *lock)
{
	pthread_mutex_init(&lock->mutex, NULL);
	lock->holder = 0;
}

static inline void raw_spin_lock(raw_spinlock_t *lock)
{
	pthread_mutex_lock(&lock->mutex);
	WRITE_ONCE(lock->holder, pthread_self());
}

static inline void raw_spin_unlock(raw_spinlock_t *lock)
{
	WRITE_ONCE(lock->holder, 0);
	pthread_mutex_unlock(&lock->mutex);
}

#define raw_spin_lock_irqsave(lock, flags)	((flags) = 0, raw_spin_lock(lock))
#define raw_spin_unlock_irqrestore(lock, flags) ((void)(flags), raw_spin_unlock(lock))

#endif
