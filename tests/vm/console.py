# SPDX-License-Identifier: GPL-2.0
"""What the guest's kernel had to say: finding its reports on the console.

A report is the kernel telling of a fault in itself: a WARNING, an Oops, a
lockdep or RCU complaint, a finding of KASAN and its like. Its first line is
recognised by how the message begins, right after the time stamp. A word in the
middle of a line proves nothing: drivers say "Warning" of a BIOS table, and a
program that crashes is told of as "traps: NAME general protection fault".
"""

import re

# [   12.345678] or, with CONFIG_PRINTK_CALLER, [   12.345678][  T123]
STAMP = re.compile(r"^\[ *\d+\.\d+\](?:\[ *[TC]\d+\])? ?")

BEGINNINGS = re.compile("|".join((
    r"WARNING: ",                       # WARN(), lockdep, RCU's own checks
    r"(?:\[ )?BUG: ",                   # lockdep of contexts, KASAN, KCSAN, KFENCE, might_sleep(), ...
    r"BUG [\w./-]+ \(.*\): ",           # the slab allocator's checks
    r"kernel BUG at ",
    r"(?:watchdog: )?BUG: (?:soft|workqueue) lockup",
    r"(?:watchdog: |NMI watchdog: )?Watchdog detected hard LOCKUP",
    r"NMI watchdog: BUG: ",
    r"INFO: (?:task|possible|trying to register|inconsistent|suspicious|rcu|lockdep)",
    r"(?:rcu: )?INFO: .*(?:stall|blocked tasks)",
    r"rcu: .* kthread (?:starved|timer wakeup)",
    r"rcu: RCU grace-period kthread",
    r"suspicious RCU usage",
    r"inconsistent lock state",
    r"(?:UBSAN|KASAN|KCSAN|KMSAN|ODEBUG): ",
    r"kmemleak: \d+ new suspected memory leaks?",
    r"unreferenced object 0x",
    r"list_(?:add|del) corruption",
    r"refcount_t: ",
    r"Oops: |Oops - ",
    r"general protection fault",
    r"double fault: ",
    r"Unable to handle kernel ",
    r"Internal error: ",
    r"Kernel panic - not syncing",
    r"Kernel stack (?:is|overflow)",
    r".{1,80}: [0-9a-f]{4} \[#\d+\] ",  # any other exception the kernel died of
)))

# Begins like a report, and is none: it follows a report that was found already.
HARMLESS = re.compile(r"INFO: lockdep is turned off")

SEPARATOR = re.compile(r"^[=-]{20,}$")
END = re.compile(r"^---\[ end (?:trace|Kernel panic)")

LONGEST = 100   # lines of one report that are worth showing


def message(line):
    """The line without its time stamp."""
    return STAMP.sub("", line.rstrip("\r\n"), count=1)


def is_report(line):
    text = message(line)
    return bool(BEGINNINGS.match(text)) and not HARMLESS.match(text)


def first_report(text):
    """The lines of the console from its first report on, or None.

    Ends with the report where its end can be told, else after LONGEST lines:
    what follows the first report is often its consequence.
    """
    lines = text.splitlines()
    for number, line in enumerate(lines):
        if is_report(line):
            break
    else:
        return None
    first = number
    while first > 0 and number - first < 2 and SEPARATOR.match(message(lines[first - 1])):
        first -= 1
    framed = first < number
    last = number + 1
    while last < len(lines) and last - first < LONGEST:
        text = message(lines[last])
        last += 1
        if END.match(text) or (framed and text.startswith("=====")):
            break
    return "\n".join(lines[first:last])


def between(text, begin, end):
    """The messages between the last line that is `begin` and the next that is `end`."""
    lines = [message(line) for line in text.splitlines()]
    if begin not in lines:
        return []
    lines = lines[len(lines) - lines[::-1].index(begin):]
    return lines[:lines.index(end)] if end in lines else lines
