#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""/v1/events with the embedded engine: what befalls its sources, live, in the module's shape."""

import json
import os
import random
import re
import sys
import threading
import time

sys.dont_write_bytecode = True
from harness import RELEASE, Daemon, Faults, done, equal, ok, scratch, stop_cleanly, wait_until

SHAPES = {
    "source-state": ["time", "kind", "time_ms", "source", "source_state", "source_reason"],
    "health-permanent": ["time", "kind", "time_ms", "source", "source_state", "source_reason"],
    "drbg-state": ["time", "kind", "time_ms", "drbg_state", "generation", "reseed_reason"],
    "reseed": ["time", "kind", "time_ms", "drbg_state", "generation", "reseed_reason"],
}


class Feed:
    """A client that listens, read line by line."""

    def __init__(self, daemon, query="", last=None):
        self.connection = daemon.http()
        headers = {"Last-Event-ID": last} if last else {}
        self.connection.request("GET", "/v1/events" + query, headers=headers)
        self.response = self.connection.getresponse()
        self.last = None
        # The first thing that comes, so that whoever has one is heard from here on.
        equal(self.response.readline(), b": still here\n", "a client listens")

    def next(self):
        """The next event, or None at the end."""
        while line := self.response.readline().decode():
            if line.startswith("id: "):
                self.last = line[4:].strip()
            if line.startswith("data: "):
                return json.loads(line[6:])
        return None

    def until(self, kind, **values):
        """All events up to one of that kind with these values."""
        heard = []
        while event := self.next():
            heard.append(event)
            if event["kind"] == kind and values.items() <= event.items():
                break
        return heard


def told(daemon):
    return {kind: float(count) for kind, count in
            re.findall(r'^qrngd_events_total{kind="(\S+)"} (\d+)$',
                       daemon.get("/metrics")[1].decode(), re.M)}


def test_life_of_a_source():
    path = scratch("source")
    os.mkfifo(path)
    pipe = os.open(path, os.O_RDWR)
    os.write(pipe, random.Random(1).randbytes(1024))
    daemon = Daemon("--source", path, "--threads", "2")
    wait_until(lambda: daemon.health()[0] == 200)
    feed, other = Feed(daemon), Feed(daemon, "?max_events=1")
    os.write(pipe, bytes(4096))
    daemon.get("/v1/random?source=raw&bytes=1")
    heard = feed.until("drbg-state", drbg_state="stalled")
    equal([(event["kind"], event.get("source_state")) for event in heard],
          [("health-permanent", "failed"), ("source-state", "failed"), ("drbg-state", None)],
          "a source fails: an alarm, its state, the generator's")
    ok(all(event.get("source", path[:63]) == path[:63] for event in heard)
       and heard[1]["source_reason"] == "permanent", "which are told of it, and why", heard)
    equal(daemon.get("/readyz")[0].status, 503, "/readyz follows")
    equal(other.until("none"), heard[:1], "another client wanted one event, and gets the same")
    noise = random.Random(2).randbytes(1 << 20)
    threading.Thread(target=os.write, args=(pipe, noise), daemon=True).start()
    ok(wait_until(lambda: daemon.get("/readyz")[0].status == 200), "the source recovers")
    heard = feed.until("drbg-state", drbg_state="ready")
    equal([event["kind"] for event in heard], ["source-state", "reseed", "drbg-state"],
          "its state, a reseed, the generator's state")
    ok(heard[1]["reseed_reason"] == "recovery" and heard[1]["generation"] == 2
       and heard[1]["drbg_state"] == "ready", "with the reason", heard)
    test_shape_and_count(daemon, path, feed.last.split("-")[0])
    daemon.signal(15)
    equal(feed.next(), None, "a daemon that stops ends the stream")
    equal(daemon.wait(), 0, "and does so cleanly")


def test_shape_and_count(daemon, path, run):
    replay = Feed(daemon, "?max_events=9", run + "-0")
    heard = [replay.next() for _ in range(9)]
    ok(all(list(event) == SHAPES[event["kind"]] for event in heard), "all have their kind's shape",
       heard)
    ok(all(abs(time.clock_gettime(time.CLOCK_BOOTTIME) * 1000 - event["time_ms"]) < 3.6e6
           and re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", event["time"])
           for event in heard), "and their time")
    count = told(daemon)
    equal({kind: count[kind] for kind in SHAPES},
          {"source-state": 3, "drbg-state": 3, "reseed": 2, "health-permanent": 1},
          "each kind is counted")
    log = daemon.log()
    equal(log.count("event: drbg reseed"), 2, "a line for each reseed")
    ok(f"source: {path}: the noise failed the health tests" in log
       and f"source: {path}: healthy again" in log and log.count("health: failed") == 1,
       "and for each change", log)


def test_replay():
    """Clients that come back are told what they have missed, and if that was too much."""
    faults = Faults()
    daemon = Daemon(binary=RELEASE, faults=faults)
    first = Feed(daemon)
    faults.on("later")
    daemon.health()
    event = first.next()
    ok(event["kind"] == "reseed" and event["drbg_state"] == "kernel", "a reseed", event)
    run, number = first.last.split("-")
    first.connection.close()
    for _ in range(3):
        faults.on("later")
        daemon.health()
    second = Feed(daemon, "?max_events=3", first.last)
    equal([second.next()["generation"] for _ in range(3)],
          [event["generation"] + i for i in (1, 2, 3)], "who comes back gets what it missed")
    equal(second.last, f"{run}-{int(number) + 3}", "ids count")
    for last in ("0-1", "x", run, f"{run}-99999999999999999999", "-", ""):
        feed = Feed(daemon, "?max_events=1", last)
        faults.on("later")
        daemon.health()
        equal(feed.next()["generation"], daemon.health()[1]["generation"],
              f"an id that is none of ours ({last}): from now on")
    for _ in range(130):
        faults.on("later")
        daemon.health()
    feed = Feed(daemon, "?max_events=129", f"{run}-0")
    kinds = [feed.next()["kind"] for _ in range(129)]
    equal((kinds[0], set(kinds[1:])), ("lost-events", {"reseed"}), "too much: it is told")
    equal(feed.last, f"{run}-{int(number) + 3 + 6 + 130}", "and gets the newest")
    equal(feed.next(), None, "up to as many as it wanted")
    stop_cleanly(daemon)


def test_quiet():
    """Nothing happens, and yet the connection is not taken for a dead one."""
    daemon = Daemon("--stall-timeout", "2", "--drain", "86400")
    feed = Feed(daemon)
    lines = [feed.response.readline() for _ in range(17)]
    equal(lines[1::2], [b": still here\n"] * 8, "a sign of life, again and again")
    response, body = daemon.get("/v1/events", method="HEAD")
    equal((response.status, response.headers["Content-Type"], body), (200, "text/event-stream", b""),
          "HEAD")
    leaving = Feed(daemon)
    leaving.connection.close()
    wait_until(lambda: json.loads(daemon.get("/v1/status")[1])["connections"] == 2)
    stop_cleanly(daemon)
    equal(feed.next(), None, "a stop ends it")


test_life_of_a_source()
test_replay()
test_quiet()
done()
