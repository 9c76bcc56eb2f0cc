# SPDX-License-Identifier: GPL-2.0
"""Reading what was recorded, on this machine: flightrec, trace-cmd and perf."""

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


def measure(rounds, progress):
    shutil.rmtree(FOLDER, ignore_errors=True)
    os.makedirs(FOLDER)
    progress("recording in a guest")
    lines = guest.run(["--cpus", "2", "--mem", "2048", "--timeout", "3600", "--out", FOLDER,
                       "--add", guest.flightrec_module(),
                       "--add", os.path.join(HERE, "guest/record.sh")],
                      ["./record.sh", str(TRIPS)], progress)
    events = {words[1]: int(words[2]) for words in lines if words[:1] == ["events"]}
    file = {name: os.path.join(FOLDER, name) for name in ("snap.trace", "trace.dat", "perf.data")}
    events["perf"] = _perf_events(file["perf.data"])
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
            ("perf sched script", ["perf", "sched", "-i", file["perf.data"], "script"]),
            ("perf sched latency", ["perf", "sched", "-i", file["perf.data"], "latency"])):
        progress(name)
        runs = [_timed(command) for _ in range(rounds)]
        if None in runs:
            progress(f"{name} failed: left out")
            continue
        found = min(runs, key=operator.itemgetter("seconds"))
        recorder = {"f": "flightrec", "t": "ftrace", "p": "perf"}[name[0]]
        rows.append({"command": name, "events": events[recorder], **found})
    return {"what": "this machine, each on its own recording of the same workload: two pairs of "
                    f"`perf bench sched pipe -T`; the quickest of {rounds} runs, to /dev/null",
            "rows": rows}
