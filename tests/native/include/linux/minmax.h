/* SPDX-License-Identifier: GPL-2.0 */
#ifndef NATIVE_MINMAX_H
#define NATIVE_MINMAX_H

#define swap(a, b)                            \
	do {                                  \
		__auto_type swap_value = (a); \
		(a) = (b);                    \
		(b) = swap_value;             \
	} while (0)

#endif
