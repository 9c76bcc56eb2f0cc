/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FLIGHTREC_SYSCALL_H
#define FLIGHTREC_SYSCALL_H

#include <linux/ptrace.h>
#include <linux/sched.h>
#include <linux/sched/task_stack.h>
#include <asm/syscall.h>

#include "compat.h"

/**
 * flightrec_syscall_of() - the system call that a thread is in
 * @task: the thread
 * @regs: what the entry code saved at the top of its kernel stack; entries by
 *	interrupt or fault save -1 for the number
 *
 * Return: its number, FLIGHTREC_NR_NONE if it is in none, FLIGHTREC_NR_OTHER if
 * the number has no room in a record.
 */
static __always_inline u32 flightrec_syscall_of(struct task_struct *task, struct pt_regs *regs)
{
	int nr;

	if (task->flags & (PF_KTHREAD | FLIGHTREC_PF_WORKER))
		return FLIGHTREC_NR_NONE;
	nr = syscall_get_nr(task, regs);
	if (likely((u32)nr < FLIGHTREC_NR_OTHER))
		return nr;
	return nr == -1 ? FLIGHTREC_NR_NONE : FLIGHTREC_NR_OTHER;
}

#endif
