// SPDX-License-Identifier: GPL-2.0
#define _GNU_SOURCE
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "event.h"
#include "tracefs.h"

#define ROOT	   "/sys/kernel/tracing"
#define PAGE_BYTES 4096
#define AT_ONCE	   (256 * PAGE_BYTES)

static void put(const char *name, const char *text)
{
	char path[256];
	int fd;

	snprintf(path, sizeof(path), ROOT "/%s", name);
	fd = open(path, O_WRONLY | O_TRUNC | O_CLOEXEC);
	if (fd < 0 || write(fd, text, strlen(text)) != (ssize_t)strlen(text))
		err(1, "%s: %s", path, text);
	close(fd);
}

static const char *system_of(uint32_t type)
{
	return type == FLIGHTREC_EVENT_RENAME ? "task" : "sched";
}

void tracefs_prepare(const char *clock, uint64_t bytes)
{
	char text[64];

	put("tracing_on", "0");
	/* What is on already would come before what was loaded meanwhile. */
	put("events/enable", "0");
	put("trace_clock", clock);
	snprintf(text, sizeof(text), "%" PRIu64, bytes >> 10);
	put("buffer_size_kb", text);
	put("options/overwrite", "0");
	put("options/record-cmd", "0");
	for (uint32_t type = 0; type < FLIGHTREC_EVENTS; type++) {
		char path[128];

		if (!event_names[type])
			continue;
		snprintf(path, sizeof(path), "events/%s/%s/enable", system_of(type),
			 event_names[type]);
		put(path, "1");
	}
}

void tracefs_clear(void)
{
	put("trace", "\n");
}

void tracefs_record(bool on)
{
	put("tracing_on", on ? "1" : "0");
}

/* False if there is no such CPU. */
static bool add_stats(struct tracefs_stats *stats, uint32_t cpu)
{
	char path[256], line[128], name[64];
	uint64_t value;
	FILE *file;

	snprintf(path, sizeof(path), ROOT "/per_cpu/cpu%" PRIu32 "/stats", cpu);
	file = fopen(path, "r");
	if (!file)
		return false;
	while (fgets(line, sizeof(line), file)) {
		if (sscanf(line, "%63[^:]: %" SCNu64, name, &value) != 2)
			continue;
		if (!strcmp(name, "entries"))
			stats->events += value;
		else if (!strcmp(name, "bytes") && stats->fullest < value)
			stats->fullest = value;
		else if (!strcmp(name, "overrun") || !strcmp(name, "commit overrun") ||
			 !strcmp(name, "dropped events"))
			stats->lost += value;
	}
	fclose(file);
	return true;
}

struct tracefs_stats tracefs_stats(void)
{
	struct tracefs_stats stats = { 0 };

	for (uint32_t cpu = 0; add_stats(&stats, cpu); cpu++)
		;
	return stats;
}

static void copy(int from, const char *to)
{
	char *buffer = malloc(AT_ONCE);
	int fd = open(to, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	ssize_t got = 1;

	if (fd < 0 || !buffer)
		err(1, "%s", to);
	while (got > 0) {
		ssize_t filled = 0;

		/* The buffers give a page at a time. */
		while (filled <= AT_ONCE - PAGE_BYTES) {
			got = read(from, buffer + filled, PAGE_BYTES);
			if (got <= 0)
				break;
			filled += got;
		}
		if (got < 0 && errno != EAGAIN)
			err(1, "reading for %s", to);
		if (filled && write(fd, buffer, filled) != filled)
			err(1, "%s", to);
	}
	free(buffer);
	if (close(fd))
		err(1, "%s", to);
}

static void save_format(const char *folder, uint32_t type)
{
	char path[256], to[256];
	int fd;

	snprintf(path, sizeof(path), ROOT "/events/%s/%s/format", system_of(type),
		 event_names[type]);
	snprintf(to, sizeof(to), "%s/format-%s", folder, event_names[type]);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		err(1, "%s", path);
	copy(fd, to);
	close(fd);
}

uint32_t tracefs_save(const char *folder)
{
	uint32_t cpu = 0;

	for (uint32_t type = 0; type < FLIGHTREC_EVENTS; type++)
		if (event_names[type])
			save_format(folder, type);
	for (;; cpu++) {
		char path[256], to[256];
		int fd;

		snprintf(path, sizeof(path), ROOT "/per_cpu/cpu%" PRIu32 "/trace_pipe_raw", cpu);
		snprintf(to, sizeof(to), "%s/cpu%" PRIu32, folder, cpu);
		fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
		if (fd < 0 && errno == ENOENT)
			return cpu;
		if (fd < 0)
			err(1, "%s", path);
		copy(fd, to);
		close(fd);
	}
}
