// SPDX-License-Identifier: GPL-2.0
/*
 * The reporter, whose mistake is what the recorder has to find: it keeps every
 * bucket locked while it waits for somebody else.
 */
#include "guess.h"

static int send_report(struct service *service)
{
	uint64_t report[GUESS_BUCKETS];
	char accepted;
	int ret;
	int i;

	for (i = 0; i < GUESS_BUCKETS; i++)
		pthread_mutex_lock(&service->buckets[i].lock);
	for (i = 0; i < GUESS_BUCKETS; i++)
		report[i] = service->buckets[i].guesses;

	ret = connection_send(service->receiver, report, sizeof(report));
	if (ret == 0)
		ret = connection_receive(service->receiver, &accepted, sizeof(accepted));

	for (i = 0; i < GUESS_BUCKETS; i++)
		pthread_mutex_unlock(&service->buckets[i].lock);
	return ret;
}

static void *reporter_run(void *arg)
{
	struct service *service = arg;

	thread_name(service->options->reporter_name);
	do
		clock_sleep_ns(service->options->period_ms * 1000000ULL);
	while (send_report(service) == 0);
	return NULL;
}

int reporter_start(struct service *service)
{
	return thread_start(reporter_run, service);
}
