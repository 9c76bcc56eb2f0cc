/* SPDX-License-Identifier: GPL-2.0 */
/* Parameters for the module: NAME=VALUE, of a file and of the command line. */
#ifndef FLIGHTREC_PARAMETERS_H
#define FLIGHTREC_PARAMETERS_H

#include <stdbool.h>
#include <stddef.h>

#define PARAMETERS_FILE "/etc/flightrec.conf"

/**
 * struct parameter - one of them
 * @text: NAME=VALUE
 * @name_length: of NAME
 * @file: where it was read, the caller's; NULL: on the command line
 * @line: of @file
 */
struct parameter {
	char *text;
	size_t name_length;
	const char *file;
	unsigned int line;
};

struct parameters {
	struct parameter *list;
	size_t count;
};

/*
 * Adds TEXT; another of the same name is replaced. -EINVAL if it isn't of the form
 * NAME=VALUE, -ENOMEM.
 */
int parameters_add(struct parameters *parameters, const char *text, const char *file,
		   unsigned int line);

/*
 * Adds those of a file. Returns EXIT_SUCCESS, or EXIT_FAILURE after having said why.
 * @must_exist: else a file that doesn't is as good as empty
 */
int parameters_read(struct parameters *parameters, const char *file, bool must_exist);

/* Says what is wrong with one of them; returns the exit status. */
int parameters_error(const struct parameter *parameter, const char *why);

/* All of them in one line, as the kernel takes them, to be freed; NULL: no memory. */
char *parameters_join(const struct parameters *parameters);

void parameters_free(struct parameters *parameters);

#endif
