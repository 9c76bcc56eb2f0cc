/* SPDX-License-Identifier: GPL-2.0 */
/* What is allocated here, tests/kunit/pool.c allocates in its own way. */
