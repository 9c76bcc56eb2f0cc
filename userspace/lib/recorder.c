// SPDX-License-Identifier: LGPL-2.1
/* The recorder's device. */
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "flightrec.h"

/* Room for the largest block, which the kernel would have to copy twice else. */
#define COPY_BYTES (((size_t)4 << 20) + 4096)

struct flightrec {
	int fd;
};

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

int flightrec_open(struct flightrec **out, const char *path)
{
	struct flightrec *recorder = malloc(sizeof(*recorder));
	int err;

	if (!recorder)
		return -ENOMEM;
	recorder->fd = open(path ? path : FLIGHTREC_DEVICE, O_RDONLY | O_CLOEXEC);
	if (recorder->fd < 0) {
		err = -errno;
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

int flightrec_take_snapshot(struct flightrec *recorder, struct flightrec_snapshot *snapshot)
{
	struct flightrec_snapshot asked = { .size = sizeof(asked) };
	int err;

	if (snapshot) {
		asked.min_age_ns = snapshot->min_age_ns;
		asked.max_bytes = snapshot->max_bytes;
	}
	err = recorder_ioctl(recorder, FLIGHTREC_SNAPSHOT, &asked);
	if (!err && snapshot)
		*snapshot = asked;
	return err;
}

static int write_all(int fd, const char *data, size_t bytes)
{
	while (bytes) {
		ssize_t written = write(fd, data, bytes);

		if (written < 0 && errno != EINTR)
			return -errno;
		if (written > 0) {
			data += written;
			bytes -= written;
		}
	}
	return 0;
}

int flightrec_write_snapshot(struct flightrec *recorder, int fd)
{
	char *buffer = malloc(COPY_BYTES);
	off_t at = 0;
	int err = 0;

	if (!buffer)
		return -ENOMEM;
	while (!err) {
		ssize_t got = pread(recorder->fd, buffer, COPY_BYTES, at);

		if (!got)
			break;
		if (got > 0) {
			err = write_all(fd, buffer, got);
			at += got;
		} else if (errno != EINTR) {
			err = -errno;
		}
	}
	free(buffer);
	return err;
}

int flightrec_snapshot_to_fd(struct flightrec *recorder, struct flightrec_snapshot *snapshot,
			     int fd)
{
	int err = flightrec_take_snapshot(recorder, snapshot);

	return err ? err : flightrec_write_snapshot(recorder, fd);
}

/* A rename is safe on disk when its directory is. Not all file systems can do that. */
static void sync_directory(const char *path)
{
	char *copy = strdup(path);
	int fd = copy ? open(dirname(copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;

	if (fd >= 0) {
		fsync(fd);
		close(fd);
	}
	free(copy);
}

/* Creates a file beside @path that nobody else has; its name is to be freed. */
static int create_beside(const char *path, char **name)
{
	for (unsigned int i = 0;; i++) {
		int fd;

		if (asprintf(name, "%s.%ld.%u", path, (long)gettid(), i) < 0)
			return -ENOMEM;
		fd = open(*name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
		if (fd >= 0)
			return fd;
		free(*name);
		if (errno != EEXIST)
			return -errno;
	}
}

static int write_and_sync(struct flightrec *recorder, int fd)
{
	int err = flightrec_write_snapshot(recorder, fd);

	/* EINVAL: a pipe or a device, which has nothing to be synced. */
	if (!err && fsync(fd) && errno != EINVAL)
		err = -errno;
	if (close(fd) && !err)
		err = -errno;
	return err;
}

static int write_and_rename(struct flightrec *recorder, const char *path)
{
	char *temporary;
	int err, fd = create_beside(path, &temporary);

	if (fd < 0)
		return fd;
	err = write_and_sync(recorder, fd);
	if (!err && rename(temporary, path))
		err = -errno;
	if (err)
		unlink(temporary);
	else
		sync_directory(path);
	free(temporary);
	return err;
}

int flightrec_snapshot_to_file(struct flightrec *recorder, struct flightrec_snapshot *snapshot,
			       const char *path)
{
	struct stat status;
	int fd, err;

	err = flightrec_take_snapshot(recorder, snapshot);
	if (err)
		return err;
	/* A pipe or a device must not be replaced by a file. */
	if (stat(path, &status) || S_ISREG(status.st_mode))
		return write_and_rename(recorder, path);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	return fd < 0 ? -errno : write_and_sync(recorder, fd);
}
