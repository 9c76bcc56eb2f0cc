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
 * @regs: what the entry code saved at the top of its kernel stack; entries by
 *	interrupt or fault save -1 for the number
 *
 * Return: as much of the number as a record has room for, which for -1 is
 * FLIGHTREC_NR_NONE. Without meaning for a thread that has no user mode: whoever
 * reads the data knows which have none, so it need not be found out here.
 */
static __always_inline u32 flightrec_syscall_of(const struct pt_regs *regs)
{
	return *flightrec_regs_nr(regs) & FLIGHTREC_NR_NONE;
}

#endif
