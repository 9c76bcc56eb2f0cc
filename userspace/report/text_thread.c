// SPDX-License-Identifier: GPL-2.0
/* What the threads that the user asks about did in the window, in sum. */
#include "habit.h"
#include "quantity.h"
#include "text.h"
#include "who.h"

static void print_habit(struct analysis *analysis, FILE *out, struct thread *thread,
			const struct habit *habit)
{
	const struct wait wait = { .thread = thread, .nr = habit->nr, .state = habit->state };
	struct sentence sentence = { .bytes = 0 };
	char text[QUANTITY_ROOM];

	sentence_add_cell(&sentence, 9, quantity_time(text, habit->total_ns));
	sentence_add(&sentence, "  in %s (%c): %u time%s", who_call(analysis, &wait),
		     flightrec_state_letter(habit->state), habit->count,
		     habit->count == 1 ? "" : "s");
	if (habit->count > 1) {
		sentence_add(&sentence, ", half of them at most ");
		sentence_add_time(&sentence, habit_median_ns(habit));
		sentence_add(&sentence, ", the longest ");
		sentence_add_time(&sentence, habit->longest_ns);
	}
	if (habit->waker) {
		sentence_add(&sentence, ", last woken by ");
		who_add(&sentence, analysis, habit->waker);
	}
	sentence_print(&sentence, out, 4, 15);
}

static void print_doing(FILE *out, const char *doing, uint64_t ns)
{
	char text[QUANTITY_ROOM];

	fprintf(out, "    %9s  %s\n", quantity_time(text, ns), doing);
}

static void print_thread(struct analysis *analysis, FILE *out, struct thread *thread)
{
	struct sentence sentence = { .bytes = 0 };
	unsigned int i;

	who_add_fully(&sentence, analysis, thread);
	sentence_print(&sentence, out, 2, 4);
	print_doing(out, "running", thread->ran_ns);
	print_doing(out, "ready to run, without a CPU", thread->queued_ns);
	for (i = 0; thread->habits && i < thread->habits->count; i++)
		print_habit(analysis, out, thread, &thread->habits->list[i]);
}

void text_threads(struct analysis *analysis, FILE *out)
{
	unsigned int left = analysis->options->top;
	size_t i;

	for (i = 0; i < analysis->threads.count && left; i++) {
		struct thread *thread = analysis->threads.list[i];

		if (!thread || !thread->selected)
			continue;
		print_thread(analysis, out, thread);
		left--;
	}
	if (analysis->selected > analysis->options->top)
		fprintf(out, "  ... and %u more\n", analysis->selected - analysis->options->top);
}
