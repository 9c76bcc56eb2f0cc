// SPDX-License-Identifier: GPL-2.0
/* What programs themselves said. */
#include <string.h>

#include "marks.h"
#include "thread.h"
#include "utf8.h"

static void copy_text(struct mark *mark, const char *text, size_t bytes)
{
	const char *end = text + bytes;
	size_t used = 0;

	while (text < end) {
		size_t length = utf8_printable(text);
		size_t room = length ? length : 1;

		if (used + room > MARK_TEXT) {
			mark->cut = true;
			break;
		}
		memcpy(mark->text + used, length ? text : "?", room);
		used += room;
		text += room;
	}
	mark->text[used] = '\0';
}

static void fill_in(struct mark *mark, const struct flightrec_event *event, struct thread *by)
{
	mark->time = event->time_ns;
	mark->by = by;
	mark->tgid = event->thread->tgid;
	mark->id = event->mark.id;
	mark->parent = event->mark.parent;
	mark->kind = (uint8_t)event->mark.kind;
	mark->cut = false;
	copy_text(mark, event->mark.text, event->mark.text_bytes);
}

static bool belongs(const struct mark *begin, const struct mark *end)
{
	if (begin->id || end->id)
		return begin->id == end->id && begin->tgid == end->tgid;
	return begin->by == end->by;
}

/* Of too many, the one that has been open for longest is forgotten. */
static void open_region(struct marks *marks, const struct mark *begin)
{
	if (marks->open_count == REGIONS_OPEN) {
		marks->open_count--;
		memmove(marks->open, marks->open + 1, marks->open_count * sizeof(marks->open[0]));
	}
	marks->open[marks->open_count++] = (struct region){ .begin = *begin };
}

static void rank_region(struct marks *marks, const struct region *region)
{
	const uint64_t ns = region->end - region->begin.time;
	unsigned int at = marks->longest_count;

	while (at && marks->longest[at - 1].end - marks->longest[at - 1].begin.time < ns)
		at--;
	if (at == REGIONS_LONGEST)
		return;
	if (marks->longest_count < REGIONS_LONGEST)
		marks->longest_count++;
	memmove(marks->longest + at + 1, marks->longest + at,
		(marks->longest_count - at - 1) * sizeof(marks->longest[0]));
	marks->longest[at] = *region;
}

static bool close_region(struct marks *marks, const struct mark *end, struct region *closed)
{
	unsigned int i;

	for (i = marks->open_count; i-- > 0;) {
		if (!belongs(&marks->open[i].begin, end))
			continue;
		*closed = marks->open[i];
		closed->end = end->time;
		rank_region(marks, closed);
		marks->open_count--;
		memmove(marks->open + i, marks->open + i + 1,
			(marks->open_count - i) * sizeof(marks->open[0]));
		return true;
	}
	return false;
}

const struct region *marks_add(struct marks *marks, const struct flightrec_event *event,
			       struct thread *by)
{
	struct mark *mark = &marks->latest[marks->count % MARKS_LATEST];

	fill_in(mark, event, by);
	marks->count++;
	if (mark->kind == FLIGHTREC_MARK_BEGIN)
		open_region(marks, mark);
	if (mark->kind == FLIGHTREC_MARK_END && close_region(marks, mark, &marks->closed))
		return &marks->closed;
	return NULL;
}

const struct mark *marks_latest(const struct marks *marks, unsigned int back)
{
	if (back >= marks->count || back >= MARKS_LATEST)
		return NULL;
	return &marks->latest[(marks->count - 1 - back) % MARKS_LATEST];
}

const struct mark *marks_nearest(const struct marks *marks, const struct thread *thread)
{
	const struct mark *process = NULL;
	const struct mark *mark;
	unsigned int i;

	for (i = 0; (mark = marks_latest(marks, i)); i++) {
		if (mark->by == thread)
			return mark;
		if (!process && thread->tgid && mark->tgid == thread->tgid)
			process = mark;
	}
	return process ? process : marks_latest(marks, 0);
}

const struct region *marks_open(const struct marks *marks, const struct thread *thread)
{
	const struct region *process = NULL;
	unsigned int i;

	for (i = marks->open_count; i-- > 0;) {
		if (marks->open[i].begin.by == thread)
			return &marks->open[i];
		if (!process && thread->tgid && marks->open[i].begin.tgid == thread->tgid)
			process = &marks->open[i];
	}
	return process;
}
