# SPDX-License-Identifier: MIT
"""Many connections at once, and what they do to a daemon."""

import os
import resource
import selectors
import socket
import time

from harness import PATIENCE

REQUEST = b"GET /v1/random?bytes=64 HTTP/1.1\r\nHost: x\r\n\r\n"
LONG = b"GET /v1/random?bytes=104857600 HTTP/1.1\r\nHost: x\r\n\r\n"
HALF = b"GET /v1/random?bytes=64 HTTP/1.1\r\nHost: x\r\nX-Half: "
# Descriptors of a process besides its connections.
OTHERS = 200


def can_have(count):
    """Raises the limit of open files if it must be; whether so many can be had."""
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    wanted = count + OTHERS
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, max(hard, wanted)))
    except (ValueError, OSError):
        return False
    return True


def connect(port, receive_buffer=None):
    connection = socket.socket()
    if receive_buffer:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
    connection.settimeout(PATIENCE)
    connection.connect(("127.0.0.1", port))
    return connection


def gather(port, count, request=b"", receive_buffer=None):
    """So many connections, each of which has sent the request."""
    crowd = []
    for _ in range(count):
        connection = connect(port, receive_buffer)
        if request:
            connection.sendall(request)
        crowd.append(connection)
    return crowd


def answered(crowd, limit=PATIENCE, least=0):
    """How many of them have something to read within the limit, or later if @least are to have; what it is they
    read."""
    waiting, count = selectors.DefaultSelector(), 0
    for connection in crowd:
        waiting.register(connection, selectors.EVENT_READ)
    began = time.monotonic()
    while waiting.get_map() and time.monotonic() - began < (limit if count >= least else PATIENCE):
        for key, _ in waiting.select(1):
            waiting.unregister(key.fileobj)
            try:
                count += key.fileobj.recv(4096).startswith(b"HTTP/1.1 200 ")
            except ConnectionError:
                pass
    waiting.close()
    return count


def disperse(crowd):
    for connection in crowd:
        connection.close()


def burst(connection, count=100):
    """So many requests in one go; their answers as they came."""
    connection.sendall(REQUEST * count)
    data = b""
    while data.count(b"HTTP/1.1 200 OK\r\n") < count or not complete(data):
        part = connection.recv(1 << 18)
        if not part:
            break
        data += part
    return data.count(b"HTTP/1.1 200 OK\r\n")


def complete(data):
    """Whether the last answer has its 64 bytes."""
    head = data.rfind(b"HTTP/1.1 200 OK\r\n")
    end = data.find(b"\r\n\r\n", head)
    return end >= 0 and len(data) >= end + 4 + 64


def cost(daemon, bursts=100):
    """CPU time of the daemon for a request, in microseconds: the least of several rounds."""
    figures = []
    for _ in range(5):
        with connect(daemon.port) as connection:
            burst(connection)
            before = daemon.cpu_ns()
            done = sum(burst(connection) for _ in range(bursts // 5))
            figures.append((daemon.cpu_ns() - before) / max(done, 1) / 1000)
        if done != bursts // 5 * 100:
            return float("inf")
    return min(figures)


def shares(daemon, count=300):
    """CPU time that the daemon takes from one request to the next, of so many one after another, in microseconds.
    However busy the machine is with others, that is not counted."""
    figures = []
    with connect(daemon.port) as connection:
        burst(connection, 20)
        before = daemon.cpu_ns()
        for _ in range(count):
            burst(connection, 1)
            now = daemon.cpu_ns()
            figures.append((now - before) / 1000)
            before = now
    return figures


def pin(daemons, processors):
    """Has the daemons and us run on these only: how far apart they run would be part of a cost otherwise."""
    os.sched_setaffinity(0, processors)
    for daemon in daemons:
        for task in os.listdir(f"/proc/{daemon.process.pid}/task"):
            os.sched_setaffinity(int(task), processors)


def slowest(beside, alone, ratio):
    """What the slowest hundredth of requests costs at each of two daemons at least: the best of eight rounds in turn,
    or of forty while the first costs more than so many times what the second does."""
    best = {beside: float("inf"), alone: float("inf")}
    processors = os.sched_getaffinity(0)
    pin(best, {min(processors)})
    for number in range(40):
        if number >= 8 and best[beside] <= ratio * best[alone]:
            break
        for daemon in best:
            figures = sorted(shares(daemon))
            best[daemon] = min(best[daemon], figures[len(figures) * 99 // 100])
    pin(best, processors)
    return best[beside], best[alone]
