/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FLIGHTREC_OUTPUT_H
#define FLIGHTREC_OUTPUT_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define OUTPUT_BYTES ((size_t)1 << 16)

/*
 * Every put of less than this finds room, after an output_room(). The longest line
 * has the text of a record's 253 words, each byte as six of JSON.
 */
#define OUTPUT_LINE  ((size_t)16384)

/*
 * Text on its way to a file, a buffer at a time. The puts don't look for room: who
 * writes a line calls output_room() before it.
 */
struct output {
	char *at;
	int fd;
	int error; /* errno of the first write that failed */
	char buffer[OUTPUT_BYTES + OUTPUT_LINE];
};

void output_init(struct output *output, int fd);
int output_flush(struct output *output);

/* Room for one more line; -1 if nothing can be written any more. */
static inline int output_room(struct output *output)
{
	if (output->at < output->buffer + OUTPUT_BYTES)
		return 0;
	return output_flush(output);
}

static inline void put_bytes(struct output *output, const char *text, size_t bytes)
{
	memcpy(output->at, text, bytes);
	output->at += bytes;
}

/* A text whose length the compiler knows. */
#define put_text(output, text) put_bytes(output, text, sizeof(text) - 1)

static inline void put_char(struct output *output, char letter)
{
	*output->at++ = letter;
}

static inline void put_string(struct output *output, const char *text)
{
	put_bytes(output, text, strlen(text));
}

#define OUTPUT_BLANKS "                "

/* At most as many as OUTPUT_BLANKS has, which are written in any case: no loop. */
static inline void put_blanks(struct output *output, size_t count)
{
	memcpy(output->at, OUTPUT_BLANKS, sizeof(OUTPUT_BLANKS) - 1);
	output->at += count;
}

unsigned int digits_of(uint64_t number);
void put_number(struct output *output, uint64_t number);
void put_signed(struct output *output, int64_t number);
/* At least @digits digits, with zeros in front. */
void put_digits(struct output *output, uint64_t number, unsigned int digits);
/* Blanks up to @width, at most 16, for what was put since @start. */
void put_fill(struct output *output, const char *start, size_t width);
/* What isn't text, or would move a terminal's cursor, becomes question marks. */
void put_name(struct output *output, const char *name);
/* A JSON string with its quotes. */
void put_json(struct output *output, const char *text);

/*
 * Text of a known length, NULs among it and a NUL behind it: as JSON; as put_name()
 * has it; in quotes, where what isn't text is \n, \t or \xNN, so that nothing of it is
 * lost.
 */
void put_json_bytes(struct output *output, const char *text, size_t bytes);
void put_name_bytes(struct output *output, const char *text, size_t bytes);
void put_quoted(struct output *output, const char *text, size_t bytes);

#endif
