#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""engine = auto where there is no module: the device may come later, without a restart.

Any character device will do for one that has bytes; what the module itself does is tested in a
virtual machine."""

import json
import os
import re
import sys

sys.dont_write_bytecode = True
from harness import Daemon, done, equal, ok, refuses, scratch, stop_cleanly, wait_until


def engine(daemon):
    response, _ = daemon.get("/v1/random?bytes=1")
    return response.status, response.headers["QRNG-Engine"]


def test_device_comes():
    path = scratch("device")
    daemon = Daemon("--engine", "auto", "--device", path, "--threads", "2")
    equal(engine(daemon), (200, "embedded"), "without a device there is the embedded engine")
    ok(f"engine: embedded (auto: {path} has no source, or does not exist)" in daemon.log(),
       "and the log says why", daemon.log())
    with open(path, "wb"):
        pass
    equal({engine(daemon) for _ in range(20)}, {(200, "embedded")}, "a file is no device")
    os.remove(path)
    os.symlink("/dev/urandom", path)
    ok(wait_until(lambda: engine(daemon) == (200, "device")), "it moves when the device comes")
    ok(wait_until(lambda: {engine(daemon) for _ in range(20)} == {(200, "device")}),
       "each thread does")
    equal(json.loads(daemon.get("/v1/status")[1])["provenance"]["engine"], "device",
          "and documents say so")
    body = daemon.get("/metrics")[1].decode()
    ok('engine="device"' in body and 'qrngd_events_total{kind="engine-device"} 1\n' in body,
       "and metrics", body)
    equal(len(re.findall("event: engine-device", daemon.log())), 1, "the log has one line of it")
    stop_cleanly(daemon)


def test_mistakes():
    path = scratch("file")
    with open(path, "wb"):
        pass
    status, text = refuses("--engine", "auto", "--device", path, "--listen", "127.0.0.1:0")
    ok(status == 1 and "not a character device" in text, "a file for a device: refused", text)
    status, text = refuses("--engine", "auto", "--source", "/nonexistent", "--listen",
                           "127.0.0.1:0")
    ok(status == 1 and "/nonexistent" in text, "a source that is not there: refused", text)


test_device_comes()
test_mistakes()
done()
