// SPDX-License-Identifier: GPL-2.0
/* Sizes and times, as people write and read them. */
#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "quantity.h"

struct unit {
	const char *name;
	uint64_t size;
};

static const struct unit byte_units[] = {
	{ "", 1 },	     { "B", 1 },
	{ "K", 1ULL << 10 }, { "KiB", 1ULL << 10 },
	{ "M", 1ULL << 20 }, { "MiB", 1ULL << 20 },
	{ "G", 1ULL << 30 }, { "GiB", 1ULL << 30 },
	{ "k", 1ULL << 10 }, { NULL, 0 },
};

static const struct unit time_units[] = {
	{ "s", 1000000000 }, { "ms", 1000000 },		{ "us", 1000 }, { "ns", 1 },
	{ "", 1000000000 },  { "min", 60000000000ULL }, { NULL, 0 },
};

/* A number, with a fraction if it has one, and a unit right behind it. */
static int parse(const char *text, const struct unit *units, uint64_t *value)
{
	double number, result;
	char *end;

	/* strtod() would take hexadecimal numbers, exponents and infinity. */
	if (!isdigit((unsigned char)text[0]) || strpbrk(text, "xXeEpP"))
		return -1;
	errno = 0;
	number = strtod(text, &end);
	if (errno)
		return -1;
	for (; units->name; units++) {
		if (strcmp(end, units->name))
			continue;
		result = number * units->size;
		if (result >= 18446744073709551616.0)
			return -1;
		*value = result;
		return 0;
	}
	return -1;
}

int quantity_parse_bytes(const char *text, uint64_t *bytes)
{
	return parse(text, byte_units, bytes);
}

int quantity_parse_time(const char *text, uint64_t *ns)
{
	return parse(text, time_units, ns);
}

int quantity_parse_number(const char *text, uint64_t *number)
{
	char *end;

	/* strtoull() would take blanks, a sign, and octal numbers. */
	if (!isdigit((unsigned char)text[0]))
		return -1;
	errno = 0;
	*number = strtoull(text, &end, text[0] == '0' && text[1] == 'x' ? 16 : 10);
	return errno || *end || end == text ? -1 : 0;
}

/* In the largest of the units of which it is a whole number. */
static char *exact(char *text, uint64_t value, const struct unit *units, const char *names)
{
	uint64_t best = 1;
	const char *name = names;

	for (; units->name; units++) {
		if (units->size <= best || !value || value % units->size || strlen(units->name) > 2)
			continue;
		best = units->size;
		name = units->name;
	}
	snprintf(text, QUANTITY_ROOM, "%" PRIu64 "%s", value / best, name);
	return text;
}

char *quantity_exact_bytes(char *text, uint64_t bytes)
{
	return exact(text, bytes, byte_units, "");
}

char *quantity_exact_time(char *text, uint64_t ns)
{
	return exact(text, ns, time_units, "ns");
}

char *quantity_bytes(char *text, uint64_t bytes)
{
	static const char *const names[] = { "KiB", "MiB", "GiB", "TiB" };
	double number = bytes / 1024.0;
	size_t i = 0;

	if (bytes < 1024) {
		snprintf(text, QUANTITY_ROOM, "%" PRIu64 " bytes", bytes);
		return text;
	}
	while (number >= 1023.95 && i + 1 < sizeof(names) / sizeof(names[0])) {
		number /= 1024;
		i++;
	}
	snprintf(text, QUANTITY_ROOM, "%.1f %s", number, names[i]);
	return text;
}

char *quantity_time(char *text, uint64_t ns)
{
	if (ns < 1000)
		snprintf(text, QUANTITY_ROOM, "%" PRIu64 " ns", ns);
	else if (ns < 1000000)
		snprintf(text, QUANTITY_ROOM, "%.1f us", ns / 1e3);
	else if (ns < 1000000000)
		snprintf(text, QUANTITY_ROOM, "%.1f ms", ns / 1e6);
	else if (ns < 120000000000ULL)
		snprintf(text, QUANTITY_ROOM, "%.2f s", ns / 1e9);
	else
		snprintf(text, QUANTITY_ROOM, "%" PRIu64 ":%02u min", ns / UINT64_C(60000000000),
			 (unsigned int)(ns / 1000000000 % 60));
	return text;
}
