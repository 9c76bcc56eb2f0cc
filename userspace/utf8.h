/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FLIGHTREC_UTF8_H
#define FLIGHTREC_UTF8_H

#include <stddef.h>

/*
 * Length of the character at @text, which ends with a NUL: 1 to 4 bytes, or 0 if
 * it isn't UTF-8.
 */
size_t utf8_length(const char *text);

/* The same, but 0 also for what would move a terminal's cursor. */
size_t utf8_printable(const char *text);

#endif
