// SPDX-License-Identifier: GPL-2.0
/* The file of the kernel module, and whether it is loaded. */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "command.h"
#include "module.h"

struct kmod_ctx *module_context(void)
{
	struct kmod_ctx *context = kmod_new(NULL, NULL);

	/* What it logs are the errors that it returns, too. */
	if (context)
		kmod_set_log_priority(context, -1);
	return context;
}

/* Where this command lies: build/userspace, if it was not installed. */
static bool own_folder(char folder[PATH_MAX])
{
	ssize_t length = readlink("/proc/self/exe", folder, PATH_MAX - 1);
	char *slash;

	if (length <= 0)
		return false;
	folder[length] = '\0';
	slash = strrchr(folder, '/');
	if (!slash)
		return false;
	*slash = '\0';
	return true;
}

/*
 * The file that was built together with this command: for the kernel that runs, or
 * else the one at the top of the tree. The working directory isn't searched: root
 * may stand in one where others have put a file of that name.
 */
static bool find_beside(char path[PATH_MAX])
{
	char folder[PATH_MAX];
	struct stat status;
	struct utsname kernel;

	if (!own_folder(folder) || uname(&kernel))
		return false;
	if (snprintf(path, PATH_MAX, "%s/../module", folder) >= PATH_MAX || stat(path, &status) ||
	    !S_ISDIR(status.st_mode))
		return false;
	if (snprintf(path, PATH_MAX, "%s/../module/%s/" MODULE_NAME ".ko", folder, kernel.release) <
		    PATH_MAX &&
	    !access(path, F_OK))
		return true;
	return snprintf(path, PATH_MAX, "%s/../../" MODULE_NAME ".ko", folder) < PATH_MAX &&
	       !access(path, F_OK);
}

static bool has_info(const struct kmod_module *module)
{
	struct kmod_list *entries = NULL;
	int count = kmod_module_get_info(module, &entries);

	kmod_module_info_free_list(entries);
	return count > 0;
}

static int find_file(struct kmod_ctx *context, const char *file, struct kmod_module **module)
{
	int err;

	if (access(file, R_OK))
		return command_error(file, "%m");
	err = kmod_module_new_from_path(context, file, module);
	if (err)
		return command_error(file, "%s", strerror(-err));
	if (has_info(*module))
		return EXIT_SUCCESS;
	kmod_module_unref(*module);
	return command_error(file, "is not a kernel module");
}

static int find_installed(struct kmod_ctx *context, struct kmod_module **module)
{
	struct kmod_list *found = NULL;
	struct utsname kernel;

	kmod_module_new_from_lookup(context, MODULE_NAME, &found);
	*module = found ? kmod_module_get_module(found) : NULL;
	kmod_module_unref_list(found);
	if (*module && kmod_module_get_path(*module))
		return EXIT_SUCCESS;
	if (*module)
		kmod_module_unref(*module);
	uname(&kernel);
	return command_error(
		"load",
		"there is no " MODULE_NAME ".ko for this kernel in /lib/modules/%s; "
		"install it there, or say which with --module FILE%s",
		kernel.release,
		access(MODULE_NAME ".ko", F_OK) ? "" : ", as --module ./" MODULE_NAME ".ko");
}

int module_find(struct kmod_ctx *context, const char *file, struct kmod_module **module)
{
	char beside[PATH_MAX];

	if (!file && find_beside(beside))
		file = beside;
	return file ? find_file(context, file, module) : find_installed(context, module);
}

bool module_is_loaded(struct kmod_ctx *context)
{
	struct kmod_module *module;
	int state;

	if (kmod_module_new_from_name(context, MODULE_NAME, &module))
		return false;
	state = kmod_module_get_initstate(module);
	kmod_module_unref(module);
	return state >= 0;
}

bool module_has_parameter(const struct kmod_module *module, const char *name)
{
	struct kmod_list *entries = NULL, *entry;
	size_t length = strlen(name);
	bool any = false, found = false;

	kmod_module_get_info(module, &entries);
	kmod_list_foreach(entry, entries)
	{
		const char *value = kmod_module_info_get_value(entry);

		/* name:description */
		if (strcmp(kmod_module_info_get_key(entry), "parm"))
			continue;
		any = true;
		found |= !strncmp(value, name, length) && value[length] == ':';
	}
	kmod_module_info_free_list(entries);
	return found || !any;
}

bool module_built_for(const struct kmod_module *module, char *release, size_t bytes)
{
	struct kmod_list *entries = NULL, *entry;
	bool found = false;

	kmod_module_get_info(module, &entries);
	kmod_list_foreach(entry, entries)
	{
		const char *value = kmod_module_info_get_value(entry);

		/* 6.1.0-56-amd64 SMP preempt mod_unload modversions */
		if (strcmp(kmod_module_info_get_key(entry), "vermagic"))
			continue;
		snprintf(release, bytes, "%.*s", (int)strcspn(value, " "), value);
		found = true;
	}
	kmod_module_info_free_list(entries);
	return found;
}
