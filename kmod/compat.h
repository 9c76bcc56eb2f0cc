/* SPDX-License-Identifier: GPL-2.0 */
/*
 * All that depends on the kernel's version or on the architecture.
 */
#ifndef FLIGHTREC_COMPAT_H
#define FLIGHTREC_COMPAT_H

#include <linux/elf.h>
#include <linux/sched.h>
#include <linux/types.h>
#include <linux/version.h>

#include <flightrec_format.h>

#ifndef __LITTLE_ENDIAN
#error "the format is little-endian, and written as it is in memory"
#endif

/* The cycle counter, and whether it runs at one rate on all CPUs. */
#if defined(CONFIG_X86_64)
#include <asm/msr.h>
#include <asm/tsc.h>

#define FLIGHTREC_COUNTER_CLOCK FLIGHTREC_CLOCK_TSC
#define FLIGHTREC_MACHINE	EM_X86_64

/* Not ordered against other instructions: a fence would double the cost. */
static __always_inline u64 flightrec_counter(void)
{
	return rdtsc();
}

/*
 * The counter in the form in which flightrec_ring_try() needs it: in two
 * instructions, without ever having all of it in one register.
 */
static __always_inline u64 flightrec_counter_split(u32 *epoch)
{
	u64 low;

	BUILD_BUG_ON(FLIGHTREC_TIME_BITS != 25);
	asm volatile("rdtsc\n\tshld $7, %%eax, %%edx" : "=a"(low), "=d"(*epoch) : : "cc");
	return low;
}

/* Where the entry code saved the system call's number, if it was one. */
static __always_inline const u32 *flightrec_regs_nr(const struct pt_regs *regs)
{
	return (const u32 *)&regs->orig_ax;
}

static inline bool flightrec_counter_reliable(void)
{
	return boot_cpu_has(X86_FEATURE_TSC) && !check_tsc_unstable();
}

static inline u32 flightrec_counter_khz(void)
{
	return tsc_khz;
}

/* A 32-bit process: its system calls have i386's numbers. */
static inline bool flightrec_task_compat(struct task_struct *task)
{
	return test_tsk_thread_flag(task, TIF_ADDR32);
}
#elif defined(CONFIG_ARM64)
#include <clocksource/arm_arch_timer.h>

#define FLIGHTREC_COUNTER_CLOCK FLIGHTREC_CLOCK_ARM_COUNTER
#define FLIGHTREC_MACHINE	EM_AARCH64

static __always_inline u64 flightrec_counter(void)
{
	return read_sysreg(cntvct_el0);
}

static __always_inline u64 flightrec_counter_split(u32 *epoch)
{
	u64 now = flightrec_counter();

	*epoch = now >> FLIGHTREC_TIME_BITS;
	return now;
}

static __always_inline const u32 *flightrec_regs_nr(const struct pt_regs *regs)
{
	return (const u32 *)&regs->syscallno;
}

static inline bool flightrec_counter_reliable(void)
{
	return true;
}

static inline u32 flightrec_counter_khz(void)
{
	return arch_timer_get_cntfrq() / 1000;
}

static inline bool flightrec_task_compat(struct task_struct *task)
{
	return is_compat_thread(task_thread_info(task));
}
#else
#error "flightrec knows the system calls and counters of x86-64 and arm64 only"
#endif

/*
 * Whether `task` runs here, and whether this is no interrupt. On x86 each is one
 * instruction, if it is known where the kernel keeps them.
 */
#if defined(CONFIG_X86_64) && !defined(CONFIG_PREEMPT_RT)
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 2, 0) && LINUX_VERSION_CODE < KERNEL_VERSION(6, 15, 0)
#define FLIGHTREC_CURRENT_TASK	pcpu_hot.current_task
#define FLIGHTREC_PREEMPT_COUNT pcpu_hot.preempt_count
#else
#define FLIGHTREC_CURRENT_TASK	current_task
#define FLIGHTREC_PREEMPT_COUNT __preempt_count
#endif

static __always_inline bool flightrec_is_current(struct task_struct *task)
{
	bool is;

	asm("cmp %%gs:%P2, %1" : "=@cce"(is) : "r"(task), "m"(FLIGHTREC_CURRENT_TASK));
	return is;
}

static __always_inline bool flightrec_in_thread(void)
{
	bool none;

	asm volatile("testl %1, %%gs:%P2"
		     : "=@ccz"(none)
		     : "i"(NMI_MASK | HARDIRQ_MASK | SOFTIRQ_OFFSET), "m"(FLIGHTREC_PREEMPT_COUNT));
	return none;
}
#else
static __always_inline bool flightrec_is_current(struct task_struct *task)
{
	return task == current;
}

static __always_inline bool flightrec_in_thread(void)
{
	return in_task();
}
#endif

/* A kernel's thread that works for a process, without user-mode registers. */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 4, 0)
#define FLIGHTREC_PF_WORKER (PF_IO_WORKER | PF_USER_WORKER)
#elif LINUX_VERSION_CODE >= KERNEL_VERSION(5, 12, 0)
#define FLIGHTREC_PF_WORKER PF_IO_WORKER
#else
#define FLIGHTREC_PF_WORKER 0
#endif

/*
 * What a probe of sched_switch is called with, and how it tells the state in
 * which `prev` leaves, as an index into the kernel's letters.
 */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(5, 18, 0)
#define FLIGHTREC_SWITCH_ARGS                                                         \
	void *data, bool preempt, struct task_struct *prev, struct task_struct *next, \
		unsigned int prev_state
#define FLIGHTREC_SWITCH_PASS(to)	   to(NULL, preempt, prev, next, prev_state)
#define FLIGHTREC_SWITCH_PASS_SLEEPING(to) to(NULL, false, prev, next, TASK_INTERRUPTIBLE)
#define FLIGHTREC_SWITCH_STATE(prev)	   __task_state_index(prev_state, (prev)->exit_state)
#define FLIGHTREC_SWITCH_SLEEPS(prev)	   (prev_state == TASK_INTERRUPTIBLE)
#else
#define FLIGHTREC_SWITCH_ARGS \
	void *data, bool preempt, struct task_struct *prev, struct task_struct *next
#define FLIGHTREC_SWITCH_PASS(to)	   to(NULL, preempt, prev, next)
#define FLIGHTREC_SWITCH_PASS_SLEEPING(to) to(NULL, false, prev, next)
#define FLIGHTREC_SWITCH_STATE(prev)	   task_state_index(prev)
#define FLIGHTREC_SWITCH_SLEEPS(prev)	   (task_state_index(prev) == FLIGHTREC_STATE_SLEEPING)
#endif

#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 16, 0)
#define FLIGHTREC_EXIT_ARGS void *data, struct task_struct *task, bool group_dead
#else
#define FLIGHTREC_EXIT_ARGS void *data, struct task_struct *task
#endif

/* copy_splice_read() needs only read_iter, as the older one did. */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 5, 0)
#define flightrec_splice_read copy_splice_read
#else
#define flightrec_splice_read generic_file_splice_read
#endif

/*
 * Brings in the pages where @bytes are to go. Return: how many of them have none;
 * all of them on a kernel that can't.
 */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(5, 16, 0)
#define flightrec_fault_in(to, bytes) fault_in_iov_iter_writeable(to, bytes)
#else
#define flightrec_fault_in(to, bytes) ((size_t)(bytes))
#endif

#if LINUX_VERSION_CODE < KERNEL_VERSION(5, 11, 0)
#define in_hardirq() in_irq()
#endif

#endif
