/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What threads, calls and states are called in a report for people.
 */
#ifndef REPORT_WHO_H
#define REPORT_WHO_H

#include "analysis.h"
#include "sentence.h"

/* "reporter": the name alone. */
void who_add_name(struct sentence *sentence, const struct thread *thread);

/* "reporter (tid 1240 of guess)" */
void who_add(struct sentence *sentence, struct analysis *analysis, const struct thread *thread);

/* "reporter (tid 1240 of guess, /system.slice/guess.service)" */
void who_add_fully(struct sentence *sentence, struct analysis *analysis,
		   const struct thread *thread);

/* "real-time priority 50", "nice 5"; nothing for the usual one. Says whether it did. */
bool who_add_priority(struct sentence *sentence, const struct thread *thread);

/* The name of the thread's process, NULL if it isn't known or the same. */
const char *who_process(struct analysis *analysis, const struct thread *thread, char comm[20]);

/* "futex", "a page fault", "the kernel" */
const char *who_call(struct analysis *analysis, const struct wait *wait);

/* "sleeping", "uninterruptible" */
const char *who_state(uint32_t state);

#endif
