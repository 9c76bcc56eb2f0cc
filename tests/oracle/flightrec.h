/* SPDX-License-Identifier: GPL-2.0 */
/* What flightrec recorded: an event of libflightrec in the form that is compared. */
#ifndef ORACLE_FLIGHTREC_H
#define ORACLE_FLIGHTREC_H

#include <flightrec.h>

#include "event.h"

/* False if it is none that the kernel has: a mark, or what is known of the stream. */
bool flightrec_to_event(struct event *event, const struct flightrec_event *from, bool in_ns);

#endif
