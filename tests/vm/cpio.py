# SPDX-License-Identifier: GPL-2.0
"""A cpio archive as the kernel unpacks it into its first root file system.

Written here and not by cpio(1), because a file's owner and a device node are
then just fields: no root, no staging folder.
"""

import os
import stat


class Archive:
    """A tree of files, kept in memory as names and written out at the end."""

    def __init__(self):
        self.entries = {}

    def __contains__(self, path):
        return path.strip("/") in self.entries

    def _put(self, path, mode, source=None, data=b"", device=(0, 0)):
        path = path.strip("/")
        parent = os.path.dirname(path)
        if parent and parent not in self.entries:
            self.folder(parent)
        self.entries[path] = (mode, source, data, device)

    def folder(self, path, mode=0o755):
        self._put(path, stat.S_IFDIR | mode)

    def link(self, path, target):
        self._put(path, stat.S_IFLNK | 0o777, data=os.fsencode(target))

    def text(self, path, text, mode=0o644):
        self.data(path, text.encode(), mode)

    def data(self, path, data, mode=0o644):
        self._put(path, stat.S_IFREG | mode, data=data)

    def file(self, path, source, mode=None):
        """The host's file `source`, with its own mode unless one is given."""
        if mode is None:
            mode = stat.S_IMODE(os.stat(source).st_mode)
        self._put(path, stat.S_IFREG | mode, source=source)

    def character_device(self, path, major, minor):
        self._put(path, stat.S_IFCHR | 0o600, device=(major, minor))

    def write(self, out):
        """Write the archive; archives written one after another add up."""
        for number, (path, entry) in enumerate(self.entries.items(), 1):
            mode, source, data, device = entry
            if source is not None:
                with open(source, "rb") as file:
                    data = file.read()
            _member(out, number, path, mode, data, device)
        _member(out, 0, "TRAILER!!!", 0, b"", (0, 0))
        out.write(b"\0" * (-out.tell() % 512))


def _member(out, number, path, mode, data, device):
    name = os.fsencode(path) + b"\0"
    fields = (number, mode, 0, 0, 1, 0, len(data), 0, 0, *device, len(name), 0)
    header = b"070701" + b"".join(b"%08x" % field for field in fields) + name
    out.write(header + b"\0" * (-len(header) % 4))
    out.write(data)
    out.write(b"\0" * (-len(data) % 4))
