# SPDX-License-Identifier: GPL-2.0
"""The results that a test suite's output tells of; tests/run says in which form."""

import re

RESULT = re.compile(r"^( *)(ok|not ok|skip)(?: (\d+)(?: -)?| -) (.*)$")
SKIP = re.compile(r"# *SKIP\b *(.*)$", re.I)
# Lines around a failure that are shown. A report of a guest's kernel comes before it.
BEFORE, AFTER = 60, 10


class Results:
    def __init__(self):
        self.passed = 0
        self.failed = []
        self.skipped = []

    def add(self, other):
        self.passed += other.passed
        self.failed += other.failed
        self.skipped += other.skipped

    def __bool__(self):
        return bool(self.passed or self.failed or self.skipped)

    def __str__(self):
        return f"{self.passed} passed, {len(self.failed)} failed, {len(self.skipped)} skipped"


def read_results(lines):
    """The results in a suite's output, nested KTAP counted at its leaves."""
    results = Results()
    nested = {}     # depth -> failures seen below it since its last result
    for line in lines:
        found = RESULT.match(line.rstrip())
        if not found:
            continue
        indent, word, number, name = found.groups()
        depth = len(indent)
        below = [nested.pop(inner) for inner in list(nested) if inner > depth]
        skip = SKIP.search(name)
        if word == "not ok" and not skip:
            failures = 1
            if not (number and any(below)):     # else told of already
                results.failed.append(name)
        else:
            failures = 0
            if number and below:
                pass                            # sums up what was nested in it
            elif word == "skip" or skip:
                results.skipped.append(name)
            else:
                results.passed += 1
        nested[depth] = nested.get(depth, 0) + failures + sum(below)
    return results


def excerpt(lines):
    """What is worth showing of the output of a suite that failed: where it did, and the end."""
    near = set(range(max(0, len(lines) - AFTER), len(lines)))
    for number, line in enumerate(lines):
        if line.lstrip().startswith("not ok"):
            near.update(range(max(0, number - BEFORE), min(len(lines), number + AFTER)))
    shown = []
    for number in sorted(near):
        if number and number - 1 not in near:
            shown.append("...")
        shown.append(lines[number])
    return shown
