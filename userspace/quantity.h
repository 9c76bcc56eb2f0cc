/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FLIGHTREC_QUANTITY_H
#define FLIGHTREC_QUANTITY_H

#include <stddef.h>
#include <stdint.h>

/* Room for a quantity with its unit. */
#define QUANTITY_ROOM 32

/* "64M" in bytes, "200ms" in ns; 0, or -1 if @text is something else. */
int quantity_parse_bytes(const char *text, uint64_t *bytes);
int quantity_parse_time(const char *text, uint64_t *ns);

/* A whole number, decimal or 0x; 0, or -1 if @text is something else. */
int quantity_parse_number(const char *text, uint64_t *number);

/* As they are parsed, nothing being rounded: "64M", "200ms". Return @text. */
char *quantity_exact_bytes(char *text, uint64_t bytes);
char *quantity_exact_time(char *text, uint64_t ns);

/* For people: "8.0 MiB", "1.25 s". Return @text, of QUANTITY_ROOM. */
char *quantity_bytes(char *text, uint64_t bytes);
char *quantity_time(char *text, uint64_t ns);

#endif
