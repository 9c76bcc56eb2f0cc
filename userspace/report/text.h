/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The report for people. What is said about a finding is put together here, the
 * long way (text_finding) and in a few sentences (text_verdict), so that it can be
 * used by other outputs, too.
 */
#ifndef REPORT_TEXT_H
#define REPORT_TEXT_H

#include <stdio.h>

#include "analysis.h"
#include "sentence.h"

/* All of it. @bold: headings may be set off as a terminal does. */
void text_print(struct analysis *analysis, FILE *out, bool bold);

/* One finding, with its number. */
void text_finding(struct analysis *analysis, FILE *out, unsigned int number,
		  const struct finding *finding);

/* What programs said around a finding; the last marks; the longest regions. */
void text_finding_marks(struct analysis *analysis, FILE *out, const struct finding *finding);
void text_marks(struct analysis *analysis, FILE *out);
void text_regions(struct analysis *analysis, FILE *out);

/* What the threads did that were asked about. */
void text_threads(struct analysis *analysis, FILE *out);

/* What it all comes to. */
void text_verdict(struct analysis *analysis, struct sentence *sentence);

/* "CPU 1: hog (pid 33) real-time priority 50 97%, idle 2.1%": who had it meanwhile */
void text_add_holders(struct analysis *analysis, struct sentence *sentence,
		      const struct holders *holders, uint32_t cpu);

/* "-0.2031 s": seconds until the cut. */
void text_add_moment(struct analysis *analysis, struct sentence *sentence, uint64_t time);

#endif
