// SPDX-License-Identifier: GPL-2.0
/*
 * Compares what ftrace and flightrec recorded of the same time, event for event.
 *
 *	compare FOLDER SNAPSHOT...
 *
 * FOLDER is what `record` left. The snapshot that is called `whole` must have all of it;
 * any other must be a slice of it that has no hole but those that it tells of, and has
 * all of the window that it claims.
 *
 * Both are probes of the same tracepoints. flightrec's runs first, as it was attached
 * first. So each event has flightrec's time, then ftrace's, and then the next event on that
 * CPU has flightrec's: each time must be between its two neighbours, and that is all
 * that two clocks which are read one after the other can be asked for. No slack is added.
 * How close the closest neighbours were says what error of a clock would have shown.
 *
 * The same order of both is what is asked for, with these exceptions and no other:
 *
 * - An event that comes with interrupts on. If there is one between the two probes, what it
 *   records comes before the event for ftrace, and behind it for flightrec. Until the
 *   CPU switches, which it can't between the two, all other events must come from
 *   interrupts then.
 * - A thread that exits is a zombie for flightrec and, reaped by another CPU meanwhile,
 *   dead for ftrace.
 * - Names that are being changed (rename.h).
 * - Before 5.18, each probe of a switch reads the state itself. Of a thread that another
 *   CPU wakes at that moment, ftrace's reads that it runs.
 *
 * At the ends of a snapshot: an event which flightrec's clock puts before a limit
 * and ftrace's behind it may be on either side. There is one such event on a CPU,
 * and with it what came in interrupts between its two probes.
 */
#include <err.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "flightrec.h"
#include "ftrace.h"
#include "rename.h"

#define SHOWN	20
#define BUCKETS 256 /* four for each power of two */

/**
 * struct cpu - what is known of a CPU's stream
 * @begun: the first event of both has been found
 * @ended: flightrec's is behind ftrace's last
 * @at_edge: one of flightrec's has no ftrace's, which was being switched off
 * @owed: ftrace's first may have one that is older for flightrec, see @moved
 * @moved: an event of flightrec's that ftrace's is still to come of
 * @moved_after: @last, when that was found
 * @is_moved: there is one
 * @gap: events that flightrec says are missing here
 * @in_gap: there is a gap here
 * @in_hole: and it doesn't say of all how much it is
 * @lost: events that flightrec says it lost
 * @last: time of ftrace's last event that was found in both
 */
struct cpu {
	bool begun;
	bool ended;
	bool at_edge;
	bool owed;
	struct event moved;
	char moved_text[FLIGHTREC_EXEC_NAME_MAX + 1];
	uint64_t moved_after;
	bool is_moved;
	uint64_t gap;
	bool in_gap;
	bool in_hole;
	uint64_t lost;
	uint64_t last;
};

/**
 * struct comparison - one snapshot beside ftrace
 * @ftrace: what ftrace recorded
 * @cpu: each CPU's state
 * @renames: names that are being changed
 * @begin: from this time on ftrace recorded
 * @end: until this time
 * @in_ns: times are nanoseconds
 * @reads_states: the kernel's probes read states themselves
 * @window_start: from here on the snapshot claims to have everything
 * @cut: up to here
 * @same: events found in both, by type
 * @moved: of these, by an interrupt
 * @reaped: differences of states that are explained so
 * @woken: and so
 * @told: events missing that flightrec told of
 * @different: all differences
 * @distance: from flightrec's time to ftrace's, in quarters of powers of two
 * @distance_min: the shortest
 * @distance_max: the longest
 * @before_min: the shortest from ftrace's time to flightrec's of the next event
 */
struct comparison {
	struct ftrace *ftrace;
	struct cpu *cpu;
	struct renames renames;
	uint64_t begin;
	uint64_t end;
	bool in_ns;
	bool reads_states;
	uint64_t window_start;
	uint64_t cut;
	uint64_t same[FLIGHTREC_EVENTS];
	uint64_t moved;
	uint64_t reaped;
	uint64_t woken;
	uint64_t told;
	uint64_t different;
	uint64_t distance[BUCKETS];
	uint64_t distance_min;
	uint64_t distance_max;
	uint64_t before_min;
};

static void differ(struct comparison *comparison, const char *how, const struct event *ours,
		   const struct event *kernels)
{
	if (comparison->different++ >= SHOWN)
		return;
	printf("  %s\n", how);
	if (ours)
		event_print("flightrec", ours);
	if (kernels)
		event_print("ftrace", kernels);
	if (ours && kernels)
		event_print_differences(event_differences(ours, kernels));
}

static unsigned int bucket_of(uint64_t distance)
{
	unsigned int power;

	if (distance < 4)
		return distance;
	power = 63 - __builtin_clzll(distance);
	return 4 * (power - 1) + (distance >> (power - 2) & 3);
}

static uint64_t bucket_end(unsigned int bucket)
{
	unsigned int power = bucket / 4 + 1;

	return bucket < 4 ? bucket : ((uint64_t)(bucket % 4 + 5) << (power - 2)) - 1;
}

/* The distance that so much of all does not exceed. */
static uint64_t quantile(const struct comparison *comparison, double part)
{
	uint64_t all = 0, sum = 0;
	unsigned int i;

	for (i = 0; i < BUCKETS; i++)
		all += comparison->distance[i];
	for (i = 0; i < BUCKETS && sum < part * all; i++)
		sum += comparison->distance[i];
	return i ? bucket_end(i - 1) : 0;
}

static void keep_least(uint64_t *least, uint64_t value)
{
	if (value < *least)
		*least = value;
}

/* Both tell of the same event, @after another: the times, and on to ftrace's next. */
static void agree(struct comparison *comparison, const struct event *ours, uint64_t after)
{
	struct cpu *cpu = &comparison->cpu[ours->cpu];
	const struct event *kernels = &comparison->ftrace->cpu[ours->cpu].next;
	uint64_t distance = kernels->time - ours->time;

	if (ours->time > kernels->time) {
		differ(comparison, "ftrace has it earlier than flightrec", ours, kernels);
	} else if (ours->time < after) {
		differ(comparison, "flightrec has it before ftrace's event before it", ours,
		       kernels);
	} else {
		comparison->distance[bucket_of(distance)]++;
		keep_least(&comparison->distance_min, distance);
		keep_least(&comparison->before_min, ours->time - after);
		if (distance > comparison->distance_max)
			comparison->distance_max = distance;
	}
	if (ours->type == FLIGHTREC_EVENT_RENAME)
		renames_seen(&comparison->renames, kernels);
	comparison->same[ours->type]++;
	cpu->last = kernels->time;
	ftrace_step(comparison->ftrace, ours->cpu);
}

/* The figure of those whose state another CPU may have changed in the same way; or NULL. */
static uint64_t *state_changed(struct comparison *comparison, const struct event *ours,
			       const struct event *kernels)
{
	if (ours->type != FLIGHTREC_EVENT_SWITCH || kernels->type != ours->type)
		return NULL;
	if (ours->state == FLIGHTREC_STATE_ZOMBIE && kernels->state == FLIGHTREC_STATE_DEAD)
		return &comparison->reaped;
	if (comparison->reads_states && kernels->state == FLIGHTREC_STATE_RUNNING &&
	    (ours->state == FLIGHTREC_STATE_SLEEPING ||
	     ours->state == FLIGHTREC_STATE_UNINTERRUPTIBLE || ours->state == FLIGHTREC_STATE_IDLE))
		return &comparison->woken;
	return NULL;
}

/* Whether two tellings that aren't the same may be, and which of them it is. */
static bool excused(struct comparison *comparison, const struct event *ours,
		    const struct event *kernels)
{
	uint64_t *why = state_changed(comparison, ours, kernels);
	struct event changed = *ours;

	if (ours->time > kernels->time)
		return false;
	if (!why)
		return renames_explain(&comparison->renames, ours, kernels);
	changed.state = kernels->state;
	if (event_differences(&changed, kernels) &&
	    !renames_explain(&comparison->renames, &changed, kernels))
		return false;
	++*why;
	return true;
}

static bool matches(struct comparison *comparison, const struct event *ours)
{
	const struct ftrace_cpu *kernels = &comparison->ftrace->cpu[ours->cpu];

	if (!kernels->there)
		return false;
	return !event_differences(ours, &kernels->next) ||
	       excused(comparison, ours, &kernels->next);
}

/* Those whose probes are called with interrupts on. */
static bool is_interruptible(const struct event *event)
{
	switch (event->type) {
	case FLIGHTREC_EVENT_WAKING:
		return event->thread.tid == event->running;
	case FLIGHTREC_EVENT_FORK:
	case FLIGHTREC_EVENT_EXEC:
	case FLIGHTREC_EVENT_EXIT:
	case FLIGHTREC_EVENT_RENAME:
		return true;
	default:
		return false;
	}
}

/*
 * The first event in both. What flightrec lacks before must be older than its window, or
 * be in a gap. One event may be on either side of the window's start.
 */
static void begin(struct comparison *comparison, const struct event *ours)
{
	struct cpu *cpu = &comparison->cpu[ours->cpu];
	struct ftrace_cpu *kernels = &comparison->ftrace->cpu[ours->cpu];
	uint64_t missing = 0;

	ftrace_seek(comparison->ftrace, ours->cpu,
		    comparison->window_start < comparison->begin ? comparison->begin
								 : comparison->window_start);
	while (kernels->there && kernels->next.time < ours->time) {
		missing++;
		ftrace_step(comparison->ftrace, ours->cpu);
	}
	/* All that is older than the window is in the snapshot, too. */
	if (!missing)
		ftrace_seek(comparison->ftrace, ours->cpu, ours->time);
	cpu->begun = true;
	cpu->owed = true;
	cpu->last = kernels->before[0];
	if (missing > cpu->gap + 1) {
		printf("  CPU %" PRIu32 ": %" PRIu64
		       " events of the window are missing, and %" PRIu64 " in gaps\n",
		       ours->cpu, missing, cpu->gap);
		differ(comparison, "and then there is", ours, NULL);
	}
	if (missing && cpu->gap)
		comparison->told += missing;
	cpu->in_gap = cpu->in_hole = false;
	cpu->gap = 0;
}

/*
 * Over what flightrec says is missing, which must be as much as it says. What it can't
 * say of, because it was recycled while the snapshot was taken, must be older than the
 * window, but for one event that may be on either side.
 */
static void skip_gap(struct comparison *comparison, const struct event *ours)
{
	struct cpu *cpu = &comparison->cpu[ours->cpu];
	struct ftrace_cpu *kernels = &comparison->ftrace->cpu[ours->cpu];
	uint64_t missing = 0, of_window = 0;
	bool wrong;

	while (kernels->there && kernels->next.time < ours->time) {
		missing++;
		if (kernels->next.time >= comparison->window_start)
			of_window++;
		cpu->last = kernels->next.time;
		ftrace_step(comparison->ftrace, ours->cpu);
	}
	wrong = cpu->in_hole ? of_window > cpu->gap + 1 : missing != cpu->gap;
	if (wrong) {
		printf("  CPU %" PRIu32 ": %" PRIu64 " events are missing, %" PRIu64
		       " of the window, and %" PRIu64 " in gaps\n",
		       ours->cpu, missing, of_window, cpu->gap);
		differ(comparison, "and then there is", ours, NULL);
	}
	comparison->told += missing;
	cpu->in_gap = cpu->in_hole = false;
	cpu->gap = 0;
}

static void drop_moved(struct comparison *comparison, struct cpu *cpu)
{
	if (cpu->is_moved && cpu->moved.time <= comparison->end)
		differ(comparison, "only flightrec has this", &cpu->moved, NULL);
	cpu->is_moved = false;
}

/* ftrace's event of the one that was moved; true if it's that. */
static bool take_moved(struct comparison *comparison, struct cpu *cpu)
{
	if (!cpu->is_moved || !matches(comparison, &cpu->moved))
		return false;
	agree(comparison, &cpu->moved, cpu->moved_after);
	cpu->is_moved = false;
	comparison->moved++;
	return true;
}

static void only_ftrace(struct comparison *comparison, uint32_t number)
{
	struct cpu *cpu = &comparison->cpu[number];
	struct ftrace_cpu *kernels = &comparison->ftrace->cpu[number];

	if (cpu->owed && is_interruptible(&kernels->next) &&
	    kernels->next.context == FLIGHTREC_CONTEXT_THREAD) {
		cpu->owed = false;
	} else if (cpu->lost) {
		cpu->lost--;
		comparison->told++;
	} else {
		differ(comparison, "only ftrace has this", NULL, &kernels->next);
	}
	cpu->last = kernels->next.time;
	ftrace_step(comparison->ftrace, number);
}

static bool move(struct cpu *cpu, const struct event *ours)
{
	if (!is_interruptible(ours) || cpu->is_moved)
		return false;
	cpu->moved = *ours;
	if (ours->text) {
		snprintf(cpu->moved_text, sizeof(cpu->moved_text), "%s", ours->text);
		cpu->moved.text = cpu->moved_text;
	}
	cpu->moved_after = cpu->last;
	cpu->is_moved = true;
	return true;
}

/* An event of flightrec's: where is ftrace's? */
static void compare_event(struct comparison *comparison, const struct event *ours)
{
	struct cpu *cpu = &comparison->cpu[ours->cpu];
	struct ftrace_cpu *kernels = &comparison->ftrace->cpu[ours->cpu];

	if (ours->time < comparison->begin || cpu->ended)
		return;
	if (!cpu->begun)
		begin(comparison, ours);
	else if (cpu->in_gap)
		skip_gap(comparison, ours);
	if (cpu->is_moved && ours->type == FLIGHTREC_EVENT_SWITCH && !take_moved(comparison, cpu))
		drop_moved(comparison, cpu);
	for (;;) {
		if (matches(comparison, ours)) {
			if (cpu->is_moved && kernels->next.context == FLIGHTREC_CONTEXT_THREAD)
				drop_moved(comparison, cpu);
			agree(comparison, ours, cpu->last);
			if (ours->type == FLIGHTREC_EVENT_SWITCH)
				cpu->owed = false;
			return;
		}
		if (take_moved(comparison, cpu))
			continue;
		if (!kernels->there && (ours->time > comparison->end || !cpu->at_edge)) {
			cpu->ended = ours->time > comparison->end;
			cpu->at_edge = true;
			return;
		}
		if (move(cpu, ours))
			return;
		if (!kernels->there || kernels->next.time >= ours->time)
			break;
		only_ftrace(comparison, ours->cpu);
	}
	if (kernels->there && kernels->next.type == ours->type &&
	    kernels->next.thread.tid == ours->thread.tid) {
		differ(comparison, "they differ", ours, &kernels->next);
		cpu->last = kernels->next.time;
		ftrace_step(comparison->ftrace, ours->cpu);
	} else {
		differ(comparison, "only flightrec has this", ours,
		       kernels->there ? &kernels->next : NULL);
	}
}

/* What flightrec tells of its stream. */
static void follow_stream(struct comparison *comparison, const struct flightrec_event *event)
{
	struct cpu *cpu = &comparison->cpu[event->cpu];

	if (event->type == FLIGHTREC_STREAM_GAP) {
		cpu->in_gap = true;
		if (event->gap.events == FLIGHTREC_EVENTS_UNKNOWN)
			cpu->in_hole = true;
		else
			cpu->gap += event->gap.events;
	} else if (event->type == FLIGHTREC_STREAM_LOST) {
		cpu->lost += event->lost.events;
	}
}

/* Names that are as they are for no reason that came up until the CPU's next event. */
static void report_overdue(struct comparison *comparison, uint32_t cpu, uint64_t time)
{
	struct event ours, kernels;

	while (renames_overdue(&comparison->renames, cpu, time, &ours, &kernels))
		differ(comparison, "a name differs", &ours, &kernels);
}

/* Nothing of a CPU is in the snapshot: then it is all older, or younger, or in gaps. */
static void end_of_nothing(struct comparison *comparison, uint32_t number, uint64_t limit)
{
	struct ftrace_cpu *kernels = &comparison->ftrace->cpu[number];
	uint64_t missing = 0;

	ftrace_seek(comparison->ftrace, number, comparison->window_start);
	while (kernels->there && kernels->next.time <= limit) {
		missing++;
		ftrace_step(comparison->ftrace, number);
	}
	if (missing <= comparison->cpu[number].gap + 1)
		return;
	printf("  CPU %" PRIu32 ": %" PRIu64 " events are missing, and %" PRIu64 " in gaps\n",
	       number, missing, comparison->cpu[number].gap);
	differ(comparison, "and there is nothing else", NULL, NULL);
}

/* Behind flightrec's last event on a CPU. */
static void end(struct comparison *comparison, uint32_t number)
{
	struct cpu *cpu = &comparison->cpu[number];
	struct ftrace_cpu *kernels = &comparison->ftrace->cpu[number];
	uint64_t limit = comparison->cut < comparison->end ? comparison->cut : comparison->end;

	/* What the interrupts recorded that moved it may all be younger than the cut. */
	while (cpu->is_moved && !take_moved(comparison, cpu) && kernels->there &&
	       kernels->next.time > limit && kernels->next.context != FLIGHTREC_CONTEXT_THREAD)
		ftrace_step(comparison->ftrace, number);
	/* Or ftrace was being switched off. */
	if (!kernels->there && limit == comparison->end && !cpu->at_edge)
		cpu->is_moved = false;
	drop_moved(comparison, cpu);
	report_overdue(comparison, number, kernels->there ? kernels->next.time : UINT64_MAX);
	if (!cpu->begun) {
		end_of_nothing(comparison, number, limit);
		return;
	}
	while (kernels->there && kernels->next.time <= limit) {
		if (!cpu->gap) {
			only_ftrace(comparison, number);
			continue;
		}
		cpu->gap--;
		comparison->told++;
		ftrace_step(comparison->ftrace, number);
	}
}

static void read_header(struct comparison *comparison, const char *path)
{
	struct flightrec_header header;
	FILE *file = fopen(path, "r");

	if (!file || fread(&header, sizeof(header), 1, file) != 1)
		err(2, "%s", path);
	fclose(file);
	comparison->window_start = header.window_start_clock;
	comparison->cut = header.cut_clock;
}

static void run(struct comparison *comparison, const char *path)
{
	const struct flightrec_event *event;
	struct flightrec_trace *trace;
	struct event ours;
	int error;

	error = flightrec_trace_open(&trace, path);
	if (error)
		errx(2, "%s: %s", path, strerror(-error));
	if (flightrec_trace_get_info(trace)->flags &
	    (FLIGHTREC_TRACE_DAMAGED | FLIGHTREC_TRACE_CUT_SHORT))
		differ(comparison, "the snapshot is damaged", NULL, NULL);
	while (!(error = flightrec_trace_next(trace, &event)) && event) {
		if (!flightrec_to_event(&ours, event, comparison->in_ns)) {
			follow_stream(comparison, event);
			continue;
		}
		renames_follow(&comparison->renames, &ours);
		if (comparison->renames.count)
			report_overdue(comparison, ours.cpu, ours.time);
		compare_event(comparison, &ours);
	}
	if (error)
		errx(2, "%s: %s", path, strerror(-error));
	for (uint32_t i = 0; i < comparison->ftrace->cpus; i++)
		end(comparison, i);
	flightrec_trace_close(trace);
}

/* Back to the start, for another snapshot. */
static void restart(struct comparison *comparison)
{
	uint32_t cpus = comparison->ftrace->cpus;

	memset(comparison->cpu, 0, cpus * sizeof(*comparison->cpu));
	memset(comparison->same, 0, sizeof(comparison->same));
	memset(comparison->distance, 0, sizeof(comparison->distance));
	comparison->moved = comparison->reaped = comparison->woken = comparison->told = 0;
	comparison->different = comparison->distance_max = 0;
	comparison->distance_min = comparison->before_min = UINT64_MAX;
	renames_start(&comparison->renames, comparison->ftrace);
}

static uint64_t total(const struct comparison *comparison)
{
	uint64_t sum = 0;

	for (int i = 0; i < FLIGHTREC_EVENTS; i++)
		sum += comparison->same[i];
	return sum;
}

static void report(const struct comparison *comparison, const char *name)
{
	printf("%s: same %" PRIu64 " different %" PRIu64 " told %" PRIu64 " moved %" PRIu64
	       " renamed %" PRIu64 " stale %" PRIu64 " reaped %" PRIu64 " woken %" PRIu64 "\n",
	       name, total(comparison), comparison->different, comparison->told, comparison->moved,
	       comparison->renames.explained, comparison->renames.stale, comparison->reaped,
	       comparison->woken);
	printf("%s: clock from %" PRIu64 " median %" PRIu64 " most %" PRIu64 " to %" PRIu64
	       " before %" PRIu64 "\n",
	       name, comparison->distance_min, quantile(comparison, 0.5),
	       quantile(comparison, 0.99), comparison->distance_max, comparison->before_min);
	printf("%s: types", name);
	for (int i = 0; i < FLIGHTREC_EVENTS; i++)
		if (event_names[i])
			printf(" %s %" PRIu64, event_names[i], comparison->same[i]);
	putchar('\n');
}

static void compare(struct comparison *comparison, const char *path)
{
	const char *slash = strrchr(path, '/');
	const char *name = slash ? slash + 1 : path;

	restart(comparison);
	read_header(comparison, path);
	run(comparison, path);
	if (!strcmp(name, "whole")) {
		if (comparison->renames.stale)
			differ(comparison, "names are stale", NULL, NULL);
		if (comparison->window_start > comparison->begin ||
		    comparison->cut < comparison->end)
			differ(comparison, "the window is not all of the time", NULL, NULL);
		if (comparison->told)
			differ(comparison, "some events were lost", NULL, NULL);
	}
	report(comparison, name);
	renames_end(&comparison->renames);
}

/* `round`: what `record` says of the time that it recorded. */
static uint32_t read_round(struct comparison *comparison, const char *folder)
{
	char path[512], clock[16];
	unsigned int major, minor;
	uint32_t cpus;
	FILE *file;

	snprintf(path, sizeof(path), "%s/round", folder);
	file = fopen(path, "r");
	if (!file || fscanf(file, "%15s %" SCNu32 " %" SCNu64 " %" SCNu64 " %u.%u", clock, &cpus,
			    &comparison->begin, &comparison->end, &major, &minor) != 6)
		errx(2, "%s: can't be read", path);
	fclose(file);
	comparison->reads_states = major < 5 || (major == 5 && minor < 18);
	comparison->in_ns = strcmp(clock, "x86-tsc") != 0;
	return cpus;
}

int main(int argc, char **argv)
{
	struct comparison comparison = { 0 };
	uint32_t cpus;

	if (argc < 3)
		errx(2, "usage: compare FOLDER SNAPSHOT...");
	cpus = read_round(&comparison, argv[1]);
	comparison.ftrace = ftrace_open(argv[1], cpus);
	comparison.cpu = calloc(cpus, sizeof(*comparison.cpu));
	if (!comparison.cpu)
		err(2, "memory");
	for (int i = 2; i < argc; i++)
		compare(&comparison, argv[i]);
	return 0;
}
