# SPDX-License-Identifier: GPL-2.0
"""Debian's kernel image without its compression.

Unpacking itself takes the kernel a third of the whole boot where the guest's
instructions are emulated. Done here, it is done once. qemu starts the result by
way of PVH, so the kernel has to have that entry, which Debian's has.
"""

import hashlib
import lzma
import os
import shutil
import struct
import subprocess
import zlib

import cache

XEN_ELFNOTE_PHYS32_ENTRY = 18


def unpacked(image):
    """A file that boots as the image does, and sooner where that can be had."""
    status = os.stat(image)
    key = f"{os.path.abspath(image)} {status.st_size} {status.st_mtime_ns}"
    name = "vmlinux-" + hashlib.sha256(key.encode()).hexdigest()[:16]
    path = os.path.join(cache.folder(), name)
    if os.path.exists(path):
        return path
    with open(image, "rb") as file:
        kernel = _payload(file.read())
    if kernel is None or not _has_pvh_entry(kernel):
        return image
    with cache.lock("vmlinux"):
        with open(path + ".tmp", "wb") as file:
            file.write(kernel)
        os.rename(path + ".tmp", path)
    return path


def _payload(image):
    """The ELF file in a bzImage (Documentation/x86/boot.rst), None if it can't be told."""
    start = (image[0x1f1] + 1) * 512
    offset, length = struct.unpack_from("<II", image, 0x248)
    packed = image[start + offset:start + offset + length]
    if packed.startswith(b"\xfd7zXZ"):
        return lzma.LZMADecompressor().decompress(packed)
    if packed.startswith(b"\x1f\x8b"):
        return zlib.decompressobj(wbits=zlib.MAX_WBITS | 16).decompress(packed)
    if packed.startswith(b"\x28\xb5\x2f\xfd") and shutil.which("zstd"):
        # the last four bytes are the kernel's own, its size
        return subprocess.run(["zstd", "-dc"], input=packed[:-4], stdout=subprocess.PIPE,
                              check=True).stdout
    return None


def _has_pvh_entry(kernel):
    return any(struct.pack("<III", 4, size, XEN_ELFNOTE_PHYS32_ENTRY) + b"Xen\0" in kernel
               for size in (4, 8))
