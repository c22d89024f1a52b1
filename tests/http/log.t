#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""What is written down: a line for each request without anything secret, and lines for people or for programs."""

import asyncio
import base64
import json
import os
import re
import sys

sys.dont_write_bytecode = True
import websockets

from harness import Daemon, done, equal, ok, scratch, send_raw, stop_cleanly, wait_until

CLF = re.compile(r'(\S+) - - \[(\d\d/\w{3}/\d{4}:\d\d:\d\d:\d\d \+0000)\] "(\S+) (\S+) (\S+)" (\d+) (\d+) (\d+\.\d{6})')
SECRETS = ("hunter2", "s3cr3t", "challenge", "key=")


def lines(path):
    try:
        with open(path, encoding="utf-8") as file:
            return file.read().splitlines()
    except FileNotFoundError:
        return []


async def one_message(daemon):
    async with websockets.connect(f"ws://127.0.0.1:{daemon.port}/stream?bytes=32&refresh=60000") as socket:
        return await socket.recv()


def use(daemon):
    """Requests of all kinds; returns what the lines should say, and the random bytes that were given."""
    given = daemon.get("/v1/random?bytes=64&format=hex")[1].strip()
    daemon.get("/v1/random?bytes=9&signed=1&challenge=hunter2", headers={"Authorization": "Bearer s3cr3t"})
    daemon.get("/v1/random?bytes=0&key=s3cr3t")
    daemon.get("/no/\"such\\%22path?key=s3cr3t".replace(" ", ""))
    daemon.get("/v1/integers", method="HEAD")
    daemon.get("/v1/random", method="POST")
    send_raw(daemon, b"GET /v1/random HTTP/1.0\r\n\r\n")
    send_raw(daemon, b"GET http://me:hunter2@x/v1/coin HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    send_raw(daemon, b"GET /v1/random?key=s3cr3t HTTP/1.1\r\nHost: x\r\nContent-Length: 99999\r\n\r\n")
    message = asyncio.run(one_message(daemon))
    return [("GET", "/v1/random", 200, 129), ("GET", "/v1/random", 200, 9), ("GET", "/v1/random", 400, None),
            ("GET", '/no/"such\\%22path', 404, None), ("HEAD", "/v1/integers", 200, 0), ("POST", "/v1/random", 405, None),
            ("GET", "/v1/random", 200, 4096), ("GET", "/v1/coin", 200, None), ("GET", "/v1/random", 413, None),
            ("GET", "/stream", 101, None)], (given.decode(), message)


def is_clean(text, given):
    hidden, message = given
    forms = [hidden[:16], message.hex()[:16], base64.b64encode(message).decode()[:12]]
    return not any(word in text for word in (*SECRETS, *forms))


def check(name, daemon, path, parse):
    wanted, given = use(daemon)
    wait_until(lambda: len(lines(path)) >= len(wanted))
    got = [parse(line) for line in lines(path)]
    equal([entry[:3] for entry in got], [entry[:3] for entry in wanted], f"{name}: a line of each request, in order")
    ok(all(want[3] in (None, entry[3]) for entry, want in zip(got, wanted)), f"{name}: with its bytes", got)
    ok(all(entry[4] == "127.0.0.1" and 0 <= entry[5] < 60 for entry in got), f"{name}: who asked, and how long it took", got)
    ok(is_clean("\n".join(lines(path)) + daemon.log(), given), f"{name}: no query, no secret and no random byte", lines(path))


def from_text(line):
    client, _, method, path, protocol, status, size, seconds = CLF.fullmatch(line).groups()
    return (method, re.sub(r"\\x(..)", lambda match: chr(int(match[1], 16)), path), int(status), int(size), client,
            float(seconds), protocol)


def from_json(line):
    entry = json.loads(line)
    ok(re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", entry["time"]) and len(entry) == 8, "an object", entry)
    return (entry["method"], entry["path"], entry["status"], entry["bytes"], entry["client"], entry["seconds"],
            entry["protocol"])


def test_lines():
    for name, parse, arguments in (("text", from_text, ()), ("json", from_json, ("--log-format", "json"))):
        path = scratch(f"access-{name}")
        # Two threads may end two answers in another order than a client sees.
        daemon = Daemon("--threads", "1", "--access-log", path, *arguments)
        check(name, daemon, path, parse)
        equal(os.stat(path).st_mode & 0o777 & ~0o640, 0, f"{name}: the file is not for everybody")
        stop_cleanly(daemon)
    quiet = Daemon()
    quiet.get("/v1/random")
    ok("/v1/random" not in quiet.log(), "by default nobody is written down")
    stop_cleanly(quiet)


def test_own_lines():
    daemon = Daemon("--log-format", "json", "--access-log", "-")
    daemon.get("/v1/coin?count=2")
    wait_until(lambda: '"/v1/coin"' in daemon.log())
    entries = [json.loads(line) for line in daemon.log().splitlines()]
    ok(all(re.fullmatch(r"[\d-]{10}T[\d:.]{12}Z", entry["time"]) for entry in entries), "each line is an object with its time")
    ok(any(entry.get("message", "").startswith("listening on") and entry["program"] == "qrngd" for entry in entries),
       "the daemon's own", entries)
    ok(any(entry.get("path") == "/v1/coin" and entry["status"] == 200 for entry in entries), "and requests among them", entries)
    stop_cleanly(daemon)


def test_trouble():
    for path, reason in (("/nowhere/x", "No such file"), (scratch(""), "directory")):
        refused = Daemon("--access-log", path)
        ok(refused.wait() == 1 and re.search(f"access-log .*{reason}", refused.log()), f"{path} is refused", refused.log())
    daemon = Daemon("--access-log", "/dev/full")
    for _ in range(20):
        equal(daemon.get("/v1/random?bytes=5")[0].status, 200, "a full disk keeps nobody from an answer")
    equal(daemon.log().count("the access log takes no lines: No space left"), 1, "and is told of once")
    stop_cleanly(daemon)


def test_rotation():
    """As logrotate does it: the file gets another name, and SIGHUP a new one; the format changes, too."""
    path, config = scratch("rotated"), scratch("rotated.conf")

    def write(form):
        with open(config, "w", encoding="ascii") as file:
            file.write(f"[log]\naccess-log = {path}\nlog-format = {form}\n")

    write("text")
    daemon = Daemon("--config", config)
    daemon.get("/v1/coin")
    wait_until(lambda: len(lines(path)) == 1)
    os.rename(path, path + ".1")
    write("json")
    daemon.signal(1)
    wait_until(lambda: os.path.exists(path))
    # Threads take it up between two requests.
    wait_until(lambda: daemon.get("/v1/dice") and any('"/v1/dice"' in line for line in lines(path)))
    ok("/v1/coin" in lines(path + ".1")[0] and json.loads(lines(path)[-1])["path"] == "/v1/dice",
       "what comes later is in the new file, in its form", lines(path))
    stop_cleanly(daemon)


test_lines()
test_own_lines()
test_trouble()
test_rotation()
done()
