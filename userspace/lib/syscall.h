/* SPDX-License-Identifier: LGPL-2.1 */
#ifndef FLIGHTREC_SYSCALL_H
#define FLIGHTREC_SYSCALL_H

#include <stdbool.h>
#include <stdint.h>

#include "flightrec_format.h"

/* Names that were looked up already, of the machine's own and its 32-bit ABI. */
struct syscall_names {
	char *names[2][FLIGHTREC_NR_NONE];
	bool known[2][FLIGHTREC_NR_NONE];
	uint32_t end[2]; /* behind the highest number known */
};

const char *flightrec_syscall_names_find(struct syscall_names *names, uint32_t machine, uint32_t nr,
					 bool compat);
void flightrec_syscall_names_free(struct syscall_names *names);

#endif
