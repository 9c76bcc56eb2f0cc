// SPDX-License-Identifier: GPL-2.0
/* The threads of a trace. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "habit.h"
#include "history.h"
#include "thread.h"

#define THREADS_AT_FIRST	256

static int make_room(struct threads *threads, size_t count)
{
	size_t room = threads->room ? threads->room : THREADS_AT_FIRST;
	struct thread **list;

	while (room < count)
		room *= 2;
	if (room > threads->room) {
		list = reallocarray(threads->list, room, sizeof(*list));
		if (!list)
			return -ENOMEM;
		memset(list + threads->room, 0, (room - threads->room) * sizeof(*list));
		threads->list = list;
		threads->room = room;
	}
	threads->count = count;
	return 0;
}

static void learn(struct thread *thread)
{
	const struct flightrec_thread *who = thread->who;

	thread->tid = who->tid;
	thread->tgid = who->tgid;
	thread->ns_tid = who->ns_tid;
	thread->cgroup = who->cgroup;
	thread->flags = who->flags;
	thread->priority = who->priority;
	memcpy(thread->comm, who->comm, sizeof(thread->comm));
}

struct thread *threads_add(struct threads *threads, const struct flightrec_thread *who)
{
	struct thread *thread;

	if (who->index >= threads->count && make_room(threads, who->index + 1) < 0)
		return NULL;
	thread = calloc(1, sizeof(*thread));
	if (!thread)
		return NULL;
	threads->list[who->index] = thread;
	thread->who = who;
	learn(thread);
	return thread;
}

void threads_learn_names(struct threads *threads)
{
	size_t i;

	for (i = 0; i < threads->count; i++) {
		if (!threads->list[i])
			continue;
		learn(threads->list[i]);
		threads->list[i]->who = NULL;
	}
}

void threads_begin_pass(struct threads *threads)
{
	size_t i;

	for (i = 0; i < threads->count; i++) {
		struct thread *thread = threads->list[i];

		if (!thread)
			continue;
		thread->doing = thread->absent ? DOING_WAIT : DOING_UNKNOWN;
		thread->exiting = false;
		thread->preempted = false;
		thread->listed = false;
		thread->woken_early = false;
		thread->since = 0;
		thread->born = 0;
		history_free(thread);
	}
}

int threads_add_absent(struct threads *threads, const struct flightrec_task *task, uint64_t start)
{
	struct thread *thread = calloc(1, sizeof(*thread));

	if (!thread)
		return -ENOMEM;
	if (make_room(threads, threads->count + 1) < 0) {
		free(thread);
		return -ENOMEM;
	}
	threads->list[threads->count - 1] = thread;
	thread->tid = task->tid;
	thread->tgid = task->tgid;
	thread->ns_tid = task->ns_tid;
	thread->cgroup = task->cgroup;
	thread->flags = task->flags;
	thread->priority = task->priority;
	memcpy(thread->comm, task->comm, sizeof(task->comm));
	thread->absent = true;
	thread->wait = (struct wait){
		.thread = thread,
		.start = start,
		.state = task->state,
		.nr = (uint16_t)(task->nr < FLIGHTREC_NR_NONE ? task->nr : FLIGHTREC_NR_NONE),
		.flags = WAIT_BEFORE,
	};
	return 0;
}

struct thread *threads_find(const struct threads *threads, uint32_t tid)
{
	size_t i;

	for (i = threads->count; i-- > 0;) {
		if (threads->list[i] && threads->list[i]->tid == tid)
			return threads->list[i];
	}
	return NULL;
}

size_t threads_mentioned(const struct threads *threads)
{
	size_t count = 0;
	size_t i;

	for (i = 0; i < threads->count; i++)
		count += threads->list[i] && !thread_is_idle(threads->list[i]);
	return count;
}

void threads_free(struct threads *threads)
{
	size_t i;

	for (i = 0; i < threads->count; i++) {
		if (!threads->list[i])
			continue;
		history_free(threads->list[i]);
		habits_free(threads->list[i]);
		free(threads->list[i]);
	}
	free(threads->list);
}
