// SPDX-License-Identifier: GPL-2.0
/*
 * Who wakes a thread: every second, a line for each waking since the last look.
 *
 *	wakers TID [LOOKS]
 *
 * Each look is a snapshot that goes on where the last one ended, so that no waking is
 * told twice, and none is left out unless that is said.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "flightrec.h"

static void tell(const struct flightrec_event *event)
{
	if (event->waking.context != FLIGHTREC_CONTEXT_THREAD)
		printf("an interrupt on CPU %" PRIu32 "\n", event->cpu);
	else if (event->running)
		printf("%s-%" PRIu32 "\n", event->running->comm, event->running->tid);
	else
		printf("somebody on CPU %" PRIu32 "\n", event->cpu);
}

static int tell_wakings(struct flightrec_trace *trace, uint32_t tid)
{
	const struct flightrec_event *event;
	int err;

	while (!(err = flightrec_trace_next(trace, &event)) && event)
		if (event->type == FLIGHTREC_EVENT_WAKING && event->thread->tid == tid)
			tell(event);
	return err;
}

/* Takes what was recorded since the last time, into memory, and reads it. */
static int look(struct flightrec *recorder, uint64_t *cursor, uint32_t tid)
{
	struct flightrec_snapshot snapshot = {
		.flags = FLIGHTREC_SNAPSHOT_CONTINUE,
		.since = *cursor,
		.events_wanted = 1 << FLIGHTREC_EVENT_SWITCH | 1 << FLIGHTREC_EVENT_WAKING,
	};
	struct flightrec_trace *trace;
	int fd = memfd_create("snapshot", MFD_CLOEXEC);
	int err;

	if (fd < 0)
		return -errno;
	err = flightrec_snapshot_to_fd(recorder, &snapshot, fd);
	if (err)
		goto close_file;
	if (*cursor && !(snapshot.flags & FLIGHTREC_SNAPSHOT_SINCE_MET))
		printf("(some were overwritten)\n");
	*cursor = snapshot.cursor;
	lseek(fd, 0, SEEK_SET);
	err = flightrec_trace_open_fd(&trace, fd);
	if (err)
		goto close_file;
	err = tell_wakings(trace, tid);
	flightrec_trace_close(trace);
close_file:
	close(fd);
	return err;
}

int main(int argc, char **argv)
{
	struct flightrec *recorder;
	uint64_t cursor = 0;
	long looks = argc > 2 ? atol(argv[2]) : -1;
	int err;

	if (argc < 2) {
		fprintf(stderr, "Usage: wakers TID [LOOKS]\n");
		return 2;
	}
	err = flightrec_open(&recorder, NULL);
	for (; !err && looks; looks -= looks > 0) {
		err = look(recorder, &cursor, (uint32_t)atol(argv[1]));
		fflush(stdout);
		sleep(looks != 1);
	}
	if (err)
		fprintf(stderr, "wakers: %s: %s\n", FLIGHTREC_DEVICE, strerror(-err));
	else
		flightrec_close(recorder);
	return err ? 1 : 0;
}
