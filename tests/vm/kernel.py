# SPDX-License-Identifier: GPL-2.0
"""The kernel that the guest boots: Debian's own, or one that was built here.

Debian's is the release whose headers are installed, since that is what the
module was built for. It is downloaded and unpacked into the cache, and never
installed on this machine. Another suite's is that of the headers in a root of
that suite, in which the module is built for it (tests/vm/module).
"""

import glob
import hashlib
import os
import re
import shutil
import subprocess
import tempfile

import cache
import debian
import vmlinux
from say import Failure, say

HERE = os.path.dirname(os.path.abspath(__file__))
BUILD = os.path.join(os.path.dirname(os.path.dirname(HERE)), "build")
HEADERS = "linux-headers-amd64"
# perl: make W=1 has the comments checked
BUILDING = ("make", "perl")
FOREIGN = {"arm64": "aarch64-linux-gnu"}
SYSTEM = ("bash", "coreutils", "dash", "diffutils", "findutils", "grep", "kmod", "linux-perf",
          "mawk", "mount", "procps", "sed", "strace", "util-linux", "busybox-static", "libc6-dev",
          "libjson-c-dev", "libkmod-dev", "libseccomp-dev", "libxxhash-dev")
SUITES = ("bullseye", "bookworm", "trixie", "sid")


class Kernel:
    def __init__(self, image, release, modules=None):
        self.image = image      # the file that qemu boots
        self.release = release  # what `uname -r` says in the guest
        self.modules = modules  # its /lib/modules/RELEASE, None: all is built in
        self.architecture = "amd64"
        self.acpi = True        # whether it has ACPI, as any kernel meant for PCs

    def module_files(self, names):
        """The files of these modules and of what they need, in loading order."""
        if self.modules is None:
            return []
        dependencies = {}
        with open(os.path.join(self.modules, "modules.dep"), encoding="ascii") as file:
            for line in file:
                path, _, needs = line.partition(":")
                dependencies[_module_name(path)] = (path, needs.split())
        order = []
        for name in names:
            if name not in dependencies:
                continue        # built in, or not a part of this kernel
            path, needs = dependencies[name]
            # modules.dep lists what must be loaded last first
            for need in reversed([path, *needs]):
                full = os.path.join(self.modules, need)
                if full not in order:
                    order.append(full)
        return order


def _module_name(path):
    return os.path.basename(path).split(".ko")[0].replace("-", "_")


def stock(suite):
    """Debian's kernel, unpacked: that of the headers here, or of a suite's own root."""
    kernel = given(os.path.join(root(suite), "kernel") if suite else _image_here())
    if kernel.architecture == "amd64":
        kernel.image = vmlinux.unpacked(kernel.image)
    return kernel


def root(suite):
    """A Debian of the suite with the compiler and headers for its kernel, and that
    kernel's image, which is not installed, in its folder `kernel`.

    suite: "trixie", or with a flavour of the kernel: "bookworm-rt"
    """
    codename, _, flavour = suite.partition("-")
    if codename not in SUITES or flavour not in ("", "rt", *FOREIGN):
        raise Failure(f"--suite {suite}: is none of {', '.join(SUITES)}, with -rt or -arm64 or "
                      "without")
    packages, options = [*BUILDING], []
    hook = os.path.join(HERE, "unpack-kernel") + ' "$1"'
    if flavour in FOREIGN:
        packages += [HEADERS, f"gcc-{FOREIGN[flavour]}"]
        options = [f"--architectures=amd64,{flavour}"]
        hook += f" {flavour}"
    else:
        packages += [f"linux-headers-{flavour}-amd64" if flavour else HEADERS, "gcc"]
    return debian.root(f"kernel-{suite}", codename, packages, "apt",
                       [*options, f"--customize-hook={hook}"])


def system(suite):
    """A Debian of the suite for another architecture, None for this machine's: what the
    guest has for its root, and what programs for it are linked with. Only unpacked."""
    codename, _, architecture = suite.partition("-")
    if architecture not in FOREIGN:
        return None
    key = hashlib.sha256(repr(SYSTEM).encode()).hexdigest()[:12]
    return debian.root(f"system-{suite}-{key}", codename, SYSTEM, "extract",
                       [f"--architectures={architecture}",
                        "--hook-dir=/usr/share/mmdebstrap/hooks/merged-usr"])


def programs(suite=None):
    """Where the programs are that run on a suite's kernel, when they were built."""
    return os.path.join(BUILD, "suite", suite) if suite and system(suite) else BUILD


def module_file(release, suite=None):
    """Where the module for a stock kernel is when it was built."""
    folder = os.path.join("suite", suite) if suite else ""
    return os.path.join(BUILD, folder, "module", release, "flightrec.ko")


def _image_here():
    """The image of the headers that are installed, unpacked in a folder."""
    release = headers_release()
    version = _dpkg("${Version}", f"linux-headers-{release}")
    folder = os.path.join(cache.folder(), f"linux-image-{release}_{version}")
    if not os.path.isdir(folder):
        with cache.lock("linux-image"):
            if not os.path.isdir(folder):
                _fetch(release, version, folder)
    return folder


def given(path):
    """A kernel by path: a bzImage, a kernel's build folder, or an unpacked package."""
    if os.path.isfile(path):
        return Kernel(path, _image_release(path))
    built = os.path.join(path, "arch/x86/boot/bzImage")
    images = [built] if os.path.exists(built) else [
        image for place in ("boot/vmlinuz-*", "lib/modules/*/vmlinuz")     # the latter: Debian 14
        for image in glob.glob(os.path.join(path, place))]
    if len(images) != 1:
        raise Failure(f"--kernel {path}: neither a kernel image, nor a folder with one")
    if _is_arm64(images[0]):
        kernel = Kernel(images[0], os.path.basename(images[0]).removeprefix("vmlinuz-"))
        kernel.modules = os.path.join(path, "lib/modules", kernel.release)
        kernel.architecture = "arm64"
        return kernel
    release = _image_release(images[0])
    modules = os.path.join(path, "lib/modules", release)
    kernel = Kernel(images[0], release, modules if os.path.isdir(modules) else None)
    if images[0] == built:
        with open(os.path.join(path, ".config"), encoding="utf-8") as file:
            kernel.acpi = "\nCONFIG_ACPI=y\n" in file.read()
    return kernel


def _is_arm64(image):
    """By the mark in the image's header (Documentation/arm64/booting.rst)."""
    with open(image, "rb") as file:
        return file.read(0x3c).endswith(b"ARM\x64")


def _image_release(image):
    """The release that is written in the image's own header (x86 boot protocol)."""
    with open(image, "rb") as file:
        head = file.read(0x8000)
    if head[0x202:0x206] != b"HdrS" and b"HdrS" not in head[0x200:0x210]:
        raise Failure(f"{image}: not a bootable x86 kernel image")
    start = int.from_bytes(head[0x20e:0x210], "little") + 0x200
    return head[start:start + 200].split(b"\0")[0].split()[0].decode()


def suite_here():
    with open("/etc/os-release", encoding="utf-8") as file:
        found = re.search(r'^VERSION_CODENAME="?(\w+)', file.read(), re.M)
    return found.group(1) if found else "of unknown suite"


def _dpkg(field, package):
    done = subprocess.run(["dpkg-query", "-W", "-f", "${db:Status-Status} " + field, package],
                          capture_output=True, text=True, check=False)
    status, _, value = done.stdout.partition(" ")
    if done.returncode or status != "installed":
        raise Failure(f"package {package} is not installed: run 'make packages' first")
    return value


def headers_release():
    found = re.search(r"linux-headers-(\d\S*)", _dpkg("${Depends}", HEADERS))
    if not found:
        raise Failure(f"can't tell which kernel release package {HEADERS} stands for")
    return found.group(1)


def _fetch(release, version, folder):
    package = f"linux-image-{release}"
    say(f"fetching {package} {version} (once, about 70 MB)")
    with tempfile.TemporaryDirectory(dir=cache.folder(), prefix="fetch-") as scratch:
        download = ["apt-get", "-qq", "-o", "APT::Sandbox::User=root",
                    "download", f"{package}={version}"]
        done = subprocess.run(download, cwd=scratch, capture_output=True, text=True, check=False)
        if done.returncode:
            raise Failure(f"apt could not fetch {package} {version}, the kernel of the headers "
                          f"that are installed:\n{done.stderr.strip()}\n"
                          "Try 'apt-get update && apt-get install linux-headers-amd64', "
                          "then 'make' again.")
        deb, = glob.glob(os.path.join(scratch, "*.deb"))
        say("unpacking it")
        root = os.path.join(scratch, "root")
        subprocess.run(["dpkg-deb", "-x", deb, root], check=True)
        depmod = shutil.which("depmod") or "/sbin/depmod"
        subprocess.run([depmod, "-b", root, release], check=True)
        os.rename(root, folder)
