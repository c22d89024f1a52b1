#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""GET /v1/random: the right number of bytes, always new ones."""

import base64
import json
import sys

sys.dont_write_bytecode = True
from harness import GENERATOR, Daemon, done, equal, note, ok, send_raw, stop_cleanly

daemon = Daemon()

PROVENANCE = {
    "QRNG-Engine": "embedded",
    "QRNG-Source": "kernel",
    "QRNG-Generator": GENERATOR,
    "QRNG-Generation": "1",
    "QRNG-Health": "healthy",
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
}


def test_sizes():
    for size in (1, 2, 63, 64, 65, 3359, 3360, 3361, 3391, 3392, 4096, 65535, 65536, 65537,
                 131071, 131072, 131073, 1 << 20):
        response, body = daemon.get(f"/v1/random?bytes={size}")
        ok(response.status == 200 and len(body) == size
           and response.headers["Content-Length"] == str(size),
           f"{size} bytes", f"{response.status}, {len(body)} bytes", str(response.headers))
    response, body = daemon.get("/v1/random")
    equal(len(body), 4096, "4096 bytes unless told otherwise")


def test_long():
    connection = daemon.http()
    connection.request("GET", "/v1/random?bytes=104857600")
    response = connection.getresponse()
    got, zeroes = 0, 0
    while part := response.read(1 << 20):
        got += len(part)
        zeroes += part.count(0)
    equal(got, 104857600, "100 MiB")
    # 409,600 expected with a standard deviation of 639: twenty of them.
    ok(abs(zeroes - 409600) < 12800, "of which one in 256 is zero", f"{zeroes} zeroes")
    connection.close()


def test_headers():
    response, _ = daemon.get("/v1/random?bytes=1")
    for name, value in PROVENANCE.items():
        equal(response.headers[name], value, f"{name} is {value}")
    equal(response.headers["Content-Type"], "application/octet-stream", "raw bytes by type")
    equal(response.headers["Accept-Ranges"], "none", "ranges are not offered")
    response, body = daemon.get("/v1/random?bytes=100", headers={"Range": "bytes=0-9"})
    ok(response.status == 200 and len(body) == 100, "and a range is not served")


def test_head():
    for size in (1, 65536, 65537, 1 << 30):
        response, body = daemon.get(f"/v1/random?bytes={size}", method="HEAD")
        ok(response.status == 200 and response.headers["Content-Length"] == str(size)
           and body == b"", f"HEAD of {size} bytes")
    response, _ = daemon.get("/v1/random?bytes=1", method="HEAD")
    equal({name: response.headers[name] for name in PROVENANCE}, PROVENANCE,
          "HEAD has the headers of GET")


def test_keep_alive():
    connection = daemon.http()
    bodies, sockets = [], set()
    for size in (32, 65536, 32, 200000, 32, 32):
        connection.request("GET", f"/v1/random?bytes={size}")
        body = connection.getresponse().read()
        sockets.add(connection.sock.getsockname() if connection.sock else None)
        bodies.append(body if len(body) == size else b"")
    connection.request("HEAD", "/v1/random?bytes=70000")
    connection.getresponse().read()
    connection.request("GET", "/v1/random?bytes=32")
    bodies.append(connection.getresponse().read())
    connection.close()
    ok(len(sockets) == 1 and None not in sockets, "one connection serves many requests")
    equal(len({body[:32] for body in bodies}), 7, "and each of them gets bytes of its own")


def test_pipelining():
    one = b"GET /v1/random?bytes=32 HTTP/1.1\r\nHost: x\r\n\r\n"
    last = b"GET /v1/random?bytes=70000 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
    answers = send_raw(daemon, one * 20 + last).split(b"HTTP/1.1 200 OK\r\n")[1:]
    bodies = [answer.split(b"\r\n\r\n", 1)[1] for answer in answers]
    equal([len(body) for body in bodies], [32] * 20 + [70000], "21 pipelined requests")
    equal(len({body[:32] for body in bodies}), 21, "with bytes of their own each")


def test_never_twice():
    seen = set()
    for size in (16, 16, 16, 5000, 5000, 100000, 300000):
        _, body = daemon.get(f"/v1/random?bytes={size}")
        blocks = {body[i:i + 16] for i in range(0, len(body) - 15, 16)}
        if len(blocks) != len(body) // 16 or blocks & seen:
            note(f"a repeated block among {size} bytes")
            break
        seen |= blocks
    else:
        ok(True, "no block of 16 bytes comes twice")
        return
    ok(False, "no block of 16 bytes comes twice")


def decode(fmt, body):
    """The bytes that a text stands for; raises ValueError if it is no such text."""
    if fmt == "json":
        document = json.loads(body)
        fmt, body = document.pop("encoding"), document["data"].encode() + b"\n"
        data = base64.b64decode(body, validate=False)
        return data if document["bytes"] == len(data) and fmt == "base64" else b""
    if body[-1:] != b"\n":
        raise ValueError("no end of line")
    if fmt == "hex":
        return bytes.fromhex(body[:-1].decode()) if body == body.lower() else b""
    if fmt == "base64":
        return base64.b64decode(body[:-1], validate=True)
    if b"=" in body:
        raise ValueError("padded")
    return base64.b64decode(body[:-1] + b"=" * (-len(body[:-1]) % 4), b"-_", validate=True)


def test_formats():
    types = {"hex": "text/plain; charset=utf-8", "base64": "text/plain; charset=utf-8",
             "base64url": "text/plain; charset=utf-8", "json": "application/json"}
    for fmt, wanted in types.items():
        lengths, blocks = [], []
        for size in (1, 2, 3, 4, 3071, 3072, 3073, 49152, 65536, 1000003):
            response, body = daemon.get(f"/v1/random?bytes={size}&format={fmt}")
            data = decode(fmt, body)
            lengths.append((size, len(data)) if len(data) != size
                           or response.headers["Content-Length"] != str(len(body))
                           or response.headers["Content-Type"] != wanted else None)
            blocks += [data[i:i + 16] for i in range(0, len(data) - 15, 16)]
        ok(not any(lengths), f"{fmt}: every size comes whole", lengths)
        equal(len(set(blocks)), len(blocks), f"{fmt}: no block comes twice")
        response, body = daemon.get(f"/v1/random?bytes=5&format={fmt}", method="HEAD")
        full = daemon.get(f"/v1/random?bytes=5&format={fmt}")[1]
        ok(body == b"" and response.headers["Content-Length"] == str(len(full)),
           f"{fmt}: HEAD announces the length")


test_sizes()
test_formats()
test_long()
test_headers()
test_head()
test_keep_alive()
test_pipelining()
test_never_twice()
stop_cleanly(daemon)
done()
