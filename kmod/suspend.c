// SPDX-License-Identifier: GPL-2.0
/*
 * Suspend and hibernation: the recorder pauses.
 *
 * From before tasks are frozen until after they go on nothing is recorded, because
 * the clock can't be used on the way: the counter may start anew when the CPUs come
 * back, and CLOCK_MONOTONIC stands still for a time that nobody knows yet. What was
 * recorded before stays.
 */
#include <linux/notifier.h>
#include <linux/suspend.h>

#include "recorder.h"
#include "suspend.h"

static int notice(struct notifier_block *block, unsigned long what, void *data)
{
	switch (what) {
	case PM_SUSPEND_PREPARE:
	case PM_HIBERNATION_PREPARE:
		flightrec_recorder_suspend();
		break;
	case PM_POST_SUSPEND:
	case PM_POST_HIBERNATION:
		flightrec_recorder_resume();
		break;
	}
	return NOTIFY_OK;
}

static struct notifier_block block = {
	.notifier_call = notice,
};

int flightrec_suspend_init(void)
{
	return register_pm_notifier(&block);
}

void flightrec_suspend_exit(void)
{
	unregister_pm_notifier(&block);
}
