# SPDX-License-Identifier: GPL-2.0
"""What is fetched or made once and kept, outside the checkout.

Everything appears under its final name only when complete, so that a run that
was killed leaves nothing half done behind, and several runs can go on at once.
"""

import contextlib
import fcntl
import os


def folder():
    base = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
    path = os.path.join(base, "flightrec")
    os.makedirs(path, exist_ok=True)
    return path


@contextlib.contextmanager
def lock(name):
    """Hold the lock of one thing in the cache while it is made."""
    with open(os.path.join(folder(), name + ".lock"), "w", encoding="ascii") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
