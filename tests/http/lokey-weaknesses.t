#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""What LoKey breaks down under, as far as no other test has it; docs/lokey.md says where each is."""

import os
import socket
import sys
import threading
import time

sys.dont_write_bytecode = True
from harness import PATIENCE, done, equal, note, ok, refuses, scratch, stop_cleanly, wait_until
from lokey import FACES, Lokey, noise_source

GOOD = {"seeds": [os.urandom(32).hex()]}


def data(daemon, source="fortuna", limit=64):
    return daemon.ask("API", "/api/v1/data", "POST", {"format": "binary", "limit": limit, "source": source})


def refused(words, *named):
    status, err = refuses("--engine", "embedded", "--listen", "127.0.0.1:0", *words)
    lines = err.splitlines()
    ok(status == 1 and lines and all(name in lines[-1] for name in named), f"{' '.join(words)}: one line that names it, and status 1", status, err)


def test_a_port_that_is_taken():
    """LoKey's services end in a panic."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        place = f"127.0.0.1:{taken.getsockname()[1]}"
        for face in ("api", *(face.lower() for face in FACES)):
            words = [word for other in ("api", "controller", "fortuna", "virtio") for word in (f"--lokey-{other}", "127.0.0.1:0")]
            refused(["--lokey", *words, f"--lokey-{face}", place], place, "in use")


def test_intervals_and_sizes_that_make_no_sense():
    """A poll interval of 0 and a negative size are a panic, too."""
    for queue in ("trng", "fortuna", "virtio"):
        for value in ("0", "-1", "99", "60001", "x", ""):
            refused(["--lokey=prefix", f"--lokey-{queue}-poll={value}"], f"lokey-{queue}-poll")
        for value in ("0", "-5", "9", "1000001", "1e3", ""):
            refused(["--lokey=prefix", f"--lokey-{queue}-queue={value}"], f"lokey-{queue}-queue")


def hold(daemon, face, request):
    """A client who does not go on."""
    connection = socket.create_connection(("127.0.0.1", daemon.ports[face]), PATIENCE)
    connection.sendall(request)
    return connection


def test_a_service_that_hangs():
    """One of LoKey's that does keeps the others waiting without a limit. Here they share even their one thread."""
    daemon = Lokey("--threads", "1", "--source", noise_source("flowing"))
    wait_until(lambda: data(daemon, "trng")[0] == 200)
    held = [hold(daemon, "controller", b"GET /generate HTTP/1.1\r\nHost: lo"),
            hold(daemon, "Fortuna", b"POST /seed HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\n{\"seeds\":"),
            hold(daemon, "API", b"POST /api/v1/data HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{"),
            hold(daemon, "VirtIO", b"GET /stream HTTP/1.1\r\nHost: localhost\r\n\r\n")]
    for face in FACES:
        equal([daemon.ask(face, path)[0] for path in ("/health", "/info", "/generate")], [200] * 3, f"{face} answers while a client of each service hangs")
    equal([data(daemon, source)[0] for source in ("fortuna", "trng")], [200, 200], "and so does the API")
    equal(daemon.ask("API", "/api/v1/health")[2]["status"], "healthy", "which calls all of it healthy")
    for connection in held:
        connection.close()
    stop_cleanly(daemon)


def test_a_source_that_hangs():
    """As does LoKey's poll of a controller that does not answer."""
    flowing = threading.Event()
    daemon = Lokey("--source", noise_source("dry", flowing), "--source", noise_source("wet"), "--lokey-trng-queue", "10")
    ok(wait_until(lambda: data(daemon, "trng", 4096)[0] == 200), "noise comes from another source")
    equal([data(daemon)[0], daemon.ask("Fortuna", "/seed", "POST", GOOD)[0], daemon.ask("VirtIO", "/generate")[0]], [200] * 3, "and the rest goes on")
    flowing.set()
    stop_cleanly(daemon)


def test_the_31_second_glitch():
    """LoKey has no noise for that long after a chip was silent for a moment."""
    flowing = threading.Event()
    flowing.set()
    daemon = Lokey("--source", noise_source("glitch", flowing), "--lokey-trng-queue", "10")
    ok(wait_until(lambda: data(daemon, "trng", 4096)[0] == 200), "there is noise")
    flowing.clear()
    ok(wait_until(lambda: data(daemon, "trng", 100000)[0] != 200), "then it stops, which is told")
    equal(data(daemon)[0], 200, "Fortuna goes on meanwhile")
    flowing.set()
    begun = time.monotonic()
    ok(wait_until(lambda: data(daemon, "trng", 4096)[0] == 200), "and it is there again")
    outage = time.monotonic() - begun
    note(f"{outage:.3f} s after the source was")
    ok(outage < 31, "long before LoKey's")
    equal(daemon.ask("controller", "/health")[0], 200, "in good health")
    stop_cleanly(daemon)


def test_a_stop_in_the_middle():
    """LoKey's API goes without closing its database, VirtIO never while nobody reads its FIFO."""
    store = scratch("store")
    daemon = Lokey("--lokey-store", store, "--fifo", scratch("fifo"), "--source", noise_source("stopping"))
    wait_until(lambda: data(daemon, "trng")[0] == 200)
    before = daemon.ask("API", "/api/v1/status")[2]["trng"]["total_generated"]
    stop_cleanly(daemon)
    again = Lokey("--lokey-store", store)
    ok(again.ask("API", "/api/v1/status")[2]["trng"]["total_generated"] >= before > 0, "what was counted is there after a stop")
    stop_cleanly(again)


def test_any_content_type():
    """Of what clients send, LoKey looks at the body alone."""
    daemon = Lokey()
    for kind in ("application/json", "text/plain", "application/x-www-form-urlencoded", ""):
        body = '{"format":"uint8","limit":4,"source":"fortuna","nobody":{"knows":["this"]}}'
        equal(len(daemon.ask("API", "/api/v1/data", "POST", body, {"Content-Type": kind})[2]), 4, f"Content-Type {kind!r}, and a member that is not known")
    stop_cleanly(daemon)


test_a_port_that_is_taken()
test_intervals_and_sizes_that_make_no_sense()
test_a_service_that_hangs()
test_a_source_that_hangs()
test_the_31_second_glitch()
test_a_stop_in_the_middle()
test_any_content_type()
done()
