# SPDX-License-Identifier: MIT
"""A service manager as qrngd sees one: it is told things, and passes sockets."""

import socket
import sys
import time

from harness import PATIENCE, scratch

# The number of the process that is to have the sockets is known in it alone.
_PASS = """
import os, sys
names, numbers, *command = sys.argv[1:]
numbers = [os.dup(int(number)) for number in numbers.split()]
above = 3 + len(numbers)
numbers = [os.dup2(number, above + 20 + i) for i, number in enumerate(numbers)]
for i, number in enumerate(numbers):
    os.dup2(number, 3 + i)
os.closerange(above, above + 20 + len(numbers))
os.environ.update(LISTEN_PID=str(os.getpid()), LISTEN_FDS=str(len(numbers)))
if names:
    os.environ["LISTEN_FDNAMES"] = names
os.execvp(command[0], command)
"""


def passing(sockets, names=None):
    """Arguments for Daemon that have it get sockets, a list, under names, another."""
    if names is None:
        names = ["http"] * len(sockets)
    numbers = [each.fileno() for each in sockets]
    return {"under": [sys.executable, "-c", _PASS, ":".join(names), " ".join(map(str, numbers))],
            "keep": numbers}


class Manager:
    """What NOTIFY_SOCKET names."""

    def __init__(self):
        self.path = scratch(f"notify-{time.monotonic_ns()}")
        self.heard = []
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.bind(self.path)

    def asking(self, **variables):
        """Arguments for Daemon that have it tell us; WATCHDOG_USEC= and the like."""
        given = {"NOTIFY_SOCKET": self.path, **variables}
        return {"under": ["env", *(f"{name}={value}" for name, value in given.items())]}

    def next(self, limit=PATIENCE):
        """The next message as a dictionary; None if none comes."""
        self._socket.settimeout(limit)
        try:
            message = self._socket.recv(4096).decode()
        except TimeoutError:
            return None
        self.heard.append(dict(line.split("=", 1) for line in message.splitlines()))
        return self.heard[-1]

    def wait_for(self, name):
        """The next message that has a variable of this name; others are passed over."""
        while (message := self.next()) and name not in message:
            pass
        return message

    def silence(self, seconds, limit=PATIENCE):
        """Waits until nothing has come for so long; False if there is no end."""
        end = time.monotonic() + limit
        while time.monotonic() < end:
            if self.next(seconds) is None:
                return True
        return False


def listening(family=socket.AF_INET, address=("127.0.0.1", 0), backlog=128):
    made = socket.socket(family)
    made.bind(address)
    made.listen(backlog)
    return made


def ask(address, request=b"GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", wrap=None,
        limit=PATIENCE):
    """The first line of an answer, from an address of TCP or the path of a unix socket."""
    with socket.socket(socket.AF_INET if isinstance(address, tuple) else socket.AF_UNIX) as plain:
        plain.settimeout(limit)
        plain.connect(address)
        connection = wrap(plain) if wrap else plain
        connection.sendall(request)
        return connection.recv(4096).split(b"\r\n")[0].decode()
