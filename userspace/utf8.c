// SPDX-License-Identifier: GPL-2.0
/* The names of threads and files hold any bytes; what is printed shall be text. */
#include <stdint.h>

#include "utf8.h"

/* The first byte of a longer character, and what its second byte may be. */
static const struct {
	uint8_t first, last, low, high, bytes;
} starts[] = {
	{ 0xc2, 0xdf, 0x80, 0xbf, 2 }, { 0xe0, 0xe0, 0xa0, 0xbf, 3 }, { 0xe1, 0xec, 0x80, 0xbf, 3 },
	{ 0xed, 0xed, 0x80, 0x9f, 3 }, { 0xee, 0xef, 0x80, 0xbf, 3 }, { 0xf0, 0xf0, 0x90, 0xbf, 4 },
	{ 0xf1, 0xf3, 0x80, 0xbf, 4 }, { 0xf4, 0xf4, 0x80, 0x8f, 4 },
};

size_t utf8_length(const char *text)
{
	const uint8_t *byte = (const uint8_t *)text;

	if (byte[0] < 0x80)
		return 1;
	for (size_t i = 0; i < sizeof(starts) / sizeof(starts[0]); i++) {
		if (byte[0] < starts[i].first || byte[0] > starts[i].last)
			continue;
		if (byte[1] < starts[i].low || byte[1] > starts[i].high)
			return 0;
		for (size_t k = 2; k < starts[i].bytes; k++)
			if ((byte[k] & 0xc0) != 0x80)
				return 0;
		return starts[i].bytes;
	}
	return 0;
}

size_t utf8_printable(const char *text)
{
	const uint8_t *byte = (const uint8_t *)text;
	size_t length = utf8_length(text);

	if (length == 1 && (byte[0] < ' ' || byte[0] == 0x7f))
		return 0;
	/* U+0080 to U+009F */
	if (length == 2 && byte[0] == 0xc2 && byte[1] < 0xa0)
		return 0;
	return length;
}
