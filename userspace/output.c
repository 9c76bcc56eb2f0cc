// SPDX-License-Identifier: GPL-2.0
/*
 * Text, fast: a dump puts a dozen pieces a line, millions of lines, so that printf()
 * and its like would take most of the time.
 */
#include <errno.h>
#include <stdbool.h>
#include <unistd.h>

#include "output.h"
#include "utf8.h"

static const char pairs[] =
	"00010203040506070809101112131415161718192021222324252627282930313233343536373839"
	"40414243444546474849505152535455565758596061626364656667686970717273747576777879"
	"8081828384858687888990919293949596979899";

void output_init(struct output *output, int fd)
{
	output->at = output->buffer;
	output->fd = fd;
	output->error = 0;
}

int output_flush(struct output *output)
{
	const char *from = output->buffer;

	while (!output->error && from < output->at) {
		ssize_t written = write(output->fd, from, output->at - from);

		if (written > 0)
			from += written;
		else if (written < 0 && errno != EINTR)
			output->error = errno;
	}
	output->at = output->buffer;
	return output->error ? -1 : 0;
}

unsigned int digits_of(uint64_t number)
{
	unsigned int digits = 1;

	while (number >= 10000) {
		number /= 10000;
		digits += 4;
	}
	return digits + (number >= 10) + (number >= 100) + (number >= 1000);
}

/* Writes the last @digits digits where they belong. */
static void write_digits(struct output *output, uint64_t number, unsigned int digits)
{
	char *at = output->at;

	output->at += digits;
	while (digits >= 2) {
		digits -= 2;
		memcpy(at + digits, pairs + number % 100 * 2, 2);
		number /= 100;
	}
	if (digits)
		*at = '0' + number % 10;
}

void put_number(struct output *output, uint64_t number)
{
	write_digits(output, number, digits_of(number));
}

void put_signed(struct output *output, int64_t number)
{
	if (number < 0) {
		put_char(output, '-');
		put_number(output, -(uint64_t)number);
	} else {
		put_number(output, number);
	}
}

void put_digits(struct output *output, uint64_t number, unsigned int digits)
{
	unsigned int all = digits_of(number);

	write_digits(output, number, all > digits ? all : digits);
}

void put_fill(struct output *output, const char *start, size_t width)
{
	size_t length = output->at - start;

	if (length < width)
		put_blanks(output, width - length);
}

static bool is_plain(char letter)
{
	return letter >= ' ' && letter < 0x7f;
}

void put_name_bytes(struct output *output, const char *text, size_t bytes)
{
	const char *end = text + bytes;

	while (text < end) {
		char *at = output->at;
		size_t length;

		while (text < end && is_plain(*text))
			*at++ = *text++;
		output->at = at;
		if (text == end)
			return;
		length = utf8_printable(text);
		put_bytes(output, length ? text : "?", length ? length : 1);
		text += length ? length : 1;
	}
}

void put_name(struct output *output, const char *name)
{
	put_name_bytes(output, name, strlen(name));
}

static const char hex[] = "0123456789abcdef";

static void put_quoted_special(struct output *output, unsigned char letter)
{
	put_char(output, '\\');
	switch (letter) {
	case '"':
	case '\\':
		put_char(output, letter);
		break;
	case '\n':
		put_char(output, 'n');
		break;
	case '\t':
		put_char(output, 't');
		break;
	default:
		put_char(output, 'x');
		put_char(output, hex[letter >> 4]);
		put_char(output, hex[letter & 15]);
		break;
	}
}

void put_quoted(struct output *output, const char *text, size_t bytes)
{
	const char *end = text + bytes;

	put_char(output, '"');
	while (text < end) {
		size_t length = *text == '"' || *text == '\\' ? 0 : utf8_printable(text);

		if (length)
			put_bytes(output, text, length);
		else
			put_quoted_special(output, *text);
		text += length ? length : 1;
	}
	put_char(output, '"');
}

static void put_json_special(struct output *output, unsigned char letter)
{
	switch (letter) {
	case '"':
	case '\\':
		put_char(output, '\\');
		put_char(output, letter);
		break;
	case '\n':
		put_text(output, "\\n");
		break;
	case '\t':
		put_text(output, "\\t");
		break;
	default:
		put_text(output, "\\u00");
		put_char(output, hex[letter >> 4]);
		put_char(output, hex[letter & 15]);
		break;
	}
}

static bool is_plain_in_json(char letter)
{
	return is_plain(letter) && letter != '"' && letter != '\\';
}

/* What isn't UTF-8 becomes U+FFFD, byte by byte. */
static size_t put_json_letter(struct output *output, const char *text)
{
	size_t length;

	if ((unsigned char)*text < 0x80) {
		put_json_special(output, *text);
		return 1;
	}
	length = utf8_length(text);
	if (length)
		put_bytes(output, text, length);
	else
		put_text(output, "\xef\xbf\xbd");
	return length ? length : 1;
}

void put_json_bytes(struct output *output, const char *text, size_t bytes)
{
	const char *end = text + bytes;

	put_char(output, '"');
	while (text < end) {
		char *at = output->at;

		while (text < end && is_plain_in_json(*text))
			*at++ = *text++;
		output->at = at;
		if (text < end)
			text += put_json_letter(output, text);
	}
	put_char(output, '"');
}

void put_json(struct output *output, const char *text)
{
	put_json_bytes(output, text, strlen(text));
}
