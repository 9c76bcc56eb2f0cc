// SPDX-License-Identifier: GPL-2.0
/*
 * Watches the recorder for a long time, in a guest under load.
 *
 *	watch SECONDS
 *
 * Each second it takes a snapshot that goes on behind the one before, and reads it. In
 * the end it says
 *
 * - whether each event that the recorder has written was in exactly one of them, or was
 *   counted as missing, and agrees with the recorder's own counts;
 * - whether memory stayed what it was;
 * - whether the CPUs' clocks stayed together. A ring of threads, one pinned to each CPU, pass
 *   on a token. In the data no thread may run before the one on another CPU that woke it;
 *   and a mark that each writes, with CLOCK_MONOTONIC read before and behind it, must be
 *   between these, but for what the conversion to that clock may be off: half the time
 *   that it took to read both clocks for a pair, of which there is one in each segment.
 *   An emulated CPU can be kept from running in between, so one pair in many is far off.
 *   Clocks that drift would put nearly all marks off.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <err.h>
#include <fcntl.h>
#include <inttypes.h>
#include <pthread.h>
#include <sched.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include <flightrec.h>

#define CPUS	   64
#define MARKS	   (1 << 16) /* of which times are kept, for a while */
#define ROUND_US   10000 /* from one round of the token to the next */
#define SAMPLES	   100000
#define SETTLED	   5 /* seconds, until memory is looked at */
#define GROWTH_KIB (8 << 10) /* of memory that is noise */
#define CLOCK_NS   50000 /* that a time of the file may be off */
#define MARKS_OFF  50 /* one mark of so many may be off by more, see the top */
#define NS_IN_S	   1000000000ULL

/* One thread of the ring. */
struct runner {
	uint32_t cpu;
	int in, out;
	_Atomic pid_t tid;
	bool asleep; /* as the data say */
	bool woken;
	bool unknown; /* part of the data was missing, and it hasn't come since */
	uint64_t woken_clock, left_clock;
	uint32_t woken_cpu;
};

struct mark {
	uint64_t before_ns;
	uint64_t after_ns;
};

/* Of the whole machine, in KiB, and of ours. */
struct sample {
	uint64_t available;
	uint64_t slab;
	uint64_t vmalloc;
	uint64_t pool_bytes;
	uint64_t files;
};

struct watch {
	struct flightrec *recorder;
	struct runner runners[CPUS];
	uint32_t cpus;
	uint64_t next[CPUS]; /* number of each CPU's next event */
	bool begun[CPUS];
	uint64_t first[CPUS];
	bool blind[CPUS]; /* what its CPU did isn't known, until its stream goes on */
	uint64_t snapshots, read, missed, twice, unsaid, lost, miscounted;
	uint64_t wakings, early, earliest;
	uint64_t marks_read, marks_off, off_most;
	struct sample *samples;
	size_t sampled;
};

static struct mark marks[MARKS];
static _Atomic uint64_t next_mark;
static atomic_bool over;
static int failures;

static void check(const char *name, bool passed)
{
	printf("%sok - %s\n", passed ? "" : "not ", name);
	failures += !passed;
}

static void must(int error, const char *what)
{
	if (error)
		errx(1, "%s: %s", what, strerror(-error));
}

static uint64_t now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * NS_IN_S + now.tv_nsec;
}

static void write_mark(struct flightrec *recorder)
{
	uint64_t id = ++next_mark;
	struct mark *mark = &marks[id % MARKS];
	int error;

	mark->after_ns = 0;
	mark->before_ns = now_ns();
	error = flightrec_mark_begin(recorder, id, 0, "soak", 4);
	/* In the end recording is stopped. */
	if (!over)
		must(error, "a mark");
	mark->after_ns = now_ns();
}

static void *run(void *argument)
{
	struct runner *runner = argument;
	struct flightrec *recorder;
	cpu_set_t set;
	char byte;

	CPU_ZERO(&set);
	CPU_SET(runner->cpu, &set);
	if (sched_setaffinity(0, sizeof(set), &set))
		err(1, "affinity");
	must(flightrec_open(&recorder, NULL), FLIGHTREC_DEVICE);
	runner->tid = syscall(SYS_gettid);
	while (!over && read(runner->in, &byte, 1) == 1) {
		write_mark(recorder);
		if (!runner->cpu)
			usleep(ROUND_US);
		if (write(runner->out, "", 1) != 1)
			err(1, "write");
	}
	flightrec_close(recorder);
	return NULL;
}

static void start_ring(struct watch *watch)
{
	int pipes[CPUS][2];
	pthread_t thread;

	watch->cpus = sysconf(_SC_NPROCESSORS_ONLN);
	if (watch->cpus > CPUS)
		errx(1, "too many CPUs");
	for (uint32_t i = 0; i < watch->cpus; i++)
		if (pipe2(pipes[i], O_CLOEXEC))
			err(1, "pipe");
	for (uint32_t i = 0; i < watch->cpus; i++) {
		struct runner *runner = &watch->runners[i];

		runner->cpu = i;
		runner->in = pipes[i][0];
		runner->out = pipes[(i + 1) % watch->cpus][1];
		if (pthread_create(&thread, NULL, run, runner))
			errx(1, "no thread");
		while (!runner->tid)
			usleep(1000);
	}
	if (write(pipes[0][1], "", 1) != 1)
		err(1, "write");
}

static struct runner *runner_of(struct watch *watch, const struct flightrec_thread *thread)
{
	for (uint32_t i = 0; thread && i < watch->cpus; i++)
		if ((uint32_t)watch->runners[i].tid == thread->tid)
			return &watch->runners[i];
	return NULL;
}

/* While a stream has a hole, who was woken isn't known. */
static bool is_blind(const struct watch *watch)
{
	for (uint32_t i = 0; i < watch->cpus; i++)
		if (watch->blind[i])
			return true;
	return false;
}

/* A thread may have been woken even before it leaves: it isn't judged before it came again. */
static void forget(struct watch *watch)
{
	for (uint32_t i = 0; i < watch->cpus; i++) {
		watch->runners[i].asleep = watch->runners[i].woken = false;
		watch->runners[i].unknown = true;
	}
}

static void follow_switch(struct watch *watch, const struct flightrec_event *event)
{
	struct runner *leaves = runner_of(watch, event->running);
	struct runner *comes = runner_of(watch, event->thread);

	/* One that was woken just before it left goes on. */
	if (leaves) {
		leaves->asleep = event->sw.state != FLIGHTREC_STATE_RUNNING &&
				 event->sw.state != FLIGHTREC_STATE_PREEMPTED;
		leaves->left_clock = event->clock;
	}
	if (!comes)
		return;
	if (comes->asleep && !comes->woken && !comes->unknown) {
		watch->early++;
		printf("CPU %" PRIu32 ": after %" PRIu64 " snapshots, at clock %" PRIu64
		       ", its thread came and nobody had woken it since it left at %" PRIu64 "\n",
		       event->cpu, watch->snapshots, event->clock, comes->left_clock);
	}
	if (comes->woken && comes->woken_cpu != event->cpu) {
		watch->wakings++;
		if (event->clock - comes->woken_clock < watch->earliest)
			watch->earliest = event->clock - comes->woken_clock;
	}
	comes->asleep = comes->woken = comes->unknown = false;
}

static void follow_waking(struct watch *watch, const struct flightrec_event *event)
{
	struct runner *runner = runner_of(watch, event->thread);

	if (!runner)
		return;
	runner->woken = true;
	runner->woken_clock = event->clock;
	runner->woken_cpu = event->cpu;
}

static void follow_mark(struct watch *watch, const struct flightrec_event *event)
{
	const struct mark *mark = &marks[event->mark.id % MARKS];
	uint64_t off = 0;

	if (!runner_of(watch, event->thread) || !event->mark.id || !mark->after_ns ||
	    next_mark - event->mark.id >= MARKS / 2)
		return;
	watch->marks_read++;
	if (event->time_ns < mark->before_ns)
		off = mark->before_ns - event->time_ns;
	else if (event->time_ns > mark->after_ns)
		off = event->time_ns - mark->after_ns;
	if (off > watch->off_most)
		watch->off_most = off;
	watch->marks_off += off > CLOCK_NS;
}

static void follow(struct watch *watch, const struct flightrec_event *event)
{
	if (event->type == FLIGHTREC_STREAM_GAP)
		watch->blind[event->cpu] = true;
	if (is_blind(watch))
		forget(watch);
	if (event->type != FLIGHTREC_STREAM_GAP)
		watch->blind[event->cpu] = false;
	switch (event->type) {
	case FLIGHTREC_EVENT_SWITCH:
		follow_switch(watch, event);
		break;
	case FLIGHTREC_EVENT_WAKING:
		follow_waking(watch, event);
		break;
	case FLIGHTREC_EVENT_MARK:
		follow_mark(watch, event);
		break;
	case FLIGHTREC_STREAM_LOST:
		watch->lost += event->lost.events;
		forget(watch);
		break;
	default:
		break;
	}
}

/* A segment of a CPU's that goes on behind the one before: was anything left out, or twice? */
static void join(struct watch *watch, const struct flightrec_segment *segment, bool inside,
		 bool met)
{
	uint32_t cpu = segment->cpu;
	uint64_t next = watch->next[cpu];

	if (!watch->begun[cpu]) {
		watch->begun[cpu] = true;
		watch->first[cpu] = segment->first_event;
	} else if (segment->first_event < next) {
		watch->twice += next - segment->first_event;
	} else if (segment->first_event > next) {
		watch->missed += segment->first_event - next;
		/* A hole inside is told where it is. */
		if (!inside) {
			watch->blind[cpu] = true;
			watch->unsaid += met ? segment->first_event - next : 0;
		}
	}
	watch->next[cpu] = segment->first_event + segment->events;
}

/* Each CPU's segments, in order. Returns how many events they say they have. */
static uint64_t join_all(struct watch *watch, struct flightrec_trace *trace, bool met)
{
	struct flightrec_segment segment, least;
	uint64_t sum = 0, from;
	bool found;

	for (uint32_t cpu = 0; cpu < watch->cpus; cpu++) {
		from = 0;
		do {
			found = false;
			for (uint32_t i = 0; !flightrec_trace_get_segment(trace, i, &segment); i++)
				if (segment.cpu == cpu && segment.seq >= from &&
				    (!found || segment.seq < least.seq)) {
					least = segment;
					found = true;
				}
			if (found) {
				join(watch, &least, from, met);
				sum += least.events;
				from = least.seq + 1;
			}
		} while (found);
	}
	return sum;
}

static void read_trace(struct watch *watch, struct flightrec_trace *trace, bool met)
{
	const struct flightrec_event *event;
	uint64_t said = join_all(watch, trace, met), count = 0;

	while (!flightrec_trace_next(trace, &event) && event) {
		count += event->type < FLIGHTREC_EVENTS;
		follow(watch, event);
	}
	watch->read += count;
	watch->miscounted += count != said;
}

static uint64_t take(struct watch *watch, uint64_t since)
{
	struct flightrec_snapshot snapshot = { .flags = FLIGHTREC_SNAPSHOT_CONTINUE,
					       .since = since };
	struct flightrec_trace *trace;
	int fd = memfd_create("snapshot", MFD_CLOEXEC);

	if (fd < 0)
		err(1, "memfd");
	must(flightrec_snapshot_to_fd(watch->recorder, &snapshot, fd), "a snapshot");
	if (lseek(fd, 0, SEEK_SET))
		err(1, "lseek");
	must(flightrec_trace_open_fd(&trace, fd), "reading a snapshot");
	close(fd);
	watch->snapshots++;
	read_trace(watch, trace, !since || snapshot.flags & FLIGHTREC_SNAPSHOT_SINCE_MET);
	flightrec_trace_close(trace);
	return snapshot.cursor;
}

static uint64_t meminfo(const char *wanted)
{
	char line[256], name[64];
	uint64_t value, found = 0;
	FILE *file = fopen("/proc/meminfo", "r");

	if (!file)
		err(1, "/proc/meminfo");
	while (fgets(line, sizeof(line), file))
		if (sscanf(line, "%63[^:]: %" SCNu64, name, &value) == 2 && !strcmp(name, wanted))
			found = value;
	fclose(file);
	return found;
}

static uint64_t count_files(void)
{
	DIR *folder = opendir("/proc/self/fd");
	uint64_t count = 0;

	if (!folder)
		err(1, "/proc/self/fd");
	while (readdir(folder))
		count++;
	closedir(folder);
	return count;
}

static void sample(struct watch *watch)
{
	struct flightrec_status status = { 0 };

	if (watch->sampled == SAMPLES)
		return;
	must(flightrec_get_status(watch->recorder, &status), "the status");
	watch->samples[watch->sampled++] = (struct sample){
		.available = meminfo("MemAvailable"),
		.slab = meminfo("SUnreclaim"),
		.vmalloc = meminfo("VmallocUsed"),
		.pool_bytes = status.pool_bytes,
		.files = count_files(),
	};
}

static int by_value(const void *a, const void *b)
{
	uint64_t first = *(const uint64_t *)a, second = *(const uint64_t *)b;

	return first < second ? -1 : first > second;
}

/* The median of a quarter of the samples of the field at @offset. */
static uint64_t quarter(const struct watch *watch, int number, size_t offset)
{
	size_t count = (watch->sampled - SETTLED) / 4, start = SETTLED + number * count;
	uint64_t *values = calloc(count, sizeof(*values)), median;

	if (!values)
		errx(1, "no memory");
	for (size_t i = 0; i < count; i++)
		memcpy(&values[i], (const char *)&watch->samples[start + i] + offset,
		       sizeof(*values));
	qsort(values, count, sizeof(*values), by_value);
	median = values[count / 2];
	free(values);
	return median;
}

/* True if it has grown (or, with @shrinks, shrunk) by no more than noise. */
static bool flat(const struct watch *watch, const char *name, size_t offset, bool shrinks)
{
	uint64_t value[4];
	uint64_t before, after;

	for (int i = 0; i < 4; i++)
		value[i] = quarter(watch, i, offset);
	printf("%s, medians of quarters: %" PRIu64 " %" PRIu64 " %" PRIu64 " %" PRIu64 " KiB\n",
	       name, value[0], value[1], value[2], value[3]);
	before = value[shrinks ? 3 : 0];
	after = value[shrinks ? 0 : 3];
	return after <= before + GROWTH_KIB;
}

static void judge_memory(const struct watch *watch)
{
	bool same = true;

	if (watch->sampled < 4 * SETTLED) {
		check("memory_was_looked_at_often_enough", false);
		return;
	}
	for (size_t i = SETTLED; i < watch->sampled; i++)
		same = same && watch->samples[i].pool_bytes == watch->samples[SETTLED].pool_bytes &&
		       watch->samples[i].files == watch->samples[SETTLED].files;
	printf("the pool %" PRIu64 " KiB, %" PRIu64 " files open\n",
	       watch->samples[SETTLED].pool_bytes >> 10, watch->samples[SETTLED].files);
	check("the_pool_and_the_open_files_stay_the_same", same);
	check("the_kernels_slabs_do_not_grow",
	      flat(watch, "SUnreclaim", offsetof(struct sample, slab), false));
	check("the_kernels_vmalloc_does_not_grow",
	      flat(watch, "VmallocUsed", offsetof(struct sample, vmalloc), false));
	check("available_memory_does_not_shrink",
	      flat(watch, "MemAvailable", offsetof(struct sample, available), true));
}

/* After the recorder was stopped, and all that it had was read. */
static void judge_counts(struct watch *watch, const struct flightrec_status *before)
{
	struct flightrec_status after = { 0 };
	uint64_t written = 0, behind = 0;

	must(flightrec_get_status(watch->recorder, &after), "the status");
	for (uint32_t cpu = 0; cpu < watch->cpus; cpu++) {
		written += watch->next[cpu];
		behind += watch->next[cpu] - watch->first[cpu];
	}
	printf("%" PRIu64 " snapshots: %" PRIu64 " events read, %" PRIu64
	       " missed as told, %" PRIu64 " not told, %" PRIu64 " twice\n",
	       watch->snapshots, watch->read, watch->missed, watch->unsaid, watch->twice);
	printf("recorder: %" PRIu64 " written, %" PRIu64 " overwritten, %" PRIu64 " lost\n",
	       (uint64_t)after.events_written, (uint64_t)after.events_overwritten,
	       (uint64_t)(after.events_lost - before->events_lost));
	check("no_event_is_in_two_snapshots", !watch->twice);
	check("what_is_missing_is_told", !watch->unsaid);
	check("what_was_read_and_missed_is_all_that_was_written",
	      watch->read + watch->missed == behind && written == after.events_written);
	printf("%" PRIu64 " snapshots had another number of events than they said\n",
	       watch->miscounted);
	check("a_snapshot_has_as_many_events_as_it_says", !watch->miscounted);
	check("what_was_lost_is_told", watch->lost == after.events_lost - before->events_lost);
	check("something_was_read", watch->read > 1000 * watch->snapshots);
}

static void judge_clocks(const struct watch *watch)
{
	printf("%" PRIu64 " wakings of another CPU: %" PRIu64
	       " ran before they were woken, the soonest %" PRIu64 " clocks behind it\n",
	       watch->wakings, watch->early, watch->earliest);
	printf("%" PRIu64 " marks: %" PRIu64 " off by more than %d ns, the most %" PRIu64 " ns\n",
	       watch->marks_read, watch->marks_off, CLOCK_NS, watch->off_most);
	check("nothing_runs_before_another_cpu_woke_it",
	      !watch->early && watch->wakings > watch->snapshots);
	check("times_are_clock_monotonics_on_every_cpu",
	      watch->marks_off * MARKS_OFF <= watch->marks_read &&
		      watch->marks_read > watch->snapshots);
}

int main(int argc, char **argv)
{
	static struct watch watch = { .earliest = UINT64_MAX };
	struct flightrec_status before = { 0 };
	uint64_t cursor = 0, until, next;

	if (argc != 2)
		errx(2, "usage: watch SECONDS");
	setvbuf(stdout, NULL, _IOLBF, 0);
	watch.samples = calloc(SAMPLES, sizeof(*watch.samples));
	if (!watch.samples)
		errx(1, "no memory");
	memset(watch.samples, 1, SAMPLES * sizeof(*watch.samples));
	must(flightrec_open(&watch.recorder, NULL), FLIGHTREC_DEVICE);
	must(flightrec_get_status(watch.recorder, &before), "the status");
	start_ring(&watch);
	next = now_ns();
	until = next + strtoull(argv[1], NULL, 10) * NS_IN_S;
	while (now_ns() < until) {
		cursor = take(&watch, cursor);
		sample(&watch);
		if (watch.snapshots % 300 == 0)
			printf("%" PRIu64 " snapshots, %" PRIu64 " events read, %" PRIu64
			       " missed\n",
			       watch.snapshots, watch.read, watch.missed);
		next += NS_IN_S;
		while (now_ns() < next)
			usleep((next - now_ns()) / 1000 + 1);
	}
	over = true;
	must(flightrec_stop(watch.recorder), "stopping");
	take(&watch, cursor);
	judge_counts(&watch, &before);
	judge_clocks(&watch);
	judge_memory(&watch);
	return failures != 0;
}
