/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FLIGHTREC_MARK_H
#define FLIGHTREC_MARK_H

#include <linux/types.h>

#include <flightrec_ioctl.h>

struct iov_iter;

int flightrec_mark_text(struct iov_iter *text);
int flightrec_mark_region(const struct flightrec_mark *mark);

#endif
