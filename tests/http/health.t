#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Sources that work, hang, are stuck or go away: /health and every answer say so."""

import array
import fcntl
import json
import os
import pty
import random
import sys
import termios
import threading
import time
import tty

sys.dont_write_bytecode = True
from harness import (GENERATOR, RELEASE, Daemon, Faults, done, equal, ok, read_all, scratch,
                     stop_cleanly, wait_until)


def noise_file(name, data):
    path = scratch(name)
    with open(path, "wb") as file:
        file.write(data)
    return path


def refuses_all(daemon, status, text):
    response, body = daemon.get("/v1/random?bytes=9")
    ok(response.status == 503 and response.headers["Retry-After"] == "1"
       and response.headers["Content-Type"] == "application/problem+json"
       and json.loads(body)["status"] == 503 and response.headers["QRNG-Health"] == status,
       f"{text}: 503 for bytes", response.status, response.headers)
    response, body = daemon.get("/v1/random?bytes=9999999", method="HEAD")
    equal(response.status, 503, f"{text}: 503 for HEAD")
    code, health = daemon.health()
    ok(code == 503 and health["status"] == status, f"{text}: 503 for /health", health)


def test_kernel():
    daemon = Daemon("--http2", "off")
    code, health = daemon.health()
    equal(code, 200, "/health is 200 when all is well")
    for name, value in {"status": "healthy", "engine": "embedded", "generator": GENERATOR,
                        "generation": 1, "sources": [{"name": "kernel", "state": "healthy"}],
                        "protocols": ["http/1.1"]}.items():
        equal(health.get(name), value, f"its {name}")
    ok("kernel's generator" in health["detail"] and "every" not in health["detail"],
       "which says that there is no other source", health)
    for name in ("reseed_age_seconds", "uptime_seconds"):
        ok(isinstance(health.get(name), int) and health[name] < 60, f"its {name}")
    ok(health.get("version") and "libh2o" in health.get("library", ""), "its version, its library")
    stop_cleanly(daemon)


def test_good_sources():
    path = noise_file("good", random.Random(1).randbytes(1 << 16))
    daemon = Daemon("--source", "/dev/urandom", "--source", path)
    ok(wait_until(lambda: daemon.health()[0] == 200), "two good sources pass the start-up test")
    response, body = daemon.get("/v1/random?bytes=1000")
    equal(len(body), 1000, "and bytes are answered")
    equal(response.headers["QRNG-Source"], f"/dev/urandom,{path[:64 - 1]}", "with their names")
    stop_cleanly(daemon)
    outputs = set()
    for _ in range(2):
        daemon = Daemon("--source", path)
        wait_until(lambda: daemon.health()[0] == 200)
        outputs.add(daemon.get("/v1/random?bytes=32")[1])
        daemon.stop()
    equal(len(outputs), 2, "the same noise twice, but not the same bytes")


def test_bad_noise():
    patterned = b"".join(b"\x55" + bytes([i % 251]) for i in range(2048))
    for text, data in (("stuck", b"\xaa" * 65536), ("biased", patterned), ("empty", b""),
                       ("too short", random.Random(2).randbytes(1023))):
        daemon = Daemon("--source", noise_file(text.replace(" ", "-"), data))
        ok(wait_until(lambda: daemon.health()[1]["status"] == "failed"),
           f"a source that is {text} has failed", daemon.log())
        refuses_all(daemon, "failed", text)
        ok("source: " in daemon.log(), "and the log says so")
        stop_cleanly(daemon)


def test_one_of_two():
    daemon = Daemon("--source", noise_file("stuck-too", bytes(65536)), "--source", "/dev/urandom")
    ok(wait_until(lambda: daemon.health()[1]["status"] == "degraded"),
       "one bad source of two: degraded", daemon.log())
    response, body = daemon.get("/v1/random?bytes=9")
    ok(response.status == 200 and response.headers["QRNG-Health"] == "degraded" and len(body) == 9,
       "which is said, but is no reason to refuse")
    equal(daemon.health()[0], 200, "nor to fail /health")
    stop_cleanly(daemon)


def states(daemon):
    return [source["state"] for source in daemon.health()[1]["sources"]]


def test_failed_source_leaves_others_their_noise():
    path = scratch("finite")
    os.mkfifo(path)
    pipe = os.open(path, os.O_RDWR)
    os.write(pipe, random.Random(5).randbytes(8192))
    daemon = Daemon("--source", path, "--source", noise_file("stuck-three", bytes(1 << 20)))
    ok(wait_until(lambda: states(daemon) == ["healthy", "failed"]), "one source of two has failed")
    end = time.monotonic() + 3
    while time.monotonic() < end:
        daemon.health()
        time.sleep(0.1)
    left = array.array("i", [0])
    fcntl.ioctl(pipe, termios.FIONREAD, left)
    equal(left[0], 8192 - 1024, "while it is tried again, the other is not read in vain")
    os.close(pipe)
    stop_cleanly(daemon)


def test_silent_source_delays_no_other():
    path = scratch("silent")
    os.mkfifo(path)
    daemon = Daemon("--source", path, "--source", "/dev/urandom")
    # A silent source is given up after ten seconds; the other must not need as long.
    seen = []
    ok(wait_until(lambda: seen.append(daemon.health()) or seen[-1][0] == 200), "a silent source delays no other",
       daemon.log())
    health = seen[-1][1]
    ok(health["status"] == "degraded" and "failed" not in health["detail"],
       "and is not said to have failed yet", health)
    equal([source["state"] for source in health["sources"]], ["startup", "healthy"],
          "but to be starting")
    stop_cleanly(daemon)


def test_hanging_source_has_failed():
    faults = Faults()
    daemon = Daemon("--source", "/dev/urandom", binary=RELEASE, faults=faults)
    ok(wait_until(lambda: states(daemon) == ["healthy"]), "a source is healthy")
    faults.on("hang")
    faults.on("later")
    daemon.health()
    faults.on("later")
    ok(wait_until(lambda: states(daemon) == ["failed"]), "when its read() hangs it has failed",
       daemon.log())
    refuses_all(daemon, "failed", "a hanging source")
    faults.off("hang")
    ok(wait_until(lambda: states(daemon) == ["healthy"]), "when it comes back it is healthy",
       daemon.log())
    stop_cleanly(daemon)


def test_stale_after_a_rest():
    faults = Faults()
    daemon = Daemon("--source", "/dev/urandom", binary=RELEASE, faults=faults)
    ok(wait_until(lambda: states(daemon) == ["healthy"]), "a source is healthy before a rest")
    faults.on("hang")
    faults.on("later")
    code, health = daemon.health()
    ok(code == 200 and health["status"] == "stale" and health["reseed_age_seconds"] >= 600,
       "noise from before a long rest is stale, and its age is told", health)
    response, body = daemon.get("/v1/random?bytes=9")
    ok(response.status == 200 and response.headers["QRNG-Health"] == "stale" and len(body) == 9,
       "bytes say so, too")
    faults.off("hang")
    ok(wait_until(lambda: daemon.health()[1]["status"] == "healthy"), "until it was renewed")
    ok(daemon.health()[1]["reseed_age_seconds"] < 60, "which its age shows")
    ok("stale" not in daemon.log(), "a rest is nothing to log", daemon.log())
    stop_cleanly(daemon)


def test_silent_then_good():
    path = scratch("pipe")
    os.mkfifo(path)
    daemon = Daemon("--source", path)
    refuses_all(daemon, "starting", "a source that says nothing yet")
    with open(path, "wb") as pipe:
        pipe.write(random.Random(3).randbytes(2048))
    ok(wait_until(lambda: daemon.health()[0] == 200), "and ready once it speaks", daemon.log())
    stop_cleanly(daemon)
    daemon = Daemon("--source", path)
    equal(daemon.stop(), 0, "a silent source does not hold up a stop")


def test_device_lost():
    """A character device that has bytes for two threads' seeds and then hangs up."""
    master, slave = pty.openpty()
    tty.setraw(slave)
    path = os.ttyname(slave)
    daemon = Daemon("--engine", "device", "--device", path, "--threads", "1")
    refuses_all(daemon, "starting", "a device without bytes")
    os.write(master, random.Random(4).randbytes(64))
    ok(wait_until(lambda: daemon.health()[0] == 200), "a device with bytes is healthy",
       daemon.log())
    connection = daemon.connect(receive_buffer=4096)
    connection.sendall(b"GET /v1/random?bytes=104857600 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    head = connection.recv(1024)
    ok(b"Content-Length: 104857600\r\n" in head, "a download has begun")
    os.close(slave)
    os.close(master)
    ok(wait_until(lambda: daemon.health()[1]["status"] == "lost"), "a device that hangs up is lost",
       daemon.log())
    refuses_all(daemon, "lost", "a lost device")
    total = len(head) + len(read_all(connection))
    ok(total < 104857600, "and the download is broken off", f"{total} bytes")
    connection.close()
    stop_cleanly(daemon)


def test_health_under_load():
    daemon = Daemon()
    failures = []

    def ask():
        for _ in range(100):
            if daemon.health()[0] != 200:
                failures.append(1)

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    equal(failures, [], "/health asked 400 times by four")
    stop_cleanly(daemon)


test_kernel()
test_good_sources()
test_bad_noise()
test_one_of_two()
test_failed_source_leaves_others_their_noise()
test_silent_source_delays_no_other()
test_hanging_source_has_failed()
test_stale_after_a_rest()
test_silent_then_good()
test_device_lost()
test_health_under_load()
done()
