#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Somebody sets the clock: nothing stops, nothing ends too early, and the date is the new one."""

import email.utils
import sys
import time

sys.dont_write_bytecode = True
from harness import PATIENCE, RELEASE, Daemon, Faults, done, equal, note, ok, stop_cleanly

# More than the loops need to look at the clock again.
MOMENT = 0.3


def day_of(response):
    return email.utils.parsedate_to_datetime(response.headers["Date"]).timestamp()


def jump(name, seconds):
    """Sets the clock under a stream with a pace, a waiting connection and a new one."""
    faults = Faults()
    daemon = Daemon("--threads", "1", "--stall-timeout", "3600", binary=RELEASE, faults=faults)
    stream = daemon.connect()
    stream.sendall(b"GET /v1/stream?rate=2000&chunk_size=100 HTTP/1.1\r\nHost: x\r\n\r\n")
    waiting = daemon.http()
    waiting.request("GET", "/v1/random?bytes=8")
    waiting.getresponse().read()
    stream.recv(4096)
    faults.on(name)
    time.sleep(MOMENT)
    stream.settimeout(PATIENCE)
    received, began = 0, time.monotonic()
    try:
        while received < 4000:
            part = stream.recv(4096)
            if not part:
                break
            received += len(part)
    except TimeoutError:
        pass
    note(f"{received} bytes in {time.monotonic() - began:.1f} s after the clock was set {name}")
    ok(received >= 4000, f"{name}: a stream keeps its pace", received)
    try:
        waiting.request("GET", "/v1/random?bytes=8")
        status = waiting.getresponse().status
    except OSError as error:
        status = repr(error)
    equal(status, 200, f"{name}: a connection that waits is not closed")
    response, body = daemon.get("/v1/random?bytes=8")
    equal((response.status, len(body)), (200, 8), f"{name}: others are answered")
    off = day_of(response) - time.time()
    ok(abs(off - seconds) < 60, f"{name}: Date tells the new time", off)
    stream.close()
    waiting.close()
    equal(daemon.get("/healthz")[0].status, 200, f"{name}: all is well")
    stop_cleanly(daemon)


jump("back", -3600)
jump("ahead", 86400)
done()
