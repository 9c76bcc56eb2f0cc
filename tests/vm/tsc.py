# SPDX-License-Identifier: GPL-2.0
"""How fast this machine's TSC is, which TCG hands to its guests as it is.

A guest's kernel finds that out from an emulated timer. On a busy host it is off by any factor,
or finds nothing at all, and keeps time in jiffies; so it is told.
"""

import ctypes
import mmap
import platform
import time

RDTSC = b"\x0f\x31\x48\xc1\xe2\x20\x48\x09\xd0\xc3"  # rdtsc; shl $32,%rdx; or %rdx,%rax; ret
SECONDS = 0.05    # before each guest
READINGS = 200


def khz():
    """Exact to about 40 ppm; None where there is no TSC, or code may not be made."""
    if platform.machine() != "x86_64":
        return None
    try:
        code = mmap.mmap(-1, mmap.PAGESIZE, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
    except OSError:
        return None
    code.write(RDTSC)
    tsc = ctypes.CFUNCTYPE(ctypes.c_uint64)(ctypes.addressof(ctypes.c_char.from_buffer(code)))
    clock_before, ns_before = _both(tsc)
    time.sleep(SECONDS)
    clock, ns = _both(tsc)
    return round((clock - clock_before) * 1000000 / (ns - ns_before))


def _both(tsc):
    """A clock and the time at which it was read: of several, the reading that took least."""
    readings = [(time.monotonic_ns(), tsc(), time.monotonic_ns()) for _ in range(READINGS)]
    before, clock, after = min(readings, key=lambda reading: reading[2] - reading[0])
    return clock, (before + after) // 2
