// SPDX-License-Identifier: LGPL-2.1
/*
 * Who every tid is.
 *
 * The newest word on it holds, on whichever CPU it was recorded, with one
 * exception: the kernel announces a new name just before it sets it, so that a
 * segment on another CPU may still mention the old one a moment later. As every
 * renaming is recorded, the name that a thread had before its last one is known to
 * be old, unless records were lost since.
 *
 * A tid is used again when its thread is gone. The new thread gets a struct of its
 * own: when a fork says so, and, in case that was lost, when a mention doesn't fit
 * the one before.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "load.h"
#include "thread.h"

void flightrec_thread_table_reset(struct thread_table *table)
{
	while (table->used) {
		struct thread_leaf *leaf = table->used;

		table->used = leaf->next;
		table->leaves[leaf->number] = NULL;
		free(leaf);
	}
	while (table->slabs) {
		struct thread_slab *slab = table->slabs;

		table->slabs = slab->next;
		free(slab);
	}
	table->count = 0;
	table->epoch = 1;
}

static struct thread *thread_alloc(struct thread_table *table, uint32_t tid)
{
	struct thread_slab *slab = table->slabs;
	struct thread *thread;

	if (!slab || slab->used == sizeof(slab->threads) / sizeof(slab->threads[0])) {
		slab = calloc(1, sizeof(*slab));
		if (!slab)
			return NULL;
		slab->next = table->slabs;
		table->slabs = slab;
	}
	thread = &slab->threads[slab->used++];
	thread->shown.index = table->count++;
	thread->shown.tid = tid;
	memcpy(thread->shown.comm, "<...>", sizeof("<...>"));
	return thread;
}

/* The leaf that has the tid's place; NULL if there is no memory. */
static struct thread_leaf *leaf_of(struct thread_table *table, uint32_t tid)
{
	uint32_t number = (tid & TID_MASK) >> LEAF_BITS;
	struct thread_leaf *leaf = table->leaves[number];

	if (leaf)
		return leaf;
	leaf = calloc(1, sizeof(*leaf));
	if (!leaf)
		return NULL;
	leaf->number = number;
	leaf->next = table->used;
	table->used = leaf;
	table->leaves[number] = leaf;
	return leaf;
}

/* Puts a new, unknown thread in the tid's place. */
struct thread *flightrec_thread_reborn(struct thread_table *table, uint32_t tid)
{
	struct thread_leaf *leaf = leaf_of(table, tid);
	struct thread *thread;

	if (!leaf)
		return NULL;
	thread = thread_alloc(table, tid & TID_MASK);
	if (thread)
		leaf->threads[tid & (LEAF_TIDS - 1)] = thread;
	return thread;
}

/* Whether the task of that tid in the rundown was there already at @now_ns. */
bool flightrec_thread_in_rundown(const struct thread_table *table, uint32_t tid, uint64_t now_ns,
				 struct flightrec_task *task)
{
	if (flightrec_rundown_find(table->rundown, tid, task))
		return false;
	return !table->boottime_known ||
	       task->start_boottime_ns <= now_ns + (uint64_t)table->boottime_offset_ns;
}

static void thread_take_task(struct flightrec_thread *shown, const struct flightrec_task *task)
{
	shown->tgid = task->tgid;
	shown->ns_tid = task->ns_tid;
	shown->cgroup = task->cgroup;
	shown->pid_ns = task->pid_ns;
	shown->flags = task->flags;
	shown->priority = task->priority;
	shown->known = FLIGHTREC_KNOWN_RUNDOWN;
	memcpy(shown->comm, task->comm, COMM_BYTES);
	shown->comm[COMM_BYTES] = '\0';
}

/*
 * A tid that is mentioned for the first time. Its name precedes it in the records,
 * but for the damaged ones.
 */
struct thread *flightrec_thread_create(struct thread_table *table, uint32_t tid, uint64_t now_ns)
{
	struct thread *thread = flightrec_thread_reborn(table, tid);
	struct flightrec_task task;

	if (thread && flightrec_thread_in_rundown(table, thread->shown.tid, now_ns, &task))
		thread_take_task(&thread->shown, &task);
	return thread;
}

/* The idle threads share tid 0, so that they are not in the tree. */
struct thread *flightrec_thread_create_idle(struct thread_table *table, uint32_t cpu)
{
	struct thread *thread = thread_alloc(table, 0);

	if (!thread)
		return NULL;
	thread->shown.known = FLIGHTREC_KNOWN_TRACE;
	thread->shown.flags = FLIGHTREC_TASK_KTHREAD;
	thread->shown.priority = 120;
	snprintf(thread->shown.comm, sizeof(thread->shown.comm), "swapper/%u", cpu);
	return thread;
}

static bool thread_is_another(const struct thread *thread, uint32_t tgid, uint64_t pid_ns)
{
	const struct flightrec_thread *shown = &thread->shown;

	if (thread->dead)
		return true;
	if (shown->known != FLIGHTREC_KNOWN_TRACE && shown->known != FLIGHTREC_KNOWN_RUNDOWN)
		return false;
	return shown->tgid != tgid || shown->pid_ns != pid_ns;
}

/*
 * A TASK record: @who is its word 1, @words are words 2 to 5. The priority in it is left
 * to the stream. Returns the thread, NULL if there is no memory.
 */
struct thread *flightrec_thread_name(struct thread_table *table, uint32_t tid, uint64_t who,
				     const uint8_t *words)
{
	uint32_t tgid = who & TID_MASK;
	uint64_t pid_ns = load64(words + 24);
	struct thread *thread = thread_peek(table, tid);
	struct flightrec_thread *shown;

	if (!thread || thread_is_another(thread, tgid, pid_ns))
		thread = flightrec_thread_reborn(table, tid);
	if (!thread)
		return NULL;

	shown = &thread->shown;
	shown->known = FLIGHTREC_KNOWN_TRACE;
	shown->tgid = tgid;
	shown->flags = (who >> FLIGHTREC_TASK_FLAGS_SHIFT) & ((1 << FLIGHTREC_TASK_FLAGS_BITS) - 1);
	shown->ns_tid = who >> FLIGHTREC_TASK_NS_TID_SHIFT;
	shown->cgroup = load64(words + 16);
	shown->pid_ns = pid_ns;
	if (thread->renamed != table->epoch || memcmp(thread->old_comm, words, COMM_BYTES))
		memcpy(shown->comm, words, COMM_BYTES);
	shown->comm[COMM_BYTES] = '\0';
	return thread;
}

void flightrec_thread_rename(const struct thread_table *table, struct thread *thread,
			     const uint8_t *from, const uint8_t *to)
{
	thread->renamed = !table->partial && memcmp(from, to, COMM_BYTES) ? table->epoch : 0;
	memcpy(thread->old_comm, from, COMM_BYTES);
	memcpy(thread->shown.comm, to, COMM_BYTES);
	thread->shown.comm[COMM_BYTES] = '\0';
	if (thread->shown.known == FLIGHTREC_KNOWN_NOT)
		thread->shown.known = FLIGHTREC_KNOWN_TRACE;
}

/* A new thread is like its parent until it is named. */
void flightrec_thread_inherit(struct thread *child, const struct thread *parent)
{
	struct flightrec_thread *shown = &child->shown;

	if (shown->known != FLIGHTREC_KNOWN_NOT || parent->shown.known == FLIGHTREC_KNOWN_NOT)
		return;
	shown->known = FLIGHTREC_KNOWN_PARENT;
	shown->cgroup = parent->shown.cgroup;
	shown->pid_ns = parent->shown.pid_ns;
	shown->flags = parent->shown.flags;
	shown->priority = parent->shown.priority;
	memcpy(shown->comm, parent->shown.comm, sizeof(shown->comm));
}
