/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FLIGHTREC_SNAPSHOT_H
#define FLIGHTREC_SNAPSHOT_H

#include <linux/types.h>

#include <flightrec_ioctl.h>

struct flightrec_cut;
struct iov_iter;

void flightrec_snapshot_init(void);
struct flightrec_cut *flightrec_cut_take(const struct flightrec_snapshot *request);
void flightrec_cut_free(struct flightrec_cut *cut);
void flightrec_cut_tell(const struct flightrec_cut *cut, struct flightrec_snapshot *told);
u64 flightrec_cut_bytes(const struct flightrec_cut *cut);
ssize_t flightrec_cut_read(struct flightrec_cut *cut, loff_t *pos, struct iov_iter *to);

#endif
