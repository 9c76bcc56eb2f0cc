// SPDX-License-Identifier: GPL-2.0
/* The file that keeps the last snapshot's cursor. */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "last.h"

#define LAST_NEW "last.new"

/* The directory, made if need be, in which files can be written; or -errno. */
static int open_directory(const char *path)
{
	int fd;

	if (mkdir(path, 0755) && errno != EEXIST)
		return -errno;
	fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	if (faccessat(fd, ".", W_OK | X_OK, AT_EACCESS)) {
		int err = -errno;

		close(fd);
		return err;
	}
	return fd;
}

static int name_file(struct last *last, const char *directory)
{
	int length = snprintf(last->path, sizeof(last->path), "%s/" LAST_FILE, directory);

	return length < (int)sizeof(last->path) ? 0 : -ENAMETOOLONG;
}

int last_open(struct last *last)
{
	const char *runtime = getenv("XDG_RUNTIME_DIR");
	char directory[PATH_MAX - sizeof("/" LAST_FILE)];
	int err = name_file(last, LAST_DIRECTORY);

	last->directory = open_directory(LAST_DIRECTORY);
	if (last->directory < 0 && runtime && *runtime == '/') {
		if (snprintf(directory, sizeof(directory), "%s/flightrec", runtime) >=
		    (int)sizeof(directory))
			return -ENAMETOOLONG;
		err = name_file(last, directory);
		last->directory = open_directory(directory);
	}
	if (last->directory < 0)
		return last->directory;
	if (!err && flock(last->directory, LOCK_EX))
		err = -errno;
	if (err)
		last_close(last);
	return err;
}

void last_close(struct last *last)
{
	close(last->directory);
}

int last_boot_id(char id[37])
{
	int fd = open("/proc/sys/kernel/random/boot_id", O_RDONLY | O_CLOEXEC);
	ssize_t got;

	if (fd < 0)
		return -errno;
	got = read(fd, id, 36);
	close(fd);
	id[36] = '\0';
	return got == 36 ? 0 : -EIO;
}

int last_read(const struct last *last, uint64_t *cursor)
{
	char id[37], text[80] = "", saved[37] = "";
	int fd, err = last_boot_id(id);
	ssize_t got;

	*cursor = 0;
	if (err)
		return err;
	fd = openat(last->directory, LAST_FILE, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return errno == ENOENT ? 0 : -errno;
	got = read(fd, text, sizeof(text) - 1);
	close(fd);
	if (got < 0)
		return -errno;
	if (sscanf(text, "%36s %" SCNu64, saved, cursor) != 2)
		return -EBADMSG;
	if (strcmp(saved, id))
		*cursor = 0;
	return 0;
}

static int write_new(const struct last *last, const char *text)
{
	int fd, err = 0;

	fd = openat(last->directory, LAST_NEW, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	if (fd < 0)
		return -errno;
	if (write(fd, text, strlen(text)) != (ssize_t)strlen(text))
		err = -ENOSPC;
	if (close(fd) && !err)
		err = -errno;
	return err;
}

int last_write(const struct last *last, uint64_t cursor)
{
	char id[37], text[80];
	int err = last_boot_id(id);

	if (err)
		return err;
	snprintf(text, sizeof(text), "%s %" PRIu64 "\n", id, cursor);
	err = write_new(last, text);
	if (!err && renameat(last->directory, LAST_NEW, last->directory, LAST_FILE))
		err = -errno;
	if (err)
		unlinkat(last->directory, LAST_NEW, 0);
	return err;
}
