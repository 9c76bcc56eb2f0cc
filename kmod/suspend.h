/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FLIGHTREC_SUSPEND_H
#define FLIGHTREC_SUSPEND_H

int flightrec_suspend_init(void);
void flightrec_suspend_exit(void);

#endif
