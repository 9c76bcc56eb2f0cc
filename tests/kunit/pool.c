// SPDX-License-Identifier: GPL-2.0
/*
 * The pool as it is, but for its allocations, which the tests let fail.
 */
#include <linux/mm.h>
#include <linux/vmalloc.h>

#include "fake.h"

#undef __vmalloc
#undef vfree
#undef kvcalloc
#undef kvmalloc_array
#undef kvfree
#define __vmalloc(bytes, gfp)	     fake_vmalloc(bytes)
#define vfree(memory)		     fake_free(memory)
#define kvcalloc(n, size, gfp)	     fake_calloc(n, size)
#define kvmalloc_array(n, size, gfp) fake_vmalloc((n) * (size))
#define kvfree(memory)		     fake_free(memory)

#include "../../kmod/pool.c"
