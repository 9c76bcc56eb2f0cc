// SPDX-License-Identifier: LGPL-2.1
/*
 * The bytes of a snapshot: a mapped file, what a pipe or the device gave, or the
 * caller's memory.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "source.h"

#define FIRST_BUFFER ((size_t)1 << 20)

/* The kernel's default, fault_around_bytes. */
#define FAULT_AROUND ((size_t)1 << 16)

static int source_map(struct source *source, int fd, off_t start, off_t end)
{
	void *mapping;

	mapping = mmap(NULL, end, PROT_READ, MAP_PRIVATE, fd, 0);
	if (mapping == MAP_FAILED)
		return -errno;
	source->mapping = mapping;
	source->mapping_bytes = end;
	source->data = (const uint8_t *)mapping + start;
	source->bytes = end - start;
	return 0;
}

/* Reads into the buffer's free part; 0 at the end of the file. */
static ssize_t source_fill(const struct source *source, size_t room, int fd)
{
	ssize_t got;

	do {
		got = read(fd, (uint8_t *)source->buffer + source->bytes, room - source->bytes);
	} while (got < 0 && errno == EINTR);
	return got < 0 ? -errno : got;
}

static int source_read(struct source *source, int fd)
{
	size_t room = 0;
	ssize_t got;

	do {
		if (source->bytes == room) {
			size_t more = room ? 2 * room : FIRST_BUFFER;
			void *buffer = realloc(source->buffer, more);

			if (!buffer)
				goto no_memory;
			source->buffer = buffer;
			room = more;
		}
		got = source_fill(source, room, fd);
		if (got < 0) {
			flightrec_source_close(source);
			return got;
		}
		source->bytes += got;
	} while (got);
	source->data = source->buffer;
	return 0;

no_memory:
	flightrec_source_close(source);
	return -ENOMEM;
}

int flightrec_source_open_fd(struct source *source, int fd)
{
	struct stat status;
	off_t start;

	memset(source, 0, sizeof(*source));
	if (fstat(fd, &status))
		return -errno;
	/* Files of /proc are regular, too, and have a size of 0. */
	if (S_ISREG(status.st_mode) && status.st_size) {
		start = lseek(fd, 0, SEEK_CUR);
		if (start >= 0 && start < status.st_size)
			return source_map(source, fd, start, status.st_size);
	}
	return source_read(source, fd);
}

void flightrec_source_open_memory(struct source *source, const void *data, size_t bytes)
{
	memset(source, 0, sizeof(*source));
	source->data = data;
	source->bytes = bytes;
}

void flightrec_source_close(struct source *source)
{
	if (source->mapping)
		munmap(source->mapping, source->mapping_bytes);
	free(source->buffer);
	memset(source, 0, sizeof(*source));
}

/*
 * Says that these bytes won't be needed soon, so that a large file doesn't become
 * as large a process. Pages that are shared with a neighbour go too: they come
 * back from the page cache when touched. So do those in front: where one page was
 * touched, the kernel has mapped up to FAULT_AROUND bytes of its neighbours with it,
 * which may have been dropped before.
 */
void flightrec_source_drop(const struct source *source, size_t offset, size_t bytes)
{
	uintptr_t page = sysconf(_SC_PAGESIZE);
	uintptr_t first = (uintptr_t)source->mapping;
	uintptr_t start = (uintptr_t)(source->data + offset) & ~(page - 1);
	uintptr_t end = (uintptr_t)(source->data + offset + bytes);

	if (!source->mapping)
		return;
	start = start - first > FAULT_AROUND ? start - FAULT_AROUND : first;
	madvise((void *)start, end - start, MADV_DONTNEED);
}
