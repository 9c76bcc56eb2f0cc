// SPDX-License-Identifier: GPL-2.0
#define _GNU_SOURCE
#include <err.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "load.h"

static void pass(int in, int out, uint64_t trips)
{
	char byte = 0;

	for (uint64_t i = 0; !trips || i < trips; i++)
		if (read(in, &byte, 1) != 1 || write(out, &byte, 1) != 1)
			_exit(1);
}

static pid_t player(int in, int out, uint64_t trips, int cpu, const char *name)
{
	pid_t pid = fork();

	if (pid < 0)
		err(1, "fork");
	if (pid)
		return pid;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	prctl(PR_SET_NAME, name);
	if (cpu >= 0) {
		cpu_set_t set;

		CPU_ZERO(&set);
		CPU_SET(cpu, &set);
		if (sched_setaffinity(0, sizeof(set), &set))
			err(1, "sched_setaffinity");
	}
	pass(in, out, trips);
	raise(SIGSTOP);
	_exit(0);
}

void pingpong_start(struct pingpong *pair, uint64_t trips, int cpu, const char *name0,
		    const char *name1)
{
	int there[2], back[2];

	if (pipe2(there, O_CLOEXEC) || pipe2(back, O_CLOEXEC))
		err(1, "pipe");
	pair->pid[0] = player(there[0], back[1], trips, cpu, name0);
	pair->pid[1] = player(back[0], there[1], trips, cpu, name1);
	if (write(there[1], "", 1) != 1)
		err(1, "write");
	close(there[0]);
	close(there[1]);
	close(back[0]);
	close(back[1]);
}

/*
 * Until it has left its CPU: of a stop the parent is told before that. The kernel waits
 * for it in order to read the registers, or else says "running".
 */
static void wait_until_switched_out(pid_t pid)
{
	char path[64], line[256] = "running";
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/syscall", pid);
	while (!strncmp(line, "running", 7)) {
		file = fopen(path, "r");
		if (!file || !fgets(line, sizeof(line), file))
			err(1, "%s", path);
		fclose(file);
	}
}

void pingpong_wait(struct pingpong *pair)
{
	int status;

	for (int i = 0; i < 2; i++) {
		if (waitpid(pair->pid[i], &status, WUNTRACED) < 0 || !WIFSTOPPED(status))
			errx(1, "a player ended early");
		wait_until_switched_out(pair->pid[i]);
	}
}

void pingpong_kill(struct pingpong *pair)
{
	for (int i = 0; i < 2; i++) {
		kill(pair->pid[i], SIGKILL);
		waitpid(pair->pid[i], NULL, 0);
	}
}

uint64_t switches_of(pid_t pid)
{
	unsigned long long sum = 0, value;
	char path[64], line[256];
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/status", pid);
	file = fopen(path, "r");
	if (!file)
		err(1, "%s", path);
	while (fgets(line, sizeof(line), file))
		if (sscanf(line, "voluntary_ctxt_switches: %llu", &value) == 1 ||
		    sscanf(line, "nonvoluntary_ctxt_switches: %llu", &value) == 1)
			sum += value;
	fclose(file);
	return sum;
}
