// SPDX-License-Identifier: GPL-2.0
/*
 * Writes a snapshot from a description, on stdin, a line each:
 *
 *	window START CUT
 *	cpu CPU TID			a CPU and who runs there at first
 *	task TID TGID PRIORITY FLAGS CGROUP NAME
 *	live TID TGID STATE NR NAME	a line of the rundown
 *	rundown TIME			when that was written; default: at the cut
 *	cgroup ID PATH
 *	gap CPU START END EVENTS	in place of the events of that time
 *	TIME CPU switch NEXT STATE NR
 *	TIME CPU waking TID CPU CONTEXT
 *	TIME CPU fork CHILD PARENT
 *	TIME CPU new TID CPU
 *	TIME CPU exit TID
 *	TIME CPU migrate TID FROM TO
 *	TIME CPU mark TID KIND ID PARENT TEXT
 *
 * in that order. Times are in ns, those of a CPU rise; all else are the format's
 * numbers.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../writer.h"

#define LINES_MAX 100000

struct line {
	char text[96];
};

struct description {
	struct line *lines;
	unsigned int count;
};

static void read_lines(struct description *description)
{
	description->lines = calloc(LINES_MAX, sizeof(struct line));
	while (description->lines && description->count < LINES_MAX &&
	       fgets(description->lines[description->count].text, sizeof(struct line), stdin))
		description->count++;
}

static int is(const struct line *line, const char *word)
{
	return !strncmp(line->text, word, strlen(word)) && line->text[strlen(word)] == ' ';
}

static void write_header(struct writer *writer, const struct description *description)
{
	struct writer_header header = writer_header_defaults();
	unsigned long long start, cut, rundown;
	unsigned int i;

	for (i = 0; i < description->count; i++) {
		sscanf(description->lines[i].text, "taker %u", &header.taker_tid);
		if (sscanf(description->lines[i].text, "rundown %llu", &rundown) == 1) {
			header.extra_bytes = 32;
			header.rundown = rundown;
		}
		if (!is(&description->lines[i], "window") ||
		    sscanf(description->lines[i].text, "window %llu %llu", &start, &cut) != 2)
			continue;
		header.cpus = 16;
		header.window_start = start;
		header.complete_since = start;
		header.recording_since = start;
		header.cut_clock = cut;
		header.cut_ns = cut;
		header.cut_realtime_ns = 1700000000000000000 + cut;
		header.cut_boottime_ns = cut;
	}
	writer_header(writer, &header);
}

static void write_tasks(struct writer *writer, const struct description *description)
{
	unsigned int tid, tgid, priority, flags, cgroup;
	unsigned int i;
	int name;

	for (i = 0; i < description->count; i++) {
		char *text = description->lines[i].text;

		if (!is(&description->lines[i], "task") ||
		    sscanf(text, "task %u %u %u %u %u %n", &tid, &tgid, &priority, &flags, &cgroup,
			   &name) != 5)
			continue;
		text[strcspn(text, "\n")] = '\0';
		writer_task_full(writer, tid, tgid, text + name, priority, flags, cgroup, tid,
				 4026531836);
	}
}

static void write_event(struct writer *writer, unsigned long long time, const char *text)
{
	unsigned int a, b, c, d;
	int words;

	if (time >> 25 != writer->clock >> 25)
		writer_time(writer, time);
	if (sscanf(text, "switch %u %u %u", &a, &b, &c) == 3)
		writer_switch(writer, time, a, b, c);
	else if (sscanf(text, "waking %u %u %u", &a, &b, &c) == 3)
		writer_waking(writer, time, a, b, c);
	else if (sscanf(text, "fork %u %u", &a, &b) == 2)
		writer_fork(writer, time, a, b);
	else if (sscanf(text, "new %u %u", &a, &b) == 2)
		writer_wakeup_new(writer, time, a, b);
	else if (sscanf(text, "exit %u", &a) == 1)
		writer_exit(writer, time, a);
	else if (sscanf(text, "migrate %u %u %u", &a, &b, &c) == 3)
		writer_migrate(writer, time, a, b, c);
	else if (sscanf(text, "mark %u %u %u %u %n", &a, &b, &c, &d, &words) == 4)
		writer_mark(writer, time, a, b, c, d, text + words, strcspn(text + words, "\n"));
	else
		fprintf(stderr, "what is that: %s", text);
}

static unsigned int write_gap(struct writer *writer, const struct description *description,
			      unsigned int cpu, unsigned long long time, unsigned int seq)
{
	unsigned long long start, end, events;
	unsigned int of;
	unsigned int i;

	for (i = 0; i < description->count; i++) {
		char *text = description->lines[i].text;

		if (sscanf(text, "gap %u %llu %llu %llu", &of, &start, &end, &events) != 4 ||
		    of != cpu || end > time)
			continue;
		writer_gap(writer, cpu, seq + 1, start, end, events);
		writer_segment(writer, cpu, seq + 2, end, 0);
		write_tasks(writer, description);
		text[0] = '\n';
		return seq + 2;
	}
	return seq;
}

/* A CPU's events may reach back further than the window. */
static unsigned long long find_start(const struct description *description, unsigned int cpu,
				     unsigned long long start)
{
	unsigned long long time;
	unsigned int of;
	unsigned int i;

	for (i = 0; i < description->count; i++) {
		if (sscanf(description->lines[i].text, "%llu %u ", &time, &of) == 2 && of == cpu)
			return time < start ? time - 1 : start;
	}
	return start;
}

static void write_cpu(struct writer *writer, const struct description *description,
		      unsigned int cpu, unsigned int tid, unsigned long long start)
{
	unsigned long long time;
	unsigned int seq = 1;
	unsigned int of;
	unsigned int i;
	int event;

	writer_segment(writer, cpu, seq, start, tid);
	writer_segment_flags(writer, 2);
	write_tasks(writer, description);
	for (i = 0; i < description->count; i++) {
		const char *text = description->lines[i].text;

		if (sscanf(text, "%llu %u %n", &time, &of, &event) != 2 || of != cpu)
			continue;
		seq = write_gap(writer, description, cpu, time, seq);
		write_event(writer, time, text + event);
	}
}

static void write_cpus(struct writer *writer, const struct description *description)
{
	unsigned long long start = 0;
	unsigned int cpu, tid;
	unsigned int i;

	for (i = 0; i < description->count; i++) {
		sscanf(description->lines[i].text, "window %llu", &start);
		if (sscanf(description->lines[i].text, "cpu %u %u", &cpu, &tid) == 2)
			write_cpu(writer, description, cpu, tid,
				  find_start(description, cpu, start));
	}
}

static void write_rundown(struct writer *writer, const struct description *description)
{
	unsigned int tid, tgid, state, nr;
	unsigned int i;
	int name;

	writer_rundown(writer, 64, 0);
	for (i = 0; i < description->count; i++) {
		char *text = description->lines[i].text;

		if (sscanf(text, "live %u %u %u %u %n", &tid, &tgid, &state, &nr, &name) != 4)
			continue;
		text[strcspn(text, "\n")] = '\0';
		writer_rundown_task(writer, tid, tgid, text + name, state, nr, 1);
	}
}

static void write_cgroups(struct writer *writer, const struct description *description)
{
	unsigned int i;
	int path;
	unsigned int id;

	writer_cgroups(writer);
	for (i = 0; i < description->count; i++) {
		char *text = description->lines[i].text;

		if (sscanf(text, "cgroup %u %n", &id, &path) != 1)
			continue;
		text[strcspn(text, "\n")] = '\0';
		writer_cgroup(writer, id, text + path);
	}
}

int main(void)
{
	struct description description = { .count = 0 };
	struct writer writer = { .bytes = 0 };
	int ret;

	read_lines(&description);
	write_header(&writer, &description);
	write_cpus(&writer, &description);
	write_rundown(&writer, &description);
	write_cgroups(&writer, &description);
	writer_end(&writer);
	ret = fwrite(writer.data, 1, writer.bytes, stdout) != writer.bytes;
	writer_free(&writer);
	free(description.lines);
	return ret;
}
