// SPDX-License-Identifier: GPL-2.0
/*
 * Takes memory until there is none, and asks to be the one who is killed then.
 */
#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int main(void)
{
	FILE *file = fopen("/proc/self/oom_score_adj", "w");
	size_t bytes = 1 << 20;
	char *memory;

	if (!file || fputs("1000", file) < 0 || fclose(file))
		err(1, "oom_score_adj");
	while ((memory = malloc(bytes)))
		memset(memory, 1, bytes);
	errx(1, "the kernel refused memory before it ran out");
}
