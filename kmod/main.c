// SPDX-License-Identifier: GPL-2.0
/*
 * flightrec: a flight recorder for the scheduler.
 *
 * tracepoint -> events -> ring (one per CPU) -> pool of segments
 *                                                     |
 *        /dev/flightrec <- chardev <- snapshot (cut) <-
 *
 * Calls run one way, along the arrows. This file has the parameters, starts
 * everything and unwinds it.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/errno.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/moduleparam.h>
#include <linux/printk.h>

#include "chardev.h"
#include "recorder.h"
#include "suspend.h"

/* Sizes may be written as 64M. The parser stops at what is not a number. */
static int set_bytes(const char *text, const struct kernel_param *param)
{
	char *end;
	u64 bytes = memparse(text, &end);

	if (end == text || (*end && *end != '\n')) {
		pr_err("%s=%s: must be a number of bytes, as 67108864 or 64M\n", param->name, text);
		return -EINVAL;
	}
	*(u64 *)param->arg = bytes;
	return 0;
}

static int get_bytes(char *text, const struct kernel_param *param)
{
	return sysfs_emit(text, "%llu\n", *(u64 *)param->arg);
}

static const struct kernel_param_ops bytes_ops = {
	.set = set_bytes,
	.get = get_bytes,
};

static u64 max_bytes;
module_param_cb(max_bytes, &bytes_ops, &max_bytes, 0);
MODULE_PARM_DESC(max_bytes, "bound on all recording memory, as 64M (default: 32M)");

static u64 segment_bytes;
module_param_cb(segment_bytes, &bytes_ops, &segment_bytes, 0);
MODULE_PARM_DESC(segment_bytes,
		 "memory of one segment, a power of two from 16K to 4M (default: by max_bytes)");

static int set_ms(const char *text, const struct kernel_param *param)
{
	unsigned int ms;

	if (kstrtouint(text, 0, &ms)) {
		pr_err("%s=%s: must be a number of milliseconds from 1 to %u, 0 for the default\n",
		       param->name, text, UINT_MAX);
		return -EINVAL;
	}
	*(unsigned int *)param->arg = ms;
	return 0;
}

static const struct kernel_param_ops ms_ops = {
	.set = set_ms,
};

static unsigned int min_age_ms;
module_param_cb(min_age_ms, &ms_ops, &min_age_ms, 0);
MODULE_PARM_DESC(min_age_ms, "how far back a snapshot reaches, in ms (default: 10000)");

static int set_switch(const char *text, const struct kernel_param *param)
{
	int err = param_set_bool(text, param);

	if (err)
		pr_err("%s=%s: must be 0 or 1\n", param->name, text);
	return err;
}

static const struct kernel_param_ops switch_ops = {
	.flags = KERNEL_PARAM_OPS_FL_NOARG,
	.set = set_switch,
};

static bool start = true;
module_param_cb(start, &switch_ops, &start, 0);
MODULE_PARM_DESC(start, "whether to record from the load on (default: 1)");

static int __init flightrec_init(void)
{
	struct flightrec_config config = {
		.max_bytes = max_bytes,
		.segment_bytes = min_t(u64, segment_bytes, U32_MAX),
		.min_age_ns = (u64)min_age_ms * NSEC_PER_MSEC,
	};
	int err;

	err = flightrec_recorder_init(&config, start);
	if (err)
		return err;
	err = flightrec_suspend_init();
	if (err)
		goto exit_recorder;
	err = flightrec_chardev_init();
	if (err)
		goto exit_suspend;
	return 0;

exit_suspend:
	flightrec_suspend_exit();
exit_recorder:
	flightrec_recorder_exit();
	return err;
}

static void __exit flightrec_exit(void)
{
	flightrec_chardev_exit();
	flightrec_suspend_exit();
	flightrec_recorder_exit();
}

module_init(flightrec_init);
module_exit(flightrec_exit);

MODULE_DESCRIPTION("Flight recorder for the scheduler");
MODULE_LICENSE("GPL");
MODULE_VERSION("0.1");
