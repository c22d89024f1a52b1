#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Which web pages may read answers: the headers of cross-origin resource sharing, and who gets a WebSocket."""

import json
import socket
import sys

sys.dont_write_bytecode = True
from harness import Daemon, done, equal, ok, scratch, stop_cleanly

PAGE, OTHER = "https://page.example", "https://other.example:8443"
UPGRADE = {"Connection": "Upgrade", "Upgrade": "websocket", "Sec-WebSocket-Version": "13",
           "Sec-WebSocket-Key": "AAAAAAAAAAAAAAAAAAAAAA=="}


def shared(response):
    """The headers about sharing, with their names cut short."""
    return {name.lower().removeprefix("access-control-"): value for name, value in response.headers.items()
            if name.lower().startswith("access-control-") or name.lower() == "vary"}


def ask(daemon, path, origin, method="GET", **more):
    return daemon.get(path, method=method, headers={"Origin": origin, **{name.replace("_", "-"): value
                                                                          for name, value in more.items()}})


def test_off():
    daemon = Daemon()
    equal(shared(ask(daemon, "/v1/random", PAGE)[0]), {}, "by default nothing is shared")
    response, body = ask(daemon, "/v1/random", PAGE, "OPTIONS", Access_Control_Request_Method="GET")
    equal((response.status, json.loads(body)["status"], shared(response)), (405, 405, {}), "and no preflight is answered")
    stop_cleanly(daemon)


def test_named():
    daemon = Daemon("--cors-origin", OTHER, "--cors-origin", PAGE)
    for path in ("/v1/random?bytes=5", "/v1/integers", "/v1/random?bytes=0", "/nothing", "/health", "/stream", "/metrics"):
        equal(shared(ask(daemon, path, PAGE)[0]), {"allow-origin": PAGE, "expose-headers": "*", "vary": "Origin"},
              f"{path}: for a page that is named")
    for origin in ("https://page.example:444", "http://page.example", "https://page.example.org", "null", "https://PAGE.example",
                   "https://page.example/", "*", "x" * 3000):
        equal(shared(ask(daemon, "/v1/random", origin)[0]), {"vary": "Origin"}, f"not for {origin[:40]}")
    equal(shared(daemon.get("/v1/random")[0]), {"vary": "Origin"}, "nor without an origin")
    response, body = ask(daemon, "/v1/random", OTHER, "OPTIONS", Access_Control_Request_Method="GET",
                         Access_Control_Request_Headers="authorization")
    equal((response.status, body, response.headers["Content-Type"], shared(response)),
          (204, b"", None, {"allow-origin": OTHER, "expose-headers": "*", "vary": "Origin", "allow-methods": "GET, HEAD",
                            "allow-headers": "Authorization, Content-Type, Last-Event-ID", "max-age": "600"}), "a preflight")
    for text, path, origin, more, status in (
            ("from elsewhere", "/v1/random", "https://x.example", {"Access_Control_Request_Method": "GET"}, 405),
            ("that asks for nothing", "/v1/random", PAGE, {}, 405),
            ("of no path", "/nothing", PAGE, {"Access_Control_Request_Method": "GET"}, 404),
            ("for settings", "/v1/config", PAGE, {"Access_Control_Request_Method": "PATCH"}, 405)):
        equal(ask(daemon, path, origin, "OPTIONS", **more)[0].status, status, f"no preflight {text}")
    equal(shared(ask(daemon, "/v1/config", PAGE)[0]), {}, "no page reads settings")
    connection = daemon.http()
    for method in ("OPTIONS", "GET", "OPTIONS", "GET"):
        connection.request(method, "/v1/random?bytes=9", headers={"Origin": PAGE, "Access-Control-Request-Method": "GET"})
        response = connection.getresponse()
        ok(response.status == (204 if method == "OPTIONS" else 200) and len(response.read()) in (0, 9),
           f"{method} on a connection that is kept", response.status)
    connection.close()
    stop_cleanly(daemon)


def test_all():
    daemon = Daemon("--cors-origin", "*")
    equal(shared(ask(daemon, "/v1/random", PAGE)[0]), {"allow-origin": "*", "expose-headers": "*"}, "*: for all pages")
    equal(shared(ask(daemon, "/v1/config", PAGE)[0]), {}, "but settings for none")
    stop_cleanly(daemon)


def upgraded(daemon, path, **headers):
    """The status of the answer to a request for a WebSocket."""
    lines = "".join(f"{name}: {value}\r\n" for name, value in {**UPGRADE, **headers}.items())
    with daemon.connect() as connection:
        connection.sendall(f"GET {path} HTTP/1.1\r\n{lines}\r\n".encode())
        return int(connection.recv(4096).split()[1])


def test_sockets():
    daemon = Daemon("--cors-origin", PAGE)
    for path in ("/v1/stream", "/stream", "/words"):
        for text, headers, status in (
                ("no page", {"Host": "a:1"}, 101), ("a page that is named", {"Host": "a:1", "Origin": PAGE}, 101),
                ("a page of ours", {"Host": "A:1", "Origin": "http://a:1"}, 101),
                ("one of another port", {"Host": "a:1", "Origin": "http://a:2"}, 403),
                ("one of another host", {"Host": "a:1", "Origin": "http://b:1"}, 403),
                ("one that hides", {"Host": "a:1", "Origin": "null"}, 403)):
            equal(upgraded(daemon, path, **headers), status, f"{path} for {text}")
    stop_cleanly(daemon)


def test_settings():
    for wrong in ("example.org", "https://", "https://example.org/", "ftp://x", "https://Example.org", "https://a b", "**"):
        refused = Daemon("--cors-origin", wrong)
        ok(refused.wait() == 1 and f"cors-origin {wrong}: " in refused.log(), f"refused: {wrong}", refused.log())
    admin = scratch("admin")
    daemon = Daemon("--admin-socket", admin)
    def change(value):
        body = json.dumps({"daemon": {"cors-origin": value}})
        with socket.socket(socket.AF_UNIX) as connection:
            connection.connect(admin)
            connection.sendall(f"PATCH /v1/config HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: application/json\r\n"
                               f"Content-Length: {len(body)}\r\n\r\n{body}".encode())
            answer = b"".join(iter(lambda: connection.recv(65536), b""))
        head, document = answer.split(b"\r\n\r\n", 1)
        return int(head.split()[1]), json.loads(document)

    for value, wanted in (([PAGE, OTHER], [PAGE, OTHER]), ([OTHER], [OTHER]), (PAGE, [PAGE]), (None, [])):
        status, document = change(value)
        equal((status, document["daemon"]["cors-origin"]["value"]), (200, wanted), f"changed to {value}")
        equal(shared(ask(daemon, "/v1/random", PAGE)[0]).get("allow-origin"), PAGE if PAGE in wanted else None,
              "which holds at once")
    for value in ([], [PAGE, 7], ["x"], 7, {}):
        status, document = change(value)
        ok(status == 400 and "cors-origin" in document["detail"], f"{value} is refused", document)
    stop_cleanly(daemon)


test_off()
test_named()
test_all()
test_sockets()
test_settings()
done()
