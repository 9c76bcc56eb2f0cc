// SPDX-License-Identifier: LGPL-2.1
/* The table of all live tasks at the cut. */
#include <errno.h>
#include <stdlib.h>

#include "load.h"
#include "rundown.h"

static const uint8_t *entry_at(const struct rundown *rundown, uint32_t number)
{
	return rundown->entries + (size_t)number * rundown->entry_bytes;
}

static uint32_t entry_tid(const struct rundown *rundown, uint32_t number)
{
	return load_field(entry_at(rundown, number), struct flightrec_task, tid);
}

static int entry_compare(const void *a, const void *b, void *rundown)
{
	uint32_t left = entry_tid(rundown, *(const uint32_t *)a);
	uint32_t right = entry_tid(rundown, *(const uint32_t *)b);

	return left < right ? -1 : left > right;
}

/* Takes a RUNDOWN block; -EBADMSG if it doesn't hold what it says. */
int flightrec_rundown_take(struct rundown *rundown, const uint8_t *block, size_t bytes)
{
	uint16_t header_bytes = load_field(block, struct flightrec_block, header_bytes);
	uint32_t count, entry_bytes;

	if (header_bytes < sizeof(struct flightrec_rundown))
		return -EBADMSG;
	count = load_field(block, struct flightrec_rundown, tasks);
	entry_bytes = load_field(block, struct flightrec_rundown, task_bytes);
	if (entry_bytes < sizeof(struct flightrec_task) ||
	    count > (bytes - header_bytes) / entry_bytes)
		return -EBADMSG;

	rundown->by_tid = calloc(count ? count : 1, sizeof(*rundown->by_tid));
	if (!rundown->by_tid)
		return -ENOMEM;
	rundown->entries = block + header_bytes;
	rundown->entry_bytes = entry_bytes;
	rundown->count = count;
	rundown->missed = load_field(block, struct flightrec_rundown, missed);
	for (uint32_t i = 0; i < count; i++)
		rundown->by_tid[i] = i;
	qsort_r(rundown->by_tid, count, sizeof(*rundown->by_tid), entry_compare, rundown);
	return 0;
}

void flightrec_rundown_free(struct rundown *rundown)
{
	free(rundown->by_tid);
	memset(rundown, 0, sizeof(*rundown));
}

int flightrec_rundown_get(const struct rundown *rundown, uint32_t index,
			  struct flightrec_task *task)
{
	const uint8_t *entry;

	if (index >= rundown->count)
		return -ENOENT;
	entry = entry_at(rundown, rundown->by_tid[index]);
	memset(task, 0, sizeof(*task));
	task->tid = load_field(entry, struct flightrec_task, tid);
	task->tgid = load_field(entry, struct flightrec_task, tgid);
	task->ppid = load_field(entry, struct flightrec_task, ppid);
	task->priority = entry[offsetof(struct flightrec_task, priority)];
	task->state = entry[offsetof(struct flightrec_task, state)];
	task->flags = load_field(entry, struct flightrec_task, flags);
	task->cpu = load_field(entry, struct flightrec_task, cpu);
	task->nr = load_field(entry, struct flightrec_task, nr);
	task->pid_ns = load_field(entry, struct flightrec_task, pid_ns);
	task->ns_tid = load_field(entry, struct flightrec_task, ns_tid);
	task->cgroup = load_field(entry, struct flightrec_task, cgroup);
	task->start_boottime_ns = load_field(entry, struct flightrec_task, start_boottime_ns);
	memcpy(task->comm, entry + offsetof(struct flightrec_task, comm), sizeof(task->comm));
	task->comm[sizeof(task->comm) - 1] = '\0';
	return 0;
}

int flightrec_rundown_find(const struct rundown *rundown, uint32_t tid, struct flightrec_task *task)
{
	uint32_t low = 0, high = rundown->count;

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;
		uint32_t here = entry_tid(rundown, rundown->by_tid[middle]);

		if (here == tid)
			return flightrec_rundown_get(rundown, middle, task);
		if (here < tid)
			low = middle + 1;
		else
			high = middle;
	}
	return -ENOENT;
}
