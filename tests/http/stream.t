#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Streams: chunks, server-sent events and WebSocket messages, with and without an end and a pace."""

import asyncio
import base64
import json
import re
import sys
import time

sys.dont_write_bytecode = True
import websockets

from harness import PATIENCE, Daemon, done, equal, ok

daemon = Daemon()


def chunks(query):
    """The sizes of the HTTP chunks of a whole stream, and its bytes."""
    sock = daemon.connect()
    sock.sendall(f"GET /v1/stream?{query} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
    answer = b"".join(iter(lambda: sock.recv(1 << 16), b""))
    sock.close()
    head, body = answer.split(b"\r\n\r\n", 1)
    if b"transfer-encoding: chunked" not in head.lower():
        return None, body
    sizes, data = [], b""
    while True:
        line, body = body.split(b"\r\n", 1)
        size = int(line, 16)
        if not size:
            return sizes, data
        sizes.append(size)
        data += body[:size]
        body = body[size + 2:]


def test_chunks():
    for query, wanted in (("max_bytes=10000", [4096, 4096, 1808]), ("max_bytes=1", [1]),
                          ("max_bytes=300&chunk_size=100", [100] * 3),
                          ("max_bytes=3&chunk_size=1&rate=1000", [1] * 3),
                          ("max_bytes=200000&chunk_size=65536", [65536] * 3 + [3392])):
        equal(chunks(query)[0], wanted, f"chunks of {query}")
    started = time.monotonic()
    sizes, _ = chunks("max_bytes=2000&chunk_size=100&rate=2000")
    took = time.monotonic() - started
    ok(len(sizes) == 20 and took >= 0.9, "2000 bytes at 2000 a second take a second", took)
    _, data = chunks("max_bytes=3000000")
    blocks = {data[i:i + 16] for i in range(0, len(data), 16)}
    equal(len(blocks), 187500, "no block comes twice")
    sock = daemon.connect(receive_buffer=65536)
    sock.sendall(b"GET /v1/stream HTTP/1.1\r\nHost: x\r\n\r\n")
    got = 0
    while got < 50_000_000:
        got += len(sock.recv(1 << 20))
    sock.close()
    ok(got >= 50_000_000, "without max_bytes there is no end")
    response, body = daemon.get("/v1/stream?chunk_size=1000&rate=99")
    ok(response.status == 400 and json.loads(body)["parameter"] == "rate", "too slow a pace is refused")


def test_events():
    response, body = daemon.get("/v1/stream/events?max_bytes=1000&chunk_size=64&rate=0")
    equal(response.headers["Content-Type"], "text/event-stream", "events have their type")
    events = body.decode().split("\n\n")
    matches = [re.fullmatch(r"id: (\d+)\ndata: ([A-Za-z0-9+/]+=*)", event) for event in events[:-1]]
    ok(all(matches) and events[-1] == "", "and their form", events[0])
    equal([int(match[1]) for match in matches], [*range(64, 1000, 64), 1000], "ids count bytes")
    equal([len(base64.b64decode(match[2])) for match in matches], [64] * 15 + [40], "data is a portion")
    equal(len({match[2] for match in matches}), 16, "and always another")


async def listen(query, limit=None):
    """The messages of a WebSocket, and how it was closed."""
    got = []
    async with websockets.connect(f"ws://127.0.0.1:{daemon.port}/v1/stream?{query}",
                                  max_size=None) as socket:
        async for message in socket:
            got.append(message)
            if len(got) == limit:
                break
        await socket.close()
        return got, socket.close_code


async def talk():
    """A client that says what nobody wants to hear."""
    async with websockets.connect(f"ws://127.0.0.1:{daemon.port}/v1/stream?rate=1000&chunk_size=100",
                                  max_size=None) as socket:
        await socket.send("hello")
        await asyncio.wait_for(await socket.ping(), PATIENCE)
        first = await socket.recv()
        await socket.send("x" * 100000)
        try:
            while True:
                await asyncio.wait_for(socket.recv(), PATIENCE)
        except websockets.ConnectionClosed:
            return len(first), socket.close_code


def test_sockets():
    got, code = asyncio.run(listen("max_bytes=100000&chunk_size=30000"))
    equal(([len(message) for message in got], code), ([30000] * 3 + [10000], 1000),
          "messages, and a proper close")
    ok(all(isinstance(message, bytes) for message in got), "they are binary")
    got, _ = asyncio.run(listen("max_bytes=20000000&chunk_size=65536"))
    data = b"".join(got)
    equal((len(data), len({data[i:i + 16] for i in range(0, len(data), 16)})), (20000000, 1250000),
          "20 MB, no block twice")
    started = time.monotonic()
    got, _ = asyncio.run(listen("rate=1000&chunk_size=100", 11))
    ok(len(got) == 11 and time.monotonic() - started >= 0.9, "at its pace")
    equal(asyncio.run(talk()), (100, 1009), "a ping is answered, too long a message ends it")
    response, body = daemon.get("/v1/stream?rate=1&chunk_size=1000", headers={
        "Connection": "Upgrade", "Upgrade": "websocket", "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": "AAAAAAAAAAAAAAAAAAAAAA=="})
    equal(response.status, 400, "bad parameters are refused before the upgrade")


async def stop_while_open():
    async with websockets.connect(f"ws://127.0.0.1:{daemon.port}/v1/stream?rate=100&chunk_size=10") as socket:
        await socket.recv()
        daemon.signal(15)
        try:
            while True:
                await asyncio.wait_for(socket.recv(), PATIENCE)
        except websockets.ConnectionClosed:
            return socket.close_code


def test_stop():
    """Streams without an end have one when the daemon stops."""
    sock = daemon.connect()
    sock.sendall(b"GET /v1/stream?rate=100&chunk_size=10 HTTP/1.1\r\nHost: x\r\n\r\n")
    sock.recv(100)
    equal(asyncio.run(stop_while_open()), 1001, "the WebSocket is told that the daemon goes")
    tail = b"".join(iter(lambda: sock.recv(1 << 16), b""))
    ok(tail.endswith(b"0\r\n\r\n"), "chunks end properly", tail[-50:])
    equal(daemon.wait(), 0, "status 0")


test_chunks()
test_events()
test_sockets()
test_stop()
done()
