/* SPDX-License-Identifier: LGPL-2.1 */
#ifndef FLIGHTREC_PRIORITY_H
#define FLIGHTREC_PRIORITY_H

#include <stddef.h>
#include <stdint.h>

#include "thread.h"

struct priority {
	uint32_t thread; /* its index, plus one; 0: none */
	uint8_t priority;
};

/*
 * The priorities that one CPU's records have told, of those threads of which not all
 * CPUs have told the same. A table of a power of two, with open addressing.
 */
struct priority_table {
	struct priority *entries;
	size_t room;
	size_t count;
};

void flightrec_priority_reset(struct priority_table *table);
int flightrec_priority_tell(struct priority_table *table, struct thread *thread, uint8_t priority);
void flightrec_priority_recall_slowly(const struct priority_table *table, struct thread *thread);

/* A CPU's records mention the thread: it has the priority that they have told last. */
static inline void priority_recall(const struct priority_table *table, struct thread *thread)
{
	if (__builtin_expect(thread->divided, 0))
		flightrec_priority_recall_slowly(table, thread);
}

#endif
