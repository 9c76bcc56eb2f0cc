/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FLIGHTREC_LAST_H
#define FLIGHTREC_LAST_H

#include <limits.h>
#include <stdint.h>

/*
 * Where `snapshot --since last` goes on: the last one's cursor, in a file that says
 * of which boot it is, "BOOT-ID CURSOR\n". It's in LAST_DIRECTORY or, for those who
 * may not write there, in $XDG_RUNTIME_DIR/flightrec. Two at a time wait for each
 * other, so that nobody gets what another one has.
 */
#define LAST_DIRECTORY "/run/flightrec"
#define LAST_FILE      "last"

struct last {
	int directory;
	char path[PATH_MAX]; /* of the file, for messages */
};

/* All return 0 or -errno. */
int last_open(struct last *last);
void last_close(struct last *last);
/* 0 in @cursor: there was none in this boot. */
int last_read(const struct last *last, uint64_t *cursor);
/* Replaces it, all or nothing. */
int last_write(const struct last *last, uint64_t cursor);

/* /proc/sys/kernel/random/boot_id, ended by a NUL. */
int last_boot_id(char id[37]);

#endif
