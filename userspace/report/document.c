// SPDX-License-Identifier: GPL-2.0
/* The report for programs. */
#include <json-c/json.h>

#include "document.h"
#include "habit.h"
#include "json.h"
#include "moment.h"
#include "names.h"
#include "text.h"
#include "who.h"

#define DOCUMENT_FORMAT 1

static const char *const waker_names[] = {
	[WAKER_NOBODY] = "nobody", [WAKER_UNKNOWN] = "unknown",	    [WAKER_THREAD] = "thread",
	[WAKER_SENDER] = "sender", [WAKER_EXIT] = "exit",	    [WAKER_TIMER] = "timer",
	[WAKER_DEVICE] = "device", [WAKER_INTERRUPT] = "interrupt",
};

static const char *const guess_names[] = {
	[GUESS_NOT] = NULL,
	[GUESS_USUAL] = "usual",
	[GUESS_LOCK] = "lock",
};

static const char *const idle_names[] = {
	[IDLE_SLEEP] = "sleep",
	[IDLE_ALWAYS] = "always",
	[IDLE_HOME] = "home",
};

static void add(struct json_object *object, const char *name, struct json_object *member)
{
	json_object_object_add(object, name, member);
}

static double share(uint64_t part, uint64_t whole)
{
	return whole ? (double)part / (double)whole : 0;
}

static struct json_object *thread_object(struct analysis *analysis, const struct thread *thread)
{
	struct json_object *object;
	const char *process;
	char comm[20];

	if (!thread)
		return NULL;
	object = json_object_new_object();
	process = who_process(analysis, thread, comm);
	json_add_number(object, "tid", thread->tid);
	json_add_number(object, "pid", thread->tgid);
	json_add_number(object, "ns_tid", thread->ns_tid);
	json_add_name(object, "name", thread_is_idle(thread) ? "idle" : thread->comm);
	json_add_name(object, "process", process ? process : thread->comm);
	json_add_name(object, "cgroup",
		      flightrec_trace_cgroup_path(analysis->trace, thread->cgroup));
	json_add_number(object, "cgroup_id", thread->cgroup);
	json_add_bool(object, "kernel", thread_is_kernel(thread));
	json_add_number(object, "priority", thread->priority);
	return object;
}

static struct json_object *holders_array(struct analysis *analysis, const struct holders *holders)
{
	struct json_object *array = json_object_new_array();
	unsigned int i;

	for (i = 0; i < holders->count; i++) {
		const struct holder *holder = &holders->list[i];
		struct json_object *object = json_object_new_object();

		add(object, "thread", thread_object(analysis, holder->thread));
		json_add_number(object, "ns", holder->ns);
		json_add_fraction(object, "share", share(holder->ns, holders->total_ns));
		json_object_array_add(array, object);
	}
	return array;
}

static void add_place(struct analysis *analysis, struct json_object *object,
		      const struct wait *wait)
{
	const char letter[2] = { flightrec_state_letter(wait->state), '\0' };

	if (!wait_is_known(wait)) {
		json_add_name(object, "state", NULL);
		json_add_name(object, "syscall", NULL);
		return;
	}
	json_add_name(object, "state", letter);
	json_add_name(object, "syscall",
		      place_name(&analysis->places, wait->nr, wait->thread->flags));
}

static struct json_object *waker_object(struct analysis *analysis, const struct link *link)
{
	const struct waking *waking = &link->wait.waking;
	struct json_object *object = json_object_new_object();

	json_add_name(object, "kind", waker_names[link->waker]);
	if (!waking->time)
		return object;
	json_add_name(object, "context", name_of_context(waking->context));
	json_add_number(object, "cpu", waking->cpu);
	add(object, "thread", thread_object(analysis, waking->by));
	return object;
}

static struct json_object *link_object(struct analysis *analysis, const struct finding *finding,
				       const struct link *link)
{
	struct json_object *object = json_object_new_object();

	json_add_name(object, "kind", link->waits ? "wait" : "busy");
	add(object, "thread", thread_object(analysis, link->thread));
	json_add_number(object, "from_ns", link->from);
	json_add_number(object, "to_ns", link->to);
	if (link->waits) {
		json_add_number(object, "start_ns", link->wait.start);
		json_add_number(object, "end_ns", link->wait.end);
		json_add_number(object, "duration_ns", wait_ns(&link->wait));
		json_add_bool(object, "open", link->wait.flags & WAIT_OPEN);
		json_add_bool(object, "began_before", link->wait.flags & WAIT_BEFORE);
		add_place(analysis, object, &link->wait);
		add(object, "woken_by", waker_object(analysis, link));
		json_add_name(object, "next_is_guess", guess_names[link->guess]);
	}
	json_add_number(object, "ran_ns", link->did.ran_ns);
	json_add_number(object, "queued_ns", link->did.queued_ns);
	json_add_number(object, "waited_ns", link->did.waited_ns);
	json_add_number(object, "waits", link->did.waits);
	if (!link->waits)
		add(object, "held_by", holders_array(analysis, &finding->last_holders));
	return object;
}

static struct json_object *chain_array(struct analysis *analysis, const struct finding *finding)
{
	struct json_object *array = json_object_new_array();
	unsigned int i;

	for (i = 0; i < finding->what.chain.count; i++)
		json_object_array_add(array, link_object(analysis, finding,
							 &finding->what.chain.links[i]));
	return array;
}

static struct json_object *also_array(struct analysis *analysis, const struct finding *finding)
{
	struct json_object *array = json_object_new_array();
	unsigned int i;

	for (i = 0; i < finding->also_count; i++) {
		const struct wait *wait = &finding->also[i];
		struct json_object *object = json_object_new_object();

		json_add_name(object, "kind", finding->also_queue[i] ? "queue" : "wait");
		add(object, "thread", thread_object(analysis, wait->thread));
		json_add_number(object, "duration_ns", wait_ns(wait));
		if (!finding->also_queue[i])
			add_place(analysis, object, wait);
		json_object_array_add(array, object);
	}
	return array;
}

static struct json_object *again_array(const struct finding *finding)
{
	struct json_object *array = json_object_new_array();
	unsigned int i;

	for (i = 0; i < finding->again_count; i++) {
		struct json_object *object = json_object_new_object();

		json_add_number(object, "start_ns", finding->again[i].start);
		json_add_number(object, "duration_ns", wait_ns(&finding->again[i]));
		json_object_array_add(array, object);
	}
	return array;
}

static struct json_object *habit_object(const struct wait *wait)
{
	const struct habit *habit = habit_find(wait->thread, wait->nr, wait->state);
	struct json_object *object;

	if (!habit)
		return NULL;
	object = json_object_new_object();
	json_add_number(object, "waits", habit->count);
	json_add_number(object, "median_ns", habit_median_ns(habit));
	json_add_number(object, "as_long", habit_about(habit, wait_ns(wait)));
	return object;
}

static struct json_object *mark_object(struct analysis *analysis, const struct mark *mark)
{
	struct json_object *object;

	if (!mark->by)
		return NULL;
	object = json_object_new_object();
	json_add_number(object, "time_ns", mark->time);
	json_add_name(object, "kind", name_of_mark(mark->kind));
	json_add_number(object, "id", mark->id);
	json_add_number(object, "parent", mark->parent);
	json_add_name(object, "text", mark->text);
	json_add_bool(object, "text_cut", mark->cut);
	add(object, "thread", thread_object(analysis, mark->by));
	return object;
}

/* end_ns is null if it had not ended. */
static struct json_object *region_object(struct analysis *analysis, const struct region *region)
{
	struct json_object *object;

	if (!region->begin.by)
		return NULL;
	object = json_object_new_object();
	add(object, "begin", mark_object(analysis, &region->begin));
	if (region->end)
		json_add_number(object, "end_ns", region->end);
	else
		json_add_name(object, "end_ns", NULL);
	return object;
}

static struct json_object *marks_object(struct analysis *analysis)
{
	const struct marks *marks = &analysis->marks;
	struct json_object *object = json_object_new_object();
	struct json_object *latest = json_object_new_array();
	struct json_object *regions = json_object_new_array();
	unsigned int i;

	for (i = MARKS_LATEST; i-- > 0;) {
		if (marks_latest(marks, i))
			json_object_array_add(latest,
					      mark_object(analysis, marks_latest(marks, i)));
	}
	for (i = 0; i < marks->longest_count && i < analysis->options->top; i++)
		json_object_array_add(regions, region_object(analysis, &marks->longest[i]));
	json_add_number(object, "count", marks->count);
	add(object, "latest", latest);
	add(object, "longest_regions", regions);
	return object;
}

static struct json_object *finding_object(struct analysis *analysis, const struct finding *finding)
{
	const struct candidate *what = &finding->what;
	struct json_object *object = json_object_new_object();

	json_add_name(object, "kind", what->queue ? "queue" : "wait");
	json_add_fraction(object, "score", finding->score);
	json_add_fraction(object, "weight", what->weight);
	add(object, "thread", thread_object(analysis, what->wait.thread));
	json_add_number(object, "start_ns", what->wait.start);
	json_add_number(object, "end_ns", what->wait.end);
	json_add_number(object, "duration_ns", wait_ns(&what->wait));
	json_add_bool(object, "open", what->wait.flags & WAIT_OPEN);
	json_add_number(object, "queued_ns", finding->queued_ns);
	add(object, "held_by", holders_array(analysis, &finding->holders));
	if (what->queue) {
		json_add_number(object, "cpu", what->cpu);
		json_add_bool(object, "preempted", what->preempted);
	} else {
		add(object, "chain", chain_array(analysis, finding));
		add(object, "habit", habit_object(&what->wait));
	}
	add(object, "also", also_array(analysis, finding));
	add(object, "again", again_array(finding));
	add(object, "mark_before", mark_object(analysis, &finding->mark));
	add(object, "within_region", region_object(analysis, &finding->within));
	return object;
}

static struct json_object *findings_array(struct analysis *analysis,
					  const struct findings *findings)
{
	struct json_object *array = json_object_new_array();
	unsigned int i;

	for (i = 0; i < findings->count; i++)
		json_object_array_add(array, finding_object(analysis, &findings->list[i]));
	return array;
}

static struct json_object *window_object(struct analysis *analysis)
{
	const struct flightrec_trace_info *info = analysis->info;
	struct json_object *object = json_object_new_object();

	json_add_number(object, "start_ns", analysis->from);
	json_add_number(object, "end_ns", analysis->to);
	json_add_number(object, "duration_ns", analysis->to - analysis->from);
	json_add_bool(object, "complete", analysis_is_complete(analysis));
	json_add_number(object, "complete_since_ns", info->complete_since_ns);
	json_add_number(object, "min_age_ns", info->min_age_ns);
	json_add_bool(object, "min_age_met", info->flags & FLIGHTREC_TRACE_MIN_AGE_MET);
	json_add_number(object, "lost_events", info->lost_events);
	json_add_number(object, "missing_segments", info->missing_segments);
	json_add_number(object, "events", analysis->events);
	json_add_number(object, "threads", threads_mentioned(&analysis->threads));
	return object;
}

static struct json_object *busy_threads_array(struct analysis *analysis, const struct busy_cpu *cpu,
					      uint64_t all)
{
	struct json_object *array = json_object_new_array();
	unsigned int i;

	for (i = 0; i < cpu->count && i < analysis->options->top; i++) {
		struct json_object *object = json_object_new_object();
		uint64_t ns = busy_sure_ns(&cpu->threads[i]);

		add(object, "thread", thread_object(analysis, cpu->threads[i].thread));
		json_add_number(object, "ns", ns);
		json_add_fraction(object, "share", share(ns, all));
		json_object_array_add(array, object);
	}
	return array;
}

static struct json_object *cpus_array(struct analysis *analysis)
{
	struct json_object *array = json_object_new_array();
	uint32_t i;

	for (i = 0; i < analysis->busy.count; i++) {
		const struct busy_cpu *cpu = &analysis->busy.cpus[i];
		uint64_t all = cpu->busy_ns + cpu->idle_ns;
		struct json_object *object;

		if (!all)
			continue;
		object = json_object_new_object();
		json_add_number(object, "cpu", i);
		json_add_number(object, "busy_ns", cpu->busy_ns);
		json_add_number(object, "idle_ns", cpu->idle_ns);
		json_add_fraction(object, "busy", share(cpu->busy_ns, all));
		add(object, "threads", busy_threads_array(analysis, cpu, all));
		json_object_array_add(array, object);
	}
	return array;
}

static struct json_object *queue_object(struct analysis *analysis)
{
	const struct latency *latency = &analysis->latency;
	struct json_object *object = json_object_new_object();

	json_add_number(object, "count", latency->count);
	json_add_number(object, "median_ns", latency_quantile_ns(latency, 0.5));
	json_add_number(object, "p99_ns", latency_quantile_ns(latency, 0.99));
	json_add_number(object, "longest_ns", latency->longest_ns);
	add(object, "worst", findings_array(analysis, &analysis->worst_queues));
	return object;
}

static struct json_object *idle_array(struct analysis *analysis)
{
	struct json_object *array = json_object_new_array();
	unsigned int i;

	for (i = 0; i < analysis->idle.count && i < analysis->options->top; i++) {
		const struct candidate *idle = &analysis->idle.list[i];
		struct json_object *object = json_object_new_object();

		add(object, "thread", thread_object(analysis, idle->wait.thread));
		json_add_number(object, "duration_ns", wait_ns(&idle->wait));
		add_place(analysis, object, &idle->wait);
		json_add_name(object, "why", idle_names[idle->idle]);
		json_object_array_add(array, object);
	}
	return array;
}

static void add_verdict(struct analysis *analysis, struct json_object *object)
{
	struct sentence sentence = { .bytes = 0 };

	text_verdict(analysis, &sentence);
	sentence_plain(&sentence);
	json_add_name(object, "verdict", sentence.text);
}

void document_print(struct analysis *analysis)
{
	const struct flightrec_trace_info *info = analysis->info;
	struct json_object *object = json_object_new_object();

	json_add_number(object, "report_format", DOCUMENT_FORMAT);
	json_add_name(object, "host", info->host);
	json_add_name(object, "kernel", info->release);
	json_add_number(object, "cpus_online", info->cpus_online);
	json_add_signed(object, "cut_realtime_ns", moment_of_cut(info));
	add(object, "window", window_object(analysis));
	add_verdict(analysis, object);
	add(object, "findings", findings_array(analysis, &analysis->findings));
	add(object, "cpus", cpus_array(analysis));
	add(object, "queue", queue_object(analysis));
	add(object, "idle", idle_array(analysis));
	add(object, "marks", marks_object(analysis));
	json_print(object);
}
