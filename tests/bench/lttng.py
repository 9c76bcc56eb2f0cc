# SPDX-License-Identifier: GPL-2.0
"""A session of LTTng-UST as a flight recorder: overwriting, read on demand."""

import os
import shutil
import subprocess
import time

PROVIDER = "flightrec_bench"
SUBBUFFER, SUBBUFFERS = "2M", 4
SETTINGS = (f"snapshot session, overwriting, {SUBBUFFERS} sub-buffers of {SUBBUFFER} a CPU, a "
            "buffer per user, no contexts, CLOCK_MONOTONIC; other sizes measure the same")


class Session:
    """While it is entered, the provider's events are recorded.

    A session daemon is started unless one is at work, and ended again.
    """

    def __init__(self, folder):
        self.name = f"flightrec-bench-{os.getpid()}"
        self.daemon = None
        self.folder = folder
        self.environment = {**os.environ, "LC_ALL": "C", "LTTNG_HOME": folder,
                            "LTTNG_UST_REGISTER_TIMEOUT": "-1"}     # tracing is on at main()

    def __enter__(self):
        shutil.rmtree(self.folder, ignore_errors=True)
        os.makedirs(self.folder)
        try:
            if not self._answers():
                self._start_daemon()
            self._lttng("create", self.name, "--snapshot", f"--output={self.folder}/snapshot")
            self._lttng("enable-channel", "--userspace", "--overwrite", "--buffers-uid",
                        f"--subbuf-size={SUBBUFFER}", f"--num-subbuf={SUBBUFFERS}", "events")
            self._lttng("enable-event", "--userspace", "--channel=events", f"{PROVIDER}:*")
            self._lttng("start")
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        self._lttng("destroy", self.name, check=False)
        if self.daemon:
            self.daemon.terminate()
            self.daemon.wait()

    def snapshot(self):
        """What is in a snapshot taken now: {"events": {NAME: N}, "bytes_per_event": N}."""
        self._lttng("snapshot", "record")
        folder = os.path.join(self.folder, "snapshot")
        size = sum(os.path.getsize(os.path.join(path, name))
                   for path, _, names in os.walk(folder) for name in names if name != "metadata")
        events = {}
        with subprocess.Popen(["babeltrace2", "--names=none", "--no-delta", folder],
                              stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as text:
            for line in text.stdout:
                name = line.split(f"{PROVIDER}:", 1)[-1].split(":", 1)[0]
                events[name] = events.get(name, 0) + 1
        shutil.rmtree(folder)
        return {"events": events, "bytes_per_event": size / max(sum(events.values()), 1)}

    def _lttng(self, *words, check=True):
        return subprocess.run(["lttng", "--no-sessiond", *words], env=self.environment,
                              check=check, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def _answers(self):
        return self._lttng("list", check=False).returncode == 0

    def _start_daemon(self):
        self.daemon = subprocess.Popen(["lttng-sessiond", "--no-kernel"], env=self.environment,
                                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        until = time.monotonic() + 10
        while not self._answers():
            if self.daemon.poll() is not None or time.monotonic() > until:
                raise subprocess.CalledProcessError(1, "lttng-sessiond")
            time.sleep(0.1)
