// SPDX-License-Identifier: GPL-2.0
/*
 * The third pass: what the threads of the findings did in the time in question,
 * and who had the CPU that one of them was waiting for.
 */
#include <errno.h>
#include <stdlib.h>

#include "analysis.h"
#include "schedule.h"

/* One thread to look at, and where to note what is seen. */
struct watch {
	struct thread *thread;
	uint64_t from;
	uint64_t to;
	bool one_queue; /* only the time in the run queue that began at from */
	struct activity *did; /* may be NULL */
	uint64_t *queued_ns; /* may be NULL */
	struct holders *holders; /* may be NULL */
};

/*
 * A few dozen watches, of which hardly any looks at the present moment: they are
 * sorted by their beginning, and only those that have begun and aren't over yet are
 * asked about a stretch of time.
 */
struct detail {
	struct schedule schedule;
	struct watch *watches;
	unsigned int count;
	unsigned int begun; /* of watches */
	struct watch **open; /* those of begun that aren't over */
	unsigned int open_count;
	struct findings *findings;
	struct marks marks;
};

static void hold(struct holders *holders, struct thread *thread, uint64_t ns)
{
	struct holder *least = NULL;
	unsigned int i;

	holders->total_ns += ns;
	for (i = 0; i < holders->count; i++) {
		if (holders->list[i].thread == thread) {
			holders->list[i].ns += ns;
			return;
		}
		if (!least || holders->list[i].ns < least->ns)
			least = &holders->list[i];
	}
	if (holders->count < FINDING_HOLDERS)
		least = &holders->list[holders->count++];
	else if (least->ns >= ns)
		return;
	*least = (struct holder){ thread, ns };
}

static bool is_queued(const struct watch *watch)
{
	return watch->thread->doing == DOING_QUEUE &&
	       (!watch->one_queue || watch->thread->queued_since == watch->from);
}

static void note_holder(const struct watch *watch, struct thread *thread, uint64_t to)
{
	uint64_t since = thread->since;
	uint64_t ns;

	if (watch->thread->since > since)
		since = watch->thread->since;
	ns = overlap_ns(watch->from, watch->to, since, to);
	if (ns)
		hold(watch->holders, thread, ns);
}

/* A vote by time: a call with more than half of it is left in the end. */
static void note_call(struct activity *did, uint16_t nr, uint64_t ns)
{
	if (did->nr == nr) {
		did->nr_ns += ns;
	} else if (did->nr_ns >= ns) {
		did->nr_ns -= ns;
	} else {
		did->nr_ns = ns - did->nr_ns;
		did->nr = nr;
	}
}

static void note_activity(const struct watch *watch, uint64_t to)
{
	const struct thread *thread = watch->thread;
	uint64_t ns = overlap_ns(watch->from, watch->to, thread->since, to);

	if (watch->queued_ns && is_queued(watch))
		*watch->queued_ns += ns;
	if (!watch->did || !ns)
		return;
	if (thread->doing == DOING_RUN) {
		watch->did->ran_ns += ns;
	} else if (thread->doing == DOING_QUEUE) {
		watch->did->queued_ns += ns;
	} else {
		watch->did->waited_ns += ns;
		watch->did->waits++;
		note_call(watch->did, thread->wait.nr, ns);
	}
}

/* It leaves the queue of a CPU on which another one runs on, or is about to. */
static void note_running(const struct detail *detail, const struct watch *watch, uint64_t to)
{
	struct thread *running = schedule_running(&detail->schedule, watch->thread->cpu);

	if (running && running->doing == DOING_RUN && running != watch->thread)
		note_holder(watch, running, to);
}

static void note(const struct detail *detail, const struct watch *watch, struct thread *thread,
		 uint64_t to)
{
	if (watch->thread == thread) {
		note_activity(watch, to);
		if (watch->holders && is_queued(watch))
			note_running(detail, watch, to);
	} else if (watch->holders && thread->doing == DOING_RUN && is_queued(watch) &&
		   watch->thread->cpu == thread->cpu) {
		note_holder(watch, thread, to);
	}
}

/* Whether @thread's later stretches, and others' beside them, are none of its business. */
static bool is_over(const struct watch *watch, const struct thread *thread, uint64_t to)
{
	if (watch->thread != thread)
		return false;
	if (watch->one_queue)
		return thread->doing == DOING_RUN && thread->since >= watch->from;
	return to >= watch->to;
}

static void open_watches(struct detail *detail, uint64_t now)
{
	while (detail->begun < detail->count && detail->watches[detail->begun].from < now)
		detail->open[detail->open_count++] = &detail->watches[detail->begun++];
}

static void detail_spent(void *context, struct thread *thread, uint64_t to)
{
	struct detail *detail = context;
	unsigned int i = 0;

	open_watches(detail, to);
	while (i < detail->open_count) {
		const struct watch *watch = detail->open[i];

		note(detail, watch, thread, to);
		if (is_over(watch, thread, to))
			detail->open[i] = detail->open[--detail->open_count];
		else
			i++;
	}
}

/* Where in its program a finding began that began before @now. */
static void place_findings(struct detail *detail, uint64_t now)
{
	unsigned int i;

	for (i = 0; i < detail->findings->count; i++) {
		struct finding *finding = &detail->findings->list[i];
		const struct thread *thread = finding->what.wait.thread;
		const struct mark *mark;
		const struct region *region;

		if (finding->placed || finding->what.wait.start >= now)
			continue;
		finding->placed = true;
		mark = marks_nearest(&detail->marks, thread);
		if (mark)
			finding->mark = *mark;
		region = marks_open(&detail->marks, thread);
		if (region)
			finding->within = *region;
	}
}

static void detail_marked(void *context, const struct flightrec_event *event, struct thread *thread)
{
	struct detail *detail = context;
	const struct region *ended;
	unsigned int i;

	place_findings(detail, event->time_ns);
	ended = marks_add(&detail->marks, event, thread);
	for (i = 0; ended && i < detail->findings->count; i++) {
		struct region *within = &detail->findings->list[i].within;

		if (within->begin.by == ended->begin.by && within->begin.time == ended->begin.time)
			within->end = ended->end;
	}
}

static void watch_queue(struct detail *detail, struct finding *finding, uint64_t from)
{
	detail->watches[detail->count++] = (struct watch){
		.thread = finding->what.wait.thread,
		.from = from,
		.to = UINT64_MAX,
		.one_queue = true,
		.queued_ns = &finding->queued_ns,
		.holders = &finding->holders,
	};
}

static void watch_finding(struct detail *detail, struct finding *finding)
{
	struct chain *chain = &finding->what.chain;
	unsigned int i;

	watch_queue(detail, finding,
		    finding->what.queue ? finding->what.wait.start : finding->what.wait.end);
	for (i = 0; i < chain->count; i++) {
		struct link *link = &chain->links[i];

		detail->watches[detail->count++] = (struct watch){
			.thread = link->thread,
			.from = link->from,
			.to = link->to,
			.did = &link->did,
			.holders = link->waits ? NULL : &finding->last_holders,
		};
	}
}

static int by_beginning(const void *a, const void *b)
{
	uint64_t left = ((const struct watch *)a)->from;
	uint64_t right = ((const struct watch *)b)->from;

	return left < right ? -1 : left > right;
}

static int by_time(const void *a, const void *b)
{
	uint64_t left = ((const struct holder *)a)->ns;
	uint64_t right = ((const struct holder *)b)->ns;

	return left < right ? 1 : left > right ? -1 : 0;
}

static void sort_holders(struct holders *holders)
{
	qsort(holders->list, holders->count, sizeof(holders->list[0]), by_time);
}

static void watch_findings(struct detail *detail, struct findings *findings)
{
	unsigned int i;

	for (i = 0; i < findings->count; i++)
		watch_finding(detail, &findings->list[i]);
}

static void sort_findings(struct findings *findings)
{
	unsigned int i;

	for (i = 0; i < findings->count; i++) {
		sort_holders(&findings->list[i].holders);
		sort_holders(&findings->list[i].last_holders);
	}
}

int detail_run(struct analysis *analysis)
{
	static const struct observer observer = {
		.spent = detail_spent,
		.marked = detail_marked,
	};
	struct detail detail = {
		.findings = &analysis->findings,
		.schedule = {
			.threads = &analysis->threads,
			.observer = &observer,
			.context = &detail,
		},
	};
	size_t room = (analysis->findings.count + analysis->worst_queues.count) *
		      (size_t)(CHAIN_LINKS + 1);
	int ret = -ENOMEM;

	if (!room)
		return 0;
	detail.watches = calloc(room, sizeof(detail.watches[0]));
	detail.open = calloc(room, sizeof(detail.open[0]));
	if (!detail.watches || !detail.open)
		goto free_watches;
	watch_findings(&detail, &analysis->findings);
	watch_findings(&detail, &analysis->worst_queues);
	qsort(detail.watches, detail.count, sizeof(detail.watches[0]), by_beginning);
	ret = schedule_run(&detail.schedule, analysis->trace);
	place_findings(&detail, UINT64_MAX);
	sort_findings(&analysis->findings);
	sort_findings(&analysis->worst_queues);
	schedule_free(&detail.schedule);
free_watches:
	free(detail.open);
	free(detail.watches);
	return ret;
}
