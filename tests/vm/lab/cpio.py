# SPDX-License-Identifier: MIT
"""Writes a newc cpio archive, the format the kernel unpacks as its first root."""

import stat
from pathlib import PurePosixPath


class Cpio:
    """An archive in memory. Parent directories are added by themselves; all belongs to root."""

    def __init__(self):
        self._out = bytearray()
        self._names = set()
        self._inode = 0

    def _entry(self, name, mode, data=b""):
        encoded = name.encode() + b"\0"
        self._inode += 1
        fields = (self._inode, mode, 0, 0, 1, 0, len(data), 0, 0, 0, 0, len(encoded), 0)
        self._out += b"070701" + b"".join(b"%08x" % f for f in fields) + encoded
        self._pad()
        self._out += data
        self._pad()

    def _pad(self):
        self._out += bytes(-len(self._out) % 4)

    def _add(self, path, mode, data=b""):
        name = str(path).strip("/")
        if name in self._names:
            return
        parent = PurePosixPath(name).parent
        if str(parent) != ".":
            self.directory(parent)
        self._names.add(name)
        self._entry(name, mode, data)

    def directory(self, path):
        """Adds an empty directory."""
        self._add(path, stat.S_IFDIR | 0o755)

    def file(self, path, data, mode=0o644):
        """Adds a file; the first one added under a name stays."""
        self._add(path, stat.S_IFREG | mode, data.encode() if isinstance(data, str) else data)

    def link(self, path, target):
        """Adds a symbolic link."""
        self._add(path, stat.S_IFLNK | 0o777, str(target).encode())

    def bytes(self):
        """The finished archive."""
        self._entry("TRAILER!!!", 0)
        return bytes(self._out)
