/* SPDX-License-Identifier: GPL-2.0 */
/* Work for the scheduler. */
#ifndef LOAD_H
#define LOAD_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct pingpong {
	pid_t pid[2];
};

/*
 * Two processes that pass a byte to and fro @trips times (0: until killed), both
 * on @cpu (negative: anywhere), under names of up to 15 bytes.
 */
void pingpong_start(struct pingpong *pair, uint64_t trips, int cpu, const char *name0,
		    const char *name1);
/* Waits until both have come to the end of their trips; they then wait to be killed. */
void pingpong_wait(struct pingpong *pair);
void pingpong_kill(struct pingpong *pair);

/* voluntary plus nonvoluntary switches, from /proc/PID/status */
uint64_t switches_of(pid_t pid);

#endif
