/* SPDX-License-Identifier: LGPL-2.1 */
/* Little-endian fields of a snapshot, wherever they lie. */
#ifndef FLIGHTREC_LOAD_H
#define FLIGHTREC_LOAD_H

#include <endian.h>
#include <stdint.h>
#include <string.h>

static inline uint16_t load16(const void *at)
{
	uint16_t value;

	memcpy(&value, at, sizeof(value));
	return le16toh(value);
}

static inline uint32_t load32(const void *at)
{
	uint32_t value;

	memcpy(&value, at, sizeof(value));
	return le32toh(value);
}

static inline uint64_t load64(const void *at)
{
	uint64_t value;

	memcpy(&value, at, sizeof(value));
	return le64toh(value);
}

/* The field of a struct of the format that lies at @base. */
#define load_field(base, type, field)         \
	_Generic(((type *)0)->field, uint16_t \
		 : load16, uint32_t           \
		 : load32, default            \
		 : load64)((const uint8_t *)(base) + offsetof(type, field))

/* The same of a field that a block's header may be too short for: 0 then. */
#define load_later_field(base, type, field)                                                  \
	(load16((const uint8_t *)(base) + offsetof(struct flightrec_block, header_bytes)) >= \
			 offsetof(type, field) + sizeof(((type *)0)->field)                  \
		 ? load_field(base, type, field)                                             \
		 : 0)

#endif
