/* SPDX-License-Identifier: GPL-2.0 */
#define cpu_relax() __builtin_ia32_pause()
