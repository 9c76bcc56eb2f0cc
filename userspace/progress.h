/* SPDX-License-Identifier: GPL-2.0 */
/*
 * How far long work is, told on stderr if that is a terminal, after a second.
 *
 * A timer's signal looks at how far it is, so that what runs a million times has
 * nothing to do for it.
 */
#ifndef FLIGHTREC_PROGRESS_H
#define FLIGHTREC_PROGRESS_H

#include <stdint.h>

#include "flightrec.h"

/* Work on @trace begins, which reads it @passes times. */
void progress_reading(const struct flightrec_trace *trace, unsigned int passes);
void progress_next_pass(void);

/* Writing begins, of which progress_written() tells: a flightrec_progress. */
void progress_writing(void);
int progress_written(void *context, uint64_t done, uint64_t all);

/* It has ended: what was told is taken away. */
void progress_end(void);

#endif
