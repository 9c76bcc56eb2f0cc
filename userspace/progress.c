// SPDX-License-Identifier: GPL-2.0
/* How far long work is. */
#include <signal.h>
#include <string.h>
#include <sys/time.h>
#include <unistd.h>

#include "progress.h"

/* What the signal's handler looks at. */
static struct {
	const struct flightrec_trace *trace; /* NULL: it's about bytes */
	const char *doing;
	uint64_t start;
	volatile uint64_t end;
	volatile uint64_t at;
	unsigned int passes;
	volatile unsigned int pass;
	volatile sig_atomic_t told;
} progress;

static unsigned int percent(void)
{
	uint64_t at = progress.trace ? flightrec_trace_time_ns(progress.trace) : progress.at;
	double part = 0;

	if (at > progress.start && progress.end > progress.start)
		part = (double)(at - progress.start) / (double)(progress.end - progress.start);
	if (part > 1)
		part = 1;
	return (unsigned int)(100 * (progress.pass + part) / progress.passes);
}

static void say(const char *text)
{
	ssize_t ignored = write(STDERR_FILENO, text, strlen(text));

	(void)ignored;
}

/* In a signal's handler: no printf(). */
static void tell(int signal)
{
	unsigned int number = percent();
	char text[64] = "\rflightrec: ";
	char digits[] = "    %";

	(void)signal;
	for (char *at = digits + 3; at == digits + 3 || (number && at > digits); at--) {
		*at = (char)('0' + number % 10);
		number /= 10;
	}
	strcat(text, progress.doing);
	strcat(text, digits);
	say(text);
	progress.told = 1;
}

static void begin(void)
{
	const struct itimerval every = { { 0, 250000 }, { 1, 0 } };
	struct sigaction action = { .sa_handler = tell, .sa_flags = SA_RESTART };

	progress.told = 0;
	progress.pass = 0;
	if (!isatty(STDERR_FILENO))
		return;
	sigaction(SIGALRM, &action, NULL);
	setitimer(ITIMER_REAL, &every, NULL);
}

void progress_reading(const struct flightrec_trace *trace, unsigned int passes)
{
	const struct flightrec_trace_info *info = flightrec_trace_get_info(trace);

	progress.trace = trace;
	progress.doing = "reading";
	progress.start = info->first_ns;
	progress.end = info->window_end_ns;
	progress.passes = passes;
	begin();
}

void progress_next_pass(void)
{
	if (progress.pass + 1 < progress.passes)
		progress.pass++;
}

void progress_writing(void)
{
	progress.trace = NULL;
	progress.doing = "writing";
	progress.start = 0;
	progress.at = 0;
	progress.end = 0;
	progress.passes = 1;
	begin();
}

int progress_written(void *context, uint64_t done, uint64_t all)
{
	(void)context;
	progress.end = all;
	progress.at = done;
	return 0;
}

void progress_end(void)
{
	const struct itimerval never = { { 0, 0 }, { 0, 0 } };

	setitimer(ITIMER_REAL, &never, NULL);
	if (progress.told)
		say("\r\033[K");
	progress.told = 0;
}
