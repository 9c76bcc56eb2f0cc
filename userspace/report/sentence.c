// SPDX-License-Identifier: GPL-2.0
/* Text for people. */
#include <stdarg.h>
#include <string.h>

#include "quantity.h"
#include "sentence.h"

void sentence_add(struct sentence *sentence, const char *format, ...)
{
	size_t room = sizeof(sentence->text) - sentence->bytes;
	va_list arguments;
	int bytes;

	va_start(arguments, format);
	bytes = vsnprintf(sentence->text + sentence->bytes, room, format, arguments);
	va_end(arguments);
	if (bytes > 0)
		sentence->bytes += (size_t)bytes < room ? (size_t)bytes : room - 1;
}

void sentence_add_cell(struct sentence *sentence, int width, const char *text)
{
	size_t start = sentence->bytes;

	sentence_add(sentence, "%*s", width, text);
	for (; start < sentence->bytes; start++) {
		if (sentence->text[start] == ' ')
			sentence->text[start] = SENTENCE_SPACE;
	}
}

/* The number and its unit stay on one line. */
void sentence_add_time(struct sentence *sentence, uint64_t ns)
{
	char text[QUANTITY_ROOM];
	char *space = strchr(quantity_time(text, ns), ' ');

	if (space)
		*space = SENTENCE_SPACE;
	sentence_add(sentence, "%s", text);
}

void sentence_add_share(struct sentence *sentence, uint64_t part, uint64_t whole)
{
	double percent = whole ? 100.0 * (double)part / (double)whole : 0;

	sentence_add(sentence, percent > 0 && percent < 9.95 ? "%.1f%%" : "%.0f%%", percent);
}

/* The length of the part of @text that goes on a line of @columns. */
static size_t line_bytes(const char *text, size_t columns)
{
	size_t bytes = strlen(text);
	size_t i;

	if (bytes <= columns)
		return bytes;
	for (i = columns; i > 0; i--) {
		if (text[i] == ' ')
			return i;
	}
	i = strcspn(text, " ");
	return i;
}

static void print_line(FILE *out, int indent, const char *text, size_t bytes)
{
	size_t i;

	fprintf(out, "%*s", indent, "");
	for (i = 0; i < bytes; i++)
		putc(text[i] == SENTENCE_SPACE ? ' ' : text[i], out);
	putc('\n', out);
}

void sentence_plain(struct sentence *sentence)
{
	size_t i;

	for (i = 0; i < sentence->bytes; i++) {
		if (sentence->text[i] == SENTENCE_SPACE)
			sentence->text[i] = ' ';
	}
	sentence->text[sentence->bytes] = '\0';
}

void sentence_print(struct sentence *sentence, FILE *out, int first, int rest)
{
	const char *text = sentence->text;
	int indent = first;

	sentence->text[sentence->bytes] = '\0';
	while (*text) {
		size_t bytes = line_bytes(text, (size_t)(SENTENCE_COLUMNS - indent));

		print_line(out, indent, text, bytes);
		text += bytes;
		text += strspn(text, " ");
		indent = rest;
	}
	sentence->bytes = 0;
}
