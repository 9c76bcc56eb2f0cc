/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FLIGHTREC_BLOCK_H
#define FLIGHTREC_BLOCK_H

#include <linux/types.h>
#include <linux/xxhash.h>

#include <flightrec_format.h>

static inline void flightrec_block_init(struct flightrec_block *block, u16 type, u16 header_bytes,
					u64 bytes)
{
	block->magic = FLIGHTREC_BLOCK_MAGIC;
	block->type = type;
	block->header_bytes = header_bytes;
	block->bytes = bytes;
	block->checksum = 0;
}

/* The last step of making a block: all of it is in place, contiguous. */
static inline void flightrec_block_seal(struct flightrec_block *block)
{
	block->checksum = 0;
	block->checksum = xxh64(block, block->bytes, 0);
}

/* The same for a block whose data, all that is behind its header, lie elsewhere. */
static inline void flightrec_block_seal_parts(struct flightrec_block *block, const void *data)
{
	struct xxh64_state state;

	block->checksum = 0;
	xxh64_reset(&state, 0);
	xxh64_update(&state, block, block->header_bytes);
	xxh64_update(&state, data, block->bytes - block->header_bytes);
	block->checksum = xxh64_digest(&state);
}

#endif
