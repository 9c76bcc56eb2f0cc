// SPDX-License-Identifier: GPL-2.0
/* The report for people. */
#include <string.h>
#include <time.h>

#include "moment.h"
#include "quantity.h"
#include "text.h"
#include "who.h"

/* Of a CPU's threads, so many are named, if they had that part of it (1/...). */
#define THREADS_NAMED 3
#define THREADS_LEAST 100

#define IDLE_NAMED    5

static void heading(FILE *out, bool bold, const char *text)
{
	fprintf(out, "\n%s%s%s\n", bold ? "\033[1m" : "", text, bold ? "\033[0m" : "");
}

static void print_origin(struct analysis *analysis, FILE *out)
{
	const struct flightrec_trace_info *info = analysis->info;
	int64_t cut_s = moment_of_cut(info) / 1000000000;
	time_t seconds = (time_t)cut_s;
	struct tm utc;
	char text[64];

	if (info->flags & FLIGHTREC_TRACE_NO_HEADER || !gmtime_r(&seconds, &utc))
		return;
	strftime(text, sizeof(text), "%Y-%m-%d %H:%M:%S UTC", &utc);
	fprintf(out, "Host %s, kernel %s, %u CPUs, snapshot of %s\n", info->host, info->release,
		info->cpus_online, text);
}

static void add_count(struct sentence *sentence, uint64_t count, const char *what)
{
	sentence_add(sentence, "%llu %s%s", (unsigned long long)count, what, count == 1 ? "" : "s");
}

static void add_completeness(struct analysis *analysis, struct sentence *sentence)
{
	const struct flightrec_trace_info *info = analysis->info;

	if (analysis_is_complete(analysis)) {
		sentence_add(sentence, "complete: nothing of it was lost.");
		return;
	}
	sentence_add(sentence, "NOT COMPLETE: ");
	if (info->lost_events || info->missing_segments)
		sentence_add(sentence, "lost are ");
	else
		sentence_add(sentence, "the file is damaged, and what is missing isn't known");
	if (info->lost_events)
		add_count(sentence, info->lost_events, "event");
	if (info->lost_events && info->missing_segments)
		sentence_add(sentence, ", in ");
	if (info->missing_segments)
		add_count(sentence, info->missing_segments, "segment");
	sentence_add(sentence, ". What is said of that time may be wrong.");
}

/* Why the window doesn't reach back further. */
static void add_reach(struct analysis *analysis, struct sentence *sentence)
{
	const struct flightrec_trace_info *info = analysis->info;

	if (info->flags & (FLIGHTREC_TRACE_MIN_AGE_MET | FLIGHTREC_TRACE_NO_HEADER))
		return;
	/* It reaches back as far as was asked for, and not to a MinAge. */
	if (info->begin_ns && info->begin_ns >= info->complete_since_ns)
		return;
	sentence_add(sentence, " It should reach back ");
	sentence_add_time(sentence, info->min_age_ns);
	if (info->recording_since_ns && info->recording_since_ns >= info->complete_since_ns)
		sentence_add(sentence, ", but recording had only just begun.");
	else
		sentence_add(sentence, ", but the memory for it is too small, or was cleared "
				       "(flightrec status tells what would do).");
}

static void print_window(struct analysis *analysis, FILE *out)
{
	struct sentence sentence = { .bytes = 0 };

	sentence_add(&sentence, "Window: ");
	sentence_add_time(&sentence, analysis->to - analysis->from);
	sentence_add(&sentence, " until %s, ",
		     analysis->to == analysis->info->window_end_ns ? "the cut" : "the chosen end");
	add_completeness(analysis, &sentence);
	add_reach(analysis, &sentence);
	sentence_add(&sentence, " ");
	add_count(&sentence, analysis->events, "event");
	sentence_add(&sentence, " of ");
	add_count(&sentence, threads_mentioned(&analysis->threads), "thread");
	sentence_add(&sentence, " on ");
	add_count(&sentence, analysis->info->cpus, "CPU");
	sentence_add(&sentence, ".");
	sentence_print(&sentence, out, 0, 8);
}

static void print_verdict(struct analysis *analysis, FILE *out, bool bold)
{
	struct sentence sentence = { .bytes = 0 };

	heading(out, bold, "Verdict");
	text_verdict(analysis, &sentence);
	sentence_print(&sentence, out, 2, 2);
}

static void print_findings(struct analysis *analysis, FILE *out, bool bold)
{
	unsigned int i;

	if (!analysis->findings.count)
		return;
	heading(out, bold,
		analysis->options->thread ? "The longest waits (times are seconds before the cut)"
					  : "Findings (times are seconds before the cut)");
	for (i = 0; i < analysis->findings.count; i++) {
		if (i)
			putc('\n', out);
		text_finding(analysis, out, i + 1, &analysis->findings.list[i]);
	}
}

static void add_busy_threads(struct sentence *sentence, const struct busy_cpu *cpu, uint64_t all)
{
	unsigned int i;

	for (i = 0; i < cpu->count && i < THREADS_NAMED; i++) {
		uint64_t ns = busy_sure_ns(&cpu->threads[i]);

		if (THREADS_LEAST * ns < all)
			break;
		if (i)
			sentence_add(sentence, ", ");
		else
			sentence_add_cell(sentence, 2, "");
		who_add_name(sentence, cpu->threads[i].thread);
		sentence_add(sentence, "%c(%u)%c", SENTENCE_SPACE, cpu->threads[i].thread->tid,
			     SENTENCE_SPACE);
		sentence_add_share(sentence, ns, all);
	}
}

static void print_cpus(struct analysis *analysis, FILE *out, bool bold)
{
	struct sentence sentence = { .bytes = 0 };
	char cell[64];
	uint32_t i;

	heading(out, bold, "CPUs");
	for (i = 0; i < analysis->busy.count; i++) {
		const struct busy_cpu *cpu = &analysis->busy.cpus[i];
		uint64_t all = cpu->busy_ns + cpu->idle_ns;

		if (!all)
			continue;
		snprintf(cell, sizeof(cell), "CPU %-3u %5.1f%% busy", i,
			 100.0 * (double)cpu->busy_ns / (double)all);
		sentence_add_cell(&sentence, 0, cell);
		add_busy_threads(&sentence, cpu, all);
		sentence_print(&sentence, out, 2, 23);
	}
}

static void print_latency(struct analysis *analysis, FILE *out)
{
	const struct latency *latency = &analysis->latency;
	char half[QUANTITY_ROOM];
	char most[QUANTITY_ROOM];
	char worst[QUANTITY_ROOM];

	fprintf(out, "  Of %llu, half took at most %s, 99%% at most %s, and the longest %s.\n",
		(unsigned long long)latency->count,
		quantity_time(half, latency_quantile_ns(latency, 0.5)),
		quantity_time(most, latency_quantile_ns(latency, 0.99)),
		quantity_time(worst, latency->longest_ns));
}

static void print_queue(struct analysis *analysis, FILE *out, const struct finding *finding)
{
	const struct candidate *what = &finding->what;
	struct sentence sentence = { .bytes = 0 };
	char text[QUANTITY_ROOM];

	sentence_add_cell(&sentence, 9, quantity_time(text, wait_ns(&what->wait)));
	sentence_add_cell(&sentence, 2, "");
	who_add(&sentence, analysis, what->wait.thread);
	sentence_add(&sentence, what->preempted ? ", preempted at " : ", woken at ");
	text_add_moment(analysis, &sentence, what->wait.start);
	sentence_add(&sentence, "; ");
	text_add_holders(analysis, &sentence, &finding->holders, what->cpu);
	sentence_print(&sentence, out, 2, 13);
}

static void print_queues(struct analysis *analysis, FILE *out, bool bold)
{
	unsigned int i;

	if (!analysis->latency.count)
		return;
	heading(out, bold, "Times between waking and running, and who had the CPU meanwhile");
	print_latency(analysis, out);
	for (i = 0; i < analysis->worst_queues.count; i++)
		print_queue(analysis, out, &analysis->worst_queues.list[i]);
}

static const char *why_idle(enum idle idle)
{
	switch (idle) {
	case IDLE_SLEEP:
		return "as long as it wished to";
	case IDLE_ALWAYS:
		return "it did nothing else";
	default:
		return "where it waits for work";
	}
}

static void print_idle_wait(struct analysis *analysis, FILE *out, const struct candidate *idle)
{
	struct sentence sentence = { .bytes = 0 };
	char text[QUANTITY_ROOM];

	sentence_add_cell(&sentence, 9, quantity_time(text, wait_ns(&idle->wait)));
	sentence_add_cell(&sentence, 2, "");
	who_add(&sentence, analysis, idle->wait.thread);
	if (wait_is_known(&idle->wait))
		sentence_add(&sentence, " in %s (%c)", who_call(analysis, &idle->wait),
			     flightrec_state_letter(idle->wait.state));
	sentence_add(&sentence, ": %s", why_idle(idle->idle));
	sentence_print(&sentence, out, 2, 13);
}

static void print_idle(struct analysis *analysis, FILE *out, bool bold)
{
	unsigned int i;

	if (!analysis->idle.count)
		return;
	heading(out, bold, "Long waits that were taken for idleness (--thread explains each)");
	for (i = 0; i < analysis->idle.count && i < analysis->options->top; i++)
		print_idle_wait(analysis, out, &analysis->idle.list[i]);
}

static void print_marks(struct analysis *analysis, FILE *out, bool bold)
{
	if (analysis->marks.longest_count) {
		heading(out, bold, "The longest regions that programs marked");
		text_regions(analysis, out);
	}
	if (analysis->marks.count) {
		heading(out, bold, "Marks");
		text_marks(analysis, out);
	}
}

void text_print(struct analysis *analysis, FILE *out, bool bold)
{
	print_origin(analysis, out);
	print_window(analysis, out);
	print_verdict(analysis, out, bold);
	if (analysis->selected) {
		heading(out, bold, "What it did in the window");
		text_threads(analysis, out);
	}
	print_findings(analysis, out, bold);
	if (analysis->options->thread)
		return;
	print_cpus(analysis, out, bold);
	print_queues(analysis, out, bold);
	print_idle(analysis, out, bold);
	print_marks(analysis, out, bold);
}
