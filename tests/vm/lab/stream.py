# SPDX-License-Identifier: MIT
"""One end of a socket pair whose other end QEMU inherits, read as lines."""

import socket

_LONGEST = 1 << 16


class LineStream:
    """Calls @handle with each line the other end wrote."""

    def __init__(self, handle):
        self._sock, self.child_end = socket.socketpair()
        self._handle = handle
        self._rest = b""

    def fileno(self):
        """For the selector."""
        return self._sock.fileno()

    def on_readable(self):
        """Takes what is there; a line without end is cut rather than kept without limit."""
        try:
            data = self._sock.recv(65536)
        except ConnectionError:
            data = b""
        lines = (self._rest + data).split(b"\n")
        self._rest = lines.pop()
        if self._rest and (not data or len(self._rest) > _LONGEST):
            lines.append(self._rest)
            self._rest = b""
        for line in lines:
            self._handle(line.decode("utf-8", "replace").rstrip("\r"))
        return bool(data)

    def write_line(self, text):
        """Sends one line; the other end may be gone, which its end of file will tell."""
        try:
            self._sock.sendall(text.encode() + b"\n")
        except ConnectionError:
            pass

    def close(self):
        """Closes the lab's end."""
        self._sock.close()
