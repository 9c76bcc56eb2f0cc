/* SPDX-License-Identifier: GPL-2.0 */
#ifndef NATIVE_MINMAX_H
#define NATIVE_MINMAX_H

#define swap(a, b)                            \
	do {                                  \
		__auto_type swap_value = (a); \
		(a) = (b);                    \
		(b) = swap_value;             \
	} while (0)

#define min(a, b)                              \
	({                                     \
		__auto_type min_a = (a);       \
		__auto_type min_b = (b);       \
		min_a < min_b ? min_a : min_b; \
	})
#define min_t(type, a, b) min((type)(a), (type)(b))

#define max(a, b)                              \
	({                                     \
		__auto_type max_a = (a);       \
		__auto_type max_b = (b);       \
		max_a > max_b ? max_a : max_b; \
	})
#define max_t(type, a, b) max((type)(a), (type)(b))

#endif
