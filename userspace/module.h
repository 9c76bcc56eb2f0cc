/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The kernel module, from outside of it: which file it is, whether it is loaded,
 * and what a kernel that doesn't take it has to say.
 */
#ifndef FLIGHTREC_MODULE_H
#define FLIGHTREC_MODULE_H

#include <libkmod.h>
#include <stdbool.h>
#include <stddef.h>

#define MODULE_NAME "flightrec"

/* A libkmod that prints nothing by itself; NULL if there is no memory. */
struct kmod_ctx *module_context(void);

/*
 * module_find - the file that is to be loaded
 * @file: as the user says; NULL: the one built beside this command, or else the one
 *	that modprobe(8) would load
 *
 * Returns EXIT_SUCCESS, or EXIT_FAILURE after having said why. @module is to be
 * given back with kmod_module_unref().
 */
int module_find(struct kmod_ctx *context, const char *file, struct kmod_module **module);

/* Whether it is in the kernel, completely or halfway. */
bool module_is_loaded(struct kmod_ctx *context);

/* Whether the file has a parameter @name, or none of its can be told. */
bool module_has_parameter(const struct kmod_module *module, const char *name);

/* The release of the kernel that it was built for; false if that can't be told. */
bool module_built_for(const struct kmod_module *module, char *release, size_t bytes);

#endif
