// SPDX-License-Identifier: GPL-2.0
/*
 * The empty probe: what the tracepoints of flightrec's two frequent events cost
 * by themselves. It is attached as flightrec's are (kmod/events.c).
 */
#include <linux/module.h>
#include <linux/sched.h>
#include <linux/string.h>
#include <linux/tracepoint.h>
#include <trace/events/sched.h>

#include "compat.h"

static bool switches = true;
module_param(switches, bool, 0);
MODULE_PARM_DESC(switches, "probe sched_switch");

static bool wakings = true;
module_param(wakings, bool, 0);
MODULE_PARM_DESC(wakings, "probe sched_waking");

static notrace void probe_switch(FLIGHTREC_SWITCH_ARGS) {}

static notrace void probe_waking(void *data, struct task_struct *task) {}

static struct tracepoint *sched_switch, *sched_waking;

static void find_tracepoint(struct tracepoint *tracepoint, void *priv)
{
	if (!strcmp(tracepoint->name, "sched_switch"))
		sched_switch = tracepoint;
	if (!strcmp(tracepoint->name, "sched_waking"))
		sched_waking = tracepoint;
}

static int __init empty_init(void)
{
	int err;

	check_trace_callback_type_sched_switch(probe_switch);
	check_trace_callback_type_sched_waking(probe_waking);
	for_each_kernel_tracepoint(find_tracepoint, NULL);
	if (!sched_switch || !sched_waking)
		return -ENOENT;
	err = switches ? tracepoint_probe_register(sched_switch, probe_switch, NULL) : 0;
	if (err)
		return err;
	err = wakings ? tracepoint_probe_register(sched_waking, probe_waking, NULL) : 0;
	if (err && switches)
		tracepoint_probe_unregister(sched_switch, probe_switch, NULL);
	if (err)
		tracepoint_synchronize_unregister();
	return err;
}

static void __exit empty_exit(void)
{
	if (switches)
		tracepoint_probe_unregister(sched_switch, probe_switch, NULL);
	if (wakings)
		tracepoint_probe_unregister(sched_waking, probe_waking, NULL);
	tracepoint_synchronize_unregister();
}

module_init(empty_init);
module_exit(empty_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("flightrec's benchmark: an empty probe");
