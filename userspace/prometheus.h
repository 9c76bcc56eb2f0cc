/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FLIGHTREC_PROMETHEUS_H
#define FLIGHTREC_PROMETHEUS_H

#include <stddef.h>

#include "flightrec.h"

/*
 * Prints the status in Prometheus's text exposition format, with @count CPUs. Names are
 * stable, as those of JSON are: flightrec(1) lists them.
 */
void prometheus_print(const struct flightrec_status *status, double window_s,
		      const struct flightrec_cpu_status *cpus, size_t count);

#endif
