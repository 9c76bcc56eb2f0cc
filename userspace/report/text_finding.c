// SPDX-License-Identifier: GPL-2.0
/* One finding in words: the wait, and the chain of those who were behind it. */
#include <string.h>

#include "habit.h"
#include "text.h"
#include "who.h"

/* Of the others that were stopped too, so many are named. */
#define ALSO_NAMED    8

/* Of those that held a CPU. */
#define HOLDERS_NAMED 4

void text_add_moment(struct analysis *analysis, struct sentence *sentence, uint64_t time)
{
	int64_t ns = (int64_t)(time - analysis->info->window_end_ns);

	sentence_add(sentence, "%.4f%cs", (double)ns / 1e9, SENTENCE_SPACE);
}

static void add_span(struct analysis *analysis, struct sentence *sentence, const struct wait *wait)
{
	if (wait->flags & WAIT_BEFORE) {
		sentence_add(sentence, ", since before the window");
	} else {
		sentence_add(sentence, wait->flags & WAIT_OPEN ? ", since " : ", from ");
		text_add_moment(analysis, sentence, wait->start);
	}
	if (wait->flags & WAIT_OPEN) {
		sentence_add(sentence, " and still at the cut");
	} else {
		sentence_add(sentence, " to ");
		text_add_moment(analysis, sentence, wait->end);
	}
	if (wait->flags & WAIT_LOSS)
		sentence_add(sentence, " (events were lost meanwhile)");
}

void text_add_holders(struct analysis *analysis, struct sentence *sentence,
		      const struct holders *holders, uint32_t cpu)
{
	unsigned int i;

	if (!holders->count) {
		sentence_add(sentence, "who had CPU %u isn't known", cpu);
		return;
	}
	sentence_add(sentence, "CPU %u: ", cpu);
	for (i = 0; i < holders->count && i < HOLDERS_NAMED; i++) {
		const struct thread *thread = holders->list[i].thread;

		if (100 * holders->list[i].ns < holders->total_ns)
			break;
		sentence_add(sentence, i ? ", " : "");
		if (thread_is_idle(thread))
			sentence_add(sentence, "idle");
		else
			who_add(sentence, analysis, thread);
		sentence_add(sentence, " ");
		if (who_add_priority(sentence, thread))
			sentence_add(sentence, " ");
		sentence_add_share(sentence, holders->list[i].ns, holders->total_ns);
	}
}

/* How a wait ended, for its own thread: "woken by a timer". */
static void add_end(struct analysis *analysis, struct sentence *sentence, const struct link *link)
{
	const struct waking *waking = &link->wait.waking;

	switch (link->waker) {
	case WAKER_THREAD:
		sentence_add(sentence, "woken by ");
		who_add(sentence, analysis, waking->by);
		break;
	case WAKER_SENDER:
		sentence_add(sentence, "woken from a softirq over ");
		who_add(sentence, analysis, waking->by);
		sentence_add(sentence, ", most likely the sender");
		break;
	case WAKER_EXIT:
		sentence_add(sentence, "woken by the exit of ");
		who_add(sentence, analysis, waking->by);
		break;
	case WAKER_TIMER:
		sentence_add(sentence, "woken by a timer interrupt on CPU %u", waking->cpu);
		break;
	case WAKER_DEVICE:
		sentence_add(sentence, "woken by a device's interrupt on CPU %u", waking->cpu);
		break;
	case WAKER_INTERRUPT:
		sentence_add(sentence, "woken by a %s on CPU %u",
			     waking->context == FLIGHTREC_CONTEXT_SOFTIRQ ? "softirq" : "interrupt",
			     waking->cpu);
		break;
	case WAKER_UNKNOWN:
		sentence_add(sentence, "whoever woke it is not in the trace");
		break;
	case WAKER_NOBODY:
		break;
	}
}

/* What joins a link to the next one. */
static void add_join(struct analysis *analysis, struct sentence *sentence, const struct link *link,
		     const struct link *next)
{
	switch (link->guess) {
	case GUESS_NOT:
		break;
	case GUESS_USUAL:
		sentence_add(sentence, "woken there last time by ");
		who_add(sentence, analysis, next->thread);
		break;
	case GUESS_LOCK:
		sentence_add(sentence, "perhaps for a lock of ");
		who_add(sentence, analysis, next->thread);
		sentence_add(sentence, ", which stopped right before and");
		return;
	}
	sentence_add(sentence, ", which");
}

static void add_where(struct analysis *analysis, struct sentence *sentence, const struct wait *wait)
{
	if (!wait_is_known(wait)) {
		sentence_add(sentence, " in a call that isn't known");
		return;
	}
	sentence_add(sentence, " in %s (%c, %s)", who_call(analysis, wait),
		     flightrec_state_letter(wait->state), who_state(wait->state));
}

static const char *verb(struct analysis *analysis, const struct wait *wait)
{
	bool sleep = place_of(&analysis->places, wait->nr, wait->thread->flags) == PLACE_SLEEP;

	if (wait->flags & WAIT_OPEN)
		return sleep ? "has been sleeping" : "has been waiting";
	return sleep ? "slept" : "waited";
}

static void add_part(struct sentence *sentence, const char *what, uint64_t ns, uint64_t all)
{
	if (10 * ns < all)
		return;
	sentence_add(sentence, " %s ", what);
	sentence_add_time(sentence, ns);
	sentence_add(sentence, ",");
}

/* What else a thread did in the time in question, if that is a good part of it. */
static void add_rest(struct sentence *sentence, const struct link *link)
{
	const struct activity *did = &link->did;
	uint64_t all = did->ran_ns + did->queued_ns + did->waited_ns;
	uint64_t meant = overlap_ns(link->from, link->to, link->wait.start, link->wait.end);
	uint64_t other = did->waited_ns > meant ? did->waited_ns - meant : 0;

	if (10 * (did->ran_ns + did->queued_ns + other) < 2 * all)
		return;
	sentence_add(sentence, " (and in the same time");
	add_part(sentence, "ran", did->ran_ns, all);
	add_part(sentence, "was without a CPU", did->queued_ns, all);
	add_part(sentence, "waited elsewhere", other, all);
	sentence->text[sentence->bytes - 1] = ')';
}

/* "waited 100.4 ms in recvfrom (S, sleeping), woken by ..." */
static void add_wait_link(struct analysis *analysis, struct sentence *sentence,
			  const struct link *link)
{
	const struct wait *wait = &link->wait;
	uint64_t within = overlap_ns(link->from, link->to, wait->start, wait->end);

	sentence_add(sentence, "%s ", verb(analysis, wait));
	sentence_add_time(sentence, wait_ns(wait));
	if (wait->flags & WAIT_BEFORE)
		sentence_add(sentence, " or more");
	add_where(analysis, sentence, wait);
	if (10 * within < 9 * wait_ns(wait)) {
		sentence_add(sentence, ", ");
		sentence_add_time(sentence, within);
		sentence_add(sentence, " of it meanwhile");
	}
	add_rest(sentence, link);
	if (link->waker != WAKER_NOBODY || link->guess)
		sentence_add(sentence, ", ");
	add_end(analysis, sentence, link);
}

static void add_ran_and_waited(struct analysis *analysis, struct sentence *sentence,
			       const struct link *link)
{
	const struct activity *did = &link->did;

	sentence_add(sentence, "ran ");
	sentence_add_time(sentence, did->ran_ns);
	sentence_add(sentence, " of these ");
	sentence_add_time(sentence, link->to - link->from);
	if (10 * did->queued_ns > did->ran_ns) {
		sentence_add(sentence, ", was without a CPU ");
		sentence_add_time(sentence, did->queued_ns);
	}
	if (did->waits) {
		const struct wait wait = { .thread = link->thread, .nr = did->nr };

		sentence_add(sentence, ", and waited %u time%s, ", did->waits,
			     did->waits == 1 ? "" : "s");
		sentence_add_time(sentence, did->waited_ns);
		sentence_add(sentence, " in all, mostly in %s", who_call(analysis, &wait));
	}
}

/* The end of the chain: a thread that was not blocked for long at a time. */
static void add_busy_link(struct analysis *analysis, struct sentence *sentence,
			  const struct finding *finding, const struct link *link)
{
	const struct activity *did = &link->did;
	uint64_t all = link->to - link->from;
	uint64_t known = did->ran_ns + did->queued_ns + did->waited_ns;

	if (2 * known < all) {
		sentence_add(sentence, link->thread->born > link->from
					       ? "had only been born for the last "
					       : "is known to have been there for ");
		sentence_add_time(sentence, known);
		sentence_add(sentence, " of these ");
		sentence_add_time(sentence, all);
	} else if (2 * did->ran_ns >= all) {
		sentence_add(sentence, "was running: ");
		sentence_add_time(sentence, did->ran_ns);
		sentence_add(sentence, " of these ");
		sentence_add_time(sentence, all);
	} else if (2 * did->queued_ns >= all) {
		sentence_add(sentence, "was ready to run but had no CPU for ");
		sentence_add_time(sentence, did->queued_ns);
		sentence_add(sentence, " of these ");
		sentence_add_time(sentence, all);
		sentence_add(sentence, "; ");
		text_add_holders(analysis, sentence, &finding->last_holders, link->thread->cpu);
	} else {
		add_ran_and_waited(analysis, sentence, link);
	}
}

static void print_chain(struct analysis *analysis, FILE *out, const struct finding *finding)
{
	const struct chain *chain = &finding->what.chain;
	struct sentence sentence = { .bytes = 0 };
	int indent = 7;
	unsigned int i;

	add_end(analysis, &sentence, &chain->links[0]);
	for (i = 1; i < chain->count; i++) {
		const struct link *link = &chain->links[i];

		add_join(analysis, &sentence, &chain->links[i - 1], link);
		sentence_print(&sentence, out, indent, indent + 2);
		indent += 2;
		if (link->waits)
			add_wait_link(analysis, &sentence, link);
		else
			add_busy_link(analysis, &sentence, finding, link);
	}
	if (chain->cut)
		sentence_add(&sentence, ", and so on");
	if (sentence.bytes)
		sentence_print(&sentence, out, indent, indent + 2);
}

static void print_wait(struct analysis *analysis, FILE *out, unsigned int number,
		       const struct finding *finding)
{
	const struct wait *wait = &finding->what.wait;
	struct sentence sentence = { .bytes = 0 };

	sentence_add(&sentence, "%u.%c", number, number < 10 ? SENTENCE_SPACE : ' ');
	who_add_fully(&sentence, analysis, wait->thread);
	sentence_add(&sentence, " %s ", verb(analysis, wait));
	sentence_add_time(&sentence, wait_ns(wait));
	add_where(analysis, &sentence, wait);
	add_span(analysis, &sentence, wait);
	sentence_print(&sentence, out, 2, 5);
	print_chain(analysis, out, finding);

	if (10 * finding->queued_ns < wait_ns(wait) && finding->queued_ns < 1000000)
		return;
	sentence_add(&sentence, "then waited ");
	sentence_add_time(&sentence, finding->queued_ns);
	sentence_add(&sentence, " for a CPU: ");
	text_add_holders(analysis, &sentence, &finding->holders, wait->waking.cpu);
	sentence_print(&sentence, out, 7, 9);
}

static void print_queue(struct analysis *analysis, FILE *out, unsigned int number,
			const struct finding *finding)
{
	const struct candidate *what = &finding->what;
	struct sentence sentence = { .bytes = 0 };

	sentence_add(&sentence, "%u.%c", number, number < 10 ? SENTENCE_SPACE : ' ');
	who_add_fully(&sentence, analysis, what->wait.thread);
	sentence_add(&sentence, " was ready to run but got no CPU for ");
	sentence_add_time(&sentence, wait_ns(&what->wait));
	sentence_add(&sentence,
		     what->preempted ? " after it was preempted" : " after it was woken");
	add_span(analysis, &sentence, &what->wait);
	sentence_print(&sentence, out, 2, 5);
	text_add_holders(analysis, &sentence, &finding->holders, what->cpu);
	sentence_print(&sentence, out, 7, 9);
}

static bool is_alike(const struct finding *finding, unsigned int a, unsigned int b)
{
	return finding->also_queue[a] == finding->also_queue[b] &&
	       finding->also[a].nr == finding->also[b].nr &&
	       !strcmp(finding->also[a].thread->comm, finding->also[b].thread->comm);
}

static bool is_first(const struct finding *finding, unsigned int number)
{
	unsigned int i;

	for (i = 0; i < number; i++) {
		if (is_alike(finding, i, number))
			return false;
	}
	return true;
}

/* "worker-3 (104.1 ms in futex)", "8 of make (up to 1.20 s without a CPU)" */
static void add_also(struct analysis *analysis, struct sentence *sentence,
		     const struct finding *finding, unsigned int first)
{
	const struct wait *longest = &finding->also[first];
	unsigned int alike = 1;
	unsigned int i;

	for (i = first + 1; i < finding->also_count; i++) {
		if (!is_alike(finding, first, i))
			continue;
		alike++;
		if (wait_ns(&finding->also[i]) > wait_ns(longest))
			longest = &finding->also[i];
	}
	if (alike > 1)
		sentence_add(sentence, "%u of ", alike);
	who_add_name(sentence, longest->thread);
	sentence_add(sentence, alike > 1 ? " (up to " : " (");
	sentence_add_time(sentence, wait_ns(longest));
	if (finding->also_queue[first])
		sentence_add(sentence, " without a CPU)");
	else
		sentence_add(sentence, " in %s)", who_call(analysis, longest));
}

static void print_also(struct analysis *analysis, FILE *out, const struct finding *finding)
{
	struct sentence sentence = { .bytes = 0 };
	unsigned int named = 0;
	unsigned int left = 0;
	unsigned int i;

	sentence_add(&sentence, "The same held up: ");
	for (i = 0; i < finding->also_count; i++) {
		if (!is_first(finding, i))
			continue;
		if (named == ALSO_NAMED) {
			left++;
			continue;
		}
		sentence_add(&sentence, named++ ? ", " : "");
		add_also(analysis, &sentence, finding, i);
	}
	if (left)
		sentence_add(&sentence, " and %u more", left);
	if (named)
		sentence_print(&sentence, out, 5, 7);
}

static void print_again(struct analysis *analysis, FILE *out, const struct finding *finding)
{
	struct sentence sentence = { .bytes = 0 };
	unsigned int i;

	if (!finding->again_count)
		return;
	sentence_add(&sentence, "The same happened ");
	for (i = 0; i < finding->again_count; i++) {
		sentence_add(&sentence, i ? ", at " : "at ");
		text_add_moment(analysis, &sentence, finding->again[i].start);
		sentence_add(&sentence, " (");
		sentence_add_time(&sentence, wait_ns(&finding->again[i]));
		sentence_add(&sentence, ")");
	}
	sentence_print(&sentence, out, 5, 7);
}

/* How usual such a wait is for the thread. */
static void print_habit(struct analysis *analysis, FILE *out, const struct finding *finding)
{
	const struct wait *wait = &finding->what.wait;
	const struct habit *habit = habit_find(wait->thread, wait->nr, wait->state);
	struct sentence sentence = { .bytes = 0 };
	uint32_t others;

	if (finding->what.queue || !habit || habit->nr != wait->nr || habit->count < 3)
		return;
	others = habit_about(habit, wait_ns(wait)) - !(wait->flags & WAIT_OPEN);
	sentence_add(&sentence, "Of its %u waits in %s, half took at most ", habit->count,
		     who_call(analysis, wait));
	sentence_add_time(&sentence, habit_median_ns(habit));
	if (others)
		sentence_add(&sentence, ", and %u others about as long as this one.", others);
	else
		sentence_add(&sentence, ", and no other as long as this one.");
	sentence_print(&sentence, out, 5, 7);
}

void text_finding(struct analysis *analysis, FILE *out, unsigned int number,
		  const struct finding *finding)
{
	if (finding->what.queue)
		print_queue(analysis, out, number, finding);
	else
		print_wait(analysis, out, number, finding);
	print_also(analysis, out, finding);
	print_again(analysis, out, finding);
	print_habit(analysis, out, finding);
	text_finding_marks(analysis, out, finding);
}
