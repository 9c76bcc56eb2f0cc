/* SPDX-License-Identifier: LGPL-2.1 */
#ifndef FLIGHTREC_THREAD_H
#define FLIGHTREC_THREAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "flightrec.h"
#include "rundown.h"

#define TID_BITS   FLIGHTREC_TID_BITS
#define TID_MASK   ((1U << TID_BITS) - 1)
#define LEAF_BITS  10
#define LEAVES	   (1U << (TID_BITS - LEAF_BITS))
#define LEAF_TIDS  (1U << LEAF_BITS)
#define COMM_BYTES 16

struct thread {
	struct flightrec_thread shown;
	bool dead; /* has left its CPU for the last time */
	bool told; /* a CPU's records have told its priority */
	bool divided; /* not all CPUs the same, see priority.c */
	uint8_t common_priority; /* what all have told that were before that */
	uint32_t renamed; /* when: the table's epoch, 0: never */
	char old_comm[COMM_BYTES]; /* if renamed */
};

/* Threads are taken from slabs, because pointers to them are given out. */
struct thread_slab {
	struct thread_slab *next;
	uint32_t used;
	struct thread threads[64];
};

/* Some neighbouring tids' threads, NULL where one has not been mentioned. */
struct thread_leaf {
	struct thread_leaf *next; /* of those in use */
	uint32_t number;
	struct thread *threads[LEAF_TIDS];
};

/*
 * Who every tid is at the present moment of the iteration. A tree of two levels,
 * because a table of all tids would be 32 MiB.
 */
struct thread_table {
	struct thread_leaf *leaves[LEAVES];
	struct thread_leaf *used;
	struct thread_slab *slabs;
	uint32_t count;
	uint32_t epoch; /* from 1; another one behind each loss */
	bool partial; /* not every renaming is seen */
	const struct rundown *rundown;
	int64_t boottime_offset_ns;
	bool boottime_known;
};

void flightrec_thread_table_reset(struct thread_table *table);
struct thread *flightrec_thread_create(struct thread_table *table, uint32_t tid, uint64_t now_ns);
struct thread *flightrec_thread_create_idle(struct thread_table *table, uint32_t cpu);
struct thread *flightrec_thread_reborn(struct thread_table *table, uint32_t tid);
bool flightrec_thread_in_rundown(const struct thread_table *table, uint32_t tid, uint64_t now_ns,
				 struct flightrec_task *task);
struct thread *flightrec_thread_name(struct thread_table *table, uint32_t tid, uint64_t who,
				     const uint8_t *words);
void flightrec_thread_rename(const struct thread_table *table, struct thread *thread,
			     const uint8_t *from, const uint8_t *to);
void flightrec_thread_inherit(struct thread *child, const struct thread *parent);

/* The thread with this tid, or NULL if it has not been mentioned yet. */
static inline struct thread *thread_peek(const struct thread_table *table, uint32_t tid)
{
	const struct thread_leaf *leaf = table->leaves[(tid & TID_MASK) >> LEAF_BITS];

	return leaf ? leaf->threads[tid & (LEAF_TIDS - 1)] : NULL;
}

/* The thread with this tid, mentioned now; NULL if there is no memory. */
static inline struct thread *thread_get(struct thread_table *table, uint32_t tid, uint64_t now_ns)
{
	struct thread *thread = thread_peek(table, tid);

	return thread ? thread : flightrec_thread_create(table, tid, now_ns);
}

#endif
