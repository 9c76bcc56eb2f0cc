/* SPDX-License-Identifier: GPL-2.0 */
#ifndef NATIVE_JUMP_LABEL_H
#define NATIVE_JUMP_LABEL_H

#include <stdbool.h>

#define DECLARE_STATIC_KEY_FALSE(key) extern bool key
#define static_branch_likely(key)     (*(key))

#endif
