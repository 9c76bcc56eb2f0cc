// SPDX-License-Identifier: GPL-2.0
/*
 * The tests of the recorder's core: ring, pool and format. Written with KUnit's
 * API, they run as a module on a debug kernel (tests/kunit/test-kunit) and, with
 * tests/native/include in the kernel's place, natively under the sanitizers
 * (tests/native/test-native).
 */
#include <linux/module.h>

MODULE_DESCRIPTION("Tests of flightrec's core");
MODULE_LICENSE("GPL");
