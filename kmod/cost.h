/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FLIGHTREC_COST_H
#define FLIGHTREC_COST_H

#include <linux/types.h>

void flightrec_cost_measure(void);
u64 flightrec_cost_ps(void);

#endif
