// SPDX-License-Identifier: LGPL-2.1
/* The names of cgroups. */
#include <errno.h>
#include <stdlib.h>

#include "cgroup.h"
#include "flightrec_format.h"
#include "load.h"

static int cgroup_compare(const void *a, const void *b)
{
	const struct cgroup *left = a, *right = b;

	return left->id < right->id ? -1 : left->id > right->id;
}

static char *copy_path(const uint8_t *path, size_t bytes)
{
	char *copy = malloc(bytes + 1);

	if (copy) {
		memcpy(copy, path, bytes);
		copy[bytes] = '\0';
	}
	return copy;
}

/* Takes the entry at @at, of which @room bytes lie in the block; *@bytes: its size. */
static int take_entry(struct cgroup *cgroup, const uint8_t *at, size_t room, size_t *bytes)
{
	const size_t fixed = sizeof(struct flightrec_cgroup);
	uint32_t path_bytes;

	if (room < fixed)
		return -EBADMSG;
	*bytes = load_field(at, struct flightrec_cgroup, bytes);
	path_bytes = load_field(at, struct flightrec_cgroup, path_bytes);
	if (*bytes < fixed || *bytes > room || path_bytes > *bytes - fixed)
		return -EBADMSG;

	cgroup->id = load_field(at, struct flightrec_cgroup, id);
	cgroup->path = copy_path(at + fixed, path_bytes);
	return cgroup->path ? 0 : -ENOMEM;
}

/* Takes a CGROUPS block; -EBADMSG if it doesn't hold what it says. */
int flightrec_cgroup_table_take(struct cgroup_table *table, const uint8_t *block, size_t bytes)
{
	size_t at = load_field(block, struct flightrec_block, header_bytes);
	uint32_t count;

	if (at < sizeof(struct flightrec_cgroups))
		return -EBADMSG;
	count = load_field(block, struct flightrec_cgroups, cgroups);
	if (count > (bytes - at) / sizeof(struct flightrec_cgroup))
		return -EBADMSG;

	table->cgroups = calloc(count ? count : 1, sizeof(*table->cgroups));
	if (!table->cgroups)
		return -ENOMEM;
	while (table->count < count) {
		size_t entry_bytes;
		int err = take_entry(&table->cgroups[table->count], block + at, bytes - at,
				     &entry_bytes);

		if (err) {
			flightrec_cgroup_table_free(table);
			return err;
		}
		at += entry_bytes;
		table->count++;
	}
	qsort(table->cgroups, table->count, sizeof(*table->cgroups), cgroup_compare);
	return 0;
}

void flightrec_cgroup_table_free(struct cgroup_table *table)
{
	for (size_t i = 0; i < table->count; i++)
		free(table->cgroups[i].path);
	free(table->cgroups);
	memset(table, 0, sizeof(*table));
}

const char *flightrec_cgroup_table_path(const struct cgroup_table *table, uint64_t id)
{
	const struct cgroup key = { .id = id };
	const struct cgroup *found;

	if (!table->count)
		return NULL;
	found = bsearch(&key, table->cgroups, table->count, sizeof(key), cgroup_compare);
	return found ? found->path : NULL;
}
