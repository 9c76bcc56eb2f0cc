/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FLIGHTREC_CHARDEV_H
#define FLIGHTREC_CHARDEV_H

int flightrec_chardev_init(void);
void flightrec_chardev_exit(void);

#endif
