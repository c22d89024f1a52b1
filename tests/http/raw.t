#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Raw noise over HTTP: what the source gave, each byte once, within a quota, and never instead
of it what a generator made."""

import base64
import json
import os
import random
import sys
import threading

sys.dont_write_bytecode = True
from harness import Daemon, done, equal, ok, scratch, stop_cleanly, wait_until


class Source:
    """A pipe that gives a noise we know; the whole of it, or no more than it is told."""

    def __init__(self, name, length, seed=1):
        self.path = scratch(name)
        self.noise = random.Random(seed).randbytes(length)
        os.mkfifo(self.path)
        self.end = os.open(self.path, os.O_RDWR)
        self.given = 0

    def give(self, length):
        """As far as it goes without waiting for a reader: a pipe holds 64 KiB."""
        os.write(self.end, self.noise[self.given:self.given + length])
        self.given += length

    def flow(self):
        threading.Thread(target=self.give, args=(len(self.noise) - self.given,),
                         daemon=True).start()


def problem(daemon, path, status, text):
    response, body = daemon.get(path)
    document = json.loads(body)
    ok(response.status == status and document["status"] == status
       and response.headers["Content-Type"] == "application/problem+json", f"{text}: {status}",
       response.status, body)
    return response, document


def counted(daemon):
    wanted = ("qrngd_raw_bytes_total", "qrngd_raw_refusals_total")
    return [float(line.split()[-1]) for line in daemon.get("/metrics")[1].decode().splitlines()
            if line.startswith(wanted)]


def start(source, *args):
    daemon = Daemon("--source", source.path, *args)
    wait_until(lambda: daemon.health()[0] == 200)
    return daemon


def test_no_noise():
    recording = scratch("recording")
    with open(recording, "wb") as file:
        file.write(random.Random(3).randbytes(1 << 20))
    for args, text in (((), "the kernel's generator"),
                       (("--source", "/dev/urandom"), "the same as a source"),
                       (("--source", recording), "a file, which others may have read")):
        daemon = Daemon(*args)
        wait_until(lambda: daemon.health()[0] == 200)
        _, document = problem(daemon, "/v1/random?source=raw", 503, text)
        ok("no raw noise" in document["detail"], "which says why", document)
        equal(daemon.get("/v1/random?source=raw", method="HEAD")[0].status, 503, "HEAD, too")
        stop_cleanly(daemon)
    daemon = Daemon("--raw-rate", "0")
    problem(daemon, "/v1/random?source=raw&bytes=1", 403, "an operator who gives none")
    stop_cleanly(daemon)


def test_noise():
    source = Source("noise", 1 << 20)
    source.flow()
    daemon = start(source, "--raw-burst", "1000000")
    places = []
    for size in (1, 64, 4096, 65536, 5000, 65536):
        response, body = daemon.get(f"/v1/random?source=raw&bytes={size}")
        ok(response.status == 200 and len(body) == size, f"{size} bytes of noise", response.status)
        places.append((source.noise.find(body) if size > 1 else 1024, size))
    ok(all(at >= 1024 for at, _ in places), "are what the source gave, but for the seed", places)
    ok(all(at + size <= after for (at, size), (after, _) in zip(places, places[1:])),
       "in its order, and no byte comes twice", places)
    for name, value in {"QRNG-Generator": "raw", "QRNG-Generation": None, "QRNG-Reseed-Age": None,
                        "QRNG-Source": source.path[:63]}.items():
        equal(response.headers[name], value, f"{name} is {value}")
    response, body = daemon.get("/v1/random?source=drbg&bytes=64")
    ok(response.headers["QRNG-Generator"] != "raw" and body not in source.noise,
       "source=drbg is no noise")
    equal(counted(daemon), [sum(size for _, size in places), 0, 0], "the bytes are counted")
    test_formats(daemon, source)
    stop_cleanly(daemon)


def test_formats(daemon, source):
    decoders = {"hex": bytes.fromhex, "base64": base64.b64decode,
                "base64url": lambda text: base64.urlsafe_b64decode(text + "==")}
    for name, decode in decoders.items():
        _, body = daemon.get(f"/v1/random?source=raw&bytes=100&format={name}")
        ok(decode(body.decode().strip()) in source.noise, f"as {name}")
    for origin, inside in (("raw", True), ("drbg", False)):
        _, body = daemon.get(f"/v1/random?source={origin}&bytes=100&format=json")
        document = json.loads(body)
        ok(document["source"] == origin and document["bytes"] == 100
           and (base64.b64decode(document["data"]) in source.noise) == inside, f"as JSON: {origin}")
    response, body = daemon.get("/v1/random?source=raw&bytes=100&signed=1")
    statement = json.loads(base64.b64decode(response.headers["QRNG-Statement"]))
    ok(body in source.noise and statement["provenance"]["generator"] == "raw"
       and "generation" not in statement["provenance"], "signed", statement)
    before = counted(daemon)
    problem(daemon, "/v1/random?source=raw&bytes=65536&format=hex&signed=1", 400,
            "signed, but too long for that")
    _, document = problem(daemon, "/v1/random?source=raw&bytes=65537", 400, "more than is given")
    equal((document["parameter"], document["allowed"]), ("bytes", "1 to 65536 with source=raw"),
          "which says how much is")
    for form in ("raw", "hex", "json"):
        path = f"/v1/random?source=raw&bytes=60000&format={form}"
        head, _ = daemon.get(path, method="HEAD")
        equal(counted(daemon), before, f"HEAD of {form} uses up nothing")
        response, body = daemon.get(path)
        before = counted(daemon)
        equal(head.headers["Content-Length"], str(len(body)), "but tells how long it would be")


def test_quota():
    source = Source("quota", 1 << 20)
    source.flow()
    daemon = start(source, "--raw-rate", "1", "--raw-burst", "3000")
    problem(daemon, "/v1/random?source=raw&bytes=3001", 400, "more than the burst")
    equal(len(daemon.get("/v1/random?source=raw&bytes=3000")[1]), 3000, "the burst")
    response, document = problem(daemon, "/v1/random?source=raw&bytes=3000", 429, "again")
    ok(2000 <= int(response.headers["Retry-After"]) <= 3000 and "quota" in document["detail"],
       "which says when there will be more", response.headers["Retry-After"], document)
    problem(daemon, "/v1/random?source=raw&bytes=2999&signed=1", 429, "signed, too")
    response, body = daemon.get("/v1/random?bytes=100000")
    ok(response.status == 200 and len(body) == 100000, "what generators make has no quota")
    equal(counted(daemon), [3000, 2, 0], "refusals are counted")
    equal(daemon.health()[0], 200, "and are no failure")
    stop_cleanly(daemon)


def test_dry():
    """The quota is there, but the source gives nothing: neither silence nor a generator."""
    source = Source("dry", 1 << 20)
    source.give(1024 + 512)
    daemon = start(source, "--raw-rate", "1", "--raw-burst", "9000", "--threads", "1")
    response, document = problem(daemon, "/v1/random?source=raw&bytes=9000", 429, "a dry source")
    ok(response.headers["Retry-After"] == "1" and "source" in document["detail"],
       "which says that it is the source", response.headers, document)
    first = []
    for _ in range(10):
        with daemon.connect() as waiting:
            waiting.sendall(b"GET /v1/random?source=raw&bytes=9000 HTTP/1.1\r\nHost: a\r\n\r\n")
            daemon.get("/v1/random?bytes=64")
            waiting.setblocking(False)
            try:
                waiting.recv(1)
                first.append("raw")
            except BlockingIOError:
                first.append("drbg")
                break
    equal(first[-1], "drbg", "while it waits, others on the same thread are answered")
    wait_until(lambda: json.loads(daemon.get("/v1/status")[1])["connections"] == 1)
    source.give(16384)
    sizes = []
    wait_until(lambda: sizes.append(len(daemon.get("/v1/random?source=raw&bytes=9000")[1]))
               or sizes[-1] == 9000)
    equal(sizes[-1], 9000, "who was refused, or left, has used up no quota")
    stop_cleanly(daemon)


def test_bad_noise():
    """What fails the tests is given to nobody, nor is what came before it."""
    source = Source("failing", 1 << 17)
    source.flow()
    daemon = start(source)
    response, body = daemon.get("/v1/random?source=raw&bytes=4096")
    ok(body in source.noise, "a good source")
    wait_until(lambda: source.given == len(source.noise), 1)
    threading.Thread(target=os.write, args=(source.end, bytes(1 << 20)), daemon=True).start()
    seen = []

    def refused():
        response, body = daemon.get("/v1/random?source=raw&bytes=16384")
        if response.status == 200:
            seen.append(body)
        return response.status == 503

    ok(wait_until(refused), "is stuck: 503")
    ok(all(body in source.noise for body in seen), "and nothing of that has been given")
    ok("failed the health tests" in daemon.log(), "the log says why", daemon.log())
    stop_cleanly(daemon)


test_no_noise()
test_noise()
test_quota()
test_dry()
test_bad_noise()
done()
