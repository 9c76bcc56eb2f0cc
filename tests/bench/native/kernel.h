/* SPDX-License-Identifier: GPL-2.0 */
/*
 * As much of the kernel as kmod/events.c and kmod/compat.h ask for, so that the
 * probes run in userspace as they are: all of the headers that they include and
 * tests/native/include lacks are this one (see ../Makefile).
 *
 * Per-CPU variables are as in the kernel: each CPU has a copy of their section,
 * and GS, which userspace leaves alone on x86-64, points so far beyond the
 * original as the copy is.
 */
#ifndef NATIVE_KERNEL_H
#define NATIVE_KERNEL_H

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <linux/cache.h>
#include <linux/compiler.h>
#include <linux/minmax.h>
#include <linux/types.h>

#define CONFIG_X86_64
#define __LITTLE_ENDIAN		1234

/* The kernel that is taken as an example: Debian 12's. */
#define KERNEL_VERSION(a, b, c) (((a) << 16) + ((b) << 8) + (c))
#define LINUX_VERSION_CODE	KERNEL_VERSION(6, 1, 0)

#ifndef __noclone
#define __noclone __attribute__((noclone))
#endif
#define notrace
#define BUILD_BUG_ON(condition)	       _Static_assert(!(condition), #condition)
#define ARRAY_SIZE(array)	       (sizeof(array) / sizeof((array)[0]))
#define DIV_ROUND_UP(n, by)	       (((n) + (by)-1) / (by))
#define EM_X86_64		       62
#define EM_AARCH64		       183
#define TASK_COMM_LEN		       16

/* Interrupts: there are none. */
#define NMI_MASK		       0x00f00000
#define HARDIRQ_MASK		       0x000f0000
#define SOFTIRQ_OFFSET		       0x00000100
#define in_nmi()		       false
#define in_hardirq()		       false
#define in_serving_softirq()	       false
#define local_irq_save(flags)	       ((flags) = 0)
#define local_irq_restore(flags)       ((void)(flags))
#define lockdep_assert_irqs_disabled() ((void)0)

/* Tasks. What the probes look at is as far apart as it is there. */
#define THREAD_SIZE		       16384
#define TASK_INTERRUPTIBLE	       1
#define PF_IO_WORKER		       0x00000010
#define TIF_ADDR32		       29

struct pt_regs {
	unsigned long before[15];
	unsigned long orig_ax;
	unsigned long after[5];
};

struct signal_struct {
	short oom_score_adj;
};

struct task_struct {
	char thread_info[20];
	u32 cpu;
	unsigned int state;
	void *stack;
	unsigned int flags;
	int prio ____cacheline_aligned;
	int exit_state ____cacheline_aligned;
	pid_t pid;
	struct signal_struct *signal;
	char comm[TASK_COMM_LEN];
};

struct linux_binprm {
	const char *filename;
};

static inline struct pt_regs *task_pt_regs(struct task_struct *task)
{
	return (struct pt_regs *)((char *)task->stack + THREAD_SIZE) - 1;
}

static inline u32 task_cpu(const struct task_struct *task)
{
	return task->cpu;
}

static inline unsigned int __task_state_index(unsigned int state, unsigned int exit_state)
{
	return state | exit_state ? __builtin_ctz(state | exit_state) + 1 : 0;
}

#define test_tsk_thread_flag(task, flag) false

/* Per-CPU memory. */
#define CPUS_MAX			 64

extern char __start_percpu[], __stop_percpu[];
extern long percpu_offset[CPUS_MAX];
extern int cpus;

#define DEFINE_PER_CPU(type, name) __typeof__(type) name __attribute__((section("percpu")))
#define per_cpu(name, cpu)	   (*(__typeof__(name) *)((unsigned long)&(name) + percpu_offset[cpu]))
#define this_cpu_read(name)                                                   \
	({                                                                    \
		__typeof__(name) here;                                        \
		__asm__ volatile("mov %%gs:%1, %0" : "=r"(here) : "m"(name)); \
		here;                                                         \
	})
#define this_cpu_write(name, value) __asm__ volatile("mov %1, %%gs:%0" : "=m"(name) : "r"(value))
#define for_each_possible_cpu(cpu)  for ((cpu) = 0; (cpu) < cpus; (cpu)++)
#define cpu_to_node(cpu)	    0

extern struct task_struct *current_task;
#define current this_cpu_read(current_task)
extern int __preempt_count;

/* The counter. */
#define X86_FEATURE_TSC	      4
#define boot_cpu_has(feature) true
#define check_tsc_unstable()  false
#define rdtsc()		      __builtin_ia32_rdtsc()

extern unsigned int tsc_khz;

#define static_key_enabled(key) (*(key))

/* Memory, all of it touched before it is used. */
static inline void *touched(size_t bytes)
{
	void *memory = aligned_alloc(4096, DIV_ROUND_UP(bytes, 4096) * 4096);

	return memory ? memset(memory, 0, bytes) : NULL;
}

#define kmalloc_node(bytes, gfp, node) touched(bytes)
#define kfree(memory)		       free(memory)
#define __vmalloc(bytes, gfp)	       touched(bytes)
#define vfree(memory)		       free(memory)
#define kvcalloc(n, bytes, gfp)	       calloc(n, bytes)
#define kvmalloc_array(n, bytes, gfp)  malloc((n) * (bytes))
#define kvfree(memory)		       free(memory)
#define __GFP_RETRY_MAYFAIL	       0
#define __GFP_NOWARN		       0

static inline void strscpy_pad(char *to, const char *from, size_t bytes)
{
	memset(to, 0, bytes);
	memcpy(to, from, strnlen(from, bytes - 1));
}

#define pr_warn(...) fprintf(stderr, __VA_ARGS__)
#define pr_err(...)  fprintf(stderr, __VA_ARGS__)

/* Tracepoints: each has one probe at most, which is called by its pointer. */
struct tracepoint {
	const char *name;
	void *probe;
};

void for_each_kernel_tracepoint(void (*found)(struct tracepoint *tracepoint, void *data),
				void *data);
int tracepoint_probe_register(struct tracepoint *tracepoint, void *probe, void *data);
int tracepoint_probe_unregister(struct tracepoint *tracepoint, void *probe, void *data);

#define tracepoint_synchronize_unregister() ((void)0)
#define synchronize_rcu()		    ((void)0)

#define SIGNATURE(name, ...)                                \
	typedef void name##_probe(void *data, __VA_ARGS__); \
	static inline void check_trace_callback_type_##name(name##_probe *probe) {}

SIGNATURE(sched_switch, bool preempt, struct task_struct *prev, struct task_struct *next,
	  unsigned int prev_state)
SIGNATURE(sched_waking, struct task_struct *task)
SIGNATURE(sched_wakeup_new, struct task_struct *task)
SIGNATURE(sched_migrate_task, struct task_struct *task, int dest)
SIGNATURE(sched_process_fork, struct task_struct *parent, struct task_struct *child)
SIGNATURE(sched_process_exec, struct task_struct *task, pid_t old_pid, struct linux_binprm *bprm)
SIGNATURE(sched_process_exit, struct task_struct *task)
SIGNATURE(task_rename, struct task_struct *task, const char *comm)

#endif
