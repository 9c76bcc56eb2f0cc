/* SPDX-License-Identifier: GPL-2.0 */
#ifndef NATIVE_XXHASH_H
#define NATIVE_XXHASH_H

/* The state on the stack, as in the kernel. */
#define XXH_STATIC_LINKING_ONLY
#include <xxhash.h>

#define xxh64(data, bytes, seed)	 XXH64(data, bytes, seed)

#define xxh64_state			 XXH64_state_s
#define xxh64_reset(state, seed)	 XXH64_reset(state, seed)
#define xxh64_update(state, data, bytes) XXH64_update(state, data, bytes)
#define xxh64_digest(state)		 XXH64_digest(state)

#endif
