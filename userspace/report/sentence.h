/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Text for people: put together piece by piece, and broken into lines.
 */
#ifndef REPORT_SENTENCE_H
#define REPORT_SENTENCE_H

#include <stdint.h>
#include <stdio.h>

#define SENTENCE_COLUMNS	98

struct sentence {
	size_t bytes;
	char text[4000];	/* what doesn't fit is left out */
};

void sentence_add(struct sentence *sentence, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* @text at the right or (@width negative) left of a column that is never broken. */
void sentence_add_cell(struct sentence *sentence, int width, const char *text);

/* A span of time with three digits or so: "101.2 ms". */
void sentence_add_time(struct sentence *sentence, uint64_t ns);

/* A part of a whole: "97%". */
void sentence_add_share(struct sentence *sentence, uint64_t part, uint64_t whole);

/*
 * Prints and empties it. The first line is indented by @first columns, the others
 * by @rest. It is broken at spaces; a text in which a space must not be one has
 * SENTENCE_SPACE instead.
 */
void sentence_print(struct sentence *sentence, FILE *out, int first, int rest);

/* Ends the text, with spaces for SENTENCE_SPACE. */
void sentence_plain(struct sentence *sentence);

#define SENTENCE_SPACE	'\1'

#endif
