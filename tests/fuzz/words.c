// SPDX-License-Identifier: GPL-2.0
/*
 * Fuzzes what reads text: sizes, times and moments of the command line, lists of
 * events, the file of `snapshot --since last`, the file of `load`. The first byte
 * chooses.
 */
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "fuzz.h"
#include "last.h"
#include "moment.h"
#include "names.h"
#include "parameters.h"
#include "quantity.h"
#include "utf8.h"

#define FOLDER_PATTERN "/tmp/flightrec-fuzz-XXXXXX"

int LLVMFuzzerInitialize(int *argc, char ***argv);

static char folder[] = FOLDER_PATTERN;
static int folder_fd;

static void remove_folder(void)
{
	unlinkat(folder_fd, LAST_FILE, 0);
	rmdir(folder);
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	fuzz_be_quiet();
	setenv("TZ", "Europe/Berlin", 1);
	CHECK(mkdtemp(folder));
	folder_fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	CHECK(folder_fd >= 0);
	atexit(remove_folder);
	return 0;
}

/* What is written of a number is read as the same. */
static void check_exact(uint64_t value, char *(*write)(char *, uint64_t),
			int (*read)(const char *, uint64_t *))
{
	char text[QUANTITY_ROOM];
	uint64_t again;

	/* Numbers are read as double. */
	if (value >= 1ULL << 53)
		return;
	CHECK(!read(write(text, value), &again));
	CHECK(again == value);
}

static void read_quantities(const char *text)
{
	char room[QUANTITY_ROOM];
	uint64_t value;

	if (!quantity_parse_bytes(text, &value)) {
		check_exact(value, quantity_exact_bytes, quantity_parse_bytes);
		CHECK(strlen(quantity_bytes(room, value)) < QUANTITY_ROOM);
	}
	if (!quantity_parse_time(text, &value)) {
		check_exact(value, quantity_exact_time, quantity_parse_time);
		CHECK(strlen(quantity_time(room, value)) < QUANTITY_ROOM);
	}
	quantity_parse_number(text, &value);
}

static void read_moment(const char *text)
{
	const struct moment_clocks now = {
		.monotonic_ns = INT64_C(5000000000000),
		.realtime_ns = INT64_C(1700000000000000000),
	};
	uint64_t ns = 0;

	if (!moment_parse(text, &now, &ns))
		CHECK(ns);
}

static void read_events(const char *text)
{
	uint64_t mask;

	if (!names_parse_events(text, &mask)) {
		CHECK(mask & 1);
		names_print_events(mask);
	}
}

static void read_letters(const char *text)
{
	const char *end = text + strlen(text);

	while (text < end) {
		size_t length = utf8_length(text), printable = utf8_printable(text);

		CHECK(printable == length || !printable);
		CHECK(length <= (size_t)(end - text));
		text += length ? length : 1;
	}
}

static void read_last(const char *text, size_t size)
{
	struct last last = { .directory = folder_fd };
	int fd = openat(folder_fd, LAST_FILE, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	uint64_t cursor, again;

	CHECK(fd >= 0);
	CHECK(write(fd, text, size) == (ssize_t)size);
	close(fd);
	if (last_read(&last, &cursor))
		return;
	CHECK(!last_write(&last, cursor));
	CHECK(!last_read(&last, &again));
	CHECK(again == cursor);
}

static void read_parameters(const char *text, size_t size)
{
	struct parameters parameters = { 0 };
	int fd = memfd_create("parameters", MFD_CLOEXEC);
	char name[32], *joined;

	CHECK(fd >= 0);
	CHECK(write(fd, text, size) == (ssize_t)size);
	snprintf(name, sizeof(name), "/proc/self/fd/%d", fd);
	if (!parameters_read(&parameters, name, true)) {
		joined = parameters_join(&parameters);
		CHECK(joined);
		CHECK(strlen(joined) <= size);
		free(joined);
	}
	parameters_free(&parameters);
	close(fd);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text;

	if (!size)
		return 0;
	text = malloc(size);
	CHECK(text);
	memcpy(text, data + 1, size - 1);
	text[size - 1] = '\0';
	/* What waits for the disk less often, as that takes longer by far. */
	switch (data[0] % 64) {
	case 0:
		read_last(text, size - 1);
		break;
	case 1:
		read_parameters(text, size - 1);
		break;
	case 2 ... 20:
		read_moment(text);
		break;
	case 21 ... 30:
		read_events(text);
		break;
	case 31 ... 45:
		read_letters(text);
		break;
	default:
		read_quantities(text);
		break;
	}
	free(text);
	return 0;
}
