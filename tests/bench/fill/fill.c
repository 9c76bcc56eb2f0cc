// SPDX-License-Identifier: GPL-2.0
/*
 * The busy writer: events as fast as a CPU can record them, by calling whatever
 * is attached to sched_waking, as the tracepoint would.
 *
 *	echo N >/sys/module/flightrec_fill/parameters/wakings
 *
 * records N wakings of the writer's parent on this CPU; reading it tells the
 * nanoseconds of an event at the median of a thousand, and the longest that one
 * took. Interrupts are off, so that no interrupt of this CPU's is in the figure.
 */
#include <linux/irqflags.h>
#include <linux/math64.h>
#include <linux/module.h>
#include <linux/preempt.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/sched/task.h>
#include <linux/sort.h>
#include <linux/string.h>
#include <linux/tracepoint.h>

#include "compat.h"

#define BATCH	    1000
#define BATCHES_MAX 10000

static struct tracepoint *sched_waking;
static u32 batch_ticks[BATCHES_MAX];
static u64 longest;
static u32 median;

static void find_tracepoint(struct tracepoint *tracepoint, void *priv)
{
	if (!strcmp(tracepoint->name, "sched_waking"))
		sched_waking = tracepoint;
}

static u64 ticks_to_ns(u64 ticks)
{
	return div_u64(ticks * 1000000, flightrec_counter_khz());
}

static void waking(struct task_struct *task)
{
	struct tracepoint_func *func = rcu_dereference_sched(sched_waking->funcs);

	for (; func && func->func; func++)
		((void (*)(void *, struct task_struct *))func->func)(func->data, task);
}

/* Ticks that the batch took. */
static u32 record_batch(struct task_struct *task)
{
	unsigned long flags;
	u64 start, last, now;
	u32 i;

	local_irq_save(flags);
	start = last = flightrec_counter();
	for (i = 0; i < BATCH; i++) {
		waking(task);
		now = flightrec_counter();
		longest = max(longest, now - last);
		last = now;
	}
	local_irq_restore(flags);
	return last - start;
}

static int by_number(const void *a, const void *b)
{
	return *(const u32 *)a < *(const u32 *)b ? -1 : *(const u32 *)a > *(const u32 *)b;
}

static int set_wakings(const char *text, const struct kernel_param *param)
{
	struct task_struct *parent;
	u32 wakings, batches, i;
	int err = kstrtou32(text, 0, &wakings);

	if (err)
		return err;
	rcu_read_lock();
	parent = rcu_dereference(current->real_parent);
	get_task_struct(parent);
	rcu_read_unlock();
	longest = 0;
	batches = DIV_ROUND_UP(wakings, BATCH);
	for (i = 0; i < batches; i++) {
		batch_ticks[i % BATCHES_MAX] = record_batch(parent);
		cond_resched();
	}
	put_task_struct(parent);
	batches = min_t(u32, batches, BATCHES_MAX);
	sort(batch_ticks, batches, sizeof(u32), by_number, NULL);
	median = batch_ticks[batches / 2];
	return 0;
}

static int get_wakings(char *text, const struct kernel_param *param)
{
	return sprintf(text, "%llu %llu\n", ticks_to_ns(median) / BATCH, ticks_to_ns(longest));
}

static const struct kernel_param_ops wakings_ops = {
	.set = set_wakings,
	.get = get_wakings,
};
module_param_cb(wakings, &wakings_ops, NULL, 0600);
MODULE_PARM_DESC(wakings, "how many to record, by a write");

static int __init fill_init(void)
{
	for_each_kernel_tracepoint(find_tracepoint, NULL);
	return sched_waking ? 0 : -ENOENT;
}

static void __exit fill_exit(void) {}

module_init(fill_init);
module_exit(fill_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("flightrec's benchmark: a busy writer");
