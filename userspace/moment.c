// SPDX-License-Identifier: GPL-2.0
/* Moments, as people write them. */
#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "moment.h"
#include "quantity.h"

#define SECOND_NS INT64_C(1000000000)

static int64_t read_clock(clockid_t clock)
{
	struct timespec time = { 0 };

	clock_gettime(clock, &time);
	return time.tv_sec * SECOND_NS + time.tv_nsec;
}

/* One between two readings of the other, of which the middle counts. */
struct moment_clocks moment_read_clocks(void)
{
	int64_t before = read_clock(CLOCK_MONOTONIC);
	int64_t realtime = read_clock(CLOCK_REALTIME);
	int64_t after = read_clock(CLOCK_MONOTONIC);

	return (struct moment_clocks){
		.monotonic_ns = before + (after - before) / 2,
		.realtime_ns = realtime,
	};
}

/* ".5" in ns; moves @text behind it. */
static int64_t parse_fraction(const char **text)
{
	int64_t ns = 0, digit = SECOND_NS / 10;

	if (**text != '.')
		return 0;
	for ((*text)++; isdigit((unsigned char)**text); (*text)++, digit /= 10)
		ns += (**text - '0') * digit;
	return ns;
}

/* "Z", "+01:00" or "-0530": seconds east of Greenwich. -1 if it's something else. */
static int parse_zone(const char *text, long *east)
{
	unsigned int hours, minutes;
	int length = 0;

	*east = 0;
	if (!strcmp(text, "Z"))
		return 0;
	if ((*text != '+' && *text != '-') || !isdigit((unsigned char)text[1]))
		return -1;
	if ((sscanf(text + 1, "%2u:%2u%n", &hours, &minutes, &length) != 2 || !length) &&
	    sscanf(text + 1, "%2u%2u%n", &hours, &minutes, &length) != 2)
		return -1;
	if (text[1 + length] || hours > 14 || minutes > 59)
		return -1;
	*east = (hours * 60L + minutes) * 60 * (*text == '-' ? -1 : 1);
	return 0;
}

/* mktime() takes a 32nd of a month for the next one's first. */
static bool same_date(const struct tm *date, const struct tm *given)
{
	return date->tm_mday == given->tm_mday && date->tm_mon == given->tm_mon &&
	       date->tm_hour == given->tm_hour && date->tm_min == given->tm_min;
}

static int parse_date(const char *text, int64_t *realtime_ns)
{
	static const char *const formats[] = {
		"%Y-%m-%dT%H:%M:%S",
		"%Y-%m-%d %H:%M:%S",
		"%Y-%m-%dT%H:%M",
		"%Y-%m-%d %H:%M",
	};
	struct tm date = { 0 }, given;
	const char *rest = NULL;
	int64_t fraction;
	time_t seconds;
	long east;

	for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]) && !rest; i++) {
		memset(&date, 0, sizeof(date));
		rest = strptime(text, formats[i], &date);
	}
	if (!rest)
		return -1;
	fraction = parse_fraction(&rest);
	given = date;
	if (*rest) {
		if (parse_zone(rest, &east))
			return -1;
		seconds = timegm(&date) - east;
	} else {
		date.tm_isdst = -1;
		seconds = mktime(&date);
	}
	if (!same_date(&date, &given))
		return -1;
	*realtime_ns = seconds * SECOND_NS + fraction;
	return 0;
}

int moment_parse(const char *text, const struct moment_clocks *now, uint64_t *ns)
{
	int64_t realtime;
	uint64_t back;

	if (*text == '-') {
		if (quantity_parse_time(text + 1, &back))
			return -1;
		*ns = back < now->monotonic_ns ? now->monotonic_ns - back : 1;
		return 0;
	}
	if (!quantity_parse_time(text, ns))
		return *ns ? 0 : -1;
	if (parse_date(text, &realtime))
		return -1;
	realtime += (int64_t)now->monotonic_ns - now->realtime_ns;
	*ns = realtime > 0 ? realtime : 1;
	return 0;
}
