#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""LoKey's Fortuna service: what its clients know, and none of its defects."""

import hashlib
import json
import os
import re
import socket
import sys
import time

sys.dont_write_bytecode = True
from harness import PATIENCE, RELEASE, Daemon, done, equal, ok, scratch, send_raw, stop_cleanly, wait_until
from lokey import Lokey

daemon = Lokey()
GOOD = [os.urandom(32).hex() for _ in range(5)]
# AES-256 of block 0 under the key 00 01 .. 1f, with which every LoKey begins.
PREDICTABLE = "f29000b62a499fd0a9f39a6add2e7780"


def fortuna(path, method="GET", body=None, headers=None):
    return daemon.ask("Fortuna", path, method, body, headers)


def test_generate():
    for query, size in (("", 128), ("?size=1", 1), ("?size=8192", 8192), ("?size=32767", 32767), ("?size=1048576", 1048576)):
        status, headers, answer = fortuna("/generate" + query)
        equal((status, headers["Content-Type"], sorted(answer), answer["size"], len(bytes.fromhex(answer["data"]))),
              (200, "application/json; charset=utf-8", ["data", "size"], size, size), f"/generate{query}: {size} bytes")
    equal((headers["QRNG-Generator"], headers["Content-Length"]), ("fortuna", str(2 * 1048576 + 26)),
          "the generator is Fortuna, and the length is told")
    for wrong in ("0", "-1", "1048577", "x", ""):
        status, headers, answer = fortuna(f"/generate?size={wrong}")
        ok(status == 400 and headers["Content-Type"].startswith("application/json") and answer["error"] == "Invalid size parameter (1-1048576)",
           f"size={wrong} is refused", answer)


def test_info():
    status, _, answer = fortuna("/info")
    equal((status, answer["status"], answer["amplification_factor"]), (200, "running", 4), "/info")
    ok(re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", answer["last_reseeded"]) and answer["counter"] > 0,
       "tells when and how often it was reseeded", answer)
    status, _, answer = fortuna("/health")
    equal((status, answer["status"], "timestamp" in answer), (200, "healthy", True), "/health")


def test_seed():
    """LoKey refuses the first seeds of a fresh process, and is unhealthy from then on."""
    fresh = Lokey()
    status, _, answer = fresh.ask("Fortuna", "/seed", "POST", {"seeds": GOOD})
    equal((status, answer["status"], answer["count"]), (200, "reseeded", 5), "the first seeds of a fresh process are taken")
    seen = [fresh.ask("Fortuna", "/seed", "POST", {"seeds": GOOD[:1]})[2]["status"] for _ in range(3)]
    ok(set(seen) <= {"reseeded", "pooled"}, "and those that come at once after them", seen)
    ok(wait_until(lambda: fresh.ask("Fortuna", "/seed", "POST", {"seeds": GOOD[:1]})[2]["status"] == "reseeded" or time.sleep(0.1)),
       "which join a reseed 100 ms later")
    equal(fresh.ask("Fortuna", "/health")[0], 200, "it stays healthy")
    stop_cleanly(fresh)
    for body, error in ((b"{", "Invalid request format"), (b"", "Invalid request format"), ({}, "Invalid request format"),
                        ([], "Invalid request format"), ({"seeds": "00"}, "Invalid request format"), ({"seeds": []}, "No seeds provided"),
                        ({"seeds": ["xyz!"]}, "Invalid seed format (not hex)"), ({"seeds": ["000"]}, "Invalid seed format (not hex)"),
                        ({"seeds": [7]}, "Invalid seed format (not hex)")):
        status, _, answer = fortuna("/seed", "POST", body)
        equal((status, answer["error"]), (400, error), f"{body}: 400")
    for bad in ("00" * 32, "ff" * 31 + "00", "abcd", bytes(range(32)).hex()):
        status, _, answer = fortuna("/seed", "POST", {"seeds": GOOD + [bad]})
        ok(status == 400 and "Seed rejected: it " in answer["error"], "a bad seed is 400, and says why", answer)
    equal(fortuna("/health")[0], 200, "and leaves the generator healthy")
    equal(fortuna("/seed", "POST", {"seeds": [GOOD[0].upper()], "more": 1})[0], 200, "capital digits and members nobody knows are fine")


def test_amplify():
    """LoKey refuses 40 of 40 on a fresh process."""
    fresh = Lokey()
    answers = [fresh.ask("Fortuna", "/amplify", "POST", {"seed": GOOD[0], "size": 32}) for _ in range(40)]
    equal([status for status, _, _ in answers], [200] * 40, "40 of 40 are answered by a fresh process")
    equal(len({answer["data"] for _, _, answer in answers}), 40, "the same seed never gives the same bytes")
    stop_cleanly(fresh)
    status, _, answer = fortuna("/amplify", "POST", {"seed": GOOD[0]})
    equal((status, answer["size"]), (200, 128), "without a size it is the seed's times the factor")
    equal(fortuna("/amplify", "POST", {"seed": GOOD[0], "size": 1048576})[2]["size"], 1048576, "up to 1 MiB")
    for body, error in (({"size": 5}, "Invalid request format"), ({"seed": "", "size": 5}, "Invalid request format"),
                        ({"seed": "no", "size": 5}, "Invalid seed format (not hex)"), ({"seed": "00" * 32, "size": 5}, "Seed rejected"),
                        ({"seed": GOOD[0], "size": 0}, "size"), ({"seed": GOOD[0], "size": 1048577}, "size"), ({"seed": GOOD[0], "size": "5"}, "size")):
        status, _, answer = fortuna("/amplify", "POST", body)
        ok(status == 400 and error in answer["error"], f"{body}: 400", answer)


def test_no_predictable_start():
    """The first bytes of every LoKey are the same, and it calls itself healthy."""
    first = []
    for _ in range(3):
        fresh = Lokey(binary=RELEASE)
        first.append(fresh.ask("Fortuna", "/generate?size=16")[2]["data"])
        fresh.stop()
    ok(len(set(first)) == 3 and PREDICTABLE not in first, "the first bytes are seeded ones", first)


def test_seeded_at_once():
    fresh = Lokey(binary=RELEASE)
    answer = fresh.ask("Fortuna", "/info")[2]
    ok(answer["counter"] >= 1 and "last_reseeded" in answer, "it is seeded before its first byte", answer)
    fresh.stop()


def test_no_output_without_a_seed():
    """LoKey goes on with 200 while it is unhealthy."""
    os.symlink("/dev/zero", scratch("zeroes"))
    broken = Lokey("--source", scratch("zeroes"))
    wait_until(lambda: broken.health()[1]["status"] == "failed")
    for path, method, body in (("/generate", "GET", None), ("/seed", "POST", {"seeds": GOOD}), ("/amplify", "POST", {"seed": GOOD[0], "size": 9})):
        status, headers, answer = broken.ask("Fortuna", path, method, body)
        ok(status == 503 and "error" in answer and headers["Retry-After"], f"{path}: 503 while unhealthy", answer)
    status, _, answer = broken.ask("Fortuna", "/health")
    equal((status, answer["status"], answer["details"]), (503, "unhealthy", {"generator": False}), "and /health says so")
    stop_cleanly(broken)


def test_strangers_may_not_seed():
    """LoKey takes seeds from anybody, and from any page that somebody visits."""
    body = {"seeds": GOOD}
    for headers, who in (({"Host": "rebound.example"}, "a page by a name that leads here"), ({"Origin": "https://evil.example"}, "a page of another origin"),
                         ({"X-Forwarded-For": "192.0.2.1"}, "who came through a proxy"), ({"Via": "1.1 proxy"}, "another one"),
                         ({"Host": "127.evil.example"}, "who only looks like this machine")):
        for path in ("/seed", "/amplify"):
            status, answered, answer = fortuna(path, "POST", body, headers)
            ok(status == 403 and "error" in answer and "Access-Control-Allow-Origin" not in answered, f"{who} may not use {path}", answer)
    equal(fortuna("/seed", "POST", body, {"Host": "localhost"})[0], 200, "a program on this machine may")
    with open(scratch("token"), "w", encoding="ascii") as file:
        file.write(hashlib.sha256(b"t" * 32).hexdigest() + "\n")
    strict = Lokey("--lokey-trust", "token", "--admin-token", scratch("token"))
    equal(strict.ask("Fortuna", "/seed", "POST", body)[0], 401, "unless its operator wants a token of everybody")
    equal(strict.ask("Fortuna", "/seed", "POST", body, {"Authorization": "Bearer " + "t" * 32})[0], 200, "with which anybody may")
    equal(strict.ask("Fortuna", "/generate")[0], 200, "bytes are for everybody")
    stop_cleanly(strict)


def test_other_paths():
    equal(fortuna("/nothing")[0], 404, "404 for a path that is none")
    status, headers, answer = fortuna("/seed")
    ok(status == 405 and headers["Allow"] == "POST" and "error" in answer, "405 and what would do", answer)
    equal(fortuna("/v1/random")[0], 404, "nothing but its own paths is on this port")
    response, content = daemon.get("/fortuna/generate?size=4")
    equal((response.status, json.loads(content)["size"]), (200, 4), "and where the daemon listens they are under /fortuna")
    plain = Daemon()
    equal(plain.get("/fortuna/generate")[0].status, 404, "unless nobody wanted LoKey")
    stop_cleanly(plain)
    prefix = Daemon("--lokey=prefix")
    equal((prefix.get("/fortuna/info")[0].status, "LoKey" in prefix.log()), (200, False), "prefix: no ports of their own")
    stop_cleanly(prefix)


def test_connection_stays():
    """A body of known length does not end the connection; one that could be read in two ways does."""
    def request(head, body="{}"):
        return f"POST /fortuna/seed HTTP/1.1\r\nHost: localhost\r\n{head}\r\n\r\n{body}".encode()
    last = b"GET /fortuna/info HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
    # The library's master branch does not tell whether there was a second length.
    told_once = ", libh2o 2.2." in daemon.log()
    equal(send_raw(daemon, request("Content-Length: 2") * 2 + last).count(b"HTTP/1.1 "), 3 if told_once else 1, "requests with bodies share a connection")
    for head in ("Content-Length: 2\r\nContent-Length: 2", "Content-Length: 2\r\nContent-Length: 40", "Content-Length: 2\r\nTransfer-Encoding: chunked",
                 "Transfer-Encoding: chunked"):
        body = "2\r\n{}\r\n0\r\n\r\n" if "chunked" in head else "{}"
        equal(send_raw(daemon, request(head, body) + last).count(b"HTTP/1.1 "), 1, f"nothing behind {head!r} is believed")


def test_what_the_library_refuses():
    """It does not come as far as a route, but what it says looks like the rest."""
    start = "POST /seed HTTP/1.1\r\nHost: localhost\r\n"
    for rest in ("Content-Length: 65537\r\n\r\n", "Transfer-Encoding: chunked\r\n\r\n10001\r\n" + "x" * 65537):
        with socket.create_connection(("127.0.0.1", daemon.ports["Fortuna"]), PATIENCE) as connection:
            connection.sendall((start + rest).encode())
            answer = connection.makefile("rb").read()
        head, body = answer.split(b"\r\n\r\n", 1)
        equal((head.split()[1], b"\r\ncontent-type: application/json" in head.lower(), list(json.loads(body))), (b"413", True, ["error"]),
              "413 for a body that is too long, with an error as all others have it")


test_generate()
test_info()
test_seed()
test_amplify()
test_no_predictable_start()
test_seeded_at_once()
test_no_output_without_a_seed()
test_strangers_may_not_seed()
test_other_paths()
test_connection_stays()
test_what_the_library_refuses()
stop_cleanly(daemon)
done()
