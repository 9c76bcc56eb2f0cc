// SPDX-License-Identifier: GPL-2.0
/*
 * Every call to the device in tight loops, from several processes at once, under
 * load, with arguments that make sense and with others; no call may fail in a way
 * that is not documented.
 *
 *	control SECONDS [PROCESSES]
 *
 * Prints what was done, and ends with status 1 if anything was wrong.
 */
#define _GNU_SOURCE
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
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

enum {
	START,
	STOP,
	CONFIGURE,
	STATUS,
	SNAPSHOT,
	SLICE,
	CLEAR,
	WAIT,
	MARK,
	WRITE,
	POLL,
	READ,
	WHOLE,
	NONSENSE,
	ACTIONS
};

static const char *const names[ACTIONS] = {
	"start", "stop", "configure", "status", "snapshot",	"slice",      "clear",
	"wait",	 "mark", "write",     "poll",	"partial read", "whole read", "nonsense",
};

struct tally {
	uint64_t done[ACTIONS];
	uint64_t wrong[ACTIONS];
};

static int take_slice(int fd, unsigned int *seed)
{
	struct flightrec_status status = device_status();
	uint64_t begin = status.now_ns - rand_r(seed) % 200000000;
	struct flightrec_snapshot snapshot = {
		.size = sizeof(snapshot),
		.begin_ns = begin,
		.end_ns = begin + 1 + rand_r(seed) % 100000000,
		.events_wanted = (rand_r(seed) & FLIGHTREC_EVENTS_ALL) |
				 1 << FLIGHTREC_EVENT_SWITCH,
		.flags = rand_r(seed) % 8 ? 0 : FLIGHTREC_SNAPSHOT_CONTINUE,
	};
	size_t bytes;
	char *data;

	if (ioctl(fd, FLIGHTREC_SNAPSHOT, &snapshot))
		return errno;
	data = device_read(fd, 1 + rand_r(seed) % 100000, &bytes);
	snapshot_free(snapshot_parse(data, bytes));
	return 0;
}

static uint64_t strange(unsigned int *seed)
{
	const uint64_t values[] = { 1, ~0ULL, 1ULL << 40, rand_r(seed) & 0xffffff };

	return rand_r(seed) % 4 ? 0 : values[rand_r(seed) % 4];
}

/* Any ioctl with any argument. */
static int nonsense(int fd, unsigned int *seed)
{
	unsigned int number = rand_r(seed) % 12;
	uint64_t argument[600];
	uint32_t size = rand_r(seed) % 2 ? rand_r(seed) % 200 : rand_r(seed) % 5000;
	int error;

	for (size_t i = 0; i < sizeof(argument) / sizeof(*argument); i++)
		argument[i] = i * 8 < size || !(rand_r(seed) % 50) ? strange(seed) : 0;
	/* A wait for what never comes would end only with this program. */
	if (number == (FLIGHTREC_WAIT & 0xff))
		argument[2] = 1000000;
	memcpy(argument, &size, sizeof(size));
	if (!ioctl(fd, _IO(FLIGHTREC_IOC_MAGIC, number),
		   rand_r(seed) % 16 ? argument : (void *)(uintptr_t)strange(seed)))
		return 0;
	error = errno;
	switch (error) {
	case EINVAL:
	case E2BIG:
	case EFAULT:
	case ENOTTY:
	case EMSGSIZE:
	case ENODATA:
	case ENOSPC:
	case ENXIO:
	case ETIMEDOUT:
		return 0;
	default:
		return error;
	}
}

static int act(int fd, int action, unsigned int *seed)
{
	struct flightrec_wait wait = { .size = sizeof(wait),
				       .bytes = seed ? rand_r(seed) % 100000 : 0,
				       .timeout_ns = 10000000 };
	struct flightrec_mark mark = { .size = sizeof(mark),
				       .kind = seed ? rand_r(seed) % 3 : 0,
				       .text = (uintptr_t)&mark,
				       .text_bytes = sizeof(mark) };
	struct pollfd polled = { .fd = fd, .events = POLLIN | POLLOUT };
	static const uint64_t max_bytes[] = { 1 << 20, 2 << 20, 4 << 20, 8 << 20 };
	static const uint32_t segment_bytes[] = { 16384, 32768, 32768, 32768 };
	struct flightrec_status status = { .size = sizeof(status) };
	char piece[5000] = "";
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
	case SLICE:
		return take_slice(fd, seed);
	case CLEAR:
		return ioctl(fd, FLIGHTREC_CLEAR) ? errno : 0;
	case WAIT:
		return ioctl(fd, FLIGHTREC_WAIT, &wait) && errno != ETIMEDOUT ? errno : 0;
	case MARK:
		return ioctl(fd, FLIGHTREC_MARK, &mark) && errno != ENODATA && errno != ENOSPC
			       ? errno
			       : 0;
	case WRITE:
		return write(fd, piece, rand_r(seed) % 1025) < 0 && errno != ENODATA &&
				       errno != ENOSPC
			       ? errno
			       : 0;
	case POLL:
		return poll(&polled, 1, 0) == 1 && polled.revents & POLLOUT ? 0 : EIO;
	case NONSENSE:
		return nonsense(fd, seed);
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

/* What changes the recorder is slow, and keeps the others waiting: less often. */
static int choose(unsigned int *seed)
{
	int slow = CONFIGURE + 1;

	return rand_r(seed) % 64 ? slow + rand_r(seed) % (ACTIONS - slow) : rand_r(seed) % slow;
}

static void loop(struct tally *tally, unsigned int seed, time_t until)
{
	int fd = open(FLIGHTREC_DEVICE, O_RDWR);

	while (time(NULL) < until) {
		int action = choose(&seed);
		int error = act(fd, action, &seed);

		tally->done[action]++;
		/* Settings that don't go together are refused, in tight memory all may be. */
		if (error && error != ENOMEM) {
			tally->wrong[action]++;
			fprintf(stderr, "%s: %s\n", names[action], strerror(error));
		}
		if (!(rand_r(&seed) % 16)) {
			close(fd);
			fd = open(FLIGHTREC_DEVICE, O_RDWR);
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
