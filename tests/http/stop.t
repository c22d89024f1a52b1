#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Stopping: what is under way is finished, what is idle goes, nothing hangs."""

import os
import signal
import socket
import sys

sys.dont_write_bytecode = True
from harness import (PATIENCE, RELEASE, Daemon, done, equal, ok, read_all, scratch,
                     stop_cleanly, wait_until)

LONG = b"GET /v1/random?bytes=104857600 HTTP/1.1\r\nHost: x\r\n\r\n"


def lets_nobody_in(daemon):
    try:
        daemon.connect().close()
        return False
    except ConnectionError:
        return True


def test_download_finishes(binary, number):
    daemon = Daemon("--idle-timeout", "3600", "--drain", "3600", binary=binary)
    download = daemon.connect(receive_buffer=65536)
    download.sendall(LONG)
    first = download.recv(1000)
    idle = daemon.connect()
    idle.sendall(b"GET /v1/random?bytes=10 HTTP/1.1\r\nHost: x\r\n\r\n")
    idle.recv(1000)
    daemon.signal(number)
    equal(idle.recv(1000), b"", "an idle connection is closed at once, not by its time-out of an hour")
    ok(daemon.process.poll() is None, "while a download goes on")
    ok(wait_until(lambda: lets_nobody_in(daemon)), "and nobody new is let in")
    answer = first + read_all(download)
    equal(len(answer.split(b"\r\n\r\n", 1)[1]), 104857600, "the download gets all its bytes")
    equal(daemon.wait(), 0, "and the daemon ends with status 0")


def test_many_finish():
    daemon = Daemon("--drain", "3600")
    downloads = [daemon.connect(receive_buffer=65536) for _ in range(8)]
    for download in downloads:
        download.sendall(b"GET /v1/random?bytes=5000000 HTTP/1.1\r\nHost: x\r\n\r\n")
    firsts = [download.recv(100) for download in downloads]
    daemon.signal(signal.SIGTERM)
    sizes = [len((first + read_all(download)).split(b"\r\n\r\n", 1)[1])
             for first, download in zip(firsts, downloads)]
    equal(sizes, [5000000] * 8, "eight downloads finish after the signal")
    equal(daemon.wait(), 0, "status 0")


def test_limit():
    daemon = Daemon("--drain", "1")
    download = daemon.connect(receive_buffer=4096)
    download.sendall(LONG)
    download.recv(100)
    daemon.signal(signal.SIGTERM)
    equal(daemon.wait(), 0, "a peer that does not read can't hold it longer than --drain")
    ok("connections cut off after 1 s: 1" in daemon.log(), "and the log says so", daemon.log())


def ask(path, request):
    connection = socket.socket(socket.AF_UNIX)
    connection.settimeout(PATIENCE)
    connection.connect(path)
    connection.sendall(request)
    return connection


def test_successor_keeps_its_socket():
    path = scratch("socket")
    old = Daemon("--drain", "3600", listen=f"unix:{path}")
    download = ask(path, b"GET /v1/random?bytes=30000000 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    first = download.recv(1000)
    old.signal(signal.SIGTERM)
    ok(wait_until(lambda: not os.path.exists(path)), "a stop removes the unix socket at once")
    new = Daemon(listen=f"unix:{path}")
    ok("listening" in new.log(), "so that a successor can start beside the download", new.log())
    equal(len((first + read_all(download)).split(b"\r\n\r\n", 1)[1]), 30000000,
          "which is finished")
    equal(old.wait(), 0, "the old daemon ends")
    ok(os.path.exists(path), "and leaves the new one's socket alone")
    with ask(path, b"GET /health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n") as connection:
        ok(connection.recv(20).startswith(b"HTTP/1.1 200"), "which answers")
    other = scratch("moved")
    os.rename(path, other)
    with open(path, "wb"):
        equal(new.stop(), 0, "a daemon whose socket was replaced ends, too")
    ok(os.path.exists(path), "and removes nothing that is not its own")
    os.remove(path)
    os.remove(other)


def test_second_signal():
    daemon = Daemon("--drain", "3600")
    download = daemon.connect(receive_buffer=4096)
    download.sendall(LONG)
    download.recv(100)
    daemon.signal(signal.SIGINT)
    ok(wait_until(lambda: "stopping" in daemon.log()), "one signal: it waits")
    daemon.signal(signal.SIGINT)
    equal(daemon.wait(), 1, "a second one: it ends at once")


def test_requests_around_the_stop():
    daemon = Daemon()
    connections = [daemon.connect() for _ in range(20)]
    for connection in connections:
        connection.sendall(b"GET /v1/random?bytes=10 HTTP/1.1\r\nHost: x\r\n\r\n")
    daemon.signal(signal.SIGTERM)
    answers = [read_all(connection) for connection in connections]
    ok(all(answer.startswith(b"HTTP/1.1 200") for answer in answers),
       "requests that were sent before the stop are answered", answers)
    equal(daemon.wait(), 0, "status 0")


test_download_finishes(RELEASE, signal.SIGTERM)
test_download_finishes(None, signal.SIGINT)
test_many_finish()
test_limit()
test_successor_keeps_its_socket()
test_second_signal()
test_requests_around_the_stop()
stop_cleanly(Daemon("--threads", "7"))
done()
