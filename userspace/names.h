/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FLIGHTREC_NAMES_H
#define FLIGHTREC_NAMES_H

#include <stdint.h>

/* The names of the format's numbers, NULL behind the last. */
const char *name_of_event(uint32_t event);
const char *name_of_clock(uint32_t clock);
const char *name_of_machine(uint32_t machine);
const char *name_of_context(uint32_t context);
const char *name_of_mark(uint32_t kind);

/*
 * "switch,waking" or "all" as a mask of events: their tracepoints' names do, too. 0, or
 * -1 if it's something else, or lacks switch, which always is recorded. And back.
 */
int names_parse_events(const char *list, uint64_t *mask);
void names_print_events(uint64_t mask);

#endif
