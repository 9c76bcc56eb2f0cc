// SPDX-License-Identifier: GPL-2.0
/*
 * The load generator: a process with one thread for each worker, which guesses,
 * waits for the answer, and thinks for a moment.
 */
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "guess.h"

#define THINK_NS	500000

struct client {
	const struct guess_options *options;
	unsigned int number;
	uint16_t port;
};

/* Of numbers that are its own, so that no two workers want the same bucket. */
static uint32_t guess_number(const struct client *client, unsigned int *seed)
{
	unsigned int own = GUESS_BUCKETS / client->options->workers;

	return (uint32_t)rand_r(seed) % own * client->options->workers + client->number;
}

static void *client_run(void *arg)
{
	struct client *client = arg;
	unsigned int seed = client->number;
	struct answer answer;
	struct guess guess;
	int connection;

	thread_name_numbered(client->options->load_name, client->number);
	connection = connection_open(client->port);
	while (connection >= 0) {
		guess.number = guess_number(client, &seed);
		if (connection_send(connection, &guess, sizeof(guess)) < 0 ||
		    connection_receive(connection, &answer, sizeof(answer)) < 0)
			break;
		clock_sleep_ns(THINK_NS + (uint64_t)rand_r(&seed) % THINK_NS);
	}
	/* The service has ended, and so does the load. */
	exit(connection < 0);
}

int load_main(const struct guess_options *options, uint16_t port)
{
	struct client clients[GUESS_WORKERS_MAX];
	unsigned int i;

	thread_name(options->load_name);
	for (i = 0; i < options->workers; i++) {
		clients[i] = (struct client){ options, i, port };
		if (thread_start(client_run, &clients[i]) < 0)
			return 1;
	}
	for (;;)
		pause();
}
