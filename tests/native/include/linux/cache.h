/* SPDX-License-Identifier: GPL-2.0 */
#ifndef NATIVE_CACHE_H
#define NATIVE_CACHE_H

#define ____cacheline_aligned __attribute__((aligned(64)))

#endif
