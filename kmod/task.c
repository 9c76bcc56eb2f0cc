// SPDX-License-Identifier: GPL-2.0
/*
 * Who a thread is, and what it is doing, as far as a probe can tell.
 */
#include <linux/cgroup.h>
#include <linux/pid_namespace.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/sched/task_stack.h>
#include <linux/string.h>
#include <asm/syscall.h>

#include "compat.h"
#include "record.h"
#include "ring.h"
#include "task.h"

/**
 * flightrec_task_current() - the thread that runs here
 * @task: out
 *
 * Return: its flightrec_name_key().
 */
u32 flightrec_task_current(struct task_struct **task)
{
	*task = current;
	return flightrec_name_key(current->pid, current->prio);
}

u32 flightrec_task_flags(struct task_struct *task)
{
	u32 flags = 0;

	if (task->flags & PF_KTHREAD)
		flags |= FLIGHTREC_TASK_KTHREAD;
	if (task->flags & FLIGHTREC_PF_WORKER)
		flags |= FLIGHTREC_TASK_IO_WORKER;
	if (!(task->flags & PF_KTHREAD) && flightrec_task_compat(task))
		flags |= FLIGHTREC_TASK_COMPAT;
	return flags;
}

/**
 * flightrec_task_cgroup() - a task's cgroup on the unified hierarchy
 * @task: the task
 *
 * Under RCU, which keeps the cgroup alive.
 *
 * Return: the cgroup, NULL if the kernel has none.
 */
struct cgroup *flightrec_task_cgroup(struct task_struct *task)
{
#ifdef CONFIG_CGROUPS
	return task_dfl_cgroup(task);
#else
	return NULL;
#endif
}

u64 flightrec_cgroup_id(struct cgroup *cgroup)
{
#ifdef CONFIG_CGROUPS
	return cgroup ? cgroup_id(cgroup) : 0;
#else
	return 0;
#endif
}

/**
 * flightrec_task_pid_ns() - a task's number in its own pid namespace
 * @task: the task
 * @inode: out: the namespace's inode number
 *
 * Under RCU. Return: the number; 0, and inode 0, of a task that has been reaped.
 */
u32 flightrec_task_pid_ns(struct task_struct *task, u32 *inode)
{
	struct pid *pid = READ_ONCE(task->thread_pid);
	struct upid *upid;

	*inode = 0;
	if (!pid)
		return 0;
	upid = &pid->numbers[pid->level];
	*inode = upid->ns->ns.inum;
	return upid->nr;
}

/**
 * flightrec_task_comm() - a thread's name
 * @task: the thread
 * @comm: out: TASK_COMM_LEN bytes, NUL padded
 *
 * The name may be changing: then this is a mixture of both. It ends with a NUL
 * in any case.
 */
void flightrec_task_comm(struct task_struct *task, char *comm)
{
	size_t length;

	/* See above. */
	data_race(memcpy(comm, task->comm, TASK_COMM_LEN));
	length = strnlen(comm, TASK_COMM_LEN - 1);
	memset(comm + length, 0, TASK_COMM_LEN - length);
}

/**
 * flightrec_task_describe() - the words 1 to 5 of a TASK record
 * @task: whom to describe
 * @words: out
 */
void flightrec_task_describe(struct task_struct *task, u64 *words)
{
	u32 ns_tid, inode;

	BUILD_BUG_ON(TASK_COMM_LEN != 2 * sizeof(u64));
	/* One that is changing is followed by a RENAME. */
	flightrec_task_comm(task, (char *)(words + 1));

	rcu_read_lock();
	ns_tid = flightrec_task_pid_ns(task, &inode);
	words[3] = flightrec_cgroup_id(flightrec_task_cgroup(task));
	rcu_read_unlock();
	words[4] = inode;
	words[0] = (u32)task->tgid | (u32)(u8)task->prio << FLIGHTREC_TASK_PRIORITY_SHIFT |
		   (u64)flightrec_task_flags(task) << FLIGHTREC_TASK_FLAGS_SHIFT |
		   (u64)ns_tid << FLIGHTREC_TASK_NS_TID_SHIFT;
}
