/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A guess-number service that stalls: the story of Go's flight recorder, told
 * for threads.
 *
 *	load (process)          guess (process)                receiver (process)
 *	+--------+   guess    +----------+
 *	| load-0 | ---------> | worker-0 | lock(bucket)
 *	+--------+ <--------- +----------+    ^
 *	   ...       answer      ...          | held while it waits for the answer
 *	                      +----------+            +----------+
 *	                      | reporter | -report--> | receiver | sleeps
 *	                      +----------+ <--answer- +----------+
 *
 * Each worker answers the requests of one connection, under the mutex of the
 * bucket that the guess falls into. Once a period the reporter locks all
 * buckets, sends their counts to the receiver and, with all of them still
 * locked, waits for its answer. A worker whose request took too long takes a
 * snapshot of the flight recorder, once, and the service ends.
 */
#ifndef GUESS_H
#define GUESS_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#define GUESS_BUCKETS		100
#define GUESS_WORKERS_MAX	64
#define GUESS_NAME_MAX		16	/* the kernel's TASK_COMM_LEN */

struct guess_options {
	const char *worker_name;	/* the threads' get a number behind it */
	const char *reporter_name;
	const char *receiver_name;
	const char *load_name;
	const char *out;		/* the snapshot's file */
	unsigned int workers;
	unsigned int delay_ms;		/* what the receiver takes to answer */
	unsigned int slow_ms;		/* a request that takes longer is slow */
	unsigned int period_ms;		/* between two reports */
	unsigned int timeout_s;		/* give up without a slow request */
};

struct bucket {
	pthread_mutex_t lock;
	uint64_t guesses;		/* under lock */
};

struct service {
	const struct guess_options *options;
	struct bucket buckets[GUESS_BUCKETS];
	int listener;			/* where the load's connections arrive */
	int receiver;			/* the reporter's connection */
	atomic_bool snapshot_begun;
	atomic_int result;		/* of the snapshot: -errno, 0, or RUNNING */
};

#define GUESS_RUNNING	1

struct guess {
	uint32_t number;
};

struct answer {
	uint32_t correct;
	uint32_t padding;
	uint64_t guesses;		/* of this number, until now */
};

/* clock.c */
uint64_t clock_now_ns(void);
uint64_t clock_running_ns(void);
void clock_sleep_ns(uint64_t ns);

/* connection.c: all return 0 or a file descriptor, or -errno */
int connection_listen(uint16_t *port);
int connection_open(uint16_t port);
int connection_accept(int listener);
int connection_send(int fd, const void *data, size_t bytes);
int connection_receive(int fd, void *data, size_t bytes);

/* load.c, receiver.c: the other two processes; they return their exit status */
int load_main(const struct guess_options *options, uint16_t port);
int receiver_main(const struct guess_options *options, int listener);

/* worker.c, reporter.c: threads that end with the process */
int worker_start(struct service *service, unsigned int number);
int reporter_start(struct service *service);

/* snapshot.c */
int snapshot_take(const char *path);

/* thread.c */
void thread_name(const char *name);
void thread_name_numbered(const char *name, unsigned int number);
int thread_start(void *(*run)(void *arg), void *arg);

#endif
