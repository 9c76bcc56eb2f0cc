/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FLIGHTREC_WAIT_H
#define FLIGHTREC_WAIT_H

#include <flightrec_ioctl.h>

int flightrec_wait_for_data(struct flightrec_wait *wait);

#endif
