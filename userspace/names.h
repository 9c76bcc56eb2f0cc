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

#endif
