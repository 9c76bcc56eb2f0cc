// SPDX-License-Identifier: GPL-2.0
/*
 * What snapshots cost, in a guest with the module loaded.
 *
 *	snapshot loop MAX_BYTES MILLISECONDS	take and read one every so often,
 *						until killed; then tell how many
 *	snapshot time READERS ROUNDS		print, of READERS processes at once:
 *		ioctl MEDIAN_NS MAX_NS SEGMENTS BYTES
 *		read BYTES_PER_SECOND		of a snapshot, by the reader's own time
 *		memcpy BYTES_PER_SECOND		of as much memory, likewise
 *	snapshot gap SECONDS			the longest time between two events
 *						that a busy writer causes, as it sees it
 */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <flightrec_ioctl.h>

#define READ_BYTES ((4 << 20) + 4096) /* as libflightrec's */
#define ROUNDS_MAX 1000

/* For the reference: out of more than caches hold, into as much as is read at once. */
#define COPY_BYTES  (64 << 20)
#define PIECE_BYTES (1 << 20)

static volatile sig_atomic_t ended;

static void end(int signal)
{
	(void)signal;
	ended = 1;
}

static uint64_t clock_ns(clockid_t clock)
{
	struct timespec time;

	clock_gettime(clock, &time);
	return time.tv_sec * 1000000000ULL + time.tv_nsec;
}

static uint64_t now_ns(void)
{
	return clock_ns(CLOCK_MONOTONIC);
}

/* Without what others take of the CPU meanwhile. */
static uint64_t own_ns(void)
{
	return clock_ns(CLOCK_PROCESS_CPUTIME_ID);
}

static void fail(const char *what)
{
	fprintf(stderr, "snapshot: %s: %s\n", what, strerror(errno));
	exit(1);
}

static uint64_t size(const char *text)
{
	char *unit;
	uint64_t bytes = strtoull(text, &unit, 10);

	return *unit == 'M' ? bytes << 20 : *unit == 'K' ? bytes << 10 : bytes;
}

static void take(int fd, uint64_t max_bytes, struct flightrec_snapshot *snapshot)
{
	memset(snapshot, 0, sizeof(*snapshot));
	snapshot->size = sizeof(*snapshot);
	/* as old as memory has it */
	snapshot->min_age_ns = 1000000000000ULL;
	snapshot->max_bytes = max_bytes;
	if (ioctl(fd, FLIGHTREC_SNAPSHOT, snapshot))
		fail("FLIGHTREC_SNAPSHOT");
}

static uint64_t read_all(int fd, void *buffer)
{
	uint64_t bytes = 0;
	ssize_t got;

	while ((got = read(fd, buffer, READ_BYTES)) > 0)
		bytes += got;
	if (got < 0)
		fail("read");
	return bytes;
}

static int loop(uint64_t max_bytes, unsigned int milliseconds)
{
	struct timespec pause = { milliseconds / 1000, milliseconds % 1000 * 1000000L };
	struct flightrec_snapshot snapshot;
	void *buffer = malloc(READ_BYTES);
	uint64_t taken = 0, bytes = 0;
	struct rusage usage;
	int fd;

	signal(SIGTERM, end);
	while (!ended) {
		fd = open("/dev/flightrec", O_RDONLY);
		if (fd < 0)
			fail("/dev/flightrec");
		take(fd, max_bytes, &snapshot);
		bytes += read_all(fd, buffer);
		close(fd);
		taken++;
		nanosleep(&pause, NULL);
	}
	getrusage(RUSAGE_SELF, &usage);
	printf("%lu snapshots, %lu bytes, %ld ms of CPU\n", taken, bytes,
	       (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1000 +
		       (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1000);
	return 0;
}

/* What each reader brings back, in memory that all share. */
struct reading {
	uint64_t ioctl_ns[ROUNDS_MAX];
	uint64_t read_ns;
	uint64_t bytes;
	uint64_t copy_ns;
	uint32_t segments;
};

/*
 * With the instruction that the kernel copies with: an emulator does a byte of it
 * at a time, and would make it look slow beside glibc's.
 */
static void copy(void *to, const void *from, size_t bytes)
{
#ifdef __x86_64__
	__asm__ volatile("rep movsb" : "+D"(to), "+S"(from), "+c"(bytes) : : "memory");
#else
	memcpy(to, from, bytes);
	__asm__ volatile("" : : "r"(to) : "memory");
#endif
}

static void read_and_time(struct reading *reading, int rounds)
{
	struct flightrec_snapshot snapshot;
	char *buffer = malloc(READ_BYTES), *from = malloc(COPY_BYTES);
	uint64_t start, done;
	int fd, i;

	memset(buffer, 1, READ_BYTES);
	memset(from, 1, COPY_BYTES);
	fd = open("/dev/flightrec", O_RDONLY);
	if (fd < 0)
		fail("/dev/flightrec");
	for (i = 0; i < rounds; i++) {
		start = now_ns();
		take(fd, UINT64_MAX / 2, &snapshot);
		reading->ioctl_ns[i] = now_ns() - start;
	}
	reading->segments = snapshot.segments;
	start = own_ns();
	reading->bytes = read_all(fd, buffer);
	reading->read_ns = own_ns() - start;
	start = own_ns();
	for (done = 0; done < reading->bytes; done += PIECE_BYTES)
		copy(buffer + done % (4 * PIECE_BYTES), from + done % COPY_BYTES, PIECE_BYTES);
	reading->copy_ns = own_ns() - start;
	close(fd);
}

static int by_number(const void *a, const void *b)
{
	uint64_t first = *(const uint64_t *)a, second = *(const uint64_t *)b;

	return first < second ? -1 : first > second;
}

static int times(int readers, int rounds)
{
	struct reading *readings = mmap(NULL, readers * sizeof(*readings), PROT_READ | PROT_WRITE,
					MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	uint64_t *all = calloc(readers * rounds, sizeof(*all));
	double read_rate = 0, copy_rate = 0;
	int i;

	if (readings == MAP_FAILED || !all)
		fail("memory");
	for (i = 0; i < readers; i++) {
		if (!fork()) {
			read_and_time(&readings[i], rounds);
			_exit(0);
		}
	}
	while (wait(NULL) > 0)
		;
	for (i = 0; i < readers; i++) {
		if (!readings[i].read_ns || !readings[i].copy_ns)
			return 1;
		memcpy(all + i * rounds, readings[i].ioctl_ns, rounds * sizeof(*all));
		read_rate += 1e9 * readings[i].bytes / readings[i].read_ns;
		copy_rate += 1e9 * readings[i].bytes / readings[i].copy_ns;
	}
	qsort(all, readers * rounds, sizeof(*all), by_number);
	printf("ioctl %lu %lu %u %lu\n", all[readers * rounds / 2], all[readers * rounds - 1],
	       readings[0].segments, readings[0].bytes);
	printf("read %.0f\nmemcpy %.0f\n", read_rate / readers, copy_rate / readers);
	return 0;
}

/*
 * Two threads of one CPU that hand over to each other all the time cause two
 * events an iteration. What else keeps this CPU, the host included, is in the
 * figure too: so it is told with and without snapshots.
 */
static int gap(int seconds)
{
	int there[2], back[2];
	uint64_t start, last, now, longest = 0, trips = 0;
	char byte = 0;
	pid_t child;

	if (pipe(there) || pipe(back))
		fail("pipe");
	child = fork();
	if (!child)
		while (read(there[0], &byte, 1) == 1 && write(back[1], &byte, 1) == 1)
			;
	for (start = last = now_ns(); last - start < seconds * 1000000000ULL; last = now) {
		if (write(there[1], &byte, 1) != 1 || read(back[0], &byte, 1) != 1)
			fail("pipe");
		now = now_ns();
		trips++;
		if (now - last > longest)
			longest = now - last;
	}
	kill(child, SIGKILL);
	printf("gap %lu %lu\n", longest, trips);
	return 0;
}

int main(int argc, char **argv)
{
	if (argc == 4 && !strcmp(argv[1], "loop"))
		return loop(size(argv[2]), atoi(argv[3]));
	if (argc == 4 && !strcmp(argv[1], "time") && atoi(argv[3]) <= ROUNDS_MAX)
		return times(atoi(argv[2]), atoi(argv[3]));
	if (argc == 3 && !strcmp(argv[1], "gap"))
		return gap(atoi(argv[2]));
	fprintf(stderr, "usage: snapshot loop BYTES MS | time READERS ROUNDS | gap SECONDS\n");
	return 2;
}
