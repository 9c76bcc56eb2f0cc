/* SPDX-License-Identifier: GPL-2.0 */
/*
 * In the place of kmod/compat.h, whose guard this has: included before all else.
 */
#ifndef FLIGHTREC_COMPAT_H
#define FLIGHTREC_COMPAT_H

#include <linux/compiler.h>
#include <linux/types.h>

static __always_inline u64 flightrec_counter(void)
{
	return __builtin_ia32_rdtsc();
}

#endif
