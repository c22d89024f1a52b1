#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""What outlives the daemon: counters, what clients configured, noise that nobody got yet. (What a kill at any moment does
is up to tests/unit/killed.c, which has 200 of them.)"""

import os
import random
import signal
import sys
import tempfile
import threading

sys.dont_write_bytecode = True
from harness import CHECKER, done, equal, ok, scratch, skip, stop_cleanly, wait_until
from lokey import Lokey, noise_source

KILLS = 12
STORE = scratch("store")
SOURCE = noise_source("noise")
COUNTERS = ("polling_count", "queue_dropped", "consumed_count", "total_generated")
keep, KEY = tempfile.mkstemp(dir="/dev/shm", prefix="qrng-store-key.")
os.write(keep, os.urandom(32))
os.close(keep)


def start(*args, key=KEY):
    return Lokey("--source", SOURCE, "--lokey-trng-queue", "4000", "--lokey-store", STORE, "--lokey-persist",
                 "--lokey-store-key", key, *args)


def trng(daemon):
    return daemon.ask("API", "/api/v1/status")[2]["trng"]


def take(daemon, count):
    status, _, body = daemon.ask("API", "/api/v1/data", "POST", {"format": "binary", "limit": count, "source": "trng"})
    return body if status == 200 else b""


def is_full(daemon):
    return trng(daemon)["queue_percentage"] == 100


def refused(daemon, text, what):
    wait_until(lambda: daemon.process.poll() is not None)
    ok(daemon.process.poll() == 1 and text in daemon.log(), what, daemon.log())


def test_configuration():
    first = start()
    equal(first.ask("API", "/api/v1/config/queue", "PUT", {"trng_queue_size": 3000})[0], 200, "a client changes the size of a queue,")
    equal(first.ask("API", "/api/v1/config/virtio", "PUT", {"seeding_source": "both"})[0], 200, "what another is filled from,")
    equal(first.ask("API", "/api/v1/config/consume", "PUT", {"consume": False})[0], 200, "and whether reading takes away")
    first.process.kill()
    first.wait()
    second = start()
    equal((trng(second)["queue_capacity"], second.ask("API", "/api/v1/config/virtio")[2]["seeding_source"],
           second.ask("API", "/api/v1/config/consume")[2]), (3000, "both", {"consume": False}),
          "all of it is as it was after kill -9")
    second.ask("API", "/api/v1/config/consume", "PUT", {"consume": True})
    stop_cleanly(second)
    third = start("--lokey-trng-queue", "2000", "--lokey-virtio-source", "trng")
    equal((trng(third)["queue_capacity"], third.ask("API", "/api/v1/config/virtio")[2]["seeding_source"]), (2000, "trng"),
          "until the operator changes the configuration")
    stop_cleanly(third)


def test_noise_is_kept():
    first = start()
    wait_until(lambda: is_full(first))
    before = trng(first)
    stop_cleanly(first)
    with open(os.path.join(STORE, "data.mdb"), "rb") as file:
        ok(len(file.read()) > before["queue_current"] * 32, "noise is on the disk after a stop in good order")
    equal([oct(os.stat(os.path.join(STORE, name)).st_mode & 0o777) for name in (".", "data.mdb", "counters", "trng.cell")],
          ["0o700", "0o600", "0o600", "0o600"], "where nobody else can read it")
    second = Lokey("--lokey-trng-queue", "4000", "--lokey-store", STORE, "--lokey-persist", "--lokey-store-key", KEY)
    equal(trng(second)["queue_current"], before["queue_current"], "the next one has it, though it has no source")
    # Without a source nothing that is counted can have come since.
    equal(trng(second)["total_generated"], before["total_generated"], "and knows what was counted")
    ok(len(take(second, 1000)) == 1000, "and hands it out")
    ok(wait_until(lambda: trng(second)["today"]["bytes"] >= 1000), "which the day's usage shows within a second or so", trng(second))
    quality = second.ask("API", "/api/v1/status")[2]["trng_quality"]
    equal((quality["recent"]["bytes"], quality["sp800_90b"]["bytes_refused"]), (0, 0), "no noise was drawn meanwhile")
    today = trng(second)["today"]
    stop_cleanly(second)
    third = start()
    now = trng(third)["today"]
    ok(now["bytes"] >= today["bytes"] and now["requests"] >= today["requests"] or now["bytes"] == 0, "and so does the next daemon, on the same day", now)
    ok(wait_until(lambda: third.ask("API", "/api/v1/status")[2]["trng_quality"]["recent"]["bytes"] > 0), "which draws noise")
    recent = third.ask("API", "/api/v1/status")[2]["trng_quality"]["recent"]
    ok(recent["grade"] in ("good", "warning") and 0.45 < recent["average"] < 0.55, "and tells what it looks like now", recent)
    stop_cleanly(third)


def test_kill():
    seen, last, back, chance = [], dict.fromkeys(COUNTERS, 0), [], random.Random(8)
    for turn in range(KILLS):
        daemon = start()
        now = trng(daemon)
        back += [(turn, name, last[name], now[name]) for name in COUNTERS if now[name] < last[name]]
        killer = threading.Timer(chance.uniform(0.01, 0.4), daemon.signal, (signal.SIGKILL,))
        killer.start()
        try:
            while True:
                seen.append(take(daemon, 8 + 8 * chance.randrange(500)))
                last = trng(daemon)
        except (OSError, ValueError, KeyError):
            pass
        killer.join()
        daemon.wait()
    bits = [part[i:i + 8] for part in seen for i in range(0, len(part) - 7, 8)]
    ok(len(bits) > 1000, f"{len(bits)} pieces of 8 bytes were handed out by {KILLS} daemons, each of them killed")
    equal(len(set(bits)), len(bits), "none of them twice")
    equal(back, [], "no counter has gone back")


def test_refusals():
    daemon = start()
    refused(start(), "another process has the store", "a second daemon is told that there is one")
    stop_cleanly(daemon)
    other = KEY + ".other"
    with open(other, "wb") as file:
        file.write(os.urandom(32))
    os.chmod(other, 0o600)
    refused(start(key=other), "was written with another key", "another key is refused")
    os.unlink(other)
    beside = scratch("key")
    with open(beside, "wb") as file:
        file.write(os.urandom(32))
    os.chmod(beside, 0o600)
    refused(start(key=beside), "same file system as the store", "and a key that lies where the store is")
    refused(Lokey("--lokey-persist"), "there is no lokey-store", "noise can't be kept without a store")
    if CHECKER == "memcheck":
        skip("a database of which a part is missing", "valgrind reports how the process ends that looks, as it is meant to")
        return
    os.truncate(os.path.join(STORE, "data.mdb"), 16384)
    refused(start(), "move the directory away", "a database of which a part is missing is refused, with what to do")


try:
    test_configuration()
    test_noise_is_kept()
    test_kill()
    test_refusals()
finally:
    os.unlink(KEY)
done()
