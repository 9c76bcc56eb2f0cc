// SPDX-License-Identifier: LGPL-2.1
/*
 * Priorities, as each CPU's records have told them.
 *
 * A CPU tells a thread's priority when it differs from what it has told last, itself: it
 * doesn't know what the others have told. So when a thread has been raised and put back,
 * and another CPU has told of the raise, the first one tells nothing: what counts for
 * its records is what it said before, although others have said something newer.
 *
 * Most threads never have another priority. As long as all have told the same of a thread,
 * that is in the thread. From when on they don't, each CPU remembers what it tells; and one
 * that has nothing to remember has told, if at all, what all did.
 */
#include <errno.h>
#include <stdlib.h>

#include "priority.h"

#define ROOM_MIN 16

void flightrec_priority_reset(struct priority_table *table)
{
	free(table->entries);
	table->entries = NULL;
	table->room = 0;
	table->count = 0;
}

/* The thread's entry, or the free one where it belongs. There is always a free one. */
static struct priority *find(const struct priority_table *table, uint32_t thread)
{
	size_t at = (thread * 0x9e3779b1U) & (table->room - 1);

	while (table->entries[at].thread && table->entries[at].thread != thread)
		at = (at + 1) & (table->room - 1);
	return &table->entries[at];
}

static int grow(struct priority_table *table)
{
	struct priority_table larger = { .room = table->room ? 2 * table->room : ROOM_MIN };

	larger.entries = calloc(larger.room, sizeof(*larger.entries));
	if (!larger.entries)
		return -ENOMEM;
	for (size_t i = 0; i < table->room; i++)
		if (table->entries[i].thread)
			*find(&larger, table->entries[i].thread) = table->entries[i];
	larger.count = table->count;
	free(table->entries);
	*table = larger;
	return 0;
}

static int remember(struct priority_table *table, uint32_t thread, uint8_t priority)
{
	struct priority *entry;

	if (2 * table->count >= table->room && grow(table))
		return -ENOMEM;
	entry = find(table, thread);
	if (!entry->thread)
		table->count++;
	entry->thread = thread;
	entry->priority = priority;
	return 0;
}

/* A CPU's records tell a thread's priority. Return: 0 or -ENOMEM. */
int flightrec_priority_tell(struct priority_table *table, struct thread *thread, uint8_t priority)
{
	if (!thread->told)
		thread->common_priority = priority;
	thread->told = true;
	thread->shown.priority = priority;
	if (priority != thread->common_priority)
		thread->divided = true;
	return thread->divided ? remember(table, thread->shown.index + 1, priority) : 0;
}

void flightrec_priority_recall_slowly(const struct priority_table *table, struct thread *thread)
{
	const struct priority *entry = table->room ? find(table, thread->shown.index + 1) : NULL;

	thread->shown.priority = entry && entry->thread ? entry->priority : thread->common_priority;
}
