// SPDX-License-Identifier: GPL-2.0
/*
 * The workers: each answers the guesses that arrive over one connection.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "guess.h"

struct worker {
	struct service *service;
	unsigned int number;
	int connection;
};

static struct answer answer_guess(struct service *service, const struct guess *guess)
{
	struct bucket *bucket = &service->buckets[guess->number % GUESS_BUCKETS];
	struct answer answer = { .correct = guess->number == 42 };

	pthread_mutex_lock(&bucket->lock);
	answer.guesses = ++bucket->guesses;
	pthread_mutex_unlock(&bucket->lock);
	return answer;
}

/* Of all workers that were slow, the first one takes the snapshot. */
static void request_was_slow(struct worker *worker, uint64_t took_ns)
{
	struct service *service = worker->service;
	int result;

	if (atomic_exchange(&service->snapshot_begun, true))
		return;
	/* The others that were held up come through meanwhile, however busy the host is. */
	clock_sleep_ns(20000000);
	result = snapshot_take(service->options->out);
	printf("%s-%u: a request took %.1f ms\n", service->options->worker_name, worker->number,
	       (double)took_ns / 1e6);
	atomic_store(&service->result, result);
}

/*
 * Answers it and returns the time that this took, but for the worker's own running:
 * when the guest itself is stopped by a busy host, that looks as if the worker had
 * run, and is nothing that a snapshot could explain.
 */
static uint64_t answer_guess_timed(struct service *service, const struct guess *guess,
				   struct answer *answer)
{
	uint64_t start = clock_now_ns();
	uint64_t ran = clock_running_ns();
	uint64_t took;

	*answer = answer_guess(service, guess);
	ran = clock_running_ns() - ran;
	took = clock_now_ns() - start;
	return took > ran ? took - ran : 0;
}

static void *worker_run(void *arg)
{
	struct worker *worker = arg;
	struct service *service = worker->service;
	uint64_t slow_ns = service->options->slow_ms * 1000000ULL;
	struct answer answer;
	struct guess guess;

	thread_name_numbered(service->options->worker_name, worker->number);
	while (connection_receive(worker->connection, &guess, sizeof(guess)) == 0) {
		uint64_t took = answer_guess_timed(service, &guess, &answer);

		if (took > slow_ns)
			request_was_slow(worker, took);
		if (connection_send(worker->connection, &answer, sizeof(answer)) < 0)
			break;
	}
	close(worker->connection);
	free(worker);
	return NULL;
}

int worker_start(struct service *service, unsigned int number)
{
	struct worker *worker = malloc(sizeof(*worker));
	int ret;

	if (!worker)
		return -ENOMEM;
	worker->service = service;
	worker->number = number;
	worker->connection = connection_accept(service->listener);
	if (worker->connection < 0) {
		ret = worker->connection;
		goto free_worker;
	}
	ret = thread_start(worker_run, worker);
	if (ret < 0)
		goto close_connection;
	return 0;

close_connection:
	close(worker->connection);
free_worker:
	free(worker);
	return ret;
}
