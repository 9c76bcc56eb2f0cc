/* SPDX-License-Identifier: GPL-2.0 */
/* The kernel's tracefs, in the guest. What fails ends the program. */
#ifndef TRACEFS_H
#define TRACEFS_H

#include <stdbool.h>
#include <stdint.h>

/**
 * struct tracefs_stats - what the buffers have
 * @events: in all of them
 * @fullest: bytes in the fullest one
 * @lost: events that were overwritten or dropped
 */
struct tracefs_stats {
	uint64_t events;
	uint64_t fullest;
	uint64_t lost;
};

/* Every event of flightrec's, with this clock, in buffers of so many bytes for each CPU. */
void tracefs_prepare(const char *clock, uint64_t bytes);
void tracefs_clear(void);
void tracefs_record(bool on);
struct tracefs_stats tracefs_stats(void);
/* Writes each CPU's buffer to FOLDER/cpuN, and the events' formats. How many CPUs. */
uint32_t tracefs_save(const char *folder);

#endif
