# SPDX-License-Identifier: GPL-2.0
"""Measurements of recording's cost in a guest that counts instructions."""

import collections
import os
import shutil
import statistics
import subprocess

HERE = os.path.dirname(os.path.abspath(__file__))
TOP = os.path.dirname(os.path.dirname(HERE))
BUILD = os.path.join(TOP, "build", "bench")

# Names of configurations in the guest's script, and what the table calls them.
CONFIGURATIONS = {
    "empty": "empty probe",
    "empty_switch": "empty probe, switches only",
    "empty_waking": "empty probe, wakings only",
    "flightrec": "flightrec",
    "flightrec_reader": "flightrec, a snapshot each 10 ms",
    "ftrace": "ftrace",
    "ftrace_default": "ftrace, default settings",
    "lttng": "LTTng, a snapshot session",
    "perf": "perf record --overwrite",
    "bpftrace": "bpftrace, a map as a ring",
    "bpftrace_least": "bpftrace, nothing recorded",
}
SETTINGS = {
    "flightrec": "all its events, 16 MiB",
    "flightrec_reader": "the last MiB read to its end; the reader's own time is in it",
    "ftrace": "4 MiB, overwriting; x86-tsc, the cheapest of its clocks; no record-cmd: without the "
              "threads' names",
    "ftrace_default": "4 MiB, overwriting; local clock, record-cmd",
    "lttng": "16 x 256 KiB, overwriting, no timers; other sizes and splice cost the same; the bytes "
             "are those used of its packets",
    "perf": "8 MiB, backwards, one CPU; other sizes and clocks cost the same or more",
    "bpftrace": "@ring[n % 65536] = (nsecs, pid, state or CPU), a hash table; the bytes are those of "
                "key and value, without what the table adds",
    "bpftrace_least": "@[cpu] = pid: the least that two programs and a map cost",
}

# What LTTng's session takes besides its modules.
LIBRARIES = "/usr/lib/x86_64-linux-gnu"
LTTNG = ("/usr/bin/lttng", "/usr/bin/lttng-sessiond", LIBRARIES + "/lttng/libexec/lttng-consumerd",
         "/usr/share/xml/lttng/session.xsd", "/usr/bin/babeltrace2",
         LIBRARIES + "/babeltrace2/plugins")


class Failed(Exception):
    pass


def release():
    return subprocess.run([os.path.join(TOP, "tests/vm/release")], check=True,
                          capture_output=True, text=True).stdout.strip()


def build(*programs):
    """Build these programs of the benchmark; without any, all and its modules."""
    kernel = f"/lib/modules/{release()}/build"
    targets = [os.path.join(BUILD, program) for program in programs] or ["all", "modules"]
    subprocess.run(["make", "-s", "-C", HERE, f"BUILD={BUILD}", f"KDIR={kernel}", *targets],
                   check=True)


def run(options, command, progress=print):
    """Run a script in a guest; its lines but for the comments, which are progress."""
    lines = []
    with subprocess.Popen([os.path.join(TOP, "tests/vm/run"), "--no-load", *options, "--", *command],
                          stdout=subprocess.PIPE, text=True) as guest:
        try:
            for line in guest.stdout:
                if line.startswith("#"):
                    progress("  " + line[2:].rstrip())
                else:
                    lines.append(line.split())
        except BaseException:
            guest.terminate()       # or it would go on when we have been interrupted
            raise
    if guest.returncode:
        raise Failed(f"the guest ended with status {guest.returncode}")
    return lines


def flightrec_module():
    return os.path.join(TOP, "build/module", release(), "flightrec.ko")


def lttng_modules():
    """The folder of LTTng's modules, built if need be; None if they can't be."""
    done = subprocess.run([os.path.join(HERE, "lttng-modules")], check=False,
                          stdout=subprocess.PIPE, text=True)
    return None if done.returncode else done.stdout.strip()


def measure(rounds, trips, loops, workloads, configurations, progress=print):
    """Nanoseconds of each run, that is instructions, and the last counts.

    Returns {(configuration, workload): [(with nothing, with it), ...]} and
    {(configuration, workload): [events, bytes, lost]}, with None for what its
    tracer doesn't tell.
    """
    files = [flightrec_module(), os.path.join(BUILD, "module/tests/bench/empty/flightrec_empty.ko"),
             os.path.join(BUILD, "snapshot"), os.path.join(HERE, "guest/cost.sh")]
    if "bpftrace" in configurations:
        files.append(shutil.which("bpftrace") or "/usr/bin/bpftrace")
    if "lttng" in configurations:
        files += [lttng_modules(), *LTTNG]
    options = ["--icount", "--timeout", "3000"]
    for file in files:
        options += ["--add", file]
    command = ["./cost.sh", rounds, trips, loops, " ".join(workloads), *configurations]
    times, counts, nothing = collections.defaultdict(list), {}, {}
    for words in run(options, [str(word) for word in command], progress):
        if words[0] == "run":
            _, number, configuration, workload, ns = words
            if configuration == "nothing":
                nothing[number, workload] = int(ns)
            else:
                times[configuration, workload].append((nothing[number, workload], int(ns)))
        elif words[0] == "count":
            counts[tuple(words[1:3])] = [None if word == "-" else float(word)
                                         for word in words[3:]]
        elif words[0] == "failed":
            raise Failed(f"{words[1]} could not be set up")
    return times, counts


def summary(times, counts):
    """Figures per configuration and workload, each from medians.

    Instructions are divided by the events that flightrec counted for the same
    workload, since not every tracer counts them. Where one counted another number
    of them, by more than 2%, the workload has gone another way under it: its row
    is then not `comparable`.
    """
    base = {workload: statistics.median(pair[0] for (_, other), pairs in times.items()
                                        if other == workload for pair in pairs)
            for workload in {workload for _, workload in times}}
    result = []
    for (configuration, workload), pairs in times.items():
        recorded = statistics.median(pair[1] for pair in pairs)
        events = counts.get(("flightrec", workload), [None])[0]
        own, size, lost = counts.get((configuration, workload), [None] * 3)
        row = {"configuration": configuration, "workload": workload, "runs": len(pairs),
               "instructions_nothing": base[workload], "instructions": recorded,
               "instructions_spread": max(pair[1] for pair in pairs)
               - min(pair[1] for pair in pairs),
               "slowdown_percent": 100 * (recorded / base[workload] - 1),
               "events": own, "lost": lost, "bytes_per_event": size / own if own else None}
        if events:
            row["instructions_per_event"] = (recorded - base[workload]) / events
            row["comparable"] = own is None or abs(own / events - 1) < 0.02
        if events and own:
            # at the pace of flightrec's run: a tracer that slows it down is not to gain by it
            pace = events / statistics.median(pair[1] for pair in times["flightrec", workload])
            row["seconds_per_mib"] = (1 << 20) / (size / own) / pace / 1e9
        result.append(row)
    return result
