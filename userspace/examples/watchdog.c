// SPDX-License-Identifier: GPL-2.0
/*
 * A thread that has to run every so often, and takes a snapshot of what kept it when
 * it's late.
 *
 *	watchdog [PERIOD-MS [LIMIT-MS [FILE]]]
 *
 * The snapshot has a mark where it noticed. Ends after the first.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "flightrec.h"

static long long now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000000000LL + now.tv_nsec;
}

/* Sleeps until then; for how long it slept too long, in ns. */
static long long sleep_until(long long due_ns)
{
	const struct timespec due = { due_ns / 1000000000, due_ns % 1000000000 };

	clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &due, NULL);
	return now_ns() - due_ns;
}

/* Everything since a little before the time at which it should have run. */
static int snap(struct flightrec *recorder, const char *file, long long due_ns, long long period_ns)
{
	struct flightrec_snapshot snapshot = { .begin_ns = due_ns - 2 * period_ns };
	int err;

	flightrec_mark(recorder, "late", 4);
	err = flightrec_snapshot_to_file(recorder, &snapshot, file);
	if (!err)
		printf("%llu events in %s\n", (unsigned long long)snapshot.events, file);
	return err;
}

int main(int argc, char **argv)
{
	const long long period_ns = (argc > 1 ? atoi(argv[1]) : 10) * 1000000LL;
	const long long limit_ns = (argc > 2 ? atoi(argv[2]) : 5) * 1000000LL;
	const char *file = argc > 3 ? argv[3] : "late.trace";
	struct flightrec *recorder;
	long long due_ns = now_ns(), late_ns;
	int err = flightrec_open(&recorder, NULL);

	if (err) {
		fprintf(stderr, "watchdog: %s: %s\n", FLIGHTREC_DEVICE, strerror(-err));
		return 1;
	}
	do {
		due_ns += period_ns;
		late_ns = sleep_until(due_ns);
	} while (late_ns <= limit_ns);
	printf("%.1f ms late\n", (double)late_ns / 1e6);
	err = snap(recorder, file, due_ns, period_ns);
	if (err)
		fprintf(stderr, "watchdog: %s: %s\n", file, strerror(-err));
	flightrec_close(recorder);
	return err ? 1 : 0;
}
