// SPDX-License-Identifier: GPL-2.0
/* What the service does when a request was slow. */
#include <flightrec.h>

#include "guess.h"

int snapshot_take(const char *path)
{
	struct flightrec *recorder;
	int ret = flightrec_open(&recorder, NULL);

	if (ret < 0)
		return ret;
	ret = flightrec_snapshot_to_file(recorder, NULL, path);
	flightrec_close(recorder);
	return ret;
}
