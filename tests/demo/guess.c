// SPDX-License-Identifier: GPL-2.0
/*
 * The service's start and end; guess.h has the picture.
 */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "guess.h"

static const char usage[] =
	"usage: guess [--out FILE] [--names WORKER,REPORTER,RECEIVER,LOAD]\n"
	"             [--delay-ms N] [--slow-ms N] [--period-ms N] [--workers N]\n"
	"             [--timeout SEC]\n"
	"\n"
	"A guess-number service that stalls. When a request takes longer than\n"
	"--slow-ms, it writes a snapshot of the flight recorder to FILE and ends.\n"
	"\n"
	"  --out FILE      the snapshot (snap.trace)\n"
	"  --names ...     names of the threads (worker,reporter,receiver,load)\n"
	"  --delay-ms N    what the receiver of the reports takes to answer (100)\n"
	"  --slow-ms N     a request that takes longer is slow (the delay)\n"
	"  --period-ms N   between two reports (1000)\n"
	"  --workers N     worker threads, at most 64 (4)\n"
	"  --timeout SEC   end with status 1 if no request was slow until then (30)\n";

static int parse_number(const char *text, unsigned int max, unsigned int *out)
{
	char *end;
	unsigned long value;

	errno = 0;
	value = strtoul(text, &end, 10);
	if (errno || *end || end == text || value == 0 || value > max) {
		fprintf(stderr, "guess: %s: a number from 1 to %u is needed\n", text, max);
		return -EINVAL;
	}
	*out = (unsigned int)value;
	return 0;
}

/* Cuts the text at its commas; the names point into it. */
static int parse_names(char *text, struct guess_options *options)
{
	const char **names[] = { &options->worker_name, &options->reporter_name,
				 &options->receiver_name, &options->load_name };
	char *name;
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		name = strsep(&text, ",");
		if (!name)
			break;
		if (*name)
			*names[i] = name;
	}
	if (text) {
		fprintf(stderr, "guess: --names: at most 4 names are needed\n");
		return -EINVAL;
	}
	return 0;
}

static int parse_option(int option, char *value, struct guess_options *options)
{
	switch (option) {
	case 'o':
		options->out = value;
		return 0;
	case 'n':
		return parse_names(value, options);
	case 'd':
		return parse_number(value, 60000, &options->delay_ms);
	case 's':
		return parse_number(value, 60000, &options->slow_ms);
	case 'p':
		return parse_number(value, 60000, &options->period_ms);
	case 'w':
		return parse_number(value, GUESS_WORKERS_MAX, &options->workers);
	case 't':
		return parse_number(value, 86400, &options->timeout_s);
	default:
		return -EINVAL;
	}
}

static int parse_options(int argc, char **argv, struct guess_options *options)
{
	static const struct option known[] = {
		{ "out", required_argument, NULL, 'o' },
		{ "names", required_argument, NULL, 'n' },
		{ "delay-ms", required_argument, NULL, 'd' },
		{ "slow-ms", required_argument, NULL, 's' },
		{ "period-ms", required_argument, NULL, 'p' },
		{ "workers", required_argument, NULL, 'w' },
		{ "timeout", required_argument, NULL, 't' },
		{ "help", no_argument, NULL, 'h' },
		{ NULL, 0, NULL, 0 },
	};
	int option;

	while ((option = getopt_long(argc, argv, "h", known, NULL)) != -1) {
		if (option == 'h') {
			fputs(usage, stdout);
			exit(0);
		}
		if (parse_option(option, optarg, options) < 0)
			return -EINVAL;
	}
	if (optind < argc)
		return -EINVAL;
	if (!options->slow_ms)
		options->slow_ms = options->delay_ms;
	return 0;
}

/*
 * The receiver and the load are forked while there is one thread. Both end when
 * the service closes their connections.
 */
static int start_receiver(struct service *service)
{
	uint16_t port;
	int listener = connection_listen(&port);
	pid_t pid;

	if (listener < 0)
		return listener;
	pid = fork();
	if (pid < 0)
		return -errno;
	if (pid == 0)
		_exit(receiver_main(service->options, listener));
	service->receiver = connection_open(port);
	close(listener);
	return service->receiver < 0 ? service->receiver : 0;
}

static int start_load(struct service *service)
{
	uint16_t port;
	pid_t pid;

	service->listener = connection_listen(&port);
	if (service->listener < 0)
		return service->listener;
	pid = fork();
	if (pid < 0)
		return -errno;
	if (pid == 0) {
		/* Else the receiver would not see the service close it. */
		close(service->receiver);
		close(service->listener);
		_exit(load_main(service->options, port));
	}
	return 0;
}

static int start_service(struct service *service)
{
	unsigned int i;
	int ret;

	for (i = 0; i < GUESS_BUCKETS; i++)
		pthread_mutex_init(&service->buckets[i].lock, NULL);
	ret = start_receiver(service);
	if (ret < 0)
		return ret;
	ret = start_load(service);
	if (ret < 0)
		return ret;
	for (i = 0; i < service->options->workers; i++) {
		ret = worker_start(service, i);
		if (ret < 0)
			return ret;
	}
	return reporter_start(service);
}

/* Waits for the snapshot. Returns 0, or -errno. */
static int wait_for_snapshot(struct service *service)
{
	uint64_t end = clock_now_ns() + service->options->timeout_s * 1000000000ULL;
	int result;

	while ((result = atomic_load(&service->result)) == GUESS_RUNNING) {
		if (clock_now_ns() > end)
			return -ETIME;
		clock_sleep_ns(50000000);
	}
	return result;
}

int main(int argc, char **argv)
{
	struct guess_options options = {
		.worker_name = "worker",
		.reporter_name = "reporter",
		.receiver_name = "receiver",
		.load_name = "load",
		.out = "snap.trace",
		.workers = 4,
		.delay_ms = 100,
		.period_ms = 1000,
		.timeout_s = 30,
	};
	struct service service = {
		.options = &options,
		.result = GUESS_RUNNING,
	};
	int ret;

	if (parse_options(argc, argv, &options) < 0) {
		fputs(usage, stderr);
		return 2;
	}
	ret = start_service(&service);
	if (ret < 0) {
		fprintf(stderr, "guess: can't start: %s\n", strerror(-ret));
		return 1;
	}
	ret = wait_for_snapshot(&service);
	if (ret == -ETIME)
		fprintf(stderr, "guess: no request was slow in %u s\n", options.timeout_s);
	else if (ret < 0)
		fprintf(stderr, "guess: %s: %s\n", options.out, strerror(-ret));
	else
		printf("snapshot: %s\n", options.out);
	/* Not return: the threads still use what is on this stack. */
	exit(ret < 0);
}
