#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""What one address may have: requests, bytes; who comes later, who is another, who has no limit."""

import asyncio
import http.client
import json
import socket
import sys
import time

sys.dont_write_bytecode = True
import websockets

from harness import PATIENCE, Daemon, done, equal, ok, scratch, stop_cleanly, wait_until
from lokey import Lokey


def ask(daemon, path="/v1/random?bytes=10", source="127.0.0.1", host="127.0.0.1", port=None):
    """(status, seconds to wait, body) of a request from an address."""
    connection = http.client.HTTPConnection(host, port or daemon.port, timeout=PATIENCE,
                                            source_address=(source, 0))
    try:
        connection.request("GET", path)
        response = connection.getresponse()
        return response.status, int(response.headers["Retry-After"] or 0), response.read()
    finally:
        connection.close()


def test_requests():
    daemon = Daemon("--rate-requests", "1")
    began = time.monotonic()
    answers = [ask(daemon) for _ in range(30)]
    took = time.monotonic() - began
    good = sum(status == 200 for status, _, _ in answers)
    ok(10 <= good <= 11 + took, f"of 30 requests at once {good} are answered in {took:.1f} s")
    status, wait, body = next((one for one in answers if one[0] != 200), (0, 0, b"{}"))
    ok(status == 429 and 1 <= wait <= 2 and "address" in json.loads(body)["detail"],
       "the others get 429, and when to come again", status, wait, body)
    equal([ask(daemon, source="127.0.0.2")[0], ask(daemon, source="127.0.0.3")[0]], [200, 200],
          "other addresses have their own")
    ok(wait_until(lambda: ask(daemon)[0] == 200), "who waits is answered again")
    for path in ("/nothing", "/healthz", "/v1/random?bytes=0"):
        statuses = {ask(daemon, path, source="127.0.0.4")[0] for _ in range(30)}
        ok(429 in statuses, f"{path} counts as well", statuses)
    stop_cleanly(daemon)


def test_bytes():
    daemon = Daemon("--rate-bytes", "10000")
    equal([ask(daemon, f"/v1/random?bytes={count}")[0] for count in (90000, 500000)], [200, 200],
          "an answer is given whole, if something is left")
    began = time.monotonic()
    # 490,000 bytes in debt.
    ok(wait_until(lambda: ask(daemon)[0] == 429), "and has to be waited for after it")
    status, wait, _ = ask(daemon)
    passed = time.monotonic() - began
    ok(status == 429 and 47 - passed <= wait <= 50, "as long as it takes", status, wait, passed)
    equal(ask(daemon, source="127.0.0.2")[0], 200, "but not by others")
    stop_cleanly(daemon)
    daemon = Daemon("--rate-bytes", "1000")
    with daemon.connect() as stream:
        began = time.monotonic()
        stream.sendall(b"GET /v1/stream?chunk_size=500&max_bytes=2500 HTTP/1.1\r\nHost: x\r\n"
                       b"Connection: close\r\n\r\n")
        while stream.recv(65536):
            pass
        ok(time.monotonic() - began >= 1.5, "a stream has that pace", time.monotonic() - began)
    stop_cleanly(daemon)


async def hear(daemon, path, count):
    """Messages of a WebSocket, and the seconds that they took. Not those after the first, which may be seen late."""
    began = time.monotonic()
    async with websockets.connect(f"ws://127.0.0.1:{daemon.port}{path}", max_size=None) as connection:
        got = [await connection.recv()]
        got += [await connection.recv() for _ in range(count - 1)]
        return got, time.monotonic() - began


def test_other_streams():
    """A rate that is asked for, a kind of message, or another interface get nobody around it."""
    daemon = Lokey("--rate-bytes", "1000")
    for path, count in (("/stream?bytes=500&refresh=1", 4), ("/bytes?bytes=100&refresh=1", 4), ("/v1/stream?chunk_size=500&rate=100000", 4)):
        got, took = asyncio.run(hear(daemon, path, count))
        size = sum(len(message) for message in got[1:])
        ok(took >= 0.9 * size / 1000, f"{path}: messages have the pace of an address", f"{size} bytes in {took:.1f} s")
    for path, size in (("/v1/stream/events?chunk_size=1&rate=0&max_bytes=40", 700), ("/virtio/stream?chunk_size=500&max_bytes=2500", 2000)):
        began = time.monotonic()
        status, _, body = ask(daemon, path, source="127.0.0.5")
        took = time.monotonic() - began
        ok(status == 200 and len(body) >= size and took >= 0.9 * size / 1000, f"{path}: so has this", status, len(body), took)
    got, _ = asyncio.run(hear(daemon, "/stream?bytes=100000&refresh=60000", 1))
    equal((len(got[0]), ask(daemon)[0], ask(daemon, source="127.0.0.2")[0]), (100000, 429, 200), "and messages are paid for")
    stop_cleanly(daemon)


def test_no_limit():
    path = scratch("socket")
    daemon = Daemon("--rate-requests", "1", "--listen", f"unix:{path}")
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(PATIENCE)
        connection.connect(path)
        request = b"GET /v1/random?bytes=1 HTTP/1.1\r\nHost: x\r\n"
        connection.sendall((request + b"\r\n") * 29 + request + b"Connection: close\r\n\r\n")
        answers = b"".join(iter(lambda: connection.recv(65536), b""))
    equal(answers.count(b"HTTP/1.1 200"), 30, "unix sockets have no address, and no limit")
    stop_cleanly(daemon)
    daemon = Daemon()
    equal({ask(daemon)[0] for _ in range(50)}, {200}, "unless it is set, there is none")
    stop_cleanly(daemon)


def test_ipv6():
    daemon = Daemon("--rate-requests", "1", "--listen", "[::1]:0")
    found = wait_until(lambda: "http://[::1]:" in daemon.log())
    port = int(daemon.log().split("http://[::1]:")[1].split()[0]) if found else 0
    statuses = [ask(daemon, source="::1", host="::1", port=port)[0] for _ in range(30)]
    ok(statuses[0] == 200 and 429 in statuses, "IPv6 is limited, too", statuses)
    stop_cleanly(daemon)


def test_many():
    """More addresses than are remembered, which is no reason to refuse any of them."""
    daemon = Daemon("--rate-requests", "1", "--threads", "1")
    statuses = [ask(daemon, "/healthz", source=f"127.1.{number // 250}.{number % 250 + 1}")[0]
                for number in range(5000)]
    equal(set(statuses), {200}, "5000 addresses are answered once each")
    stop_cleanly(daemon)


test_requests()
test_bytes()
test_other_streams()
test_no_limit()
test_ipv6()
test_many()
done()
