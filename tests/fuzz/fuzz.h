/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FUZZ_H
#define FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

struct flightrec_trace;

/* What libFuzzer calls. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What must hold, whatever the file says. */
#define CHECK(condition)                                                                \
	do {                                                                            \
		if (!(condition)) {                                                     \
			fprintf(stderr, "%s:%d: " #condition "\n", __FILE__, __LINE__); \
			abort();                                                        \
		}                                                                       \
	} while (0)

/* A number that depends on all of the input: which of several ways to go. */
uint32_t fuzz_choice(const uint8_t *data, size_t size);

/* What command_open_trace() opens, see command.c. */
extern const uint8_t *fuzz_data;
extern size_t fuzz_size;

/* Opens the input; NULL if it's no snapshot. */
struct flightrec_trace *fuzz_open(const uint8_t *data, size_t size);

/* Has what is printed on stdout go nowhere. */
void fuzz_be_quiet(void);

#endif
