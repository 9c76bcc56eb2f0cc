/* SPDX-License-Identifier: LGPL-2.1 */
#ifndef FLIGHTREC_CGROUP_H
#define FLIGHTREC_CGROUP_H

#include <stddef.h>
#include <stdint.h>

struct cgroup {
	uint64_t id;
	char *path;
};

/* Paths of the live tasks' cgroups, by rising id. */
struct cgroup_table {
	struct cgroup *cgroups;
	size_t count;
};

int flightrec_cgroup_table_take(struct cgroup_table *table, const uint8_t *block, size_t bytes);
void flightrec_cgroup_table_free(struct cgroup_table *table);
const char *flightrec_cgroup_table_path(const struct cgroup_table *table, uint64_t id);

#endif
