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
#define FLIGHTREC_SWITCH_STATE() __task_state_index(prev_state, prev->exit_state)
#else
#define FLIGHTREC_SWITCH_ARGS \
	void *data, bool preempt, struct task_struct *prev, struct task_struct *next
#define FLIGHTREC_SWITCH_STATE() task_state_index(prev)
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

#if LINUX_VERSION_CODE < KERNEL_VERSION(5, 11, 0)
#define in_hardirq() in_irq()
#endif

#endif
