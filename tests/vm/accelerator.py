# SPDX-License-Identifier: GPL-2.0
"""How the guest's instructions are executed: by KVM where that works, else by TCG.

That /dev/kvm exists proves nothing: on some machines, virtual ones themselves,
the guest spins for ever after the boot ROM. So a kernel is really booted, once per
boot of this machine and version of qemu, and has a few seconds to reach its first
process.
"""

import hashlib
import os
import subprocess
import tempfile

import cache
import qemu
import tsc
from cpio import Archive
from machine import Machine
from say import say

# Five levels of page tables would only make every fault dearer. The x2APIC is emulated since
# qemu 9.0 only, and nothing here needs it.
TCG = ["-accel", "tcg,thread=multi", "-cpu", "max,la57=off,x2apic=off"]
KVM = ["-accel", "kvm", "-cpu", "host"]
# Virtual time is the number of instructions executed: a measurement repeats exactly.
ICOUNT = ["-accel", "tcg", "-icount", "shift=0,sleep=off", "-cpu", "max,la57=off", "-seed", "1",
          "-rtc", "base=2024-01-01,clock=vm"]

# An arm64 machine: one whose pointers aren't signed, which is dear to emulate.
ARM64 = ["-machine", "virt", "-accel", "tcg,thread=multi", "-cpu", "neoverse-n1"]

PROBE_SECONDS = 8
PROBE_SIGN = "flightrec-vm: alive"


def choose(kernel, icount):
    """Options for qemu, words for the guest's kernel, and what to call it."""
    if kernel.architecture == "arm64":
        return ARM64, [], "TCG (an arm64 machine)"
    if icount:
        return ICOUNT, ["nokaslr"], "TCG counting instructions (one CPU)"
    if not os.access("/dev/kvm", os.R_OK | os.W_OK):
        return TCG, _speed(), "TCG (no /dev/kvm that may be used)"
    if _kvm_works(kernel):
        return KVM, [], "KVM"
    return TCG, _speed(), "TCG (/dev/kvm exists, but a guest does not boot with it)"


def _speed():
    khz = tsc.khz()
    return [f"tsc_early_khz={khz}"] if khz else []


def _kvm_works(kernel):
    with open("/proc/sys/kernel/random/boot_id", encoding="ascii") as file:
        boot = file.read()
    key = hashlib.sha256((boot + qemu.version()).encode()).hexdigest()[:16]
    verdict = os.path.join(cache.folder(), "kvm-" + key)
    with cache.lock("kvm"):
        if not os.path.exists(verdict):
            say(f"trying KVM (once, at most {PROBE_SECONDS} s)")
            works = _boots_with_kvm(kernel)
            with open(verdict + ".tmp", "w", encoding="ascii") as file:
                file.write("works\n" if works else "does not work\n")
            os.rename(verdict + ".tmp", verdict)
    with open(verdict, encoding="ascii") as file:
        return file.read() == "works\n"


def _boots_with_kvm(kernel):
    archive = Archive()
    archive.character_device("dev/console", 5, 1)
    archive.file("bin/busybox", "/bin/busybox", 0o755)
    archive.text("init", f"#!/bin/busybox sh\necho '{PROBE_SIGN}'\n"
                 "exec /bin/busybox reboot -f\n", 0o755)
    with tempfile.TemporaryDirectory(prefix="flightrec-kvm-") as scratch:
        initrd = os.path.join(scratch, "initrd")
        console = os.path.join(scratch, "console")
        with open(initrd, "wb") as out:
            archive.write(out)
        machine = Machine(kernel, initrd, console, cpus=2, memory=256)
        try:
            subprocess.run(machine.command(KVM), stdin=subprocess.DEVNULL, check=False,
                           capture_output=True, timeout=PROBE_SECONDS)
        except subprocess.TimeoutExpired:
            return False
        with open(console, encoding="utf-8", errors="replace") as file:
            return PROBE_SIGN in file.read()
