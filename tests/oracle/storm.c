// SPDX-License-Identifier: GPL-2.0
/*
 * Load for the scheduler, of the kinds that other programs have little of, until killed.
 *
 *	storm KIND...
 *
 *	rename		threads that rename themselves, and each other
 *	exec		processes that exec, by fork and vfork, and end
 *	priority	threads that work while others change their policy and priority
 *	inherit		threads that lend each other their priority by a mutex
 *	deadline	deadline tasks
 *	cgroup		processes that are moved from cgroup to cgroup
 *	hotplug		CPUs go and come
 *	affinity	threads that are sent from CPU to CPU
 *	signal		processes that stop, continue and kill each other
 *	self		threads that wake themselves: timers that are due at once
 *
 * storm nothing: ends at once; it is what `exec` executes.
 */
#define _GNU_SOURCE
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define THREADS 4
#define CGROUPS "/sys/fs/cgroup"
#define PROGRAM "/proc/self/exe"

static void sleep_us(long us)
{
	struct timespec span = { us / 1000000, us % 1000000 * 1000 };

	nanosleep(&span, NULL);
}

static void start(void *(*run)(void *), void *argument)
{
	pthread_t thread;

	if (pthread_create(&thread, NULL, run, argument))
		errx(1, "no thread");
}

static pid_t gettid_now(void)
{
	return syscall(SYS_gettid);
}

static bool put(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	bool done = fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text);

	if (fd >= 0)
		close(fd);
	return done;
}

/* Of the threads of one kind: filled in by each, read by the others. */
static volatile pid_t tids[THREADS];

static void wait_for_tids(void)
{
	for (int i = 0; i < THREADS; i++)
		while (!tids[i])
			sleep_us(1000);
}

/* Two and two pass a byte to and fro. */
static int pipes[THREADS][2];

static void open_pipes(void)
{
	for (int i = 0; i < THREADS; i++)
		if (pipe2(pipes[i], O_CLOEXEC))
			err(1, "pipe");
	for (int i = 0; i < THREADS; i += 2)
		if (write(pipes[i][1], "", 1) != 1)
			err(1, "write");
}

static bool pass(int index, int times)
{
	char byte;

	for (int i = 0; i < times; i++)
		if (read(pipes[index][0], &byte, 1) != 1 || write(pipes[index ^ 1][1], "", 1) != 1)
			return false;
	return true;
}

static void *passer(void *argument)
{
	int index = (int)(intptr_t)argument;

	tids[index] = gettid_now();
	while (pass(index, 1000))
		;
	return NULL;
}

static void *renamer(void *argument)
{
	int index = (int)(intptr_t)argument;
	char name[32];

	tids[index] = gettid_now();
	wait_for_tids();
	for (unsigned int round = 0; pass(index, 3); round++) {
		/* Names of many lengths, so that one that is left over shows. */
		snprintf(name, sizeof(name), "%.*s-%u", 1 + round % 9, "self-named", round % 1000);
		prctl(PR_SET_NAME, name);
	}
	return NULL;
}

static void rename_others(void)
{
	char path[64], name[32];

	open_pipes();
	for (int i = 0; i < THREADS; i++)
		start(renamer, (void *)(intptr_t)i);
	wait_for_tids();
	for (unsigned int round = 0;; round++) {
		snprintf(path, sizeof(path), "/proc/self/task/%d/comm", tids[round % THREADS]);
		snprintf(name, sizeof(name), "other%.*s%u", round % 7, "-named", round % 1000);
		put(path, name);
		if (round % 8 == 0)
			sleep_us(300);
	}
}

static void *nothing(void *argument)
{
	return argument;
}

static char *const nothing_arguments[] = { "nothing", "nothing", NULL };

static pid_t spawn(void)
{
	pid_t pid = fork();

	if (!pid) {
		execv(PROGRAM, nothing_arguments);
		_exit(1);
	}
	return pid;
}

static pid_t spawn_by_vfork(void)
{
	pid_t pid = vfork();

	if (!pid) {
		execv(PROGRAM, nothing_arguments);
		_exit(1);
	}
	return pid;
}

static void exec_storm(void)
{
	for (unsigned int round = 0;; round++) {
		pid_t pid = round % 2 ? spawn_by_vfork() : spawn();

		if (round % 4 == 0) {
			pthread_t thread;

			if (!pthread_create(&thread, NULL, nothing, NULL))
				pthread_join(thread, NULL);
		}
		waitpid(pid, NULL, 0);
	}
}

/* What sched_setattr(2) takes. */
struct attributes {
	uint32_t size;
	uint32_t policy;
	uint64_t flags;
	int32_t nice;
	uint32_t priority;
	uint64_t runtime;
	uint64_t deadline;
	uint64_t period;
};

static bool set(pid_t tid, struct attributes attributes)
{
	attributes.size = sizeof(attributes);
	return !syscall(SYS_sched_setattr, tid, &attributes, 0);
}

static void priority_storm(void)
{
	open_pipes();
	for (int i = 0; i < THREADS; i++)
		start(passer, (void *)(intptr_t)i);
	wait_for_tids();
	for (unsigned int round = 0;; round++) {
		pid_t tid = tids[rand() % THREADS];

		switch (rand() % 4) {
		case 0:
			set(tid, (struct attributes){ .policy = SCHED_FIFO,
						      .priority = 1 + round % 50 });
			break;
		case 1:
			set(tid,
			    (struct attributes){ .policy = SCHED_RR, .priority = 1 + round % 50 });
			break;
		case 2:
			set(tid, (struct attributes){ .policy = SCHED_BATCH, .nice = round % 20 });
			break;
		default:
			set(tid, (struct attributes){ .nice = (int)(round % 40) - 20 });
			break;
		}
		sleep_us(200);
	}
}

static pthread_mutex_t shared_mutex;

static void *lender(void *argument)
{
	int index = (int)(intptr_t)argument;

	set(0, (struct attributes){ .policy = SCHED_FIFO, .priority = 10 + index });
	while (!pthread_mutex_lock(&shared_mutex)) {
		sleep_us(100);
		pthread_mutex_unlock(&shared_mutex);
		sleep_us(100 * index);
	}
	return NULL;
}

static void inherit_storm(void)
{
	pthread_mutexattr_t attributes;

	pthread_mutexattr_init(&attributes);
	pthread_mutexattr_setprotocol(&attributes, PTHREAD_PRIO_INHERIT);
	pthread_mutex_init(&shared_mutex, &attributes);
	for (int i = 0; i < THREADS; i++)
		start(lender, (void *)(intptr_t)i);
	for (;;)
		pause();
}

static void deadline_storm(void)
{
	/* As many as are admitted. */
	for (int i = 0; i < THREADS; i++) {
		if (fork())
			continue;
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		if (!set(0, (struct attributes){ .policy = SCHED_DEADLINE,
						 .runtime = 1000000,
						 .deadline = 10000000,
						 .period = 20000000 + i * 1000000 }))
			_exit(1);
		for (volatile unsigned int work = 0;; work++)
			if (work % 20000 == 0)
				sched_yield();
	}
	for (;;)
		pause();
}

static void cgroup_storm(void)
{
	char path[3][64], text[32];
	pid_t pids[2] = { 0 };

	put(CGROUPS "/cgroup.subtree_control", "+cpu +cpuset");
	for (int i = 0; i < 3; i++) {
		snprintf(path[i], sizeof(path[i]), CGROUPS "/storm%d", i);
		mkdir(path[i], 0755);
		strcat(path[i], "/cgroup.procs");
	}
	open_pipes();
	for (int i = 0; i < 2; i++) {
		pids[i] = fork();
		if (!pids[i]) {
			prctl(PR_SET_PDEATHSIG, SIGKILL);
			while (pass(i, 1000))
				;
			_exit(1);
		}
	}
	for (unsigned int round = 0;; round++) {
		snprintf(text, sizeof(text), "%d", pids[round % 2]);
		put(path[rand() % 3], text);
		sleep_us(2000);
	}
}

static void hotplug_storm(void)
{
	long cpus = sysconf(_SC_NPROCESSORS_CONF);
	char path[64];

	if (cpus < 2)
		return;
	for (unsigned int round = 0;; round++) {
		snprintf(path, sizeof(path), "/sys/devices/system/cpu/cpu%ld/online",
			 1 + rand() % (cpus - 1));
		put(path, "0");
		sleep_us(100000 + rand() % 100000);
		put(path, "1");
		sleep_us(200000);
	}
}

static void affinity_storm(void)
{
	long cpus = sysconf(_SC_NPROCESSORS_CONF);

	open_pipes();
	for (int i = 0; i < THREADS; i++)
		start(passer, (void *)(intptr_t)i);
	wait_for_tids();
	for (;;) {
		cpu_set_t cpu;

		CPU_ZERO(&cpu);
		CPU_SET(rand() % cpus, &cpu);
		sched_setaffinity(tids[rand() % THREADS], sizeof(cpu), &cpu);
		sleep_us(300);
	}
}

static void signal_storm(void)
{
	for (;;) {
		pid_t pid = fork();

		if (!pid) {
			prctl(PR_SET_PDEATHSIG, SIGKILL);
			for (;;)
				sched_yield();
		}
		for (int i = 0; i < 20; i++) {
			kill(pid, SIGSTOP);
			sleep_us(200);
			kill(pid, SIGCONT);
			sleep_us(200);
		}
		kill(pid, SIGKILL);
		waitpid(pid, NULL, 0);
	}
}

static void self_storm(void)
{
	struct timespec none = { 0, 1 };

	prctl(PR_SET_TIMERSLACK, 1);
	for (unsigned int round = 0;; round++) {
		if (round % 2)
			ppoll(NULL, 0, &none, NULL);
		else
			nanosleep(&none, NULL);
	}
}

static const struct kind {
	const char *name;
	void (*run)(void);
} kinds[] = {
	{ "rename", rename_others },	{ "exec", exec_storm },
	{ "priority", priority_storm }, { "inherit", inherit_storm },
	{ "deadline", deadline_storm }, { "cgroup", cgroup_storm },
	{ "hotplug", hotplug_storm },	{ "affinity", affinity_storm },
	{ "signal", signal_storm },	{ "self", self_storm },
};

static void run(const char *name)
{
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		if (strcmp(name, kinds[i].name))
			continue;
		if (!fork()) {
			prctl(PR_SET_PDEATHSIG, SIGKILL);
			srand(i);
			kinds[i].run();
			_exit(0);
		}
		return;
	}
	errx(2, "no such kind of load: %s", name);
}

int main(int argc, char **argv)
{
	if (argc == 2 && !strcmp(argv[1], "nothing"))
		return 0;
	for (int i = 1; i < argc; i++)
		run(argv[i]);
	for (;;)
		pause();
}
