// SPDX-License-Identifier: GPL-2.0
/*
 * Time, in nanoseconds: of CLOCK_MONOTONIC, and what the calling thread has run.
 */
#include <errno.h>
#include <time.h>

#include "guess.h"

static uint64_t read_ns(clockid_t clock)
{
	struct timespec now;

	clock_gettime(clock, &now);
	return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

uint64_t clock_now_ns(void)
{
	return read_ns(CLOCK_MONOTONIC);
}

uint64_t clock_running_ns(void)
{
	return read_ns(CLOCK_THREAD_CPUTIME_ID);
}

void clock_sleep_ns(uint64_t ns)
{
	struct timespec left = {
		.tv_sec = (time_t)(ns / 1000000000),
		.tv_nsec = (long)(ns % 1000000000),
	};

	while (clock_nanosleep(CLOCK_MONOTONIC, 0, &left, &left) == EINTR)
		;
}
