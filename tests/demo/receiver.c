// SPDX-License-Identifier: GPL-2.0
/*
 * The receiver of the reports: a process of its own, and a slow one.
 */
#include <unistd.h>

#include "guess.h"

int receiver_main(const struct guess_options *options, int listener)
{
	uint64_t report[GUESS_BUCKETS];
	const char accepted = 1;
	int connection;

	thread_name(options->receiver_name);
	connection = connection_accept(listener);
	if (connection < 0)
		return 1;
	while (connection_receive(connection, report, sizeof(report)) == 0) {
		clock_sleep_ns(options->delay_ms * 1000000ULL);
		if (connection_send(connection, &accepted, sizeof(accepted)) < 0)
			break;
	}
	close(connection);
	return 0;
}
