// SPDX-License-Identifier: LGPL-2.1
/* The recorder's device. */
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "recorder.h"

static int recorder_ioctl(struct flightrec *recorder, unsigned long request, void *argument)
{
	return ioctl(recorder->fd, request, argument) ? -errno : 0;
}

/* GET_CONFIG of a struct that is too short for it changes nothing. */
static bool is_recorder(struct flightrec *recorder)
{
	struct flightrec_config config = { .size = 0 };

	return recorder_ioctl(recorder, FLIGHTREC_GET_CONFIG, &config) != -ENOTTY;
}

/*
 * As much as the file's mode allows: marks need it to be open for writing, and
 * snapshots for reading. -errno if it is neither.
 */
static int open_device(const char *path)
{
	static const int modes[] = { O_RDWR, O_RDONLY, O_WRONLY };
	int fd = -1;

	for (size_t i = 0; i < sizeof(modes) / sizeof(modes[0]) && fd < 0; i++) {
		fd = open(path, modes[i] | O_CLOEXEC);
		if (fd < 0 && errno != EACCES && errno != EPERM && errno != EROFS)
			break;
	}
	return fd < 0 ? -errno : fd;
}

int flightrec_open(struct flightrec **out, const char *path)
{
	struct flightrec *recorder = calloc(1, sizeof(*recorder));
	int err;

	if (!recorder)
		return -ENOMEM;
	recorder->fd = open_device(path ? path : FLIGHTREC_DEVICE);
	if (recorder->fd < 0) {
		err = recorder->fd;
		goto free_recorder;
	}
	if (!is_recorder(recorder)) {
		err = -ENOTTY;
		goto close_device;
	}
	*out = recorder;
	return 0;

close_device:
	close(recorder->fd);
free_recorder:
	free(recorder);
	return err;
}

void flightrec_close(struct flightrec *recorder)
{
	if (!recorder)
		return;
	close(recorder->fd);
	free(recorder);
}

int flightrec_fd(const struct flightrec *recorder)
{
	return recorder->fd;
}

int flightrec_start(struct flightrec *recorder)
{
	return recorder_ioctl(recorder, FLIGHTREC_START, NULL);
}

int flightrec_stop(struct flightrec *recorder)
{
	return recorder_ioctl(recorder, FLIGHTREC_STOP, NULL);
}

int flightrec_get_config(struct flightrec *recorder, struct flightrec_config *config)
{
	memset(config, 0, sizeof(*config));
	config->size = sizeof(*config);
	return recorder_ioctl(recorder, FLIGHTREC_GET_CONFIG, config);
}

int flightrec_set_config(struct flightrec *recorder, const struct flightrec_config *config)
{
	struct flightrec_config sized = *config;

	sized.size = sizeof(sized);
	return recorder_ioctl(recorder, FLIGHTREC_SET_CONFIG, &sized);
}

int flightrec_get_status(struct flightrec *recorder, struct flightrec_status *status)
{
	memset(status, 0, sizeof(*status));
	status->size = sizeof(*status);
	return recorder_ioctl(recorder, FLIGHTREC_STATUS, status);
}

int flightrec_get_cpu_status(struct flightrec *recorder, uint32_t cpu,
			     struct flightrec_cpu_status *status)
{
	memset(status, 0, sizeof(*status));
	status->size = sizeof(*status);
	status->cpu = cpu;
	return recorder_ioctl(recorder, FLIGHTREC_CPU_STATUS, status);
}

int flightrec_clear(struct flightrec *recorder)
{
	return recorder_ioctl(recorder, FLIGHTREC_CLEAR, NULL);
}

int flightrec_wait(struct flightrec *recorder, struct flightrec_wait *wait)
{
	struct flightrec_wait asked = *wait;
	int err;

	asked.size = sizeof(asked);
	asked.flags = 0;
	err = recorder_ioctl(recorder, FLIGHTREC_WAIT, &asked);
	if (!err || err == -ETIMEDOUT)
		wait->bytes = asked.bytes;
	return err;
}

int flightrec_write_mark(struct flightrec *recorder, const struct flightrec_mark *mark)
{
	struct flightrec_mark asked = *mark;

	asked.size = sizeof(asked);
	asked.reserved = 0;
	return recorder_ioctl(recorder, FLIGHTREC_MARK, &asked);
}

static int write_mark(struct flightrec *recorder, uint32_t kind, uint64_t id, uint64_t parent,
		      const void *text, size_t bytes)
{
	const struct flightrec_mark mark = {
		.kind = kind,
		.id = id,
		.parent = parent,
		.text = (uintptr_t)text,
		.text_bytes = bytes,
	};

	if (bytes > FLIGHTREC_MARK_TEXT_MAX)
		return -EMSGSIZE;
	return flightrec_write_mark(recorder, &mark);
}

int flightrec_mark(struct flightrec *recorder, const void *text, size_t bytes)
{
	return write_mark(recorder, FLIGHTREC_MARK_INSTANT, 0, 0, text, bytes);
}

int flightrec_mark_begin(struct flightrec *recorder, uint64_t id, uint64_t parent, const void *text,
			 size_t bytes)
{
	return write_mark(recorder, FLIGHTREC_MARK_BEGIN, id, parent, text, bytes);
}

int flightrec_mark_end(struct flightrec *recorder, uint64_t id, const void *text, size_t bytes)
{
	return write_mark(recorder, FLIGHTREC_MARK_END, id, 0, text, bytes);
}

int flightrec_take_snapshot(struct flightrec *recorder, struct flightrec_snapshot *snapshot)
{
	struct flightrec_snapshot asked = { .size = sizeof(asked) };
	int err;

	if (snapshot) {
		asked.flags = snapshot->flags;
		asked.min_age_ns = snapshot->min_age_ns;
		asked.max_bytes = snapshot->max_bytes;
		asked.begin_ns = snapshot->begin_ns;
		asked.end_ns = snapshot->end_ns;
		asked.events_wanted = snapshot->events_wanted;
		asked.since = snapshot->since;
	}
	err = recorder_ioctl(recorder, FLIGHTREC_SNAPSHOT, &asked);
	if (!err)
		recorder->snapshot_bytes = asked.bytes;
	if (!err && snapshot)
		*snapshot = asked;
	return err;
}
