// SPDX-License-Identifier: GPL-2.0
/*
 * Has ftrace and flightrec record the same load, in a guest, and leaves what both
 * have in a folder, for `compare`.
 *
 *	record [OPTION]... FOLDER COMMAND [ARG]...
 *
 *	-e EVENTS	end when ftrace has so many
 *	-s SECONDS	or after so long; or when a buffer of ftrace's is nearly full
 *	-b MIB		ftrace's buffer, for each CPU
 *	-t THREADS	take snapshots meanwhile, from so many threads
 *	-i MS		so long between two of a thread's
 *	-m SNAPSHOTS	that are kept, of all threads
 *	-w		without the snapshot of the whole time
 *
 * COMMAND is started, and killed with all that belongs to it in the end.
 *
 * The clock is the one that flightrec has: its values can be compared as they are then.
 * flightrec has to be recording already, so that its probes are called first.
 */
#define _GNU_SOURCE
#include <err.h>
#include <fcntl.h>
#include <inttypes.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <flightrec.h>

#include "tracefs.h"

#define POLL_MS 20
#define END_MS	120000 /* that the load may take to end, on a machine that is busy */
#define FULL	0.85 /* of a buffer, at which it ends */
#define ALL_NS	(1000ULL * 3600 * 1000 * 1000 * 1000)

struct options {
	uint64_t events;
	double seconds;
	uint64_t buffer;
	int takers;
	int interval_ms;
	int most;
	bool whole;
	const char *folder;
	char **command;
};

static struct options options = {
	.events = 100000,
	.seconds = 600,
	.buffer = 64 << 20,
	.interval_ms = 100,
	.most = 100,
	.whole = true,
};

static atomic_bool over;
static atomic_int taken;

static void sleep_ms(int ms)
{
	struct timespec span = { ms / 1000, ms % 1000 * 1000000L };

	nanosleep(&span, NULL);
}

static double seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec + now.tv_nsec / 1e9;
}

static const char *clock_name(uint32_t clock)
{
	return clock == FLIGHTREC_CLOCK_TSC ? "x86-tsc" : "mono";
}

/* The clock that both record. */
static uint64_t now(uint32_t clock)
{
	struct timespec time;

#ifdef __x86_64__
	if (clock == FLIGHTREC_CLOCK_TSC)
		return __builtin_ia32_rdtsc();
#endif
	(void)clock;
	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec * 1000000000ULL + time.tv_nsec;
}

static void check(int error, const char *what)
{
	if (error)
		errx(1, "%s: %s", what, strerror(-error));
}

static void take(struct flightrec *recorder, const char *path)
{
	struct flightrec_snapshot snapshot = { .min_age_ns = ALL_NS };
	int fd;

	check(flightrec_take_snapshot(recorder, &snapshot), "taking a snapshot");
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	if (fd < 0)
		err(1, "%s", path);
	check(flightrec_write_snapshot(recorder, fd), path);
	close(fd);
}

/* Takes snapshots until it's over. */
static void *taker(void *argument)
{
	struct flightrec *recorder;
	char path[512];

	(void)argument;
	check(flightrec_open(&recorder, NULL), FLIGHTREC_DEVICE);
	while (!over) {
		int index = taken++;

		if (index >= options.most)
			break;
		snprintf(path, sizeof(path), "%s/slice-%03d", options.folder, index);
		take(recorder, path);
		sleep_ms(options.interval_ms);
	}
	flightrec_close(recorder);
	return NULL;
}

static pid_t start(void)
{
	pid_t pid = fork();

	if (pid < 0)
		err(1, "fork");
	if (pid)
		return pid;
	setsid();
	execvp(options.command[0], options.command);
	err(127, "%s", options.command[0]);
}

/* With all that it left: its orphans become ours. */
static void stop(pid_t pid)
{
	char path[64];

	kill(-pid, SIGKILL);
	kill(pid, SIGKILL);
	for (int i = 0; i < END_MS; i += 10) {
		char line[4096];
		FILE *file;
		char *at, *end;

		snprintf(path, sizeof(path), "/proc/%d/task/%d/children", getpid(), getpid());
		file = fopen(path, "r");
		if (!file)
			err(1, "%s", path);
		if (!fgets(line, sizeof(line), file))
			line[0] = '\0';
		fclose(file);
		for (at = line; (pid = strtol(at, &end, 10)) > 0 && end != at; at = end)
			kill(pid, SIGKILL);
		while ((pid = waitpid(-1, NULL, WNOHANG)) > 0)
			;
		if (pid < 0)
			return;
		sleep_ms(10);
	}
	errx(1, "the load does not end");
}

/* Until there is enough; how many events there were when it ended. */
static void wait_for_enough(void)
{
	double until = seconds() + options.seconds;
	struct tracefs_stats stats;

	do {
		sleep_ms(POLL_MS);
		stats = tracefs_stats();
	} while (stats.events < options.events && seconds() < until &&
		 stats.fullest < FULL * options.buffer);
}

static struct flightrec_status status_of(struct flightrec *recorder)
{
	struct flightrec_status status = { 0 };

	check(flightrec_get_status(recorder, &status), "the status");
	return status;
}

/* What is to be known of it, for those who compare. */
static void tell(const char *clock, uint32_t cpus, uint64_t begin, uint64_t end)
{
	struct utsname kernel;
	char path[512];
	FILE *file;

	uname(&kernel);
	snprintf(path, sizeof(path), "%s/round", options.folder);
	file = fopen(path, "w");
	if (!file ||
	    fprintf(file, "%s %" PRIu32 " %" PRIu64 " %" PRIu64 " %s\n", clock, cpus, begin, end,
		    kernel.release) < 0 ||
	    fclose(file))
		err(1, "%s", path);
}

static void record(struct flightrec *recorder)
{
	struct flightrec_status before = status_of(recorder), after;
	uint32_t clock = before.clock;
	pthread_t threads[64];
	struct tracefs_stats stats;
	uint64_t begin, end;
	char path[512];
	pid_t load;

	tracefs_clear();
	tracefs_record(true);
	begin = now(clock);
	load = start();
	for (int i = 0; i < options.takers; i++)
		if (pthread_create(&threads[i], NULL, taker, NULL))
			errx(1, "no thread");
	wait_for_enough();
	over = true;
	for (int i = 0; i < options.takers; i++)
		pthread_join(threads[i], NULL);
	end = now(clock);
	tracefs_record(false);
	if (options.whole) {
		snprintf(path, sizeof(path), "%s/whole", options.folder);
		take(recorder, path);
	}
	stop(load);
	stats = tracefs_stats();
	if (stats.lost)
		errx(1, "ftrace lost %" PRIu64 " events", stats.lost);
	tell(clock_name(clock), tracefs_save(options.folder), begin, end);
	after = status_of(recorder);
	fprintf(stderr,
		"%s: ftrace %" PRIu64 " events, lost %" PRIu64 ", fullest %" PRIu64
		" KiB; flightrec's pool %.1f times over; %d snapshots meanwhile\n",
		options.folder, stats.events, stats.lost, stats.fullest >> 10,
		(double)(after.bytes_written - before.bytes_written) / after.pool_bytes,
		taken < options.most ? taken : options.most);
}

static void parse(int argc, char **argv)
{
	int option;

	while ((option = getopt(argc, argv, "+e:s:b:t:i:m:w")) >= 0) {
		switch (option) {
		case 'e':
			options.events = strtoull(optarg, NULL, 10);
			break;
		case 's':
			options.seconds = strtod(optarg, NULL);
			break;
		case 'b':
			options.buffer = strtoull(optarg, NULL, 10) << 20;
			break;
		case 't':
			options.takers = atoi(optarg);
			break;
		case 'i':
			options.interval_ms = atoi(optarg);
			break;
		case 'm':
			options.most = atoi(optarg);
			break;
		case 'w':
			options.whole = false;
			break;
		default:
			exit(2);
		}
	}
	if (argc - optind < 2 || options.takers > 64)
		errx(2, "usage: record [OPTION]... FOLDER COMMAND [ARG]...");
	options.folder = argv[optind];
	options.command = argv + optind + 1;
}

/* Before the load, of which some is real-time, too; but not what we start. */
static void come_first(void)
{
	const struct sched_param param = { .sched_priority = 99 };

	if (sched_setscheduler(0, SCHED_FIFO | SCHED_RESET_ON_FORK, &param))
		err(1, "sched_setscheduler");
}

int main(int argc, char **argv)
{
	struct flightrec_status status;
	struct flightrec *recorder;

	parse(argc, argv);
	if (mkdir(options.folder, 0755))
		err(1, "%s", options.folder);
	if (prctl(PR_SET_CHILD_SUBREAPER, 1))
		err(1, "prctl");
	come_first();
	check(flightrec_open(&recorder, NULL), FLIGHTREC_DEVICE);
	status = status_of(recorder);
	if (!(status.flags & FLIGHTREC_STATUS_RECORDING))
		errx(1, "flightrec is not recording");
	tracefs_prepare(clock_name(status.clock), options.buffer);
	record(recorder);
	flightrec_close(recorder);
	return 0;
}
