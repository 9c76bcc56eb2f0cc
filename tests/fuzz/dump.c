// SPDX-License-Identifier: GPL-2.0
/* Fuzzes `flightrec dump`: every event in every format. */
#include <fcntl.h>

#include "dump.h"
#include "fuzz.h"

static struct dump dump;

static void write_events(void (*event_out)(struct dump *, const struct flightrec_event *))
{
	const struct flightrec_event *event;

	CHECK(!flightrec_trace_rewind(dump.trace));
	dump.second = UINT64_MAX;
	while (!output_room(&dump.output) && !flightrec_trace_next(dump.trace, &event) && event) {
		const char *before = dump.output.at;

		event_out(&dump, event);
		CHECK((size_t)(dump.output.at - before) <= OUTPUT_LINE);
		CHECK(dump.output.at[-1] == '\n');
	}
	output_flush(&dump.output);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static int nowhere = -1;

	if (nowhere < 0)
		nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);
	dump.trace = fuzz_open(data, size);
	if (!dump.trace)
		return 0;
	dump.info = flightrec_trace_get_info(dump.trace);
	output_init(&dump.output, nowhere);
	dump_text_head(&dump);
	write_events(dump_text_event);
	dump_ftrace_head(&dump);
	write_events(dump_ftrace_event);
	write_events(dump_json_event);
	flightrec_trace_close(dump.trace);
	return 0;
}
