// SPDX-License-Identifier: GPL-2.0
#define _GNU_SOURCE
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "device.h"

int device_open(void)
{
	int fd = open(FLIGHTREC_DEVICE, O_RDWR | O_CLOEXEC);

	if (fd < 0)
		err(1, FLIGHTREC_DEVICE);
	return fd;
}

int device_snapshot(int fd, uint64_t min_age_ns, uint64_t max_bytes,
		    struct flightrec_snapshot *told)
{
	struct flightrec_snapshot request = {
		.size = sizeof(request),
		.min_age_ns = min_age_ns,
		.max_bytes = max_bytes,
	};
	int error = ioctl(fd, FLIGHTREC_SNAPSHOT, &request) ? errno : 0;

	if (told)
		*told = request;
	return error;
}

char *device_read(int fd, size_t chunk, size_t *bytes)
{
	size_t room = 1 << 20;
	char *data = malloc(room), *larger;
	ssize_t got;

	*bytes = 0;
	for (;;) {
		if (room - *bytes < chunk) {
			larger = realloc(data, room *= 2);
			if (!larger)
				errx(1, "no memory");
			data = larger;
		}
		got = read(fd, data + *bytes, chunk);
		if (got < 0)
			err(1, "reading %s", FLIGHTREC_DEVICE);
		if (!got)
			return data;
		*bytes += got;
	}
}

struct snapshot *device_parse(int fd)
{
	size_t bytes;
	char *data = device_read(fd, 1 << 16, &bytes);

	return snapshot_parse(data, bytes);
}

struct flightrec_status device_status(void)
{
	struct flightrec_status status = { .size = sizeof(status) };
	int fd = device_open();

	if (ioctl(fd, FLIGHTREC_STATUS, &status))
		err(1, "STATUS");
	close(fd);
	return status;
}

struct flightrec_cpu_status device_cpu_status(uint32_t cpu)
{
	struct flightrec_cpu_status status = { .size = sizeof(status), .cpu = cpu };
	int fd = device_open();

	if (ioctl(fd, FLIGHTREC_CPU_STATUS, &status))
		status.cpu = ~0U;
	close(fd);
	return status;
}

bool device_wait_for_events(uint64_t events)
{
	uint64_t until = device_status().events_written + events;

	for (int i = 0; i < 3000; i++) {
		if (device_status().events_written >= until)
			return true;
		usleep(100000);
	}
	return false;
}

struct flightrec_config device_config(void)
{
	struct flightrec_config config = { .size = sizeof(config) };
	int fd = device_open();

	if (ioctl(fd, FLIGHTREC_GET_CONFIG, &config))
		err(1, "GET_CONFIG");
	close(fd);
	return config;
}

int device_configure(uint64_t max_bytes, uint32_t segment_bytes, uint64_t min_age_ns)
{
	struct flightrec_config config = {
		.size = sizeof(config),
		.max_bytes = max_bytes,
		.segment_bytes = segment_bytes,
		.min_age_ns = min_age_ns,
	};
	int fd = device_open();
	int error = ioctl(fd, FLIGHTREC_SET_CONFIG, &config) ? errno : 0;

	close(fd);
	return error;
}

void device_reset(uint64_t max_bytes, uint32_t segment_bytes, uint64_t min_age_ns)
{
	if (device_configure(max_bytes, segment_bytes * 2, min_age_ns) ||
	    device_configure(max_bytes, segment_bytes, min_age_ns))
		err(1, "SET_CONFIG");
}

void device_restore(void)
{
	struct flightrec_config config = { .size = sizeof(config), .segment_bytes = 1 << 18 };
	int fd = device_open();

	if (ioctl(fd, FLIGHTREC_START) || ioctl(fd, FLIGHTREC_SET_CONFIG, &config))
		err(1, "START, SET_CONFIG");
	config.segment_bytes = 0;
	if (ioctl(fd, FLIGHTREC_SET_CONFIG, &config))
		err(1, "SET_CONFIG");
	close(fd);
}
