// SPDX-License-Identifier: GPL-2.0
/* What programs themselves said, in words. */
#include "quantity.h"
#include "text.h"
#include "who.h"

#define MARKS_PRINTED 10

static void add_text(struct sentence *sentence, const struct mark *mark)
{
	sentence_add(sentence, "\"%s\"%s", mark->text, mark->cut ? "..." : "");
	if (mark->id)
		sentence_add(sentence, " (id %llu)", (unsigned long long)mark->id);
}

/* '"request 17" (id 7) begins, by worker-3 (tid 160 of guess)' */
static void add_mark(struct analysis *analysis, struct sentence *sentence, const struct mark *mark)
{
	add_text(sentence, mark);
	if (mark->kind == FLIGHTREC_MARK_BEGIN)
		sentence_add(sentence, " begins");
	else if (mark->kind == FLIGHTREC_MARK_END)
		sentence_add(sentence, " ends");
	sentence_add(sentence, ", by ");
	who_add(sentence, analysis, mark->by);
}

static void add_region(struct analysis *analysis, struct sentence *sentence,
		       const struct region *region)
{
	add_text(sentence, &region->begin);
	sentence_add(sentence, " of ");
	who_add(sentence, analysis, region->begin.by);
	sentence_add(sentence, ", from ");
	text_add_moment(analysis, sentence, region->begin.time);
	if (region->end) {
		sentence_add(sentence, " to ");
		text_add_moment(analysis, sentence, region->end);
	} else {
		sentence_add(sentence, " and still at the cut");
	}
}

void text_finding_marks(struct analysis *analysis, FILE *out, const struct finding *finding)
{
	struct sentence sentence = { .bytes = 0 };

	if (finding->within.begin.by) {
		sentence_add(&sentence, "It was in ");
		add_region(analysis, &sentence, &finding->within);
		sentence_print(&sentence, out, 5, 7);
	}
	if (!finding->mark.by)
		return;
	sentence_add(&sentence, "The last mark before it, ");
	sentence_add_time(&sentence, finding->what.wait.start - finding->mark.time);
	sentence_add(&sentence, " earlier: ");
	add_mark(analysis, &sentence, &finding->mark);
	sentence_print(&sentence, out, 5, 7);
}

void text_marks(struct analysis *analysis, FILE *out)
{
	const struct marks *marks = &analysis->marks;
	struct sentence sentence = { .bytes = 0 };
	const struct mark *mark;
	unsigned int kept = marks->count < MARKS_PRINTED ? (unsigned int)marks->count
							 : MARKS_PRINTED;

	if (marks->count > kept)
		fprintf(out, "  The last %u of %llu; flightrec dump has all.\n", kept,
			(unsigned long long)marks->count);
	while (kept--) {
		mark = marks_latest(marks, kept);
		sentence_add_cell(&sentence, 0, "");
		text_add_moment(analysis, &sentence, mark->time);
		sentence_add_cell(&sentence, 2, "");
		add_mark(analysis, &sentence, mark);
		sentence_print(&sentence, out, 2, 13);
	}
}

void text_regions(struct analysis *analysis, FILE *out)
{
	struct sentence sentence = { .bytes = 0 };
	char text[QUANTITY_ROOM];
	unsigned int i;

	for (i = 0; i < analysis->marks.longest_count && i < analysis->options->top; i++) {
		const struct region *region = &analysis->marks.longest[i];

		sentence_add_cell(&sentence, 9,
				  quantity_time(text, region->end - region->begin.time));
		sentence_add_cell(&sentence, 2, "");
		add_region(analysis, &sentence, region);
		sentence_print(&sentence, out, 2, 13);
	}
}
