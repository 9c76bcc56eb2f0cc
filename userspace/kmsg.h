/* SPDX-License-Identifier: GPL-2.0 */
/* What the kernel's log says of the module while it is being loaded. */
#ifndef FLIGHTREC_KMSG_H
#define FLIGHTREC_KMSG_H

/* Remembers where the log ends now; negative if it can't be read. */
int kmsg_open(void);

/* Says on stderr what of the lines since then is about a module. */
void kmsg_quote(int kmsg);

#endif
