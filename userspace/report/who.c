// SPDX-License-Identifier: GPL-2.0
/* What threads, calls and states are called. */
#include <ctype.h>
#include <string.h>

#include "utf8.h"
#include "who.h"

/* What would move a terminal's cursor, or is no text, is a question mark. */
static void add_comm(struct sentence *sentence, const char *comm)
{
	while (*comm) {
		size_t bytes = utf8_length(comm);

		if (*comm == ' ')
			sentence_add(sentence, "%c", SENTENCE_SPACE);
		else if (bytes > 1 || (bytes == 1 && isprint((unsigned char)*comm)))
			sentence_add(sentence, "%.*s", (int)bytes, comm);
		else
			sentence_add(sentence, "?");
		comm += bytes ? bytes : 1;
	}
}

void who_add_name(struct sentence *sentence, const struct thread *thread)
{
	if (thread_is_idle(thread))
		sentence_add(sentence, "idle");
	else
		add_comm(sentence, thread->comm);
}

const char *who_process(struct analysis *analysis, const struct thread *thread, char comm[20])
{
	const struct thread *leader;
	struct flightrec_task task;

	if (thread->tid == thread->tgid || !thread->tgid)
		return NULL;
	leader = threads_find(&analysis->threads, thread->tgid);
	if (leader)
		return leader->comm;
	if (flightrec_trace_find_task(analysis->trace, thread->tgid, &task) < 0)
		return NULL;
	memcpy(comm, task.comm, sizeof(task.comm));
	comm[sizeof(task.comm)] = '\0';
	return comm;
}

static void add_numbers(struct sentence *sentence, struct analysis *analysis,
			const struct thread *thread)
{
	char comm[20];
	const char *process;

	if (thread_is_kernel(thread)) {
		sentence_add(sentence, " (kernel thread %u", thread->tid);
		return;
	}
	if (thread->tid == thread->tgid) {
		sentence_add(sentence, " (pid %u", thread->tid);
		return;
	}
	sentence_add(sentence, " (tid %u", thread->tid);
	process = who_process(analysis, thread, comm);
	if (process) {
		sentence_add(sentence, " of ");
		add_comm(sentence, process);
	} else if (thread->tgid) {
		sentence_add(sentence, " of pid %u", thread->tgid);
	}
}

void who_add(struct sentence *sentence, struct analysis *analysis, const struct thread *thread)
{
	who_add_name(sentence, thread);
	if (thread_is_idle(thread))
		return;
	add_numbers(sentence, analysis, thread);
	sentence_add(sentence, ")");
}

void who_add_fully(struct sentence *sentence, struct analysis *analysis,
		   const struct thread *thread)
{
	const char *path;

	who_add_name(sentence, thread);
	if (thread_is_idle(thread))
		return;
	add_numbers(sentence, analysis, thread);
	path = flightrec_trace_cgroup_path(analysis->trace, thread->cgroup);
	if (path && strcmp(path, "/")) {
		sentence_add(sentence, ", ");
		add_comm(sentence, path);
	}
	sentence_add(sentence, ")");
}

bool who_add_priority(struct sentence *sentence, const struct thread *thread)
{
	if (thread_is_idle(thread))
		return false;
	if (thread->priority == 255)
		sentence_add(sentence, "deadline");
	else if (thread->priority < 99)
		sentence_add(sentence, "real-time priority %d", 99 - thread->priority);
	else if (thread->priority >= 100 && thread->priority < 140 && thread->priority != 120)
		sentence_add(sentence, "nice %d", thread->priority - 120);
	else
		return false;
	return true;
}

const char *who_call(struct analysis *analysis, const struct wait *wait)
{
	const char *name = place_name(&analysis->places, wait->nr, wait->thread->flags);

	if (name)
		return name;
	if (wait->nr != FLIGHTREC_NR_NONE)
		return "a system call";
	if (thread_is_kernel(wait->thread))
		return "the kernel";
	return wait->state == FLIGHTREC_STATE_UNINTERRUPTIBLE ? "a page fault" : "no system call";
}

const char *who_state(uint32_t state)
{
	switch (state) {
	case FLIGHTREC_STATE_SLEEPING:
		return "sleeping";
	case FLIGHTREC_STATE_UNINTERRUPTIBLE:
		return "uninterruptible";
	case FLIGHTREC_STATE_STOPPED:
		return "stopped";
	case FLIGHTREC_STATE_TRACED:
		return "traced";
	case FLIGHTREC_STATE_PARKED:
		return "parked";
	case FLIGHTREC_STATE_IDLE:
		return "idle";
	default:
		return "waiting";
	}
}
