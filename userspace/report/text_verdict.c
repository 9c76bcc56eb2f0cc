// SPDX-License-Identifier: GPL-2.0
/* What it all comes to, in a few sentences. */
#include "text.h"
#include "who.h"

static void add_call(struct analysis *analysis, struct sentence *sentence, const struct wait *wait)
{
	if (!wait_is_known(wait))
		sentence_add(sentence, "was waiting");
	else if (place_of(&analysis->places, wait->nr, wait->thread->flags) == PLACE_SLEEP)
		sentence_add(sentence, "was asleep in %s", who_call(analysis, wait));
	else
		sentence_add(sentence, "was waiting in %s", who_call(analysis, wait));
}

/* Why the last wait of the chain ended, or hasn't. */
static void add_last_wait(struct analysis *analysis, struct sentence *sentence,
			  const struct link *link)
{
	switch (link->waker) {
	case WAKER_TIMER:
		if (place_of(&analysis->places, link->wait.nr, link->thread->flags) == PLACE_SLEEP)
			sentence_add(sentence, " until its time was over");
		else
			sentence_add(sentence, " until its time limit ran out");
		break;
	case WAKER_DEVICE:
		sentence_add(sentence, " until a device answered");
		break;
	case WAKER_INTERRUPT:
		sentence_add(sentence, " until an interrupt woke it");
		break;
	case WAKER_NOBODY:
		sentence_add(sentence, " and still is");
		break;
	default:
		sentence_add(sentence, "; what ended that is not in the trace");
	}
}

static void add_busy(struct sentence *sentence, const struct finding *finding,
		     const struct link *link)
{
	uint64_t all = link->to - link->from;

	if (2 * link->did.ran_ns >= all) {
		sentence_add(sentence, "was running");
	} else if (2 * link->did.queued_ns >= all) {
		sentence_add(sentence, "was ready to run but got no CPU");
		if (finding->last_holders.count) {
			sentence_add(sentence, ", which ");
			who_add_name(sentence, finding->last_holders.list[0].thread);
			sentence_add(sentence, " had");
		}
	} else if (2 * (link->did.ran_ns + link->did.queued_ns + link->did.waited_ns) < all) {
		sentence_add(sentence, link->thread->born > link->from
					       ? "had only just been born"
					       : "did what is not in the trace");
	} else {
		sentence_add(sentence, "ran and waited in turns");
	}
}

static void add_chain(struct analysis *analysis, struct sentence *sentence,
		      const struct finding *finding)
{
	const struct chain *chain = &finding->what.chain;
	unsigned int i;

	for (i = 1; i < chain->count; i++) {
		const struct link *link = &chain->links[i];

		sentence_add(sentence, i == 1 ? " " : ", ");
		if (chain->links[i - 1].guess)
			sentence_add(sentence, "perhaps ");
		sentence_add(sentence, "for ");
		who_add_name(sentence, link->thread);
		sentence_add(sentence, ", which ");
		if (link->waits)
			add_call(analysis, sentence, &link->wait);
		else
			add_busy(sentence, finding, link);
	}
	if (chain_last(chain)->waits && !waker_is_thread(chain_last(chain)->waker))
		add_last_wait(analysis, sentence, chain_last(chain));
	sentence_add(sentence, ".");
}

static void add_wait(struct analysis *analysis, struct sentence *sentence,
		     const struct finding *finding)
{
	const struct wait *wait = &finding->what.wait;
	bool open = wait->flags & WAIT_OPEN;

	if (analysis->options->thread)
		sentence_add(sentence, "The longest wait of ");
	who_add(sentence, analysis, wait->thread);
	if (analysis->options->thread)
		sentence_add(sentence, " was ");
	else
		sentence_add(sentence, open ? " has been held up for " : " was held up for ");
	sentence_add_time(sentence, wait_ns(wait));
	if (wait->flags & WAIT_BEFORE)
		sentence_add(sentence, " or more");
	sentence_add(sentence, ": it ");
	add_call(analysis, sentence, wait);
	add_chain(analysis, sentence, finding);
}

static void add_queue(struct analysis *analysis, struct sentence *sentence,
		      const struct finding *finding)
{
	const struct holders *holders = &finding->holders;

	who_add(sentence, analysis, finding->what.wait.thread);
	sentence_add(sentence, " was ready to run, but got no CPU for ");
	sentence_add_time(sentence, wait_ns(&finding->what.wait));
	if (holders->count && thread_is_idle(holders->list[0].thread)) {
		sentence_add(sentence,
			     ", though CPU %u was idle: it was slow to wake up, or is a virtual "
			     "one that its host had stopped",
			     finding->what.cpu);
	} else if (holders->count) {
		sentence_add(sentence, ": CPU %u had ", finding->what.cpu);
		who_add(sentence, analysis, holders->list[0].thread);
		sentence_add(sentence, " for ");
		sentence_add_share(sentence, holders->list[0].ns, holders->total_ns);
		sentence_add(sentence, " of that time");
	}
	sentence_add(sentence, ".");
}

/* Whether there was more work than the CPUs could do. */
static void add_load(struct analysis *analysis, struct sentence *sentence)
{
	const struct busy *busy = &analysis->busy;
	uint64_t all = 0;
	uint64_t used = 0;
	uint32_t i;

	for (i = 0; i < busy->count; i++) {
		used += busy->cpus[i].busy_ns;
		all += busy->cpus[i].busy_ns + busy->cpus[i].idle_ns;
	}
	if (10 * used < 9 * all)
		return;
	sentence_add(sentence, " All CPUs together were ");
	sentence_add_share(sentence, used, all);
	sentence_add(sentence, " busy: there was more to do than they can.");
}

static void add_nothing(struct analysis *analysis, struct sentence *sentence)
{
	if (analysis->options->thread && !analysis->selected)
		sentence_add(sentence, "No thread in this snapshot is called that.");
	else if (analysis->options->thread)
		sentence_add(sentence, "It had no wait worth naming (100 us or more).");
	else
		sentence_add(sentence, "Nothing stands out: no thread waited longer than is "
				       "usual for it, and none lacked a CPU for long.");
}

void text_verdict(struct analysis *analysis, struct sentence *sentence)
{
	const struct finding *finding = analysis->findings.list;
	unsigned int others;

	if (!analysis->findings.count) {
		add_nothing(analysis, sentence);
		return;
	}
	if (finding->what.queue)
		add_queue(analysis, sentence, finding);
	else
		add_wait(analysis, sentence, finding);
	if (!analysis->options->thread)
		add_load(analysis, sentence);
	others = finding->also_count;
	if (others)
		sentence_add(sentence, " The same held up %u other thread%s.", others,
			     others == 1 ? "" : "s");
}
