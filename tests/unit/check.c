// SPDX-License-Identifier: GPL-2.0
#include <inttypes.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "flightrec.h"
#include "writer.h"

static jmp_buf test_end;

void check_failed(const char *file, int line, const char *what)
{
	printf("%s:%d: %s\n", file, line, what);
	longjmp(test_end, 1);
}

void check_equal(const char *file, int line, const char *what, uint64_t got, uint64_t expected)
{
	if (got == expected)
		return;
	printf("%s:%d: %s is %" PRIu64 ", not %" PRIu64 "\n", file, line, what, got, expected);
	longjmp(test_end, 1);
}

void check_text(const char *file, int line, const char *got, const char *expected)
{
	if (!strcmp(got, expected))
		return;
	printf("%s:%d: expected:\n%s\n--- got:\n%s\n---\n", file, line, expected, got);
	longjmp(test_end, 1);
}

struct flightrec_trace *check_open(const struct writer *writer)
{
	struct flightrec_trace *trace;

	CHECK_EQUAL(-flightrec_trace_open_memory(&trace, writer->data, writer->bytes), 0);
	return trace;
}

static void describe_thread(FILE *out, const struct flightrec_thread *thread)
{
	if (thread)
		fprintf(out, "%s-%" PRIu32, thread->comm, thread->tid);
	else
		fprintf(out, "?");
}

static void describe_waking(FILE *out, const struct flightrec_event *event)
{
	static const char *const contexts[] = { "thread", "softirq", "hardirq", "nmi" };

	fprintf(out, event->type == FLIGHTREC_EVENT_WAKING ? "waking " : "wakeup_new ");
	describe_thread(out, event->thread);
	fprintf(out, " cpu %" PRIu32 " %s by ", event->waking.target_cpu,
		contexts[event->waking.context]);
	describe_thread(out, event->running);
}

static void describe_switch(FILE *out, const struct flightrec_event *event)
{
	fprintf(out, "switch ");
	describe_thread(out, event->running);
	fprintf(out, " %c%s ", flightrec_state_letter(event->sw.state),
		event->sw.state == FLIGHTREC_STATE_PREEMPTED ? "+" : "");
	if (event->sw.nr == FLIGHTREC_NR_NONE)
		fprintf(out, "none");
	else
		fprintf(out, "%" PRIu32, event->sw.nr);
	fprintf(out, " > ");
	describe_thread(out, event->thread);
}

static void describe_event(FILE *out, const struct flightrec_event *event)
{
	fprintf(out, "%" PRIu64 " %" PRIu32 " ", event->time_ns, event->cpu);
	switch (event->type) {
	case FLIGHTREC_EVENT_SWITCH:
		describe_switch(out, event);
		break;
	case FLIGHTREC_EVENT_WAKING:
	case FLIGHTREC_EVENT_WAKEUP_NEW:
		describe_waking(out, event);
		break;
	case FLIGHTREC_EVENT_MIGRATE:
		fprintf(out, "migrate ");
		describe_thread(out, event->thread);
		fprintf(out, " %" PRIu32 " to %" PRIu32, event->migrate.from_cpu,
			event->migrate.to_cpu);
		break;
	case FLIGHTREC_EVENT_FORK:
		fprintf(out, "fork ");
		describe_thread(out, event->fork.parent);
		fprintf(out, " > ");
		describe_thread(out, event->thread);
		break;
	case FLIGHTREC_EVENT_EXEC:
		fprintf(out, "exec ");
		describe_thread(out, event->thread);
		fprintf(out, " was %" PRIu32 " '%s'", event->exec.old_tid, event->exec.name);
		break;
	case FLIGHTREC_EVENT_EXIT:
		fprintf(out, "exit ");
		describe_thread(out, event->thread);
		break;
	case FLIGHTREC_EVENT_RENAME:
		fprintf(out, "rename '%s' > ", event->rename.from);
		describe_thread(out, event->thread);
		break;
	case FLIGHTREC_EVENT_MARK:
		fprintf(out, "mark ");
		describe_thread(out, event->thread);
		fprintf(out, " kind %" PRIu32 " id %" PRIu64 " parent %" PRIu64 " '",
			event->mark.kind, event->mark.id, event->mark.parent);
		fwrite(event->mark.text, 1, event->mark.text_bytes, out);
		fprintf(out, "'");
		break;
	case FLIGHTREC_STREAM_BEGIN:
		fprintf(out, "begin ");
		describe_thread(out, event->running);
		break;
	case FLIGHTREC_STREAM_GAP:
		fprintf(out, "gap until %" PRIu64 " segments %" PRIu64, event->gap.end_ns,
			event->gap.segments);
		if (event->gap.events == FLIGHTREC_EVENTS_UNKNOWN)
			fprintf(out, " events unknown");
		else
			fprintf(out, " events %" PRIu64, event->gap.events);
		break;
	case FLIGHTREC_STREAM_LOST:
		fprintf(out, "lost %" PRIu64 " since %" PRIu64, event->lost.events,
			event->lost.since_ns);
		break;
	case FLIGHTREC_STREAM_PAUSE:
		fprintf(out, "pause");
		break;
	default:
		fprintf(out, "type %" PRIu32, event->type);
		break;
	}
	fprintf(out, "\n");
}

char *check_describe(struct flightrec_trace *trace)
{
	const struct flightrec_event *event;
	char *text = NULL;
	size_t bytes;
	FILE *out = open_memstream(&text, &bytes);
	int err;

	CHECK(out);
	while (!(err = flightrec_trace_next(trace, &event)) && event)
		describe_event(out, event);
	fclose(out);
	CHECK_EQUAL(-err, 0);
	return text;
}

void check_events(struct writer *writer, const char *expected)
{
	struct flightrec_trace *trace;
	char *got;

	writer_end(writer);
	trace = check_open(writer);
	got = check_describe(trace);
	CHECK_TEXT(got, expected);
	free(got);
	flightrec_trace_close(trace);
	writer_free(writer);
}

static int run(const struct test *test)
{
	int failed = setjmp(test_end);

	if (!failed)
		test->run();
	printf("%sok - %s\n", failed ? "not " : "", test->name);
	fflush(stdout);
	return failed;
}

/* All tests, or those whose names hold the argument. */
int main(int argc, char **argv)
{
	static const struct test *const tables[] = {
		order_tests, name_tests, record_tests, loss_tests, damage_tests,
		clock_tests, file_tests, random_tests, mark_tests, header_tests,
	};
	int failures = 0;

	for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]); i++)
		for (const struct test *test = tables[i]; test->name; test++)
			if (argc < 2 || strstr(test->name, argv[1]))
				failures += run(test);
	return failures ? EXIT_FAILURE : EXIT_SUCCESS;
}
