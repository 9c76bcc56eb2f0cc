/* SPDX-License-Identifier: GPL-2.0 */
/* /dev/flightrec, without libflightrec in between. What must not fail ends the program. */
#ifndef DEVICE_H
#define DEVICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <flightrec_ioctl.h>

#include "walk.h"

int device_open(void);
int device_snapshot(int fd, uint64_t min_age_ns, uint64_t max_bytes,
		    struct flightrec_snapshot *told);
char *device_read(int fd, size_t chunk, size_t *bytes);
struct snapshot *device_parse(int fd);
struct flightrec_status device_status(void);
/* Its @cpu is another one if there is no such. */
struct flightrec_cpu_status device_cpu_status(uint32_t cpu);
/* Waits until @events more have been recorded; false if that takes 5 minutes. */
bool device_wait_for_events(uint64_t events);
struct flightrec_config device_config(void);
/* 0 or the errno */
int device_configure(uint64_t max_bytes, uint32_t segment_bytes, uint64_t min_age_ns);
/* Empties the recorder by giving it segments of another size, then of this one. */
/* Recording, empty, with the default settings. */
void device_restore(void);
void device_reset(uint64_t max_bytes, uint32_t segment_bytes, uint64_t min_age_ns);

#endif
