#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Bad requests: each is refused with a reason, and hurts nobody else."""

import json
import sys

sys.dont_write_bytecode = True
from harness import Daemon, done, equal, ok, send_raw, stop_cleanly

daemon = Daemon("--http2", "off")

BAD_QUERIES = [
    # query, parameter, value, a word of the reason
    ("bytes=", "bytes", "", "value"),
    ("bytes", "bytes", None, "value"),
    ("bytes=0", "bytes", "0", "small"),
    ("bytes=-1", "bytes", "-1", "decimal"),
    ("bytes=+1", "bytes", "+1", "decimal"),
    ("bytes=%31", "bytes", "%31", "decimal"),
    ("bytes=1%00", "bytes", "1%00", "decimal"),
    ("bytes=0x10", "bytes", "0x10", "decimal"),
    ("bytes=1e3", "bytes", "1e3", "decimal"),
    ("bytes=1.0", "bytes", "1.0", "decimal"),
    ("bytes=1k", "bytes", "1k", "decimal"),
    ("bytes=1,2", "bytes", "1,2", "decimal"),
    ("bytes=16%20", "bytes", "16%20", "decimal"),
    ("bytes=abc", "bytes", "abc", "decimal"),
    ("bytes==1", "bytes", "=1", "decimal"),
    ("bytes=1073741825", "bytes", "1073741825", "large"),
    ("bytes=4294967297", "bytes", "4294967297", "large"),
    ("bytes=18446744073709551615", "bytes", "18446744073709551615", "large"),
    ("bytes=18446744073709551617", "bytes", "18446744073709551617", "large"),
    ("bytes=" + "9" * 500, "bytes", "9" * 64, "large"),
    ("bytes=1&bytes=1", "bytes", "1", "once"),
    ("bytes=1&bytes=2", "bytes", "2", "once"),
    ("Bytes=1", "Bytes", "1", "not a parameter"),
    ("byte=1", "byte", "1", "not a parameter"),
    ("%62ytes=1", "%62ytes", "1", "not a parameter"),
    ("bytes=1&x=2", "x", "2", "not a parameter"),
    ("x" * 500, "x" * 64, None, "not a parameter"),
    ("bytes=1&", "", None, "not a parameter"),
    ("&bytes=1", "", None, "not a parameter"),
    ("", "", None, "not a parameter"),
    ("=1", "", "1", "not a parameter"),
    ("a\"b\\c=1", "a\"b\\c", "1", "not a parameter"),
]

BAD_FORMATS = ["", "RAW", "xml", "hex%00", "%68ex", "raw,hex", "0", "-1", "h", "hexx", " hex"]


def problem(response, body):
    """The document of a problem answer, or None if it is not one."""
    if response.headers["Content-Type"] != "application/problem+json":
        return None
    document = json.loads(body)
    right = (document["status"] == response.status and document["type"] == "about:blank"
             and document["title"] and document["detail"]
             and response.headers["Cache-Control"] == "no-store"
             and response.headers["QRNG-Engine"] == "embedded")
    return document if right else None


def raw_problem(answer):
    """The status of an answer as it came, if it is one problem document with its headers and then the close."""
    head, body = answer.split(b"\r\n\r\n", 1)
    headers = {line.split(b": ", 1)[0].lower(): line.split(b": ", 1)[1] for line in head.split(b"\r\n")[1:]}
    document = json.loads(body)
    right = (headers[b"content-type"] == b"application/problem+json" and headers[b"cache-control"] == b"no-store"
             and int(headers[b"content-length"]) == len(body) and headers[b"qrng-engine"] == b"embedded"
             and headers[b"connection"] == b"close" and document["title"] and document["detail"]
             and f"HTTP/1.1 {document['status']} ".encode() == head[:13])
    return document["status"] if right else None


def test_queries():
    for query, parameter, value, reason in BAD_QUERIES:
        response, body = daemon.get("/v1/random?" + query)
        document = problem(response, body)
        allowed = "1 to 1073741824" if parameter == "bytes" else "bytes, format, source, signed, challenge"
        ok(response.status == 400 and document and document["parameter"] == parameter
           and document.get("value") == value and reason in document["detail"]
           and document.get("allowed") == allowed,
           f"400 for ?{query[:40]}", response.status, body)
    answer = send_raw(daemon, b"GET /v1/random?bytes=1\xff HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    ok(answer.startswith(b"HTTP/1.1 400 ") and b'"1\\u00ff"' in answer,
       "400 for a byte beyond ASCII, shown escaped", answer)
    for value in BAD_FORMATS:
        query = f"format={value.replace(' ', '%20')}"
        document = problem(*daemon.get("/v1/random?" + query))
        ok(document and document["parameter"] == "format"
           and document["allowed"] == "raw, hex, base64, base64url, json", f"400 for ?{query}")
    response, body = daemon.get("/health?bytes=1")
    document = problem(response, body)
    ok(response.status == 400 and document["parameter"] == "bytes"
       and document["allowed"] == "no parameters",
       "a parameter of another path is unknown")
    response, body = daemon.get("/v1/random?bytes=x", method="HEAD")
    ok(response.status == 400 and body == b"", "HEAD gets the status without the body")
    equal(daemon.get("/v1/random?bytes=007")[1].__len__(), 7, "leading zeroes are decimal")


def test_paths():
    for path in ("/v1", "/v1/", "/v1/random/", "/v1/randomx", "/V1/random", "/health/",
                 "/v1/random%00", "//", "/v1/random/../../etc/passwd", "/" + "a" * 5000):
        response, body = daemon.get(path)
        ok(response.status == 404 and problem(response, body), f"404 for {path[:40]}",
           response.status, body[:200])
    equal(daemon.get("/v1/../v1/random?bytes=3")[0].status, 200, "dots are resolved")
    for method in ("POST", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE", "get", "BREW"):
        response, body = daemon.get("/v1/random", method=method)
        ok(response.status == 405 and problem(response, body)
           and response.headers["Allow"] == "GET, HEAD", f"405 for {method}")
    equal(daemon.get("/nothing", method="POST")[0].status, 404, "404 comes before 405")


def test_bodies():
    response, body = daemon.get("/v1/random?bytes=4", body=b"x" * 100)
    ok(response.status == 400 and problem(response, body)
       and response.headers["Connection"] == "close", "400 for a short body, then the close")
    equal(daemon.get("/v1/random?bytes=4", method="POST", body=b"x" * 100)[0].status, 405,
          "405 for a POST with a body")
    head = b"GET /v1/random?bytes=4 HTTP/1.1\r\nHost: x\r\n"
    answer = send_raw(daemon, head + b"Content-Length: 1000000000\r\n\r\n")
    ok(raw_problem(answer) == 413, "413 for a long body", answer)
    answer = send_raw(daemon, head + b"Transfer-Encoding: chunked\r\n\r\nffff\r\n" + b"x" * 65535)
    ok(raw_problem(answer) == 413, "and for one whose length comes later", answer)
    answer = send_raw(daemon, b"HEAD /v1/random HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n")
    ok(answer.startswith(b"HTTP/1.1 413 ") and answer.endswith(b"\r\n\r\n"), "without a document for HEAD", answer)
    smuggled = b"GET /v1/random?bytes=64 HTTP/1.1\r\nHost: x\r\n\r\n"
    for name, extra in (
            ("chunked", b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
            ("both lengths", b"Content-Length: 40\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
            ("no body", b"Content-Length: 0\r\n\r\n"),
            ("two lengths", b"Content-Length: 0\r\nContent-Length: 44\r\n\r\n")):
        answer = send_raw(daemon, head + extra + smuggled)
        ok(answer.count(b"HTTP/1.1 ") == 1 and b"Connection: close" in answer,
           f"nothing behind a body is believed: {name}", answer[:300])
    for name, extra in (
            ("a length that is none", b"Content-Length: abc\r\n\r\n"),
            ("a negative length", b"Content-Length: -1\r\n\r\n"),
            ("an unknown coding", b"Transfer-Encoding: gzip\r\n\r\n"),
            ("a broken chunk", b"Transfer-Encoding: chunked\r\n\r\nzz\r\n")):
        answer = send_raw(daemon, head + extra)
        ok(raw_problem(answer) == 400, f"{name}: 400", answer)
    answer = send_raw(daemon, head + b"Expect: wonders\r\nContent-Length: 5\r\n\r\nhello")
    ok(raw_problem(answer) == 417, "an unknown expectation: 417", answer)


def test_garbage():
    for name, data in (
            ("nonsense", b"\x00\xff\x16\x03\x01 nonsense\r\n\r\n"),
            ("a TLS hello", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(300)),
            ("no version", b"GET /v1/random\r\n\r\n"),
            ("101 headers", b"GET / HTTP/1.1\r\nHost: x\r\n" + b"a: b\r\n" * 101 + b"\r\n"),
            ("an endless head", b"GET / HTTP/1.1\r\nHost: x\r\nx: " + b"y" * 600000)):
        try:
            answer = send_raw(daemon, data)
        except (ConnectionResetError, BrokenPipeError):
            answer = b""
        ok(answer == b"" or answer.startswith(b"HTTP/1.1 400 "), f"{name} is refused",
           answer[:100])
    answer = send_raw(daemon, b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + bytes(9))
    ok(answer.startswith(b"HTTP/1.1 400 ") or answer == b"", "HTTP/2 is off where it is not wanted",
       answer[:100])
    answer = send_raw(daemon, b"GET /health HTTP/1.1\r\nHost: x\r\nUpgrade: h2c\r\n"
                              b"Connection: Upgrade, HTTP2-Settings, close\r\n"
                              b"HTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA\r\n\r\n")
    ok(answer.startswith(b"HTTP/1.1 200 OK"), "and not to be had by an upgrade", answer[:100])
    answer = send_raw(daemon, b"GET /v1/random?bytes=5 HTTP/1.0\r\n\r\n")
    ok(answer.startswith(b"HTTP/1.1 200 ") and b"Content-Length: 5" in answer, "HTTP/1.0 works")


def test_half_requests():
    halves = [daemon.connect() for _ in range(50)]
    for half in halves:
        half.sendall(b"GET /v1/rand")
    ok(daemon.get("/v1/random?bytes=9")[0].status == 200, "half requests block nobody")
    for half in halves:
        half.close()
    for _ in range(300):
        daemon.connect().close()
    ok(daemon.get("/v1/random?bytes=9")[0].status == 200, "nor do connections opened and dropped")


test_queries()
test_paths()
test_bodies()
test_garbage()
test_half_requests()
stop_cleanly(daemon)
done()
