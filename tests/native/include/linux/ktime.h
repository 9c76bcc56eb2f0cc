/* SPDX-License-Identifier: GPL-2.0 */
#ifndef NATIVE_KTIME_H
#define NATIVE_KTIME_H

#include <linux/types.h>

u64 ktime_get_mono_fast_ns(void);

#endif
