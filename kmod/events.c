// SPDX-License-Identifier: GPL-2.0
/*
 * Events: the probes on the scheduler's tracepoints.
 *
 * The tracepoints are not exported, so they are looked up by name; one that the
 * kernel lacks is left out, and the others record. A probe registered in this
 * way is not type-checked by the kernel, so each is checked here against its
 * tracepoint's own declaration: where a kernel changes a signature, the module
 * doesn't build.
 *
 * A probe runs on the ring of its CPU with interrupts off. sched_switch comes
 * that way. The others mostly do, but a thread that wakes itself has them on,
 * and from 7.x on probes may be preempted.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/binfmts.h>
#include <linux/cpu.h>
#include <linux/cpuhotplug.h>
#include <linux/cpumask.h>
#include <linux/errno.h>
#include <linux/irqflags.h>
#include <linux/percpu.h>
#include <linux/preempt.h>
#include <linux/printk.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/smp.h>
#include <linux/string.h>
#include <linux/tracepoint.h>
#include <trace/events/sched.h>
#include <trace/events/task.h>

#include "clock.h"
#include "compat.h"
#include "events.h"
#include "ring.h"
#include "syscall.h"
#include "task.h"

static DEFINE_PER_CPU(struct flightrec_ring *, ring_here);

static __always_inline u32 task_key(struct task_struct *task)
{
	return flightrec_name_key(task->pid, task->prio);
}

static u32 waking_context(void)
{
	if (in_nmi())
		return FLIGHTREC_CONTEXT_NMI;
	if (in_hardirq())
		return FLIGHTREC_CONTEXT_HARDIRQ;
	return in_serving_softirq() ? FLIGHTREC_CONTEXT_SOFTIRQ : FLIGHTREC_CONTEXT_THREAD;
}

/* Has every CPU describe a thread anew: it has another name, or is another. */
static void forget_everywhere(u32 tid)
{
	int cpu;

	for_each_possible_cpu(cpu)
		flightrec_ring_forget(per_cpu(ring_here, cpu), tid);
}

static bool append(struct task_struct *task, u64 word, const u64 *more)
{
	struct flightrec_ring *ring;
	unsigned long flags;
	bool recorded;

	local_irq_save(flags);
	ring = this_cpu_read(ring_here);
	recorded = flightrec_ring_append_slow(ring, flightrec_clock(), word, more, task_key(task),
					      task);
	local_irq_restore(flags);
	return recorded;
}

/* Mask of the events that are to be recorded. Zero while recording is off. */
static u64 recorded;

/* The same for an event whose probe also keeps names right, and is always there. */
static void append_if_wanted(int event, struct task_struct *task, u64 word, const u64 *more)
{
	if (READ_ONCE(recorded) & 1ULL << event)
		append(task, word, more);
}

/*
 * The two events that are frequent have a fast path and, out of line and from
 * the start again, a slow one. The fast one calls nothing but the slow one, as
 * its last act, so that it needs no stack and saves no registers; and it knows
 * only the clock that is fast, and the circumstances that are frequent.
 */
static noinline __noclone notrace void switch_slow(FLIGHTREC_SWITCH_ARGS)
{
	struct flightrec_ring *ring = this_cpu_read(ring_here);
	u32 state = preempt ? FLIGHTREC_STATE_PREEMPTED : FLIGHTREC_SWITCH_STATE(prev);
	u64 word =
		flightrec_word_switch(next->pid, state, flightrec_syscall_of(task_pt_regs(prev)));
	u64 now = flightrec_clock();

	if (ring->running_priority != prev->prio)
		flightrec_ring_name(ring, now, task_key(prev), prev);
	flightrec_ring_append_slow(ring, now, word, NULL, task_key(next), next);
	ring->running_priority = next->prio;
}

static __always_inline bool switch_try(struct task_struct *prev, struct task_struct *next,
				       u32 state)
{
	struct flightrec_ring *ring = this_cpu_read(ring_here);
	int priority = next->prio;
	u64 word, low;
	u32 epoch;

	word = flightrec_word_switch(next->pid, state, flightrec_syscall_of(task_pt_regs(prev)));
	low = flightrec_counter_split(&epoch);
	if (unlikely(ring->running_priority != prev->prio) ||
	    unlikely(!flightrec_ring_try(ring, low, epoch, word,
					 flightrec_name_key(next->pid, priority))))
		return false;
	ring->running_priority = priority;
	return true;
}

/* For the states that are less frequent, and saves registers where it has to. */
static noinline __noclone notrace void switch_other(FLIGHTREC_SWITCH_ARGS)
{
	u32 state = preempt ? FLIGHTREC_STATE_PREEMPTED : FLIGHTREC_SWITCH_STATE(prev);

	if (unlikely(!switch_try(prev, next, state)))
		FLIGHTREC_SWITCH_PASS(switch_slow);
}

static notrace void switch_fast(FLIGHTREC_SWITCH_ARGS)
{
	if (unlikely(!FLIGHTREC_SWITCH_SLEEPS(prev)) || unlikely(preempt))
		FLIGHTREC_SWITCH_PASS(switch_other);
	else if (unlikely(!switch_try(prev, next, FLIGHTREC_STATE_SLEEPING)))
		FLIGHTREC_SWITCH_PASS_SLEEPING(switch_slow);
}

static noinline __noclone notrace void waking_slow(void *data, struct task_struct *task)
{
	append(task, flightrec_word_waking(task->pid, task_cpu(task), waking_context()), NULL);
}

static __always_inline bool waking_try(struct task_struct *task, u32 context)
{
	struct flightrec_ring *ring = this_cpu_read(ring_here);
	u64 word, low;
	u32 epoch;

	lockdep_assert_irqs_disabled();
	word = flightrec_word_waking(task->pid, task_cpu(task), context);
	low = flightrec_counter_split(&epoch);
	return flightrec_ring_try(ring, low, epoch, word, task_key(task));
}

static noinline __noclone notrace void waking_in_interrupt(void *data, struct task_struct *task)
{
	if (unlikely(!waking_try(task, waking_context())))
		waking_slow(NULL, task);
}

/*
 * A thread that wakes itself comes with interrupts on; any other waking has the
 * woken thread's pi_lock, and interrupts off.
 */
static notrace void waking_fast(void *data, struct task_struct *task)
{
	if (unlikely(flightrec_is_current(task)))
		waking_slow(NULL, task);
	else if (unlikely(!flightrec_in_thread()))
		waking_in_interrupt(NULL, task);
	else if (unlikely(!waking_try(task, FLIGHTREC_CONTEXT_THREAD)))
		waking_slow(NULL, task);
}

static void probe_migrate(void *data, struct task_struct *task, int dest)
{
	u64 cpus = (u32)task_cpu(task) | (u64)dest << 32;

	append(task, flightrec_word_long(FLIGHTREC_LONG_MIGRATE, task->pid, 2), &cpus);
}

static void probe_wakeup_new(void *data, struct task_struct *task)
{
	u64 cpu = task_cpu(task);

	/* io_uring's and vhost's workers come without a fork. */
	if (task->flags & FLIGHTREC_PF_WORKER)
		forget_everywhere(task->pid);
	append_if_wanted(FLIGHTREC_EVENT_WAKEUP_NEW, task,
			 flightrec_word_long(FLIGHTREC_LONG_WAKEUP_NEW, task->pid, 2), &cpu);
}

static void probe_fork(void *data, struct task_struct *parent, struct task_struct *child)
{
	u64 tid = parent->pid;

	forget_everywhere(child->pid);
	append_if_wanted(FLIGHTREC_EVENT_FORK, child,
			 flightrec_word_long(FLIGHTREC_LONG_FORK, child->pid, 2), &tid);
}

static void probe_exec(void *data, struct task_struct *task, pid_t old_pid,
		       struct linux_binprm *bprm)
{
	u64 more[FLIGHTREC_RECORD_WORDS_MAX - 1];
	size_t length = strlen(bprm->filename);
	size_t kept = min_t(size_t, length, FLIGHTREC_EXEC_NAME_MAX);
	u32 words = 1 + DIV_ROUND_UP(kept, sizeof(u64));

	more[words - 1] = 0;
	memcpy(more + 1, bprm->filename, kept);
	more[0] = (u32)old_pid | (u64)kept << 32;
	if (kept < length)
		more[0] |= FLIGHTREC_EXEC_NAME_CUT;
	forget_everywhere(task->pid);
	append_if_wanted(FLIGHTREC_EVENT_EXEC, task,
			 flightrec_word_long(FLIGHTREC_LONG_EXEC, task->pid, 1 + words), more);
}

static void probe_exit(FLIGHTREC_EXIT_ARGS)
{
	append(task, flightrec_word_long(FLIGHTREC_LONG_EXIT, task->pid, 1), NULL);
}

/* Called with the old name still in place. */
static void probe_rename(void *data, struct task_struct *task, const char *comm)
{
	u64 more[1 + 2 * TASK_COMM_LEN / sizeof(u64)];
	u32 words = 1 + ARRAY_SIZE(more);

	more[0] = (u16)task->signal->oom_score_adj;
	strscpy_pad((char *)&more[1], task->comm, TASK_COMM_LEN);
	strscpy_pad((char *)&more[3], comm, TASK_COMM_LEN);
	append_if_wanted(FLIGHTREC_EVENT_RENAME, task,
			 flightrec_word_long(FLIGHTREC_LONG_RENAME, task->pid, words), more);
	/* Last: a slice may have the next mention, and not this event. */
	forget_everywhere(task->pid);
}

/**
 * flightrec_events_mark() - record a mark of the calling thread's
 * @more: all of the record but its first word
 * @nr_more: how many words that is
 *
 * Return: 0, -ENODATA if marks are not being recorded, -ENOSPC if it was lost.
 */
int flightrec_events_mark(const u64 *more, u32 nr_more)
{
	u64 word = flightrec_word_long(FLIGHTREC_LONG_MARK, current->pid, 1 + nr_more);
	unsigned long flags;
	int err = -ENODATA;

	/* flightrec_events_set() waits for this to end before rings are closed. */
	local_irq_save(flags);
	if (READ_ONCE(recorded) & 1 << FLIGHTREC_EVENT_MARK)
		err = append(current, word, more) ? 0 : -ENOSPC;
	local_irq_restore(flags);
	return err;
}

/**
 * struct event - an event that has a tracepoint
 * @name: the tracepoint's
 * @probe: for it
 * @always: attach it for names' sake, even if it isn't wanted
 * @tracepoint: NULL if this kernel has none
 * @attached: to it
 */
struct event {
	const char *name;
	void *probe;
	bool always;
	struct tracepoint *tracepoint;
	bool attached;
};

/* By FLIGHTREC_EVENT_*, but for MARK, which has no tracepoint. */
static struct event events[] = {
	[FLIGHTREC_EVENT_SWITCH] = { "sched_switch", switch_slow },
	[FLIGHTREC_EVENT_WAKING] = { "sched_waking", waking_slow },
	[FLIGHTREC_EVENT_WAKEUP_NEW] = { "sched_wakeup_new", probe_wakeup_new, true },
	[FLIGHTREC_EVENT_MIGRATE] = { "sched_migrate_task", probe_migrate },
	[FLIGHTREC_EVENT_FORK] = { "sched_process_fork", probe_fork, true },
	[FLIGHTREC_EVENT_EXEC] = { "sched_process_exec", probe_exec, true },
	[FLIGHTREC_EVENT_EXIT] = { "sched_process_exit", probe_exit },
	[FLIGHTREC_EVENT_RENAME] = { "task_rename", probe_rename, true },
};

/* Generates no code; a probe whose signature is wrong doesn't compile. */
static inline void check_signatures(void)
{
	check_trace_callback_type_sched_switch(switch_slow);
	check_trace_callback_type_sched_switch(switch_fast);
	check_trace_callback_type_sched_waking(waking_slow);
	check_trace_callback_type_sched_waking(waking_fast);
	check_trace_callback_type_sched_wakeup_new(probe_wakeup_new);
	check_trace_callback_type_sched_migrate_task(probe_migrate);
	check_trace_callback_type_sched_process_fork(probe_fork);
	check_trace_callback_type_sched_process_exec(probe_exec);
	check_trace_callback_type_sched_process_exit(probe_exit);
	check_trace_callback_type_task_rename(probe_rename);
}

static void find_tracepoint(struct tracepoint *tracepoint, void *priv)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(events); i++)
		if (!strcmp(tracepoint->name, events[i].name))
			events[i].tracepoint = tracepoint;
}

/* The ring of @cpu, which must be a possible one. */
struct flightrec_ring *flightrec_events_ring(u32 cpu)
{
	return per_cpu(ring_here, cpu);
}

/* Mask of the events that are being recorded. */
u64 flightrec_events_recorded(void)
{
	return READ_ONCE(recorded) & ~flightrec_events_missing();
}

/* Whether a mask is one of events that can be asked for. */
bool flightrec_events_valid(u64 mask)
{
	return !(mask & ~FLIGHTREC_EVENTS_ALL) && mask & 1 << FLIGHTREC_EVENT_SWITCH;
}

/* Mask of the events that this kernel does not have. */
u64 flightrec_events_missing(void)
{
	u64 mask = 0;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(events); i++)
		if (!events[i].tracepoint)
			mask |= 1ULL << i;
	return mask;
}

/* Under which our callback is known; zero or less: it isn't. */
static int hotplug_state;

/*
 * A CPU is gone. No tracepoint of its fired from when on it was marked as offline, nor
 * will until it is back online: not for its last switch, to the idle thread. So its
 * stream ends here; the next segment tells anew what runs. Also, the pool can have this
 * one back. Hotplug keeps other callers of flightrec_ring_close() away.
 */
static int cpu_is_dead(unsigned int cpu)
{
	flightrec_ring_close(per_cpu(ring_here, cpu));
	return 0;
}

/**
 * flightrec_events_init() - find the tracepoints and make a ring for each CPU
 * @pool: where the rings take their segments from
 *
 * Return: 0 or -errno.
 */
int flightrec_events_init(struct flightrec_pool *pool)
{
	unsigned int i;
	int cpu;

	check_signatures();
	for_each_possible_cpu(cpu) {
		struct flightrec_ring *ring;

		ring = kmalloc_node(sizeof(*ring), GFP_KERNEL, cpu_to_node(cpu));
		per_cpu(ring_here, cpu) = ring;
		if (!ring) {
			flightrec_events_exit();
			return -ENOMEM;
		}
		flightrec_ring_init(ring, pool, cpu);
	}
	/* In this section it is called where the CPU is gone altogether. */
	hotplug_state = cpuhp_setup_state_nocalls(CPUHP_BP_PREPARE_DYN, "flightrec:dead", NULL,
						  cpu_is_dead);
	if (hotplug_state < 0) {
		flightrec_events_exit();
		return hotplug_state;
	}

	if (static_key_enabled(&flightrec_clock_is_counter)) {
		events[FLIGHTREC_EVENT_SWITCH].probe = switch_fast;
		events[FLIGHTREC_EVENT_WAKING].probe = waking_fast;
	}
	for_each_kernel_tracepoint(find_tracepoint, NULL);
	for (i = 0; i < ARRAY_SIZE(events); i++)
		if (!events[i].tracepoint)
			pr_warn("this kernel has no tracepoint %s: recording without it\n",
				events[i].name);
	return 0;
}

void flightrec_events_exit(void)
{
	int cpu;

	if (hotplug_state > 0)
		cpuhp_remove_state_nocalls(hotplug_state);
	for_each_possible_cpu(cpu) {
		kfree(per_cpu(ring_here, cpu));
		per_cpu(ring_here, cpu) = NULL;
	}
}

static int attach_probe(struct event *event)
{
	int err = tracepoint_probe_register(event->tracepoint, event->probe, NULL);

	if (err)
		pr_err("can't attach to %s: error %d\n", event->name, err);
	event->attached = !err;
	return err;
}

static void detach_probe(struct event *event)
{
	tracepoint_probe_unregister(event->tracepoint, event->probe, NULL);
	event->attached = false;
}

static bool is_needed(unsigned int i, u64 mask)
{
	return mask && (events[i].always || mask & 1ULL << i);
}

static int attach_for(u64 mask)
{
	unsigned int i;
	int err = 0;

	for (i = 0; i < ARRAY_SIZE(events) && !err; i++)
		if (events[i].tracepoint && !events[i].attached && is_needed(i, mask))
			err = attach_probe(&events[i]);
	return err;
}

/* Detaches what isn't needed to record @mask. */
static void detach_but_for(u64 mask)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(events); i++)
		if (events[i].attached && !is_needed(i, mask))
			detach_probe(&events[i]);
}

/**
 * flightrec_events_set() - choose what is recorded from now on
 * @mask: the events; zero: none. Those that the kernel lacks are left out
 *
 * On return no probe or mark that isn't wanted is being recorded any more.
 *
 * Return: 0, or -errno and nothing has changed.
 */
int flightrec_events_set(u64 mask)
{
	u64 before = recorded;
	int err;

	if (mask == before)
		return 0;
	/* What is attached first records nothing that isn't wanted. */
	WRITE_ONCE(recorded, mask);
	err = attach_for(mask);
	if (err)
		WRITE_ONCE(recorded, before);
	detach_but_for(err ? before : mask);
	tracepoint_synchronize_unregister();
	/* For marks. */
	synchronize_rcu();
	return err;
}

static void close_ring(void *ring)
{
	flightrec_ring_close(ring);
}

/* Closes all open segments, each on the CPU that writes to it. */
void flightrec_events_close_rings(void)
{
	int cpu;

	cpus_read_lock(); /* see cpu_is_dead() */
	for_each_possible_cpu(cpu) {
		struct flightrec_ring *ring = per_cpu(ring_here, cpu);

		if (smp_call_function_single(cpu, close_ring, ring, true))
			close_ring(ring); /* that CPU is offline */
	}
	cpus_read_unlock();
}
