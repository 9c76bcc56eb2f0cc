// SPDX-License-Identifier: LGPL-2.1
/* Snapshots on their way from the device to a file. */
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "recorder.h"

/* Room for the largest block, which the kernel would have to copy twice else. */
#define COPY_BYTES (((size_t)4 << 20) + 4096)

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

void flightrec_on_progress(struct flightrec *recorder, flightrec_progress *progress, void *context)
{
	recorder->progress = progress;
	recorder->progress_context = context;
}

static int tell_progress(const struct flightrec *recorder, uint64_t done)
{
	if (!recorder->progress)
		return 0;
	return recorder->progress(recorder->progress_context, done, recorder->snapshot_bytes);
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
		if (!err)
			err = tell_progress(recorder, at);
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
