# SPDX-License-Identifier: GPL-2.0
"""Debian of any suite, in a folder of the cache, made once."""

import os
import subprocess
import tempfile

import cache
from say import Failure, say


def root(name, suite, packages, variant="extract", options=()):
    """The folder with these packages and what they depend on.

    name: the folder's, in the cache; another one is made for another name only
    variant: mmdebstrap's: "extract" only unpacks; "apt" and "minbase" install,
             which needs root
    options: more for mmdebstrap
    """
    folder = os.path.join(cache.folder(), name)
    if not os.path.isdir(folder):
        with cache.lock(name):
            if not os.path.isdir(folder):
                _make(folder, suite, packages, [f"--variant={variant}", *options])
    return folder


def _make(folder, suite, packages, options):
    say(f"making {os.path.basename(folder)}, of Debian {suite} (once)")
    with tempfile.TemporaryDirectory(dir=cache.folder(), prefix="debian-") as scratch:
        os.chmod(scratch, 0o755)        # apt downloads as a user of its own
        made = os.path.join(scratch, "root")
        # An old suite is not signed anew any more, and sid only while it moves.
        done = subprocess.run(["mmdebstrap", "--quiet", f"--include={','.join(packages)}",
                               '--aptopt=Acquire::Check-Valid-Until "false"',
                               *options, suite, made],
                              capture_output=True, text=True, check=False)
        if done.returncode:
            last = "\n".join(done.stderr.strip().splitlines()[-20:])
            raise Failure(f"mmdebstrap could not make {os.path.basename(folder)}:\n{last}")
        os.rename(made, folder)
