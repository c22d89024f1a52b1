#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""HTTP/2 where the operator has switched it on, spoken by hand."""

import re
import struct
import sys
import time

sys.dont_write_bytecode = True
from harness import RELEASE, Daemon, done, equal, note, ok, read_all, skip, stop_cleanly, wait_until

PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
DATA, HEADERS, RESET, SETTINGS, PING, GOAWAY, WINDOW_UPDATE = 0, 1, 3, 4, 6, 7, 8
END_STREAM, END_HEADERS, ACK = 1, 4, 1


def frame(kind, flags, stream, payload=b""):
    return struct.pack(">I", len(payload))[1:] + struct.pack(">BBI", kind, flags, stream) + payload


def window(stream, size):
    return frame(WINDOW_UPDATE, 0, stream, struct.pack(">I", size))


def get(stream, path):
    """A GET: three fields of HPACK's static table, the path and host as literals."""
    block = b"\x82\x86\x04" + bytes([len(path)]) + path + b"\x01\x01x"
    return frame(HEADERS, END_STREAM | END_HEADERS, stream, block)


class Client:
    def __init__(self, daemon, receive_buffer=None):
        self.socket = daemon.connect(receive_buffer=receive_buffer)
        self.buffer = b""
        self.socket.sendall(PREFACE + frame(SETTINGS, 0, 0))

    def send(self, *frames):
        self.socket.sendall(b"".join(frames))

    def take(self, length):
        while len(self.buffer) < length:
            part = self.socket.recv(1 << 20)
            if not part:
                raise EOFError
            self.buffer += part
        taken, self.buffer = self.buffer[:length], self.buffer[length:]
        return taken

    def next(self):
        head = self.take(9)
        length = int.from_bytes(head[:3], "big")
        kind, flags, stream = struct.unpack(">BBI", head[3:])
        return kind, flags, stream, self.take(length)

    def bodies(self, wanted, widen=True):
        """
        Reads until so many streams have ended; returns each stream's (size, how it ended). Who still says
        something when the daemon closes loses what is on its way, so at a stop windows are opened beforehand.
        """
        sizes, ended = {}, {}
        while len(ended) < wanted:
            kind, flags, stream, payload = self.next()
            if kind == DATA:
                sizes[stream] = sizes.get(stream, 0) + len(payload)
                if payload and widen:
                    self.send(window(0, len(payload)))
                    if not flags & END_STREAM:
                        self.send(window(stream, len(payload)))
            if kind in (DATA, HEADERS) and flags & END_STREAM:
                ended[stream] = "end"
            if kind == RESET:
                ended[stream] = "reset"
        return {stream: (sizes.get(stream, 0), how) for stream, how in ended.items()}


def test_answers():
    daemon = Daemon("--http2", "on")
    ok("HTTP/1.1, HTTP/2" in daemon.log(), "the log says that it is on")
    equal(daemon.health()[1]["protocols"], ["http/1.1", "h2c"], "and so does /health")
    client = Client(daemon)
    client.send(get(1, b"/v1/random?bytes=100"), get(3, b"/v1/random?bytes=65537"),
                get(5, b"/v1/random?bytes=3000000"), get(7, b"/nothing"), get(9, b"/health"))
    bodies = client.bodies(5)
    equal([bodies[stream][0] for stream in (1, 3, 5)], [100, 65537, 3000000],
          "three answers on one connection")
    ok(bodies[7][0] > 50 and bodies[9][0] > 100, "with a problem and the health among them")
    equal({how for _, how in bodies.values()}, {"end"}, "all of them complete")
    client.send(*[get(stream, b"/v1/random?bytes=40000") for stream in range(11, 111, 2)])
    equal(set(client.bodies(50).values()), {(40000, "end")}, "fifty requests at one time")
    stop_cleanly(daemon)


def test_default():
    """Nobody has said whether it is wanted: with libh2o 2.2 it is not."""
    daemon = Daemon()
    newer = not re.search(r"libh2o 2\.2\.", daemon.log())
    equal(daemon.health()[1]["protocols"], ["http/1.1", "h2c"] if newer else ["http/1.1"],
          f"unasked it is {'on' if newer else 'off'} with this libh2o")
    if newer:
        client = Client(daemon)
        client.send(get(1, b"/v1/random?bytes=100"))
        equal(client.bodies(1), {1: (100, "end")}, "and spoken")
    else:
        skip("HTTP/2 unasked", "it takes a newer libh2o, see H2O_DIR in the README")
    stop_cleanly(daemon)


def test_reset_flood():
    daemon = Daemon("--http2", "on", "--threads", "1", binary=RELEASE)
    client = Client(daemon)
    pairs, before = 20000, daemon.ticks()
    for first in range(1, 2 * pairs, 200):
        client.send(*[get(stream, b"/v1/random?bytes=104857600")
                      + frame(RESET, 0, stream, struct.pack(">I", 8))
                      for stream in range(first, first + 200, 2)])
    client.send(frame(PING, 0, 0, b"12345678"))
    try:
        while client.next()[0] != PING:
            continue
        note(f"{pairs} requests reset at once: {(daemon.ticks() - before) * 1e4 / pairs:.1f} "
             "us of CPU each")
    except (EOFError, ConnectionError):
        note("the connection was closed before its end")
    equal(daemon.get("/v1/random?bytes=5")[0].status, 200, "a flood of resets leaves others alone")
    ok(daemon.stat("VmHWM") < 64 * 1024, "and memory", f"{daemon.stat('VmHWM')} kB")
    stop_cleanly(daemon)


def test_stalled_stream():
    daemon = Daemon("--http2", "on", "--stall-timeout", "1")
    client = Client(daemon)
    client.send(get(1, b"/v1/random?bytes=3000000"))
    try:
        read_all(client.socket)
        closed = True
    except ConnectionError:
        closed = True
    except TimeoutError:
        closed = False
    ok(closed, "a stream that is never given a window is given up")
    stop_cleanly(daemon)


def test_stop():
    daemon = Daemon("--http2", "on")
    idle = Client(daemon)
    idle.send(get(1, b"/v1/random?bytes=9"))
    idle.bodies(1)
    client = Client(daemon, receive_buffer=65536)
    client.send(get(1, b"/v1/random?bytes=20000000"))
    while client.next()[0] != DATA:
        continue
    client.send(window(0, 1 << 25), window(1, 1 << 25))
    daemon.process.terminate()
    bodies = client.bodies(1, widen=False)
    equal(bodies[1][1], "end", "a download over HTTP/2 is finished after SIGTERM")
    try:
        read_all(idle.socket)
        read_all(client.socket)
    except ConnectionError:
        pass
    equal(daemon.wait(), 0, "status 0")


def test_told_once():
    """A stop in which a stream ends after the library has told of the end: it must not be asked to again."""
    daemon = Daemon("--http2", "on")
    client = Client(daemon)
    client.send(get(1, b"/v1/random?bytes=200000"), get(3, b"/v1/random?bytes=300000"))
    while client.next()[0] != DATA:
        continue
    daemon.process.terminate()
    ok(wait_until(lambda: "stopping" in daemon.log()), "a stop while two streams wait for their windows")
    time.sleep(1.3)
    client.send(window(0, 1 << 24), window(1, 1 << 24))
    ended = client.bodies(1, widen=False)
    client.send(window(3, 1 << 24))
    ended.update(client.bodies(1, widen=False))
    equal({how for _, how in ended.values()}, {"end"}, "both end later than a second after it")
    equal(daemon.wait(), 0, "status 0")


test_answers()
test_default()
test_reset_flood()
test_stalled_stream()
test_stop()
test_told_once()
done()
