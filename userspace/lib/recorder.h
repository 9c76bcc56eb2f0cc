/* SPDX-License-Identifier: LGPL-2.1 */
#ifndef FLIGHTREC_RECORDER_H
#define FLIGHTREC_RECORDER_H

#include "flightrec.h"

struct flightrec {
	int fd;
	flightrec_progress *progress; /* NULL: nobody wants to know */
	void *progress_context;
	uint64_t snapshot_bytes; /* of the snapshot that was taken */
};

#endif
