// SPDX-License-Identifier: GPL-2.0
/* flightrec unload */
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "command.h"
#include "module.h"

const char unload_help[] =
	"Usage: flightrec unload\n"
	"\n"
	"Ends recording and removes the kernel module; what was recorded is gone. While a\n"
	"process has " FLIGHTREC_DEVICE " open that can't be, and it is told which one.\n";

/* Users of the device that are named; of the others only the number is told. */
#define USERS_NAMED 5

/* The number of the device, wherever its file is. */
static bool device_number(dev_t *number)
{
	FILE *file = fopen("/sys/class/misc/" MODULE_NAME "/dev", "re");
	unsigned int high, low;
	bool found;

	if (!file)
		return false;
	found = fscanf(file, "%u:%u", &high, &low) == 2;
	fclose(file);
	if (found)
		*number = makedev(high, low);
	return found;
}

static bool has_open(int process, dev_t device)
{
	int fd = openat(process, "fd", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *files = fd < 0 ? NULL : fdopendir(fd);
	const struct dirent *entry;
	struct stat status;
	bool found = false;

	if (!files) {
		if (fd >= 0)
			close(fd);
		return false;
	}
	while (!found && (entry = readdir(files)))
		found = !fstatat(fd, entry->d_name, &status, 0) && S_ISCHR(status.st_mode) &&
			status.st_rdev == device;
	closedir(files);
	return found;
}

static void name_process(int process, const char *pid, char *name, size_t bytes)
{
	char comm[32] = "";
	int fd = openat(process, "comm", O_RDONLY | O_CLOEXEC);

	if (fd >= 0) {
		ssize_t length = read(fd, comm, sizeof(comm) - 1);

		comm[length > 0 ? length : 0] = '\0';
		close(fd);
	}
	snprintf(name, bytes, "%.*s (pid %s)", (int)strcspn(comm, "\n"), comm, pid);
}

/* "cat (pid 123), python3 (pid 99)": who has the device open; how many. */
static unsigned int find_users(dev_t device, char *names, size_t bytes)
{
	DIR *processes = opendir("/proc");
	const struct dirent *entry;
	unsigned int users = 0;
	size_t used = 0;

	names[0] = '\0';
	while (processes && (entry = readdir(processes))) {
		int process;

		if (!isdigit((unsigned char)entry->d_name[0]))
			continue;
		process =
			openat(dirfd(processes), entry->d_name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		if (process < 0)
			continue;
		if (has_open(process, device) && users++ < USERS_NAMED) {
			used += snprintf(names + used, bytes - used, users > 1 ? ", " : "");
			name_process(process, entry->d_name, names + used, bytes - used);
			used += strlen(names + used);
		}
		close(process);
	}
	if (processes)
		closedir(processes);
	return users;
}

static int explain_use(void)
{
	char names[USERS_NAMED * 64];
	unsigned int users;
	dev_t device;

	users = device_number(&device) ? find_users(device, names, sizeof(names)) : 0;
	if (!users)
		return command_error("unload", "is in use, by what can't be seen from here");
	if (users > USERS_NAMED)
		return command_error("unload", "is in use by %s and %u more", names,
				     users - USERS_NAMED);
	return command_error("unload", "is in use by %s", names);
}

static int explain(int err)
{
	switch (-err) {
	case EAGAIN:
	case EBUSY:
		return explain_use();
	case ENOENT:
		return command_error("unload", "is not loaded");
	case EPERM:
		return command_error("unload", "%s; this needs root", strerror(EPERM));
	default:
		return command_error("unload", "%s", strerror(-err));
	}
}

int unload_main(int argc, char **argv)
{
	struct kmod_ctx *context;
	struct kmod_module *module;
	int err = -ENOENT;

	if (argc > 1)
		return command_usage(argv[0], "takes no arguments");
	context = module_context();
	if (!context)
		return command_error(argv[0], "%m");
	if (module_is_loaded(context))
		err = kmod_module_new_from_name(context, MODULE_NAME, &module);
	if (!err) {
		err = kmod_module_remove_module(module, 0);
		kmod_module_unref(module);
	}
	kmod_unref(context);
	return err ? explain(err) : EXIT_SUCCESS;
}
