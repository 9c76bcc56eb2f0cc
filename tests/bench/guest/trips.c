// SPDX-License-Identifier: GPL-2.0
/*
 * Ping-pong between two processes on one CPU, in a guest whose counter counts
 * instructions.
 *
 *	trips sleeping N	each waits for the other: in one round trip two
 *				wakings, and two switches from one that sleeps
 *	trips waking N		of the same only the half that wakes: one waking
 *	trips preempting N	the second preempts the first: one waking, a switch
 *				from the preempted one and one from a sleeping one
 *
 * Prints how many instructions that takes: the least that at least a fifth of the
 * trips took. The others have had an interrupt, or a branch of the kernel's
 * accounting that depends on the time; the least has not, and is the same in every
 * run, where a mean and a median are not. Of a few hundred trips, all can have had
 * that branch; of some thousand, a third at most has.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>
#include <x86intrin.h>

#define TRIPS_MAX 100000

static uint64_t instructions[TRIPS_MAX];

static void fail(const char *what)
{
	fprintf(stderr, "trips: %s: %s\n", what, strerror(errno));
	exit(1);
}

static void send_byte(int pipe)
{
	if (write(pipe, "", 1) != 1)
		fail("write");
}

static void receive_byte(int pipe)
{
	char byte;

	if (read(pipe, &byte, 1) != 1)
		fail("read");
}

static void set_policy(int policy, int priority)
{
	struct sched_param param = { .sched_priority = priority };

	if (sched_setscheduler(0, policy, &param))
		fail("sched_setscheduler");
}

static int by_number(const void *a, const void *b)
{
	return *(const uint64_t *)a < *(const uint64_t *)b
		       ? -1
		       : *(const uint64_t *)a > *(const uint64_t *)b;
}

/* The least that is there often, of numbers in order; 0 if none is. */
static uint64_t least_of_the_frequent(const uint64_t *numbers, int n)
{
	int i, needed = n / 5;

	for (i = 0; i + needed < n; i++)
		if (numbers[i] == numbers[i + needed])
			return numbers[i];
	return 0;
}

int main(int argc, char **argv)
{
	int there[2], back[2], i, n, status, waking, preempting;
	cpu_set_t cpu;
	uint64_t start;
	pid_t child;

	n = argc == 3 ? atoi(argv[2]) : 0;
	if (n < 1 || n > TRIPS_MAX) {
		fprintf(stderr, "usage: trips sleeping|waking|preempting N\n");
		return 2;
	}
	waking = !strcmp(argv[1], "waking");
	preempting = !strcmp(argv[1], "preempting");
	CPU_ZERO(&cpu);
	CPU_SET(0, &cpu);
	if (sched_setaffinity(0, sizeof(cpu), &cpu))
		fail("sched_setaffinity");
	if (pipe(there) || pipe(back))
		fail("pipe");
	/* Under SCHED_BATCH, the woken one does not preempt. */
	set_policy(SCHED_BATCH, 0);
	child = fork();
	if (child < 0)
		fail("fork");
	if (mlockall(MCL_CURRENT))
		fail("mlockall");
	if (!child) {
		if (preempting)
			set_policy(SCHED_FIFO, 1);
		send_byte(back[1]);
		for (i = 0; i < n; i++) {
			receive_byte(there[0]);
			if (!preempting)
				send_byte(back[1]);
		}
		_exit(0);
	}
	receive_byte(back[0]);
	for (i = 0; i < n; i++) {
		start = __rdtsc();
		send_byte(there[1]);
		if (waking)
			instructions[i] = __rdtsc() - start;
		if (!preempting)
			receive_byte(back[0]);
		if (!waking)
			instructions[i] = __rdtsc() - start;
	}
	if (wait(&status) < 0 || status)
		fail("the second process");
	qsort(instructions, n, sizeof(*instructions), by_number);
	printf("%llu\n", (unsigned long long)least_of_the_frequent(instructions, n));
	return 0;
}
