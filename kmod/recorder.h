/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FLIGHTREC_RECORDER_H
#define FLIGHTREC_RECORDER_H

#include <linux/mutex.h>
#include <linux/types.h>

#include <flightrec_ioctl.h>
#include "pool.h"

/**
 * struct flightrec_instant - all clocks at one instant
 * @clock: flightrec_clock()
 * @monotonic_ns: CLOCK_MONOTONIC
 * @realtime_ns: CLOCK_REALTIME
 * @boottime_ns: CLOCK_BOOTTIME
 */
struct flightrec_instant {
	u64 clock;
	u64 monotonic_ns;
	u64 realtime_ns;
	u64 boottime_ns;
};

/**
 * struct flightrec_state - what a snapshot needs to know of the recorder
 * @config: in force
 * @recording: whether it is on
 * @since: the last start; all zero: never
 * @now: this instant; while it is off, the one when it was stopped
 */
struct flightrec_state {
	struct flightrec_config config;
	bool recording;
	struct flightrec_instant since;
	struct flightrec_instant now;
};

extern struct flightrec_pool flightrec_pool;

int flightrec_recorder_init(const struct flightrec_config *config, bool start);
void flightrec_recorder_exit(void);
int flightrec_recorder_start(void);
int flightrec_recorder_stop(void);
void flightrec_recorder_suspend(void);
void flightrec_recorder_resume(void);
void flightrec_recorder_clear(void);
int flightrec_recorder_configure(const struct flightrec_config *config);
void flightrec_recorder_state(struct flightrec_state *state);
void flightrec_recorder_status(struct flightrec_status *status);
int flightrec_recorder_cpu_status(struct flightrec_cpu_status *status);
void flightrec_recorder_count_snapshots(int change);

#endif
