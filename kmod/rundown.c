// SPDX-License-Identifier: GPL-2.0
/*
 * The rundown: all live tasks, and their cgroups' paths.
 *
 * Tasks are gone through under RCU, so memory is got before, from a count and
 * some more for those that are born meanwhile. What still finds no room is
 * counted, and told.
 */
#include <linux/cgroup.h>
#include <linux/errno.h>
#include <linux/hash.h>
#include <linux/kernel.h>
#include <linux/limits.h>
#include <linux/log2.h>
#include <linux/mm.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/sched/task.h>
#include <linux/sched/task_stack.h>
#include <linux/string.h>
#include <linux/uaccess.h>

#include "block.h"
#include "compat.h"
#include "rundown.h"
#include "syscall.h"
#include "task.h"

/* Room for tasks that are born meanwhile, beside an eighth of those there are. */
#define TASKS_MORE   16

/* Room for each cgroup's path, on average; and at least for this many. */
#define CGROUP_BYTES 128
#define CGROUPS_MIN  64

/**
 * struct rundown - what is being filled
 * @tasks: the RUNDOWN block
 * @tasks_max: entries that it has room for
 * @cgroups: the CGROUPS block, behind it
 * @cgroups_end: behind its last entry
 * @limit: end of the memory for cgroups
 * @seen: hash table of the ids of the cgroups met
 * @seen_slots: of it, less than half of them in use
 */
struct rundown {
	struct flightrec_rundown *tasks;
	u32 tasks_max;
	struct flightrec_cgroups *cgroups;
	void *cgroups_end;
	void *limit;
	u64 *seen;
	u32 seen_slots;
};

static u32 count_tasks(void)
{
	struct task_struct *process, *task;
	u32 count = 0;

	rcu_read_lock();
	for_each_process_thread(process, task)
		count++;
	rcu_read_unlock();
	return count;
}

/* Whether the cgroup is in the table already; from now on it is. */
static bool seen_before(struct rundown *rundown, u64 id)
{
	u32 mask = rundown->seen_slots - 1;
	u32 at = hash_64(id, 32) & mask;

	for (; rundown->seen[at]; at = (at + 1) & mask)
		if (rundown->seen[at] == id)
			return true;
	rundown->seen[at] = id;
	return false;
}

#ifdef CONFIG_CGROUPS
/* The cgroup's path into @room; its length, 0 if it has none or no room. */
static size_t cgroup_path_into(struct cgroup *cgroup, char *path, ssize_t room)
{
	int length;

	if (room <= 1)
		return 0;
	length = cgroup_path(cgroup, path, min_t(ssize_t, room, PATH_MAX));
	return length > 0 && length < min_t(ssize_t, room, PATH_MAX) ? length : 0;
}
#else
static size_t cgroup_path_into(struct cgroup *cgroup, char *path, ssize_t room)
{
	return 0;
}
#endif

static void add_cgroup(struct rundown *rundown, struct cgroup *cgroup, u64 id)
{
	struct flightrec_cgroup *entry = rundown->cgroups_end;
	char *path = (char *)(entry + 1);
	size_t length, padded;

	length = cgroup_path_into(cgroup, path, (char *)rundown->limit - path);
	padded = round_up(length, sizeof(u64));
	if (!length || path + padded > (char *)rundown->limit) {
		rundown->cgroups->missed++;
		return;
	}
	memset(path + length, 0, padded - length);
	entry->id = id;
	entry->path_bytes = length;
	entry->bytes = sizeof(*entry) + padded;
	rundown->cgroups_end = path + padded;
	rundown->cgroups->cgroups++;
}

/*
 * Where a blocked thread is. Its stack may go away at any moment, and nothing
 * that modules may call keeps it, so the number is read in the way that bears a
 * fault.
 */
static u32 blocked_in(struct task_struct *task, u8 state)
{
	u32 nr;

	if (task->flags & (PF_KTHREAD | FLIGHTREC_PF_WORKER))
		return FLIGHTREC_NR_NONE;
	if (state == FLIGHTREC_STATE_RUNNING || state == FLIGHTREC_STATE_DEAD ||
	    state == FLIGHTREC_STATE_ZOMBIE)
		return FLIGHTREC_NR_NONE;
	if (get_kernel_nofault(nr, flightrec_regs_nr(task_pt_regs(task))))
		return FLIGHTREC_NR_NONE;
	return nr & FLIGHTREC_NR_NONE;
}

static void describe(struct flightrec_task *entry, struct task_struct *task)
{
	memset(entry, 0, sizeof(*entry));
	entry->tid = task->pid;
	entry->tgid = task->tgid;
	entry->ppid = rcu_dereference(task->real_parent)->tgid;
	entry->priority = task->prio;
	entry->state = task_state_index(task);
	entry->flags = flightrec_task_flags(task);
	entry->cpu = task_cpu(task);
	entry->nr = blocked_in(task, entry->state);
	entry->ns_tid = flightrec_task_pid_ns(task, &entry->pid_ns);
	entry->start_boottime_ns = task->start_boottime;
	flightrec_task_comm(task, entry->comm);
}

static void add_task(struct rundown *rundown, struct task_struct *task)
{
	struct flightrec_task *entries = (void *)(rundown->tasks + 1);
	struct flightrec_task *entry = &entries[rundown->tasks->tasks];
	struct cgroup *cgroup = flightrec_task_cgroup(task);

	if (rundown->tasks->tasks == rundown->tasks_max) {
		rundown->tasks->missed++;
		return;
	}
	describe(entry, task);
	entry->cgroup = flightrec_cgroup_id(cgroup);
	rundown->tasks->tasks++;
	if (cgroup && !seen_before(rundown, entry->cgroup))
		add_cgroup(rundown, cgroup, entry->cgroup);
}

/* Moves the CGROUPS block up to the end of the tasks. Return: bytes of both. */
static size_t join(struct rundown *rundown)
{
	struct flightrec_rundown *tasks = rundown->tasks;
	size_t tasks_bytes = sizeof(*tasks) + tasks->tasks * sizeof(struct flightrec_task);
	size_t cgroups_bytes = rundown->cgroups_end - (void *)rundown->cgroups;
	void *behind = (void *)tasks + tasks_bytes;

	memmove(behind, rundown->cgroups, cgroups_bytes);
	rundown->cgroups = behind;
	flightrec_block_init(&tasks->block, FLIGHTREC_BLOCK_RUNDOWN, sizeof(*tasks), tasks_bytes);
	flightrec_block_init(&rundown->cgroups->block, FLIGHTREC_BLOCK_CGROUPS,
			     sizeof(*rundown->cgroups), cgroups_bytes);
	return tasks_bytes + cgroups_bytes;
}

/**
 * flightrec_rundown_take() - describe all live tasks
 * @blocks: out; on success its @data are the caller's
 *
 * Return: 0 or -ENOMEM.
 */
int flightrec_rundown_take(struct flightrec_rundown_blocks *blocks)
{
	struct task_struct *process, *task;
	struct rundown rundown;
	size_t tasks_room, cgroups_room;
	u32 count = count_tasks();

	rundown.tasks_max = count + count / 8 + TASKS_MORE;
	tasks_room =
		sizeof(*rundown.tasks) + (size_t)rundown.tasks_max * sizeof(struct flightrec_task);
	cgroups_room =
		sizeof(*rundown.cgroups) + (size_t)max_t(u32, count, CGROUPS_MIN) * CGROUP_BYTES;
	rundown.seen_slots = roundup_pow_of_two(2 * rundown.tasks_max);
	rundown.seen = kvcalloc(rundown.seen_slots, sizeof(*rundown.seen), GFP_KERNEL_ACCOUNT);
	blocks->data = kvmalloc(tasks_room + cgroups_room + sizeof(struct flightrec_end),
				GFP_KERNEL_ACCOUNT);
	if (!rundown.seen || !blocks->data) {
		kvfree(rundown.seen);
		kvfree(blocks->data);
		blocks->data = NULL;
		return -ENOMEM;
	}

	rundown.tasks = blocks->data;
	memset(rundown.tasks, 0, sizeof(*rundown.tasks));
	rundown.tasks->task_bytes = sizeof(struct flightrec_task);
	rundown.cgroups = blocks->data + tasks_room;
	memset(rundown.cgroups, 0, sizeof(*rundown.cgroups));
	rundown.cgroups_end = rundown.cgroups + 1;
	rundown.limit = blocks->data + tasks_room + cgroups_room;

	rcu_read_lock();
	for_each_process_thread(process, task)
		add_task(&rundown, task);
	rcu_read_unlock();
	kvfree(rundown.seen);
	blocks->bytes = join(&rundown);
	return 0;
}

/**
 * flightrec_rundown_seal() - give the blocks their checksums
 * @blocks: what flightrec_rundown_take() gave
 */
void flightrec_rundown_seal(const struct flightrec_rundown_blocks *blocks)
{
	struct flightrec_block *tasks = blocks->data;

	flightrec_block_seal(tasks);
	flightrec_block_seal(blocks->data + tasks->bytes);
}
