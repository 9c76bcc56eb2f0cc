// SPDX-License-Identifier: GPL-2.0
/* Who a tid is, at each moment. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "flightrec.h"
#include "writer.h"

#define NONE 2047

static void start(struct writer *writer)
{
	struct writer_header header = writer_header_defaults();

	writer_header(writer, &header);
}

static void names_survive_exit(void)
{
	struct writer writer = { 0 };

	start(&writer);
	writer_segment(&writer, 0, 1, 1000, 10);
	writer_task(&writer, 10, 10, "short-lived");
	writer_exit(&writer, 1000, 10);
	writer_task(&writer, 1, 1, "init");
	writer_waking(&writer, 1010, 1, 1, 0);
	writer_switch(&writer, 1020, 0, 6, 231);
	writer_rundown(&writer, 64, 0);
	writer_rundown_task(&writer, 1, 1, "init", 1, 61, 0);
	check_events(&writer, "1000 0 begin short-lived-10\n"
			      "1000 0 exit short-lived-10\n"
			      "1010 0 waking init-1 cpu 1 thread by short-lived-10\n"
			      "1020 0 switch short-lived-10 Z 231 > swapper/0-0\n");
}

static void a_rename_holds_on_all_cpus_from_its_time_on(void)
{
	struct writer writer = { 0 };

	start(&writer);
	writer_segment(&writer, 0, 1, 1000, 10);
	writer_task(&writer, 10, 10, "before");
	writer_waking(&writer, 1000, 10, 0, 0);
	writer_rename(&writer, 2000, 10, "before", "after");
	writer_waking(&writer, 3000, 10, 0, 0);
	writer_segment(&writer, 1, 1, 1500, 0);
	writer_task(&writer, 10, 10, "before");
	writer_waking(&writer, 1500, 10, 0, 0);
	writer_waking(&writer, 2500, 10, 0, 0);
	check_events(&writer, "1000 0 begin before-10\n"
			      "1000 0 waking before-10 cpu 0 thread by before-10\n"
			      "1500 1 begin swapper/1-0\n"
			      "1500 1 waking before-10 cpu 0 thread by swapper/1-0\n"
			      "2000 0 rename 'before' > after-10\n"
			      "2500 1 waking after-10 cpu 0 thread by swapper/1-0\n"
			      "3000 0 waking after-10 cpu 0 thread by after-10\n");
}

/* The kernel announces the new name before it sets it. */
static void the_name_before_the_last_rename_is_known_to_be_old(void)
{
	struct writer writer = { 0 };

	start(&writer);
	writer_segment(&writer, 0, 1, 1000, 10);
	writer_task(&writer, 10, 10, "before");
	writer_rename(&writer, 2000, 10, "before", "after");
	writer_segment(&writer, 1, 1, 2001, 0);
	writer_task(&writer, 10, 10, "before");
	writer_waking(&writer, 2001, 10, 0, 0);
	writer_segment(&writer, 0, 2, 3000, 10);
	writer_task(&writer, 10, 10, "after");
	writer_rename(&writer, 3000, 10, "after", "before");
	writer_segment(&writer, 1, 2, 3001, 0);
	writer_task(&writer, 10, 10, "before");
	writer_waking(&writer, 3001, 10, 0, 0);
	check_events(&writer, "1000 0 begin before-10\n"
			      "2000 0 rename 'before' > after-10\n"
			      "2001 1 begin swapper/1-0\n"
			      "2001 1 waking after-10 cpu 0 thread by swapper/1-0\n"
			      "3000 0 rename 'after' > before-10\n"
			      "3001 1 waking before-10 cpu 0 thread by swapper/1-0\n");
}

static void behind_a_gap_an_old_name_may_be_the_new_one(void)
{
	struct writer writer = { 0 };

	start(&writer);
	writer_segment(&writer, 0, 1, 1000, 10);
	writer_task(&writer, 10, 10, "before");
	writer_rename(&writer, 2000, 10, "before", "after");
	writer_gap(&writer, 0, 2, 2500, 2900, 1);
	writer_segment(&writer, 0, 3, 3000, 10);
	writer_task(&writer, 10, 10, "before");
	writer_exit(&writer, 3000, 10);
	check_events(&writer, "1000 0 begin before-10\n"
			      "2000 0 rename 'before' > after-10\n"
			      "2500 0 gap until 3000 segments 1 events 1\n"
			      "3000 0 begin before-10\n"
			      "3000 0 exit before-10\n");
}

/* Both are the only threads of their processes, so that nothing else tells. */
static void a_tid_that_is_named_after_its_thread_died_is_another_thread(void)
{
	const struct flightrec_thread *first, *second;
	const struct flightrec_event *event;
	struct writer writer = { 0 };
	struct flightrec_trace *trace;

	start(&writer);
	writer_segment(&writer, 0, 1, 1000, 10);
	writer_task(&writer, 10, 10, "first");
	writer_switch(&writer, 1000, 0, 5, 60);
	writer_task(&writer, 10, 10, "second");
	writer_waking(&writer, 1010, 10, 0, 0);
	writer_end(&writer);
	trace = check_open(&writer);
	CHECK_EQUAL(flightrec_trace_next(trace, &event), 0);
	CHECK_EQUAL(flightrec_trace_next(trace, &event), 0);
	first = event->running;
	CHECK_EQUAL(flightrec_trace_next(trace, &event), 0);
	second = event->thread;
	CHECK(first != second);
	CHECK_TEXT(first->comm, "first");
	CHECK_TEXT(second->comm, "second");
	flightrec_trace_close(trace);
	writer_free(&writer);
}

static void a_name_holds_from_the_event_behind_it_on(void)
{
	struct writer writer = { 0 };

	start(&writer);
	/* CPU 0 is told at 1000 and again at 3000; CPU 1 mentions it between. */
	writer_segment(&writer, 0, 1, 1000, 0);
	writer_task(&writer, 10, 10, "first");
	writer_waking(&writer, 1000, 10, 0, 0);
	writer_task(&writer, 10, 10, "second");
	writer_waking(&writer, 3000, 10, 0, 0);
	writer_segment(&writer, 1, 1, 900, 0);
	writer_task(&writer, 10, 10, "zeroth");
	writer_waking(&writer, 900, 10, 0, 0);
	writer_waking(&writer, 2000, 10, 0, 0);
	writer_waking(&writer, 4000, 10, 0, 0);
	check_events(&writer, "900 1 begin swapper/1-0\n"
			      "900 1 waking zeroth-10 cpu 0 thread by swapper/1-0\n"
			      "1000 0 begin swapper/0-0\n"
			      "1000 0 waking first-10 cpu 0 thread by swapper/0-0\n"
			      "2000 1 waking first-10 cpu 0 thread by swapper/1-0\n"
			      "3000 0 waking second-10 cpu 0 thread by swapper/0-0\n"
			      "4000 1 waking second-10 cpu 0 thread by swapper/1-0\n");
}

static const struct flightrec_thread *thread_after_all(struct flightrec_trace *trace, uint32_t tid)
{
	const struct flightrec_event *event;

	do {
		CHECK_EQUAL(flightrec_trace_next(trace, &event), 0);
	} while (event);
	return flightrec_trace_thread(trace, tid);
}

static void a_task_record_tells_all_of_a_thread(void)
{
	const struct flightrec_thread *thread;
	struct writer writer = { 0 };
	struct flightrec_trace *trace;

	start(&writer);
	writer_segment(&writer, 0, 1, 1000, 0);
	writer_task_full(&writer, 4194303, 4194302, "fifteen letters", 255, 0xfff,
			 0x123456789abcdef0, 4194301, 0xfedcba9876543210);
	writer_waking(&writer, 1000, 4194303, 0, 0);
	writer_end(&writer);
	trace = check_open(&writer);
	thread = thread_after_all(trace, 4194303);
	CHECK(thread);
	CHECK_EQUAL(thread->tid, 4194303);
	CHECK_EQUAL(thread->tgid, 4194302);
	CHECK_EQUAL(thread->ns_tid, 4194301);
	CHECK_EQUAL(thread->priority, 255);
	CHECK_EQUAL(thread->flags, 0xfff);
	CHECK_EQUAL(thread->cgroup, 0x123456789abcdef0);
	CHECK_EQUAL(thread->pid_ns, 0xfedcba9876543210);
	CHECK_EQUAL(thread->known, FLIGHTREC_KNOWN_TRACE);
	CHECK_TEXT(thread->comm, "fifteen letters");
	flightrec_trace_close(trace);
	writer_free(&writer);
}

static void a_short_task_record_takes_what_the_last_long_one_said(void)
{
	const struct flightrec_thread *thread;
	struct writer writer = { 0 };
	struct flightrec_trace *trace;

	start(&writer);
	writer_segment(&writer, 0, 1, 1000, 0);
	writer_task_full(&writer, 10, 10, "worker", 130, 1, 5, 3, 9);
	writer_waking(&writer, 1000, 10, 0, 0);
	writer_task_full(&writer, 30, 30, "other", 139, 4, 6, 2, 8);
	writer_waking(&writer, 1005, 30, 0, 0);
	writer_task_same(&writer, 31, 30);
	writer_waking(&writer, 1010, 31, 0, 0);
	writer_end(&writer);
	trace = check_open(&writer);
	thread = thread_after_all(trace, 31);
	CHECK(thread);
	CHECK_TEXT(thread->comm, "other");
	CHECK_EQUAL(thread->tgid, 30);
	CHECK_EQUAL(thread->ns_tid, 31);
	CHECK_EQUAL(thread->priority, 120);
	CHECK_EQUAL(thread->flags, 0);
	CHECK_EQUAL(thread->cgroup, 6);
	CHECK_EQUAL(thread->pid_ns, 8);
	flightrec_trace_close(trace);
	writer_free(&writer);
}

static void a_short_task_record_without_a_long_one_names_nobody(void)
{
	struct writer writer = { 0 };

	start(&writer);
	writer_segment(&writer, 0, 1, 1000, 0);
	writer_task(&writer, 10, 10, "worker");
	writer_waking(&writer, 1000, 10, 0, 0);
	writer_segment(&writer, 0, 2, 2000, 0);
	writer_task_same(&writer, 11, 10);
	writer_waking(&writer, 2000, 11, 0, 0);
	check_events(&writer, "1000 0 begin swapper/0-0\n"
			      "1000 0 waking worker-10 cpu 0 thread by swapper/0-0\n"
			      "2000 0 waking <...>-11 cpu 0 thread by swapper/0-0\n");
}

static void a_priority_changes_with_its_record(void)
{
	const struct flightrec_event *event;
	struct writer writer = { 0 };
	struct flightrec_trace *trace;

	start(&writer);
	writer_segment(&writer, 0, 1, 1000, 0);
	writer_task(&writer, 10, 10, "a");
	writer_waking(&writer, 1000, 10, 0, 0);
	writer_prio(&writer, 10, 49);
	writer_waking(&writer, 1010, 10, 0, 0);
	writer_end(&writer);
	trace = check_open(&writer);
	CHECK_EQUAL(flightrec_trace_next(trace, &event), 0);
	CHECK_EQUAL(flightrec_trace_next(trace, &event), 0);
	CHECK_EQUAL(event->thread->priority, 120);
	CHECK_EQUAL(flightrec_trace_next(trace, &event), 0);
	CHECK_EQUAL(event->thread->priority, 49);
	flightrec_trace_close(trace);
	writer_free(&writer);
}

/* Reads on to the next event, and returns the priority of the thread that it is about. */
static uint32_t next_priority(struct flightrec_trace *trace)
{
	const struct flightrec_event *event;

	CHECK_EQUAL(flightrec_trace_next(trace, &event), 0);
	CHECK(event && event->thread);
	return event && event->thread ? event->thread->priority : UINT32_MAX;
}

/* A CPU doesn't tell again what it has told itself, whatever others told meanwhile. */
static void a_priority_holds_on_the_cpu_that_told_it(void)
{
	const struct flightrec_event *event;
	struct flightrec_trace *trace;
	struct writer writer = { 0 };

	start(&writer);
	writer_segment(&writer, 0, 1, 1000, 0);
	writer_task(&writer, 10, 10, "boosted");
	writer_waking(&writer, 1000, 10, 0, 0);
	writer_waking(&writer, 3000, 10, 0, 0);
	writer_switch(&writer, 3010, 10, 0, NONE);
	writer_prio(&writer, 10, 70);
	writer_switch(&writer, 3040, 0, 1, NONE);
	writer_waking(&writer, 5000, 10, 0, 0);
	writer_segment(&writer, 1, 1, 2000, 0);
	writer_task_full(&writer, 10, 10, "boosted", 49, 0, 1, 10, 4026531836);
	writer_waking(&writer, 2000, 10, 0, 0);
	writer_waking(&writer, 3030, 10, 0, 0);
	writer_segment(&writer, 2, 1, 4000, 0);
	writer_task(&writer, 10, 10, "boosted");
	writer_waking(&writer, 4000, 10, 0, 0);
	writer_end(&writer);
	trace = check_open(&writer);
	for (int twice = 0; twice < 2; twice++) {
		next_priority(trace); /* CPU 0 begins */
		CHECK_EQUAL(next_priority(trace), 120);
		next_priority(trace); /* CPU 1 begins */
		CHECK_EQUAL(next_priority(trace), 49);
		CHECK_EQUAL(next_priority(trace), 120);
		CHECK_EQUAL(next_priority(trace), 120);
		CHECK_EQUAL(next_priority(trace), 49);
		CHECK_EQUAL(flightrec_trace_next(trace, &event), 0);
		CHECK_EQUAL(event->running->priority, 70);
		next_priority(trace); /* CPU 2 begins */
		CHECK_EQUAL(next_priority(trace), 120);
		CHECK_EQUAL(next_priority(trace), 70);
		CHECK_EQUAL(flightrec_trace_rewind(trace), 0);
	}
	flightrec_trace_close(trace);
	writer_free(&writer);
}

static void a_tid_that_is_used_again_is_another_thread(void)
{
	const struct flightrec_thread *first, *second;
	const struct flightrec_event *event;
	struct writer writer = { 0 };
	struct flightrec_trace *trace;

	start(&writer);
	writer_segment(&writer, 0, 1, 1000, 1);
	writer_task(&writer, 1, 1, "parent");
	writer_task(&writer, 10, 10, "first");
	writer_waking(&writer, 1000, 10, 0, 0);
	writer_task(&writer, 10, 10, "second");
	writer_fork(&writer, 1010, 10, 1);
	writer_end(&writer);
	trace = check_open(&writer);
	CHECK_EQUAL(flightrec_trace_next(trace, &event), 0);
	CHECK_EQUAL(flightrec_trace_next(trace, &event), 0);
	first = event->thread;
	CHECK_TEXT(first->comm, "first");
	CHECK_EQUAL(flightrec_trace_next(trace, &event), 0);
	second = event->thread;
	CHECK_TEXT(second->comm, "second");
	CHECK_TEXT(first->comm, "first");
	CHECK_TEXT(event->fork.parent->comm, "parent");
	CHECK(first->index != second->index);
	flightrec_trace_close(trace);
	writer_free(&writer);
}

static void a_lost_fork_is_seen_by_another_process_under_the_tid(void)
{
	const struct flightrec_thread *first, *second;
	const struct flightrec_event *event;
	struct writer writer = { 0 };
	struct flightrec_trace *trace;

	start(&writer);
	writer_segment(&writer, 0, 1, 1000, 0);
	writer_task(&writer, 10, 9, "first");
	writer_waking(&writer, 1000, 10, 0, 0);
	writer_task(&writer, 10, 10, "second");
	writer_waking(&writer, 1010, 10, 0, 0);
	writer_end(&writer);
	trace = check_open(&writer);
	CHECK_EQUAL(flightrec_trace_next(trace, &event), 0);
	CHECK_EQUAL(flightrec_trace_next(trace, &event), 0);
	first = event->thread;
	CHECK_EQUAL(flightrec_trace_next(trace, &event), 0);
	second = event->thread;
	CHECK(first != second);
	CHECK_TEXT(first->comm, "first");
	CHECK_TEXT(second->comm, "second");
	flightrec_trace_close(trace);
	writer_free(&writer);
}

/* The child's name stands before the fork, which may be a segment's first event. */
static void a_fork_that_begins_a_segment_keeps_its_childs_name(void)
{
	const struct flightrec_thread *child;
	struct writer writer = { 0 };
	struct flightrec_trace *trace;

	start(&writer);
	writer_segment(&writer, 0, 1, 1000, 1);
	writer_task(&writer, 1, 1, "parent");
	writer_task(&writer, 10, 10, "child");
	writer_fork(&writer, 1000, 10, 1);
	writer_end(&writer);
	trace = check_open(&writer);
	child = thread_after_all(trace, 10);
	CHECK(child);
	CHECK_TEXT(child->comm, "child");
	CHECK_EQUAL(child->tgid, 10);
	CHECK_EQUAL(child->known, FLIGHTREC_KNOWN_TRACE);
	flightrec_trace_close(trace);
	writer_free(&writer);
}

static void a_child_without_a_name_has_its_parents(void)
{
	const struct flightrec_thread *child;
	struct writer writer = { 0 };
	struct flightrec_trace *trace;

	start(&writer);
	writer_segment(&writer, 0, 1, 1000, 1);
	writer_task(&writer, 1, 1, "parent");
	writer_fork(&writer, 1010, 10, 1);
	writer_end(&writer);
	trace = check_open(&writer);
	child = thread_after_all(trace, 10);
	CHECK(child);
	CHECK_TEXT(child->comm, "parent");
	CHECK_EQUAL(child->known, FLIGHTREC_KNOWN_PARENT);
	flightrec_trace_close(trace);
	writer_free(&writer);
}

/* It was alive at the cut; before its birth the tid was somebody else's. */
static void the_rundown_names_who_the_records_do_not(void)
{
	const struct flightrec_thread *thread;
	const struct flightrec_event *event;
	struct writer writer = { 0 };
	struct flightrec_trace *trace;

	start(&writer);
	writer_segment(&writer, 0, 1, 1000, 0);
	writer_waking(&writer, 1000, 10, 0, 0);
	writer_waking(&writer, 1010, 20, 0, 0);
	writer_rundown(&writer, 64, 0);
	writer_rundown_task(&writer, 30, 30, "sleeper", 1, 7, 0);
	writer_rundown_task(&writer, 20, 20, "young", 1, 7, 5000 + 1011);
	writer_rundown_task(&writer, 10, 9, "old", 1, 7, 5000 + 1000);
	writer_end(&writer);
	trace = check_open(&writer);
	CHECK_EQUAL(flightrec_trace_next(trace, &event), 0);
	CHECK_EQUAL(flightrec_trace_next(trace, &event), 0);
	CHECK_TEXT(event->thread->comm, "old");
	CHECK_EQUAL(event->thread->tgid, 9);
	CHECK_EQUAL(event->thread->known, FLIGHTREC_KNOWN_RUNDOWN);
	CHECK_EQUAL(flightrec_trace_next(trace, &event), 0);
	CHECK_TEXT(event->thread->comm, "<...>");
	CHECK_EQUAL(event->thread->known, FLIGHTREC_KNOWN_NOT);
	thread = flightrec_trace_thread(trace, 30);
	CHECK(thread);
	CHECK_TEXT(thread->comm, "sleeper");
	CHECK(!flightrec_trace_thread(trace, 31));
	CHECK(!flightrec_trace_thread(trace, 4194304));
	flightrec_trace_close(trace);
	writer_free(&writer);
}

static void each_cpu_has_an_idle_thread_of_its_own(void)
{
	const struct flightrec_event *event;
	struct writer writer = { 0 };
	struct flightrec_trace *trace;

	start(&writer);
	writer_segment(&writer, 5, 1, 1000, 0);
	writer_segment(&writer, 8000, 1, 2000, 0);
	writer_end(&writer);
	trace = check_open(&writer);
	CHECK_EQUAL(flightrec_trace_next(trace, &event), 0);
	CHECK_TEXT(event->thread->comm, "swapper/5");
	CHECK_EQUAL(event->thread->priority, 120);
	CHECK_TEXT(flightrec_trace_thread(trace, 0)->comm, "swapper/5");
	CHECK(!flightrec_trace_running(trace, 8000));
	CHECK_EQUAL(flightrec_trace_next(trace, &event), 0);
	CHECK_TEXT(event->thread->comm, "swapper/8000");
	CHECK_TEXT(flightrec_trace_thread(trace, 0)->comm, "swapper/8000");
	CHECK_TEXT(flightrec_trace_running(trace, 5)->comm, "swapper/5");
	CHECK(!flightrec_trace_running(trace, 6));
	flightrec_trace_close(trace);
	writer_free(&writer);
}

static void system_calls_have_the_names_of_the_machine_and_the_abi(void)
{
	struct writer_header header = writer_header_defaults();
	struct writer writer = { 0 };
	struct flightrec_trace *trace;

	writer_header(&writer, &header);
	writer_end(&writer);
	trace = check_open(&writer);
	CHECK_TEXT(flightrec_trace_syscall_name(trace, 202, 0), "futex");
	CHECK_TEXT(flightrec_trace_syscall_name(trace, 0, 0), "read");
	CHECK_TEXT(flightrec_trace_syscall_name(trace, 240, 4), "futex");
	CHECK(!flightrec_trace_syscall_name(trace, 2047, 0));
	CHECK(!flightrec_trace_syscall_name(trace, 2047, 0));
	CHECK(!flightrec_trace_syscall_name(trace, 2000, 0));
	flightrec_trace_close(trace);
	writer_free(&writer);

	header.machine = 183;
	writer_header(&writer, &header);
	writer_end(&writer);
	trace = check_open(&writer);
	CHECK_TEXT(flightrec_trace_syscall_name(trace, 98, 0), "futex");
	flightrec_trace_close(trace);
	writer_free(&writer);

	header.machine = 4242;
	writer_header(&writer, &header);
	writer_end(&writer);
	trace = check_open(&writer);
	CHECK(!flightrec_trace_syscall_name(trace, 98, 0));
	flightrec_trace_close(trace);
	writer_free(&writer);
}

static void cgroups_have_paths(void)
{
	struct writer writer = { 0 };
	struct flightrec_trace *trace;

	start(&writer);
	writer_cgroups(&writer);
	writer_cgroup(&writer, 77, "/system.slice/docker-0123456789.scope");
	writer_cgroup(&writer, 1, "/");
	writer_cgroup(&writer, 50, "/12345678");
	writer_cgroup(&writer, 51, "/1234567");
	writer_end(&writer);
	trace = check_open(&writer);
	CHECK_TEXT(flightrec_trace_cgroup_path(trace, 1), "/");
	CHECK_TEXT(flightrec_trace_cgroup_path(trace, 77), "/system.slice/docker-0123456789.scope");
	CHECK_TEXT(flightrec_trace_cgroup_path(trace, 50), "/12345678");
	CHECK_TEXT(flightrec_trace_cgroup_path(trace, 51), "/1234567");
	CHECK(!flightrec_trace_cgroup_path(trace, 2));
	flightrec_trace_close(trace);
	writer_free(&writer);
}

static void the_rundown_is_told_by_tid(void)
{
	struct writer writer = { 0 };
	struct flightrec_trace *trace;
	struct flightrec_task task;

	start(&writer);
	writer_rundown(&writer, 64, 3);
	writer_rundown_task(&writer, 400, 300, "c", 2, 202, 77);
	writer_rundown_task(&writer, 1, 1, "a", 1, 61, 5);
	writer_rundown_task(&writer, 9, 9, "b", 0, NONE, 6);
	writer_end(&writer);
	trace = check_open(&writer);
	CHECK_EQUAL(flightrec_trace_get_info(trace)->tasks, 3);
	CHECK_EQUAL(flightrec_trace_get_info(trace)->tasks_missed, 3);
	CHECK_EQUAL(flightrec_trace_get_task(trace, 0, &task), 0);
	CHECK_TEXT(task.comm, "a");
	CHECK_EQUAL(flightrec_trace_get_task(trace, 2, &task), 0);
	CHECK_EQUAL(task.tid, 400);
	CHECK_EQUAL(task.tgid, 300);
	CHECK_EQUAL(task.ppid, 1);
	CHECK_EQUAL(task.priority, 120);
	CHECK_EQUAL(task.state, FLIGHTREC_STATE_UNINTERRUPTIBLE);
	CHECK_EQUAL(task.cpu, 2);
	CHECK_EQUAL(task.nr, 202);
	CHECK_EQUAL(task.start_boottime_ns, 77);
	CHECK_TEXT(task.comm, "c");
	CHECK(flightrec_trace_get_task(trace, 3, &task) < 0);
	CHECK_EQUAL(flightrec_trace_find_task(trace, 9, &task), 0);
	CHECK_TEXT(task.comm, "b");
	CHECK(flightrec_trace_find_task(trace, 10, &task) < 0);
	flightrec_trace_close(trace);
	writer_free(&writer);
}

const struct test name_tests[] = {
	TEST(names_survive_exit),
	TEST(a_rename_holds_on_all_cpus_from_its_time_on),
	TEST(the_name_before_the_last_rename_is_known_to_be_old),
	TEST(behind_a_gap_an_old_name_may_be_the_new_one),
	TEST(a_tid_that_is_named_after_its_thread_died_is_another_thread),
	TEST(a_name_holds_from_the_event_behind_it_on),
	TEST(a_task_record_tells_all_of_a_thread),
	TEST(a_short_task_record_takes_what_the_last_long_one_said),
	TEST(a_short_task_record_without_a_long_one_names_nobody),
	TEST(a_priority_changes_with_its_record),
	TEST(a_priority_holds_on_the_cpu_that_told_it),
	TEST(a_tid_that_is_used_again_is_another_thread),
	TEST(a_lost_fork_is_seen_by_another_process_under_the_tid),
	TEST(a_fork_that_begins_a_segment_keeps_its_childs_name),
	TEST(a_child_without_a_name_has_its_parents),
	TEST(the_rundown_names_who_the_records_do_not),
	TEST(each_cpu_has_an_idle_thread_of_its_own),
	TEST(system_calls_have_the_names_of_the_machine_and_the_abi),
	TEST(cgroups_have_paths),
	TEST(the_rundown_is_told_by_tid),
	{ NULL, NULL },
};
