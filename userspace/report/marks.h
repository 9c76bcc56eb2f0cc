/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What programs themselves said: marks, and the regions between a begin and an end.
 * Of each there may be millions, so that a bounded number is kept: the latest marks,
 * the regions that are open, the longest that have ended.
 *
 * A region's begin and end belong together by their id, within a process; without an
 * id, they nest within their thread.
 */
#ifndef REPORT_MARKS_H
#define REPORT_MARKS_H

#include <stdbool.h>
#include <stdint.h>

#include "flightrec.h"

#define MARK_TEXT	120 /* bytes of the text that are kept */
#define MARKS_LATEST	16
#define REGIONS_OPEN	256
#define REGIONS_LONGEST 16

struct thread;

struct mark {
	uint64_t time;
	struct thread *by; /* NULL: there is no mark here */
	uint64_t id;
	uint64_t parent;
	uint32_t tgid; /* of @by, which is told of it only when a pass has ended */
	uint8_t kind; /* FLIGHTREC_MARK_* */
	bool cut; /* the text was longer */
	char text[MARK_TEXT + 1]; /* what isn't printable is a question mark */
};

struct region {
	struct mark begin;
	uint64_t end; /* 0: not ended by the cut */
};

struct marks {
	uint64_t count;
	struct mark latest[MARKS_LATEST]; /* a ring: number count - 1 is the last */
	struct region open[REGIONS_OPEN]; /* by their time */
	unsigned int open_count;
	struct region longest[REGIONS_LONGEST]; /* by their length */
	unsigned int longest_count;
	struct region closed; /* the last that was ended */
};

/* Takes @event, a mark of @by, over. The region that it ended, or NULL; until the next call. */
const struct region *marks_add(struct marks *marks, const struct flightrec_event *event,
			       struct thread *by);

/* The @back'th of the latest, from 0 on; NULL if it isn't kept any more. */
const struct mark *marks_latest(const struct marks *marks, unsigned int back);

/* The last one by @thread or its process; else that of anybody; NULL if there is none. */
const struct mark *marks_nearest(const struct marks *marks, const struct thread *thread);

/* The innermost open region of @thread, else of its process, or NULL. */
const struct region *marks_open(const struct marks *marks, const struct thread *thread);

#endif
