// SPDX-License-Identifier: GPL-2.0
/* What the fuzzers of snapshots share. */
#include <errno.h>
#include <xxhash.h>

#include "flightrec.h"
#include "fuzz.h"

uint32_t fuzz_choice(const uint8_t *data, size_t size)
{
	return (uint32_t)XXH64(data, size, 1);
}

struct flightrec_trace *fuzz_open(const uint8_t *data, size_t size)
{
	struct flightrec_trace *trace = NULL;
	int err = flightrec_trace_open_memory(&trace, data, size);

	CHECK(!err == !!trace);
	CHECK(!err || err == -EBADMSG || err == -EPROTONOSUPPORT || err == -ENODATA);
	return trace;
}

void fuzz_be_quiet(void)
{
	static char buffer[1 << 16];

	CHECK(freopen("/dev/null", "w", stdout));
	setvbuf(stdout, buffer, _IOFBF, sizeof(buffer));
}
