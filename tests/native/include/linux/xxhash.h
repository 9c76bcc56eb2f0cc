/* SPDX-License-Identifier: GPL-2.0 */
#ifndef NATIVE_XXHASH_H
#define NATIVE_XXHASH_H

#include <xxhash.h>

#define xxh64(data, bytes, seed) XXH64(data, bytes, seed)

#endif
