// SPDX-License-Identifier: GPL-2.0
/*
 * Starts, stops, configures, asks and takes snapshots in tight loops, from
 * several processes at once, under load; no call may fail in a way that is not
 * documented.
 *
 *	control SECONDS [PROCESSES]
 *
 * Prints what was done, and ends with status 1 if anything was wrong.
 */
#define _GNU_SOURCE
#include <err.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "device.h"
#include "load.h"
#include "walk.h"

enum { START, STOP, CONFIGURE, STATUS, SNAPSHOT, READ, WHOLE, ACTIONS };

static const char *const names[ACTIONS] = {
	"start", "stop", "configure", "status", "snapshot", "partial read", "whole read",
};

struct tally {
	uint64_t done[ACTIONS];
	uint64_t wrong[ACTIONS];
};

static int act(int fd, int action, unsigned int *seed)
{
	static const uint64_t max_bytes[] = { 1 << 20, 2 << 20, 4 << 20, 8 << 20 };
	static const uint32_t segment_bytes[] = { 16384, 32768, 32768, 32768 };
	struct flightrec_status status = { .size = sizeof(status) };
	char piece[5000];
	size_t bytes;
	char *data;

	switch (action) {
	case START:
		return ioctl(fd, FLIGHTREC_START) ? errno : 0;
	case STOP:
		return ioctl(fd, FLIGHTREC_STOP) ? errno : 0;
	case CONFIGURE:
		return device_configure(max_bytes[rand_r(seed) % 4],
					segment_bytes[rand_r(seed) % 4], 1 + rand_r(seed));
	case STATUS:
		return ioctl(fd, FLIGHTREC_STATUS, &status) ? errno : 0;
	case SNAPSHOT:
		return device_snapshot(fd, 1 + rand_r(seed), 0, NULL);
	case READ:
		return pread(fd, piece, sizeof(piece), rand_r(seed) % 1000000) < 0 ? errno : 0;
	default:
		if (device_snapshot(fd, 0, 0, NULL))
			return errno;
		data = device_read(fd, 65536, &bytes);
		snapshot_free(snapshot_parse(data, bytes));
		return 0;
	}
}

static void loop(struct tally *tally, unsigned int seed, time_t until)
{
	int fd = device_open();

	while (time(NULL) < until) {
		int action = rand_r(&seed) % ACTIONS;
		int error = act(fd, action, &seed);

		tally->done[action]++;
		/* Settings that don't go together are refused, in tight memory all may be. */
		if (error && error != ENOMEM) {
			tally->wrong[action]++;
			fprintf(stderr, "%s: %s\n", names[action], strerror(error));
		}
		if (!(rand_r(&seed) % 16)) {
			close(fd);
			fd = device_open();
		}
	}
	_exit(0);
}

int main(int argc, char **argv)
{
	int seconds = argc > 1 ? atoi(argv[1]) : 60, processes = argc > 2 ? atoi(argv[2]) : 8;
	time_t until = time(NULL) + seconds;
	struct tally *tallies, sum = { 0 };
	struct flightrec_status status;
	struct pingpong load[2];
	int failed = 0, end;

	tallies = mmap(NULL, processes * sizeof(*tallies), PROT_READ | PROT_WRITE,
		       MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (tallies == MAP_FAILED)
		err(1, "mmap");
	for (int i = 0; i < 2; i++)
		pingpong_start(&load[i], 0, -1, "ping", "pong");
	for (int i = 0; i < processes; i++)
		if (!fork())
			loop(&tallies[i], i + 1, until);
	for (int i = 0; i < processes; i++) {
		if (wait(&end) < 0 || end)
			failed++;
		for (int k = 0; k < ACTIONS; k++) {
			sum.done[k] += tallies[i].done[k];
			sum.wrong[k] += tallies[i].wrong[k];
		}
	}
	for (int k = 0; k < ACTIONS; k++) {
		printf("# %s: %llu times, %llu wrong\n", names[k], (unsigned long long)sum.done[k],
		       (unsigned long long)sum.wrong[k]);
		failed += sum.wrong[k] || !sum.done[k];
	}

	/* Alive: it records, and hands out a sound snapshot. */
	device_reset(8 << 20, 32768, 0);
	if (act(device_open(), START, NULL) || act(device_open(), WHOLE, NULL))
		failed++;
	status = device_status();
	usleep(500000);
	if (device_status().events_written <= status.events_written) {
		fprintf(stderr, "the recorder is dead\n");
		failed++;
	}
	for (int i = 0; i < 2; i++)
		pingpong_kill(&load[i]);
	return failed != 0;
}
