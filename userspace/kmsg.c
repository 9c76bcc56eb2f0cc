// SPDX-License-Identifier: GPL-2.0
/* The kernel's log: its own reason for not taking the module. */
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "command.h"
#include "kmsg.h"
#include "module.h"

/* The longest record that /dev/kmsg gives. */
#define RECORD_ROOM 8192

int kmsg_open(void)
{
	int kmsg = open("/dev/kmsg", O_RDONLY | O_NONBLOCK | O_CLOEXEC);

	if (kmsg >= 0)
		lseek(kmsg, 0, SEEK_END);
	return kmsg;
}

/*
 * Other lines may have come in between. What the loader says names the module, or
 * "module", or is about its ELF file. That it taints the kernel is not the reason.
 */
static bool is_about_module(const char *line)
{
	return (strstr(line, MODULE_NAME) || strstr(line, "odule") || strstr(line, "ELF")) &&
	       !strstr(line, "taint");
}

/* A record is "priority,number,time,flags;line\n", and more lines of details. */
static void quote(char *record)
{
	static const char prefix[] = MODULE_NAME ": ";
	char *line = strchr(record, ';');

	/* Above the lowest three bits is the facility: 0 is the kernel. */
	if (!line || strtoul(record, NULL, 10) >> 3)
		return;
	line++;
	line[strcspn(line, "\n")] = '\0';
	if (!is_about_module(line))
		return;
	if (!strncmp(line, prefix, strlen(prefix)))
		line += strlen(prefix);
	command_error("the kernel says", "%s", line);
}

void kmsg_quote(int kmsg)
{
	char record[RECORD_ROOM];

	for (;;) {
		ssize_t bytes = read(kmsg, record, sizeof(record) - 1);

		/* EPIPE: some were overwritten before they were read. */
		if (bytes < 0 && (errno == EPIPE || errno == EINTR))
			continue;
		if (bytes <= 0)
			return;
		record[bytes] = '\0';
		quote(record);
	}
}
