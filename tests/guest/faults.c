// SPDX-License-Identifier: GPL-2.0
/*
 * Every allocation and every copy from or to user memory fails, one after the other,
 * in each call to the module: the call ends with a clear error and has changed
 * nothing, or it can do without; recording goes on, and the next call works.
 *
 *	faults [-m MODULE] [NAME...]
 *
 * For a kernel with CONFIG_FAULT_INJECTION, failslab, fail_page_alloc and
 * fail_usercopy. With -m also loading and unloading; the module must be loaded.
 */
#define _GNU_SOURCE
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "device.h"
#include "walk.h"

#define MAX_BYTES     (1ULL << 20)
#define SEGMENT_BYTES (16U << 10)
#define FAULTS_MAX    20000 /* an operation with more of them is one that never ends */

static const char *module;

static void write_file(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY);

	if (fd < 0 || write(fd, text, strlen(text)) < 0)
		err(1, "%s", path);
	close(fd);
}

/* The faults count for this thread alone, and wait for no one's time or chance. */
static void prepare(void)
{
	write_file("/sys/kernel/debug/failslab/ignore-gfp-wait", "N");
	write_file("/sys/kernel/debug/failslab/verbose", "0");
	write_file("/sys/kernel/debug/fail_page_alloc/ignore-gfp-wait", "N");
	write_file("/sys/kernel/debug/fail_page_alloc/ignore-gfp-highmem", "N");
	write_file("/sys/kernel/debug/fail_page_alloc/min-order", "0");
	write_file("/sys/kernel/debug/fail_page_alloc/verbose", "0");
	write_file("/sys/kernel/debug/fail_usercopy/verbose", "0");
}

static int fail_fd;

static void fail_nth(unsigned int n)
{
	char text[16];
	int length = snprintf(text, sizeof(text), "%u", n);

	/* This is a copy, too, which the old number may make fail. */
	if (pwrite(fail_fd, text, length, 0) != length &&
	    pwrite(fail_fd, text, length, 0) != length)
		err(1, "fail-nth");
}

/* Whether the fault has happened; reading it is a copy that may itself be the one. */
static bool has_failed(void)
{
	char text[16] = "";

	return pread(fail_fd, text, sizeof(text) - 1, 0) > 0 && !atoi(text);
}

static int result(long got)
{
	return got < 0 ? errno : 0;
}

static int configure(int fd, uint64_t max_bytes, uint32_t segment_bytes, uint64_t events)
{
	struct flightrec_config config = {
		.size = sizeof(config),
		.max_bytes = max_bytes,
		.segment_bytes = segment_bytes,
		.events = events,
	};

	return result(ioctl(fd, FLIGHTREC_SET_CONFIG, &config));
}

/* The fd that an operation works on, with what went before it. */
static int fresh(void)
{
	return device_open();
}

static int with_snapshot(void)
{
	int fd = device_open();

	if (device_snapshot(fd, 0, 0, NULL))
		err(1, "SNAPSHOT");
	return fd;
}

/* What a file had, and where in it one was, before a call that may replace it. */
static struct flightrec_header header_before;
static const off_t place_before = sizeof(header_before);
static bool is_replaced;

static int with_snapshot_read_in_part(void)
{
	int fd = with_snapshot();

	if (read(fd, &header_before, sizeof(header_before)) != sizeof(header_before))
		err(1, "read");
	return fd;
}

static int with_slice(void)
{
	struct flightrec_status status = device_status();
	struct flightrec_snapshot request = {
		.size = sizeof(request),
		.begin_ns = status.now_ns - 300000000,
		.end_ns = status.now_ns - 10000000,
		.events_wanted = 1 << FLIGHTREC_EVENT_SWITCH,
	};
	int fd = device_open();

	if (ioctl(fd, FLIGHTREC_SNAPSHOT, &request))
		err(1, "SNAPSHOT");
	return fd;
}

static int while_few_events(void)
{
	int fd = device_open();

	if (configure(fd, MAX_BYTES, SEGMENT_BYTES, 1 << FLIGHTREC_EVENT_SWITCH))
		err(1, "SET_CONFIG");
	return fd;
}

static int while_stopped(void)
{
	int fd = device_open();

	if (ioctl(fd, FLIGHTREC_STOP))
		err(1, "STOP");
	return fd;
}

static int do_open(int fd)
{
	int another = open(FLIGHTREC_DEVICE, O_RDWR);
	int error = result(another);

	(void)fd;
	if (another >= 0)
		close(another);
	return error;
}

static int do_snapshot(int fd)
{
	return device_snapshot(fd, 0, 0, NULL);
}

static int do_another_snapshot(int fd)
{
	int error = do_snapshot(fd);

	is_replaced = !error;
	return error;
}

static char piece[300000];

static int do_read(int fd)
{
	return result(read(fd, piece, sizeof(piece)));
}

static int do_small_read(int fd)
{
	return result(read(fd, piece, 777));
}

static int do_pread(int fd)
{
	return result(pread(fd, piece, 5000, 400));
}

static int do_grow(int fd)
{
	return configure(fd, MAX_BYTES + (256 << 10), SEGMENT_BYTES, 0);
}

static int do_shrink(int fd)
{
	return configure(fd, MAX_BYTES / 2, SEGMENT_BYTES, 0);
}

static int do_other_segments(int fd)
{
	return configure(fd, MAX_BYTES, SEGMENT_BYTES * 2, 0);
}

static int do_fewer_events(int fd)
{
	return configure(fd, MAX_BYTES, SEGMENT_BYTES, 1 << FLIGHTREC_EVENT_SWITCH);
}

static int do_more_events(int fd)
{
	return configure(fd, MAX_BYTES, SEGMENT_BYTES, 0);
}

static int do_other_everything(int fd)
{
	return configure(fd, MAX_BYTES / 2, SEGMENT_BYTES * 2, 1 << FLIGHTREC_EVENT_SWITCH);
}

static int do_get_config(int fd)
{
	struct flightrec_config config = { .size = sizeof(config) };

	return result(ioctl(fd, FLIGHTREC_GET_CONFIG, &config));
}

static int do_start(int fd)
{
	return result(ioctl(fd, FLIGHTREC_START));
}

static int do_stop(int fd)
{
	return result(ioctl(fd, FLIGHTREC_STOP));
}

static int do_clear(int fd)
{
	return result(ioctl(fd, FLIGHTREC_CLEAR));
}

static int do_status(int fd)
{
	struct flightrec_status status = { .size = sizeof(status) };

	return result(ioctl(fd, FLIGHTREC_STATUS, &status));
}

static int do_cpu_status(int fd)
{
	struct flightrec_cpu_status status = { .size = sizeof(status) };

	return result(ioctl(fd, FLIGHTREC_CPU_STATUS, &status));
}

static int do_wait(int fd)
{
	struct flightrec_wait wait = { .size = sizeof(wait), .bytes = 1 };
	int error = result(ioctl(fd, FLIGHTREC_WAIT, &wait));

	return error == ETIMEDOUT ? 0 : error;
}

static int do_mark(int fd)
{
	struct flightrec_mark mark = { .size = sizeof(mark),
				       .kind = FLIGHTREC_MARK_BEGIN,
				       .id = 5,
				       .text = (uintptr_t) "text",
				       .text_bytes = 4 };

	return result(ioctl(fd, FLIGHTREC_MARK, &mark));
}

static int do_write(int fd)
{
	return result(write(fd, "a mark", 6));
}

static int do_poll(int fd)
{
	struct pollfd polled = { .fd = fd, .events = POLLIN };

	return result(poll(&polled, 1, 0));
}

static int set_online(const char *text)
{
	int fd = open("/sys/devices/system/cpu/cpu1/online", O_WRONLY);
	int error = fd < 0 ? errno : result(write(fd, text, 1));

	close(fd);
	return error;
}

static int do_offline(int fd)
{
	(void)fd;
	return set_online("0");
}

static int do_online(int fd)
{
	(void)fd;
	return set_online("1");
}

static int while_offline(void)
{
	if (set_online("0"))
		err(1, "taking a CPU down");
	return device_open();
}

static int while_unloaded(void)
{
	if (syscall(SYS_delete_module, "flightrec", 0))
		err(1, "unloading");
	return open("/dev/null", O_RDWR);
}

static int load(void)
{
	char parameters[100];
	int fd = open(module, O_RDONLY), error;

	snprintf(parameters, sizeof(parameters), "max_bytes=%llu segment_bytes=%u", MAX_BYTES / 4,
		 SEGMENT_BYTES);
	error = fd < 0 ? errno : result(syscall(SYS_finit_module, fd, parameters, 0));
	close(fd);
	return error;
}

static int do_load(int fd)
{
	(void)fd;
	return load();
}

static int do_unload(int fd)
{
	(void)fd;
	return result(syscall(SYS_delete_module, "flightrec", 0));
}

/* What an operation is to leave alone if it fails. */
struct state {
	struct flightrec_config config;
	struct flightrec_status status;
};

static struct state state_now(void)
{
	struct state state;

	state.config = device_config();
	state.status = device_status();
	return state;
}

static const char *what_differs(const struct state *before, const struct state *after)
{
	if (memcmp(&before->config, &after->config, sizeof(before->config)))
		return "the settings have changed";
	if ((before->status.flags ^ after->status.flags) & FLIGHTREC_STATUS_RECORDING)
		return "recording was switched";
	if (before->status.events != after->status.events)
		return "other events are recorded";
	if (before->status.segments != after->status.segments)
		return "the pool has another size";
	/* Nothing is recycled so young, but all is that is dropped. */
	if (after->status.complete_since_ns > before->status.now_ns)
		return "what was recorded is gone";
	if (before->status.events_lost != after->status.events_lost)
		return "events were lost";
	return NULL;
}

/* The recorder records, and a snapshot can be taken and is sound. */
static const char *what_is_broken(void)
{
	struct flightrec_status status = device_status();
	struct snapshot *snapshot;
	int fd = device_open();

	usleep(2000);
	if (write(fd, "alive", 5) != 5)
		return "marks are not recorded";
	if (device_status().events_written <= status.events_written)
		return "nothing is recorded";
	if (device_snapshot(fd, 0, 0, NULL))
		return "no snapshot can be taken";
	snapshot = device_parse(fd);
	if (!snapshot || !snapshot->header)
		return "a snapshot is not sound";
	snapshot_free(snapshot);
	close(fd);
	return NULL;
}

/* That the rest of the file can be read from the same fd, and is sound. */
static const char *rest_is_sound(int fd)
{
	struct snapshot *snapshot;

	if (lseek(fd, 0, SEEK_SET))
		return "it can't be read again";
	snapshot = device_parse(fd);
	if (!snapshot || !snapshot->header)
		return "what is read afterwards is not sound";
	snapshot_free(snapshot);
	return NULL;
}

/* The file has the old snapshot, and its reader is where it was, or both are new. */
static const char *one_of_both_is_there(int fd)
{
	off_t place = lseek(fd, 0, SEEK_CUR);
	struct flightrec_header header;
	bool same;

	if (pread(fd, &header, sizeof(header), 0) != sizeof(header))
		return "it can't be read";
	same = !memcmp(&header, &header_before, sizeof(header));
	if (same == is_replaced || place != (is_replaced ? 0 : place_before))
		return is_replaced ? "the old snapshot is still there" : "the old snapshot is gone";
	return rest_is_sound(fd);
}

struct operation {
	const char *name;
	int (*before)(void);
	int (*run)(int fd);
	const char *(*after)(int fd);
	bool changes; /* the settings, if it succeeds */
	bool loads; /* or unloads */
	bool kernels; /* most of it isn't ours, and may fail with any error */
};

static const struct operation operations[] = {
	{ "open", fresh, do_open, NULL, 0, 0, 0 },
	{ "snapshot", fresh, do_snapshot, rest_is_sound, 0, 0, 0 },
	{ "another_snapshot", with_snapshot_read_in_part, do_another_snapshot, one_of_both_is_there,
	  0, 0, 0 },
	{ "first_read", fresh, do_read, rest_is_sound, 0, 0, 0 },
	{ "read", with_snapshot, do_read, rest_is_sound, 0, 0, 0 },
	{ "small_read", with_snapshot, do_small_read, rest_is_sound, 0, 0, 0 },
	{ "pread", with_snapshot, do_pread, rest_is_sound, 0, 0, 0 },
	{ "read_of_a_slice", with_slice, do_read, rest_is_sound, 0, 0, 0 },
	{ "get_config", fresh, do_get_config, NULL, 0, 0, 0 },
	{ "growing", fresh, do_grow, NULL, 1, 0, 0 },
	{ "shrinking", fresh, do_shrink, NULL, 1, 0, 0 },
	{ "other_segments", fresh, do_other_segments, NULL, 1, 0, 0 },
	{ "fewer_events", fresh, do_fewer_events, NULL, 1, 0, 0 },
	{ "more_events", while_few_events, do_more_events, NULL, 1, 0, 0 },
	{ "other_everything", fresh, do_other_everything, NULL, 1, 0, 0 },
	{ "start", while_stopped, do_start, NULL, 1, 0, 0 },
	{ "stop", fresh, do_stop, NULL, 1, 0, 0 },
	{ "clear", fresh, do_clear, NULL, 1, 0, 0 },
	{ "status", fresh, do_status, NULL, 0, 0, 0 },
	{ "cpu_status", fresh, do_cpu_status, NULL, 0, 0, 0 },
	{ "wait", fresh, do_wait, NULL, 0, 0, 0 },
	{ "mark", fresh, do_mark, NULL, 0, 0, 0 },
	{ "write", fresh, do_write, NULL, 0, 0, 0 },
	{ "poll", fresh, do_poll, NULL, 0, 0, 0 },
	{ "cpu_down", fresh, do_offline, NULL, 1, 0, 1 },
	{ "cpu_up", while_offline, do_online, NULL, 1, 0, 1 },
	{ "load", while_unloaded, do_load, NULL, 1, 1, 1 },
	{ "unload", fresh, do_unload, NULL, 1, 1, 1 },
};

/* Back to where every operation starts from. */
static void settle(void)
{
	int fd;

	if (access(FLIGHTREC_DEVICE, F_OK) && load())
		err(1, "loading %s", module);
	set_online("1");
	fd = device_open();
	if (configure(fd, MAX_BYTES, SEGMENT_BYTES, 0) || ioctl(fd, FLIGHTREC_START))
		err(1, "SET_CONFIG, START");
	close(fd);
}

static bool is_clear(const struct operation *operation, int error)
{
	return operation->kernels || error == ENOMEM || error == EFAULT;
}

/* Loaded, or not loaded at all. */
static bool is_loaded(void)
{
	return !access("/sys/module/flightrec/initstate", F_OK);
}

/* One operation with its nth fault. True if there was one so far; @why is set if not well. */
static bool run_once(const struct operation *operation, unsigned int n, unsigned int *failures,
		     const char **why)
{
	struct state before, after;
	bool failed;
	int error, fd;

	settle();
	fd = operation->before();
	if (fd < 0)
		err(1, "%s", operation->name);
	if (operation->loads)
		close(fd);
	else
		before = state_now();
	fail_nth(n);
	error = operation->run(fd);
	failed = has_failed();
	fail_nth(0);
	*failures += error != 0;
	if (error && !failed)
		*why = "fails without a fault";
	else if (error && !is_clear(operation, error))
		*why = strerror(error);
	else if (operation->loads && is_loaded() != !access(FLIGHTREC_DEVICE, F_OK))
		*why = "is loaded by half";
	if (*why || operation->loads)
		return failed;
	after = state_now();
	if ((error || !operation->changes) && !operation->kernels)
		*why = what_differs(&before, &after);
	/* A first read that fails may have taken it. */
	if (!*why && error && operation->run != do_read &&
	    before.status.snapshots != after.status.snapshots)
		*why = "a snapshot was left";
	if (!*why && operation->after)
		*why = operation->after(fd);
	close(fd);
	if (!error && operation->changes)
		settle();
	if (!*why && (!error || (operation->before != while_stopped &&
				 operation->before != while_few_events)))
		*why = what_is_broken();
	return failed;
}

static bool run(const struct operation *operation)
{
	unsigned int n = 0, failures = 0;
	const char *why = NULL;
	bool failed = true;

	while (failed && !why && ++n < FAULTS_MAX)
		failed = run_once(operation, n, &failures, &why);
	settle();
	if (!why && n == FAULTS_MAX)
		why = "there is no end of faults";
	if (!why)
		why = what_is_broken();
	if (why)
		printf("# with fault %u: %s\n", n, why);
	else
		printf("# %s: %u faults, %u of them failures of the call\n", operation->name, n - 1,
		       failures);
	printf("%s - faults_in_%s_are_clear_errors_and_change_nothing\n", why ? "not ok" : "ok",
	       operation->name);
	fflush(stdout);
	return !why;
}

static bool is_wanted(const char *name, char **wanted)
{
	if (!*wanted)
		return true;
	for (; *wanted; wanted++)
		if (!strcmp(name, *wanted))
			return true;
	return false;
}

int main(int argc, char **argv)
{
	bool well = true;
	pid_t load;

	if (argc > 2 && !strcmp(argv[1], "-m")) {
		module = argv[2];
		argv += 2;
	}
	prepare();
	fail_fd = open("/proc/thread-self/fail-nth", O_RDWR | O_CLOEXEC);
	if (fail_fd < 0)
		err(1, "fail-nth");
	/* Little enough not to fill the pool in the course of one operation. */
	load = fork();
	while (!load)
		usleep(5000);
	for (size_t i = 0; i < sizeof(operations) / sizeof(*operations); i++)
		if (is_wanted(operations[i].name, argv + 1) && (module || !operations[i].loads))
			well &= run(&operations[i]);
	kill(load, SIGKILL);
	return !well;
}
