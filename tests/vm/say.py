# SPDX-License-Identifier: GPL-2.0
"""How the runner speaks: one line each on stderr, and how it gives up."""

import sys

USAGE = 2       # the command line is wrong
TIMEOUT = 124   # out of time, as timeout(1)
REPORT = 125    # the kernel reported a fault in itself
SETUP = 126     # the command was never started: no kernel, no module, no guest


class Failure(Exception):
    """The run can't go on; carries what a person needs to know."""


def say(text):
    print("vm/run: " + text, file=sys.stderr, flush=True)
