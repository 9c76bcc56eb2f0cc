// SPDX-License-Identifier: GPL-2.0
/*
 * Threads with names that a recorder can show.
 */
#include <stdio.h>
#include <sys/prctl.h>

#include "guess.h"

/* The kernel cuts a name that is too long. */
void thread_name(const char *name)
{
	prctl(PR_SET_NAME, name);
}

void thread_name_numbered(const char *name, unsigned int number)
{
	char numbered[GUESS_NAME_MAX + 12];

	snprintf(numbered, sizeof(numbered), "%.*s-%u", GUESS_NAME_MAX - 4, name, number);
	thread_name(numbered);
}

int thread_start(void *(*run)(void *arg), void *arg)
{
	pthread_t thread;
	int error = pthread_create(&thread, NULL, run, arg);

	if (error)
		return -error;
	pthread_detach(thread);
	return 0;
}
