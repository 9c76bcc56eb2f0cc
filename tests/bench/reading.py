# SPDX-License-Identifier: GPL-2.0
"""Reading what was recorded, on this machine: flightrec, trace-cmd, perf and babeltrace2."""

import operator
import os
import re
import shutil
import signal
import subprocess
import time

import guest

HERE = guest.HERE
FOLDER = os.path.join(guest.BUILD, "recordings")
FLIGHTREC = os.path.join(guest.TOP, "build/userspace/flightrec")
TRIPS = 1250000     # of two pairs of threads: more events than 64 MiB have room for


def _timed(command):
    """Seconds and peak MiB of a command whose output goes nowhere; None if it fails."""
    start = time.monotonic()
    with open(os.devnull, "wb") as null:
        pid = os.posix_spawnp(command[0], command, os.environ,
                              file_actions=[(os.POSIX_SPAWN_DUP2, null.fileno(), 1),
                                            (os.POSIX_SPAWN_DUP2, null.fileno(), 2)])
        try:
            _, status, usage = os.wait4(pid, 0)
        except BaseException:
            os.kill(pid, signal.SIGTERM)        # or it would go on when we have been interrupted
            raise
    if status:
        return None
    return {"seconds": time.monotonic() - start, "cpu_seconds": usage.ru_utime + usage.ru_stime,
            "peak_mib": usage.ru_maxrss / 1024}


def _perf_events(file):
    """How many samples perf has recorded."""
    text = subprocess.run(["perf", "report", "--stats", "-i", file], check=True,
                          capture_output=True, text=True).stdout
    return int(re.search(r"SAMPLE events: *(\d+)", text)[1])


def _lttng_events(folder):
    """The same of LTTng; None if it has not recorded."""
    text = subprocess.run(["babeltrace2", "--component", "sink.utils.counter",
                           "--params", "step=+0", folder], check=False,
                          capture_output=True, text=True).stdout
    found = re.search(r"(\d+) Event messages", text)
    return found and int(found[1])


def _record(progress):
    """What has been recorded: {READER: events}, {NAME: path}."""
    shutil.rmtree(FOLDER, ignore_errors=True)
    os.makedirs(FOLDER)
    progress("recording in a guest")
    modules = guest.lttng_modules()
    if not modules:
        progress("without LTTng")
    options = ["--cpus", "2", "--mem", "3072", "--timeout", "3600", "--out", FOLDER]
    for added in (guest.flightrec_module(), os.path.join(HERE, "guest/record.sh"),
                  *([modules, *guest.LTTNG] if modules else [])):
        options += ["--add", added]
    lines = guest.run(options, ["./record.sh", str(TRIPS)], progress)
    events = {words[1]: int(words[2]) for words in lines if words[:1] == ["events"]}
    file = {name: os.path.join(FOLDER, name)
            for name in ("snap.trace", "trace.dat", "perf.data", "lttng")}
    events["trace-cmd"] = events.pop("ftrace")
    events["perf"] = _perf_events(file["perf.data"])
    events["babeltrace2"] = _lttng_events(file["lttng"])
    return events, file


def measure(rounds, progress):
    events, file = _record(progress)
    rows = []
    for name, command in (
            ("flightrec report", [FLIGHTREC, "report", file["snap.trace"]]),
            ("flightrec dump --format text",
             [FLIGHTREC, "dump", file["snap.trace"], "--format", "text"]),
            ("flightrec dump --format ftrace",
             [FLIGHTREC, "dump", file["snap.trace"], "--format", "ftrace"]),
            ("flightrec dump --format json",
             [FLIGHTREC, "dump", file["snap.trace"], "--format", "json"]),
            ("trace-cmd report", ["trace-cmd", "report", "-i", file["trace.dat"]]),
            ("babeltrace2", ["babeltrace2", file["lttng"]]),
            ("perf sched script", ["perf", "sched", "-i", file["perf.data"], "script"]),
            ("perf sched latency", ["perf", "sched", "-i", file["perf.data"], "latency"])):
        progress(name)
        reader = name.split()[0]
        runs = [_timed(command) for _ in range(rounds)]
        if None in runs or not events[reader]:
            progress(f"{name} failed: left out")
            continue
        found = min(runs, key=operator.itemgetter("cpu_seconds"))
        rows.append({"command": name, "events": events[reader], **found})
    return {"what": "this machine, each on its own recording of the same workload: two pairs of "
                    f"`perf bench sched pipe -T`; CPU time, the least of {rounds} runs, to /dev/null",
            "rows": rows}
