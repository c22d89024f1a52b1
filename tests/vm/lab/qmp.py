# SPDX-License-Identifier: MIT
"""A client for QEMU's machine protocol, as far as hot-plug needs it."""

import json
import socket
from collections import deque

from .say import LabError

_PATIENCE = 300


class Qmp:
    """Speaks over one end of a socket pair; events that come in between are kept."""

    def __init__(self):
        self._sock, self.child_end = socket.socketpair()
        self._sock.settimeout(_PATIENCE)
        self._events = deque(maxlen=256)
        self._rest = b""

    def fileno(self):
        """For the selector."""
        return self._sock.fileno()

    def hello(self):
        """Leaves QEMU's greeting behind; to be called once QEMU runs."""
        self._next()
        self.command("qmp_capabilities")

    def _next(self):
        while b"\n" not in self._rest:
            try:
                data = self._sock.recv(65536)
            except TimeoutError as error:
                raise LabError(f"QEMU did not answer within {_PATIENCE} s") from error
            except ConnectionError:
                data = b""
            if not data:
                raise LabError("QEMU closed its control connection")
            self._rest += data
        line, self._rest = self._rest.split(b"\n", 1)
        return json.loads(line)

    def command(self, name, fds=(), **arguments):
        """Runs one command and returns its answer; a refusal is a LabError."""
        message = json.dumps({"execute": name, "arguments": arguments}).encode() + b"\n"
        try:
            socket.send_fds(self._sock, [message], list(fds))
        except OSError as error:
            raise LabError(f"QEMU {name}: {error}") from error
        while True:
            answer = self._next()
            if "event" in answer:
                self._events.append(answer)
            elif "error" in answer:
                raise LabError(f"QEMU {name}: {answer['error']['desc']}")
            else:
                return answer["return"]

    def on_readable(self):
        """Takes events that came by themselves; False at end of file."""
        try:
            self._events.append(self._next())
            while b"\n" in self._rest:
                self._events.append(self._next())
        except LabError:
            return False
        return True

    def take_event(self, name, device):
        """True if @device's event @name came; it counts once."""
        for event in self._events:
            if event.get("event") == name and event.get("data", {}).get("device") == device:
                self._events.remove(event)
                return True
        return False

    def close(self):
        """Closes the lab's end."""
        self._sock.close()
