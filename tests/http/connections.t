#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Thousands of connections that do nothing, or little: those who ask go on being answered."""

import select
import socket
import struct
import sys
import threading
import time

sys.dont_write_bytecode = True
from crowd import (HALF, LONG, REQUEST, answered, burst, can_have, connect, cost, disperse, gather,
                   slowest)
from harness import (PATIENCE, RELEASE, Daemon, done, equal, note, ok, read_all, skip,
                     stop_cleanly, wait_until)
from lokey import Lokey

RESET = struct.pack("ii", 1, 0)


def drop(daemon, how):
    """One connection that comes and goes."""
    connection = connect(daemon.port)
    if how % 3:
        connection.sendall(HALF if how % 3 == 1 else REQUEST)
    if how % 2:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
    connection.close()


def test_dropped(binary, count):
    daemon = Daemon(binary=binary)
    for how in range(500):
        drop(daemon, how)
    ok(wait_until(lambda: daemon.health()[0] == 200), "it answers")
    descriptors, memory = daemon.descriptors(), daemon.stat("VmRSS")
    asked = []
    for how in range(count):
        drop(daemon, how)
        if how % 100 == 0:
            asked.append(daemon.get("/v1/random?bytes=64")[0].status)
    equal(set(asked), {200}, f"{count} connections opened and dropped disturb nobody")
    ok(wait_until(lambda: daemon.descriptors() <= descriptors), "all of them are gone",
       f"{daemon.descriptors()} descriptors, {descriptors} before")
    grown = daemon.stat("VmRSS") - memory
    ok(not binary or grown < 4096, "and have left nothing behind", f"grown by {grown} kB")
    stop_cleanly(daemon)


def test_idle():
    count = 10000
    what = f"{count} idle connections"
    if not can_have(count + 2000):
        skip(what, "the limit of open files cannot be raised")
        return
    daemon = Daemon("--max-connections", str(count + 2100), "--idle-timeout", "3600",
                    "--stall-timeout", "3600", binary=RELEASE)
    if "at most" in daemon.log():
        skip(what, "the daemon's limits are too low for them")
        return
    alone = cost(daemon)
    crowd = gather(daemon.port, count, REQUEST)
    equal(answered(crowd), count, f"{what} have all been answered")
    resident = daemon.stat("VmRSS") / 1024
    ok(resident <= 250, "and take 250 MiB at most", f"{resident:.0f} MiB")
    beside = cost(daemon)
    note(f"{what}: {resident:.1f} MiB resident; a request costs {beside:.1f} us of CPU beside "
         f"them, {alone:.1f} us without")
    ok(beside <= 3 * alone, "requests beside them cost no more than three times as much",
       f"{beside:.1f} us, {alone:.1f} us alone")
    compare(daemon)
    for connection in crowd[::100]:
        connection.sendall(REQUEST)
    equal(answered(crowd[::100]), 100, "each of them can go on")
    disperse(crowd)
    ok(wait_until(lambda: daemon.descriptors() < 100), "and all of them can leave")
    stop_cleanly(daemon)


def compare(daemon):
    """What the slowest of a hundred requests costs, beside slow readers, too, and at a daemon that has no one else."""
    slow = gather(daemon.port, 1000, LONG, receive_buffer=4096)
    half = gather(daemon.port, 1000, HALF)
    equal(answered(slow), 1000, "1000 slow readers and 1000 halves of requests come besides")
    lone = Daemon(binary=RELEASE)
    beside, alone = slowest(daemon, lone, 3)
    note(f"99 of 100 requests cost {beside:.1f} us of CPU at most beside all of them, {alone:.1f} us without")
    ok(beside <= 3 * alone, "the slowest of a hundred costs no more than three times as much",
       f"{beside:.1f} us, {alone:.1f} us alone")
    stop_cleanly(lone)
    disperse(slow + half)


def test_crowds():
    """Those who take nothing, and those who never finish asking, in one crowd."""
    daemon = Daemon("--max-connections", "4000", "--idle-timeout", "3600", "--stall-timeout",
                    "3600", binary=RELEASE)
    if not can_have(4000) or "at most" in daemon.log():
        skip("2000 slow connections", "the limit of open files cannot be raised")
        return
    alone = cost(daemon)
    slow = gather(daemon.port, 1000, LONG, receive_buffer=4096)
    half = gather(daemon.port, 1000, HALF)
    equal(answered(slow), 1000, "1000 slow readers have been let in, and 1000 halves of requests")
    resident = daemon.stat("VmRSS") / 1024
    ok(resident <= 1000 / 4 + 64, "a slow reader takes 256 KiB at most",
       f"{resident:.0f} MiB in all")
    beside = cost(daemon)
    note(f"{resident:.1f} MiB; a request costs {beside:.1f} us of CPU beside them, {alone:.1f} us "
         "without")
    ok(beside <= 3 * alone, "requests beside them cost no more than three times as much",
       f"{beside:.1f} us, {alone:.1f} us alone")
    for connection in half:
        connection.sendall(b"whole\r\n\r\n")
    equal(answered(half), 1000, "what is finished at last is answered")
    disperse(slow + half)
    ok(wait_until(lambda: daemon.descriptors() < 100), "all of them can leave")
    stop_cleanly(daemon)


def test_memory_of_each_route():
    """64 clients that take next to nothing of the longest answers there are."""
    for path in ("/v1/random?bytes=104857600", "/v1/random?bytes=104857600&format=json",
                 "/v1/image/random?width=4096&height=4096",
                 "/v1/image/heatmap?width=4096&height=4096",
                 "/v1/integers?count=100000", "/v1/sound?seconds=600&format=flac",
                 "/v1/stream", "/v1/stream?chunk_size=65536",
                 "/v1/stream/events?chunk_size=65536&rate=0"):
        daemon = Daemon(binary=RELEASE)
        daemon.get("/v1/random?bytes=1000000")
        before = daemon.stat("VmHWM")
        crowd = gather(daemon.port, 64, f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n".encode(),
                       receive_buffer=4096)
        equal(answered(crowd), 64, f"{path}: 64 clients are answered")
        time.sleep(0.2)
        each = (daemon.stat("VmHWM") - before) / 64
        note(f"{path}: {each:.0f} KiB for each")
        ok(each <= 256, "with 256 KiB each at most", f"{each:.0f} KiB")
        disperse(crowd)
        stop_cleanly(daemon)


def test_whole_pictures():
    """Some are there only as a whole, so few of those that are large are made at a time."""
    for path in ("/v1/image/random?format=webp", "/v1/image/bits?format=svg&bytes=32768"):
        daemon = Daemon("--threads", "1", binary=RELEASE)
        daemon.get("/v1/image/random?width=16&height=16&format=webp")
        before = daemon.stat("VmHWM")
        crowd = gather(daemon.port, 64, f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n".encode(), receive_buffer=4096)
        equal(answered(crowd), 3, f"{path}: 3 of 64 that need megabytes each are given, the rest is 503")
        grown = (daemon.stat("VmHWM") - before) / 1024
        ok(grown <= 40, "within 40 MiB for the thread", f"{grown:.0f} MiB")
        equal(daemon.get("/v1/image/qr?format=svg")[0].status, 200, "small ones are not counted")
        disperse(crowd)
        ok(wait_until(lambda: daemon.get(path)[0].status == 200), "and there are large ones again when they have gone")
        stop_cleanly(daemon)


def test_large_orders():
    """What a client of LoKey's orders has left the queue as a whole, and waits until it is taken."""
    daemon = Lokey("--threads", "1", binary=RELEASE)
    order = b'{"format": "uint64", "limit": 100000, "source": "fortuna"}'
    daemon.ask("API", "/api/v1/data", "POST", order)
    before = daemon.stat("VmHWM")
    crowd = gather(daemon.ports["API"], 64, b"POST /api/v1/data HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
                   b"Content-Length: %d\r\n\r\n%s" % (len(order), order), receive_buffer=4096)
    given = answered(crowd)
    ok(1 <= given <= 31, "of 64 orders of 800 kB each as many are given as 24 MiB have room for, the rest is 503", given)
    grown = (daemon.stat("VmHWM") - before) / 1024
    ok(grown <= 40, "within 40 MiB for the thread", f"{grown:.0f} MiB")
    equal(daemon.ask("API", "/api/v1/data", "POST", {"format": "uint8", "limit": 1000, "source": "fortuna"})[0], 200,
          "small ones are not counted")
    disperse(crowd)
    ok(wait_until(lambda: daemon.ask("API", "/api/v1/data", "POST", order)[0] == 200), "and there are large ones again when they have gone")
    stop_cleanly(daemon)


def is_cut(connection):
    """Whether the daemon has closed it, with or without a word; it is sent more meanwhile."""
    try:
        while select.select([connection], [], [], 0)[0]:
            if not connection.recv(4096):
                return True
        connection.send(b"x" * 100)
    except ConnectionError:
        return True
    return False


def test_endless_heads():
    daemon = Daemon(binary=RELEASE)
    daemon.get("/v1/random?bytes=64")
    before = daemon.stat("VmRSS")
    crowd = gather(daemon.port, 64)
    for connection in crowd:
        connection.setblocking(False)
        for part in (HALF, b"x" * 300000):
            try:
                connection.send(part)
            except (BlockingIOError, ConnectionError):
                pass
    ok(wait_until(lambda: all(is_cut(connection) for connection in crowd), 9),
       "heads without an end are cut off long before the time-out")
    ok(wait_until(lambda: daemon.stat("VmRSS") - before < 8192), "and their memory is free again",
       f"{daemon.stat('VmRSS') - before} kB more than before")
    disperse(crowd)
    equal(daemon.get("/v1/random?bytes=64")[0].status, 200, "others are answered")
    stop_cleanly(daemon)


def test_slow_heads():
    """A byte now and then does not help: it is the whole head that has to be there in time."""
    daemon = Daemon("--idle-timeout", "1")
    crowd = gather(daemon.port, 50, HALF)
    ok(wait_until(lambda: all(is_cut(connection) for connection in crowd)),
       "heads that come a byte at a time are given up")
    idle = gather(daemon.port, 50)
    served = gather(daemon.port, 50, REQUEST)
    equal(answered(served), 50, "50 connections are answered once")
    ok(all(read_all(connection) == b"" for connection in idle + served),
       "and closed when they ask no more, as those that never did")
    stop_cleanly(daemon)


def test_slow_bodies():
    daemon = Daemon("--stall-timeout", "1")
    crowd = gather(daemon.port, 20, REQUEST[:-2] + b"Content-Length: 1000\r\n\r\n")
    ok(wait_until(lambda: all(is_cut_slowly(connection) for connection in crowd)),
       "bodies that come a byte at a time are given up")
    stop_cleanly(daemon)


def is_cut_slowly(connection):
    try:
        connection.send(b"x")
        return bool(select.select([connection], [], [], 0)[0]) and not connection.recv(4096)
    except ConnectionError:
        return True


def test_pipeline():
    daemon = Daemon()
    with connect(daemon.port) as connection:
        equal(burst(connection, 2000), 2000, "2000 requests in one go get 2000 answers")
    with connect(daemon.port, receive_buffer=4096) as connection:
        connection.settimeout(0.5)
        try:
            for _ in range(10000):
                connection.sendall(REQUEST * 100)
            taken = True
        except (TimeoutError, BlockingIOError):
            taken = False
        ok(not taken, "who asks without reading is stopped, not stored")
        equal(daemon.get("/v1/random?bytes=64")[0].status, 200, "and others are answered")
    stop_cleanly(daemon)


def test_others_meanwhile():
    """All kinds of crowds come and go, and a client that asks one thing after another sees none."""
    daemon = Daemon("--max-connections", "2000", "--idle-timeout", "20", "--stall-timeout", "20")
    stopped, results = threading.Event(), []

    def ask():
        while not stopped.is_set():
            with connect(daemon.port) as connection:
                results.append(burst(connection, 20))

    client = threading.Thread(target=ask)
    client.start()
    for wave in range(3):
        crowds = [gather(daemon.port, 100, HALF),
                  gather(daemon.port, 100, LONG, receive_buffer=4096),
                  gather(daemon.port, 100),
                  gather(daemon.port, 100, b"\x16\x03\x01" + bytes(100)),
                  gather(daemon.port, 20, REQUEST * 1000, receive_buffer=4096)]
        time.sleep(0.5)
        wait_until(lambda wanted=4 * (wave + 1): len(results) >= wanted)
        for crowd in crowds:
            disperse(crowd)
    stopped.set()
    client.join(PATIENCE)
    ok(len(results) > 10 and set(results) == {20}, "a client beside them gets every answer",
       f"{len(results)} rounds: {set(results)}")
    stop_cleanly(daemon)


test_dropped(RELEASE, 10000)
test_dropped(None, 1000)
test_idle()
test_crowds()
test_memory_of_each_route()
test_whole_pictures()
test_large_orders()
test_endless_heads()
test_slow_heads()
test_slow_bodies()
test_pipeline()
test_others_meanwhile()
done()
