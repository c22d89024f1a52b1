#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Limits: memory, slow readers; and that an idle daemon is idle."""

import sys
import threading
import time

sys.dont_write_bytecode = True
from harness import (RELEASE, Daemon, done, equal, note, ok, read_all, stop_cleanly,
                     wait_until)

LONG = b"GET /v1/random?bytes=104857600 HTTP/1.1\r\nHost: x\r\n\r\n"


def test_memory():
    daemon = Daemon(binary=RELEASE)
    clients = [daemon.connect(receive_buffer=4096) for _ in range(64)]
    for client in clients:
        client.sendall(b"GET /v1/random?bytes=1048576 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    heads = [client.recv(256) for client in clients]
    wait_until(lambda: False, 0.5)
    note(f"64 clients with 1 MiB each, all under way: {daemon.stat('VmRSS') / 1024:.1f} MiB")
    sizes = []

    def drain(head, client):
        sizes.append(len((head + read_all(client)).split(b"\r\n\r\n", 1)[1]))
        client.close()

    threads = [threading.Thread(target=drain, args=pair) for pair in zip(heads, clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    equal(sizes, [1048576] * 64, "64 clients get 1 MiB each")
    peak = daemon.stat("VmHWM")
    ok(peak <= 64 * 1024, "within 64 MiB", f"{peak} kB at the peak")
    note(f"peak {peak / 1024:.1f} MiB, afterwards {daemon.stat('VmRSS') / 1024:.1f} MiB")
    stop_cleanly(daemon)


def test_long_answers_are_streamed():
    daemon = Daemon(binary=RELEASE)
    client = daemon.connect(receive_buffer=65536)
    client.sendall(b"GET /v1/random?bytes=1073741824 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    total = 0
    while total < 200 << 20:
        total += len(client.recv(1 << 20))
    peak = daemon.stat("VmHWM")
    ok(peak <= 64 * 1024, "1 GiB is streamed within 64 MiB", f"{peak} kB")
    client.close()
    stop_cleanly(daemon)


def test_aborted_downloads():
    daemon = Daemon(binary=RELEASE)
    for _ in range(50):
        daemon.connect().close()
    descriptors, memory = daemon.descriptors(), None
    for round_ in range(6):
        clients = [daemon.connect(receive_buffer=4096) for _ in range(50)]
        for client in clients:
            client.sendall(LONG)
            client.recv(100)
        for client in clients:
            client.close()
        ok(wait_until(lambda: daemon.descriptors() <= descriptors),
           f"50 aborted downloads are cleaned up, round {round_ + 1}")
        if round_ == 1:
            memory = daemon.stat("VmRSS")
    grown = daemon.stat("VmRSS") - memory
    # One kept chunk for each of 200 aborted downloads would be 25 MiB.
    ok(grown < 8 * 1024, "and leave no memory behind", f"grown by {grown} kB")
    stop_cleanly(daemon)
    daemon = Daemon()
    clients = [daemon.connect(receive_buffer=4096) for _ in range(20)]
    for client in clients:
        client.sendall(LONG)
        client.recv(100)
    for client in clients:
        client.close()
    stop_cleanly(daemon)


def test_slow_reader():
    daemon = Daemon("--stall-timeout", "1")
    for text, request in (("a long", LONG),
                          ("many short", b"GET /v1/random?bytes=65536 HTTP/1.1\r\nHost: x\r\n\r\n" * 400)):
        stalled = daemon.connect(receive_buffer=4096)
        stalled.sendall(request)
        stalled.recv(100)
        before = daemon.descriptors()
        ok(wait_until(lambda b=before: daemon.descriptors() < b),
           f"a reader that stops taking {text} answer is dropped")
        stalled.close()
    stop_cleanly(daemon)
    # A busy machine may keep the client from reading for a while, which must not count.
    daemon = Daemon("--stall-timeout", "4")
    slow = daemon.connect(receive_buffer=4096)
    slow.sendall(b"GET /v1/random?bytes=12000000 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    total, started = 0, time.monotonic()
    while part := slow.recv(65536):
        total += len(part)
        if time.monotonic() - started < 7:
            time.sleep(0.1)
    ok(total > 12000000, "one that is only slow gets everything", f"{total} bytes")
    stop_cleanly(daemon)


def test_sender_that_never_reads():
    daemon = Daemon("--stall-timeout", "1")
    client = daemon.connect(receive_buffer=4096)
    client.sendall(LONG)
    client.recv(100)
    before = daemon.descriptors()

    def dropped():
        try:
            client.send(b"G")
        except ConnectionError:
            return True
        time.sleep(0.1)
        return daemon.descriptors() < before

    ok(wait_until(dropped), "a client that only sends, and takes nothing, is dropped")
    client.close()
    stop_cleanly(daemon)


def test_idle():
    daemon = Daemon(binary=RELEASE)
    daemon.get("/v1/random")
    # It may still be busy with what was asked.
    for _ in range(5):
        before = daemon.ticks()
        time.sleep(3)
        used = daemon.ticks() - before
        note(f"idle for 3 s: {used} clock ticks")
        if used <= 1:
            break
    ok(used <= 1, "an idle daemon uses no CPU", f"{used} clock ticks in 3 s")
    stop_cleanly(daemon)


test_memory()
test_long_answers_are_streamed()
test_aborted_downloads()
test_slow_reader()
test_sender_that_never_reads()
test_idle()
done()
