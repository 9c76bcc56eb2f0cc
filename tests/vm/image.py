# SPDX-License-Identifier: GPL-2.0
"""The guest's first root file system: tools, and what one run adds to them.

Two archives, one after the other. The first holds the tools, is the same for
all runs, and is kept in the cache. The second holds the guest's kernel modules,
flightrec, the files of --add, and the command.
"""

import hashlib
import lzma
import os
import re
import shlex
import shutil
import subprocess

import cache
from cpio import Archive
from say import Failure

HERE = os.path.dirname(os.path.abspath(__file__))
PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

# Programs of this machine that the guest has; busybox serves for the rest.
PACKAGES = ("coreutils", "findutils", "grep", "sed", "diffutils", "procps", "kmod")
PROGRAMS = ("bash", "dash", "mawk", "perf", "strace", "trace-cmd", "stress-ng",
            "taskset", "chrt", "setpriv", "unshare", "nsenter", "prlimit", "flock",
            "setsid", "dmesg", "mount", "umount", "findmnt", "chcpu", "renice")

# What carries the command's output and files. Loop and dm are not needed: a
# folder comes over 9p. The clock is arm64's: without it, it is 1970.
MODULES = ("virtio_pci", "virtio_console", "9pnet_virtio", "9p", "overlay", "rtc_pl031")

LIBRARIES = "/usr/lib/x86_64-linux-gnu"


def libraries(program, beside=()):
    """The shared libraries that a program needs, as (name in the guest, file).

    beside: folders where libraries that are not installed are looked for
    """
    done = subprocess.run(["ldd", program], capture_output=True, text=True, check=False,
                          env={**os.environ, "LC_ALL": "C", "LD_LIBRARY_PATH": ":".join(beside)})
    if done.returncode:
        return []       # a script, or linked statically
    lost = re.findall(r"^\s*(\S+) => not found", done.stdout, re.M)
    if lost:
        raise Failure(f"{program}: its library {', '.join(lost)} is not on this machine")
    found = []
    for name, path in re.findall(r"^\s*(?:(\S+) => )?(/\S+) \(0x", done.stdout, re.M):
        system = re.match(r"/(usr/)?lib(32|64|x32)?/([\w]+-linux-gnu[\w]*/)?[^/]+$", path)
        base = os.path.basename(path) if system else name or os.path.basename(path)
        guest = _usr(path) if system else f"{LIBRARIES}/{base}"
        found.append((guest, path))
    return found


def _usr(path):
    """The path with Debian's links /bin, /lib, ... to /usr followed."""
    return path if path.startswith("/usr/") else "/usr" + path


def add_program(archive, guest, source, prefix="", beside=()):
    archive.file(prefix + guest, source)
    for name, path in libraries(source, beside):
        if prefix + name not in archive:
            archive.file(prefix + name, path, 0o755)


def _tool_files():
    found = set()
    for package in PACKAGES:
        done = subprocess.run(["dpkg-query", "-L", package],
                              capture_output=True, text=True, check=False)
        for path in done.stdout.splitlines():
            if re.match(r"/(usr/)?s?bin/[^/]+$", path):
                found.add(path)
    for program in PROGRAMS:
        path = shutil.which(program, path=PATH)
        if path:
            found.add(path)
    return sorted(found)


def _busybox():
    # the static one: the other, if any, lacks half of the applets
    for path in ("/bin/busybox", "/usr/bin/busybox"):
        if os.path.exists(path) and not libraries(path):
            return path
    raise Failure("package busybox-static is not installed: run 'make packages' first")


def _etc(archive, prefix=""):
    archive.text(prefix + "/etc/passwd", "root:x:0:0:root:/root:/bin/bash\n"
                 "nobody:x:65534:65534:nobody:/nonexistent:/bin/sh\n")
    archive.text(prefix + "/etc/group", "root:x:0:\nnogroup:x:65534:\n")
    archive.text(prefix + "/etc/hosts", "127.0.0.1 localhost flightrec-vm\n::1 localhost\n")
    archive.text(prefix + "/etc/hostname", "flightrec-vm\n")


def foreign_tools(archive, system, overlay):
    """What serves as the tools where the guest's programs are not this machine's: no more
    than mounts the system that has them, and what that lacks."""
    for folder in ("dev", "proc", "sys", "run", "tmp", "mnt", "usr/bin", "usr/sbin"):
        archive.folder(folder)
    archive.link("bin", "usr/bin")
    archive.character_device("dev/console", 5, 1)
    archive.character_device("dev/null", 1, 3)
    busybox = os.path.join(system, "usr/bin/busybox")
    archive.file("usr/bin/busybox", busybox, 0o755)
    archive.link("usr/sbin/insmod", "../bin/busybox")
    _etc(archive, overlay)
    # this machine's has the same applets
    for applet in _applets():
        if not any(os.path.lexists(os.path.join(system, "usr", folder, applet))
                   for folder in ("bin", "sbin")):
            archive.link(f"{overlay}/usr/bin/{applet}", "busybox")


def _applets():
    return subprocess.run([_busybox(), "--list"],
                          capture_output=True, text=True, check=True).stdout.split()


def _tools_archive():
    archive = Archive()
    for folder in ("usr", "dev", "proc", "sys", "run", "root", "guest", "mnt"):
        archive.folder(folder)
    archive.folder("tmp", 0o1777)
    for name in ("bin", "sbin", "lib", "lib64"):
        archive.folder("usr/" + name)
        archive.link(name, "usr/" + name)
    archive.character_device("dev/console", 5, 1)
    archive.character_device("dev/null", 1, 3)
    _etc(archive)
    busybox = _busybox()
    archive.file("usr/bin/busybox", busybox, 0o755)
    archive.link("usr/bin/sh", "dash")
    for path in _tool_files():
        if os.path.islink(path) and os.path.dirname(os.readlink(path)) == "":
            archive.link(_usr(path), os.readlink(path))
        elif os.path.islink(path) and "busybox" not in os.path.realpath(path):
            real = os.path.realpath(path)
            add_program(archive, _usr(path), real)
        else:
            add_program(archive, _usr(path), path)
    for applet in _applets():
        if not any(f"usr/{folder}/{applet}" in archive for folder in ("bin", "sbin")):
            archive.link(f"usr/bin/{applet}", "busybox")
    return archive


def tools():
    """The file with the tools' archive, made anew when one of them changed."""
    digest = hashlib.sha256()
    for path in [__file__, os.path.join(HERE, "cpio.py"), _busybox(), *_tool_files()]:
        status = os.stat(path)
        digest.update(f"{path} {status.st_size} {status.st_mtime_ns}\n".encode())
    path = os.path.join(cache.folder(), f"tools-{digest.hexdigest()[:16]}.cpio")
    if not os.path.exists(path):
        with cache.lock("tools"):
            if not os.path.exists(path):
                with open(path + ".tmp", "wb") as out:
                    _tools_archive().write(out)
                os.rename(path + ".tmp", path)
    return path


def run_archive(kernel, settings, command, programs=(), added=(), module=None, overlay=""):
    """What one run adds to the tools.

    settings: what the guest's init is told, a dictionary of shell variables
    programs: files that go on the guest's PATH
    added: files and folders for its working folder
    overlay: where in the archive that goes which the command is to see: the
             root, unless the command's root is another file system
    """
    archive = Archive()
    archive.file("init", os.path.join(HERE, "init"), 0o755)
    archive.file("vm/service", os.path.join(HERE, "service"), 0o755)
    archive.text("vm/settings", "".join(
        f"{name}={shlex.quote(str(value))}\n" for name, value in settings.items()))
    archive.text("vm/command", "exec " + shlex.join(command) + "\n")
    order = []
    for number, path in enumerate(kernel.module_files(MODULES)):
        order.append(f"/vm/modules/{number:02}-{os.path.basename(path).removesuffix('.xz')}")
        if path.endswith(".xz"):
            archive.data(order[-1], lzma.decompress(_content(path)))
        else:
            archive.file(order[-1], path)
    archive.text("vm/modules.order", "".join(path + "\n" for path in order))
    if module:
        archive.file("vm/flightrec.ko", module, 0o644)
    beside = sorted({os.path.dirname(os.path.abspath(path)) for path in programs})
    for path in programs:
        add_program(archive, "/usr/local/bin/" + os.path.basename(path), path, overlay, beside)
    archive.folder(overlay + "/guest")
    for top in added:
        for path, name in _files_below(top):
            add_program(archive, "/guest/" + name, path, overlay, beside)
    return archive


def _content(path):
    with open(path, "rb") as file:
        return file.read()


def _files_below(top):
    """The files of a folder, or the one file, each with its name in the guest."""
    base = os.path.basename(os.path.abspath(top))
    if not os.path.isdir(top):
        return [(top, base)]
    return [(os.path.join(folder, name),
             os.path.normpath(os.path.join(base, os.path.relpath(folder, top), name)))
            for folder, _, names in os.walk(top) for name in sorted(names)]
