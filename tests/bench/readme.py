# SPDX-License-Identifier: GPL-2.0
"""README's tables, from the results."""

import textwrap

import guest

BEGIN = "<!-- Made by `tests/bench/run --readme`: from here -->"
END = "<!-- to here -->"
NOT_SHOWN = ("empty_switch", "empty_waking", "ftrace_default", "bpftrace_least")
EVENTS_PER_SECOND = 100000


def number(value, digits=0, unit=""):
    return "-" if value is None else f"{value:,.{digits}f}".replace(",", " ") + unit


def _table(head, rows):
    """Markdown; the first column is to the left, the others to the right."""
    lines = [head, ["---"] + ["---:"] * (len(head) - 1), *rows]
    return ["| " + " | ".join(line) + " |" for line in lines]


def label(name):
    return guest.CONFIGURATIONS.get(name, name)


def machine(part):
    return part.get("machine", "a machine that wasn't noted")


def by_cost(rows):
    """The kernel's rows of `perf bench sched pipe`, flightrec's first, the empty probe before them.

    Under SCHED_BATCH if all were measured so: a trip has the same events then, whoever records them.
    """
    def rank(row):
        name = row["configuration"]
        return (not name.startswith("empty"), not name.startswith("flightrec"),
                row["slowdown_percent"])

    shown = [row for row in rows if row["configuration"] not in NOT_SHOWN]
    pipe, batch = ([row for row in shown if row["workload"] == workload]
                   for workload in ("pipe", "batch"))
    return sorted(batch if len(batch) >= len(pipe) else pipe, key=rank)


def _lines(text):
    return textwrap.wrap(text, 105, break_on_hyphens=False)


def _kernel(part):
    rows = []
    hackbench = {row["configuration"]: row for row in part["rows"]
                 if row["workload"] == "hackbench"}
    for row in by_cost(part["rows"]):
        name, size = row["configuration"], row["bytes_per_event"]
        other = hackbench.get(name, {}).get("slowdown_percent")
        rows.append([f"**{label(name)}**" if name == "flightrec" else label(name),
                     "~" * (not row.get("comparable", True))
                     + number(row.get("instructions_per_event")),
                     number(row["slowdown_percent"], 1, " %"), number(other, 1, " %"),
                     number(size, 1),
                     number(size and (1 << 20) / size / EVENTS_PER_SECOND, 2, " s")])
    return [*_lines("**Recording.** sched_switch and sched_waking, in a guest whose clock counts "
                    "instructions, so that the figures are the same on every machine "
                    f"({part['what']}; medians of {part['rounds']} runs):"), "",
            *_table(["", "instructions per event", "slow-down of `perf bench sched pipe`",
                     "of `sched messaging`", "bytes per event",
                     f"history in 1 MiB at {number(EVENTS_PER_SECOND)} events/s"], rows),
            "", *_lines("An empty probe is what the kernel's tracepoints cost by themselves; with "
                        "snapshots, the reader's own time is included. -: not measured, or nothing is "
                        "recorded. ~: the workload had other events.")]


def _native(part):
    def cells(name):
        return [number(row[f"{name}_ns"], 1, " ns") for row in part["rows"]]

    last = part["rows"][-1]
    rows = [["read the cycle counter, store 8 bytes", *cells("floor"), "1"],
            ["**flightrec**", *cells("event"), number(last["ratio"], 2)],
            ["LTTng-UST, snapshot session", *cells("lttng"), number(last["lttng_ratio"], 1)]]
    threads = [f"{row['threads']} thread" + "s" * (row["threads"] > 1) for row in part["rows"]]
    return [*_lines("**An event natively.** The same probes in userspace, LTTng's with the same fields, on "
                    f"{machine(part)}; the times are this machine's, the ratios are of the same "
                    "rounds:"), "",
            *_table(["", *threads, "ratio"], rows)]


def _snapshot(part):
    alone = [row for row in part["rows"] if row["readers"] == 1]
    emulated = {row["pool"]: row for row in alone if row["time"] == "emulated"}
    rows = []
    for row in (row for row in alone if row["time"] == "counted"):
        speed = None
        if row["pool"] in emulated:
            other = emulated[row["pool"]]
            speed = 100 * other["read_bytes_per_s"] / other["memcpy_bytes_per_s"]
        rows.append([row["pool"][:-1] + " MiB", number(row["segments"]),
                     number(row["ioctl_median_ns"] / 1e3, 0, " k"),
                     number(row["gap_alone_ns"] / 1e3, 0, " k"),
                     number(row["gap_ns"] / 1e3, 0, " k"), number(speed, 0, " %")])
    return [*_lines("**Snapshots** of a full pool while a CPU records without a pause, in instructions, in "
                    "the same kind of guest; the speed is from one with two CPUs and a clock:"), "",
            *_table(["memory", "segments", "taking the snapshot",
                     "longest that one event took", "while snapshots are taken and read",
                     "speed of reading, beside copying as much memory"], rows)]


def _reading(part):
    rows = [[f"`{row['command']}`", number(row["events"] / 1e6, 1, " M"),
             number(row["cpu_seconds"], 1, " s"),
             number(row["events"] / row["cpu_seconds"] / 1e6, 1, " M"),
             number(row["peak_mib"], 0, " MiB")] for row in part["rows"]]
    return [*_lines(f"**Reading**, on {machine(part)}; each its own recording of the same workload, "
                    "flightrec a snapshot of 64 MiB:"), "",
            *_table(["", "events", "CPU time", "events per s", "memory"], rows)]


PARTS = {"kernel": _kernel, "native": _native, "snapshot": _snapshot, "reading": _reading}
WHAT = {"kernel": "Recording", "native": "An event natively", "snapshot": "Snapshots",
        "reading": "Reading"}


def markdown(results):
    lines = []
    for name, part in PARTS.items():
        if lines:
            lines.append("")
        if name in results:
            lines += part(results[name])
        else:
            lines.append(f"{WHAT[name]}: not measured yet (`tests/bench/run {name}`).")
    return "\n".join(lines) + "\n"


def update(path, results):
    """Write the tables where README has its marks."""
    with open(path, encoding="utf-8") as file:
        before, rest = file.read().split(BEGIN + "\n")
    _, after = rest.split(END + "\n")
    text = f"{before}{BEGIN}\n{markdown(results)}{END}\n{after}"
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
