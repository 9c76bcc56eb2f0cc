# SPDX-License-Identifier: GPL-2.0
"""The emulator: a qemu of its own, the same on every machine.

Before version 8.1, a CPU that translates code while another one patches it can
go on with the old bytes for ever ("accel/tcg: Always lock pages before
translation" is what mended it). The kernel patches a tracepoint's call whenever
a probe comes or goes, so Debian 12's qemu 7.2 now and then leaves a guest spinning
on a breakpoint that has long been taken away. Debian 13's qemu 10.0 does not, but once
in some hundred guests a CPU of it sleeps through an interrupt of its timer, and the
guest's kernel, which counts on that, never sets it again. So the one of Debian 13's
backports is fetched. It is only unpacked, and runs with the C library that it was built
for.
"""

import os
import subprocess

import debian

SUITE = "trixie"
BACKPORTS = f"{SUITE}-backports"
OPTIONS = [f'--aptopt=APT::Default-Release "{BACKPORTS}"',
           f"""--setup-hook=cd "$1/etc/apt" &&
               sed -n 's/ {SUITE} / {BACKPORTS} /p' sources.list >sources.list.d/backports.list"""]
# By the guest's architecture: the package, the emulator, the folder in the cache.
EMULATORS = {
    "amd64": ("qemu-system-x86", "qemu-system-x86_64", f"qemu-{BACKPORTS}"),
    "arm64": ("qemu-system-arm", "qemu-system-aarch64", f"qemu-arm-{BACKPORTS}"),
}


def command(architecture="amd64"):
    """How it is called, up to its first option of interest."""
    package, emulator, name = EMULATORS[architecture]
    root = debian.root(name, SUITE, [package], options=OPTIONS)
    libraries = os.path.join(root, "usr/lib/x86_64-linux-gnu")
    return [os.path.join(root, "usr/lib64/ld-linux-x86-64.so.2"),
            "--library-path", f"{libraries}:{libraries}/pulseaudio",
            os.path.join(root, "usr/bin", emulator),
            "-L", os.path.join(root, "usr/share/qemu"),
            "-L", os.path.join(root, "usr/share/seabios")]


def version():
    return subprocess.run([*command(), "--version"],
                          capture_output=True, text=True, check=True).stdout
