/* SPDX-License-Identifier: GPL-2.0 */
#ifndef NATIVE_VMALLOC_H
#define NATIVE_VMALLOC_H

#include <stdlib.h>

#define vmalloc(bytes) aligned_alloc(64, ((bytes) + 63) / 64 * 64)
#define vfree(memory)  free(memory)

#endif
