#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Requests that are none, or two, or too much: each is refused, and others see nothing of it."""

import json
import re
import socket
import sys

sys.dont_write_bytecode = True
from harness import PATIENCE, Daemon, done, equal, ok, stop_cleanly

# Libraries that know HTTP refuse to send most of this, so it is written by hand.
LINE = b"GET /v1/random?bytes=4&format=hex HTTP/1.1\r\n"
HOST = b"Host: x\r\n"
LAST = b"Connection: close\r\n\r\n"
NEXT = b"GET /v1/random?bytes=64&format=hex HTTP/1.1\r\nHost: smuggled\r\n\r\n"

# The neighbour may be idle for long on a busy machine.
daemon = Daemon("--http2", "off", "--idle-timeout", "3600")

# What is sent, the statuses that will do, and a word of the problem if it must be one of ours.
HEADS = {
    "a folded header": (LINE + HOST + b"X: 1\r\n  more\r\n" + LAST, (400,), None),
    "a header folded with a tab": (LINE + HOST + b"X: 1\r\n\tmore\r\n" + LAST, (400,), None),
    "a folded request line": (LINE + b" X: 1\r\n" + HOST + LAST, (400,), None),
    "lines that end with LF": ((LINE + HOST + LAST).replace(b"\r\n", b"\n"), (400,), "CR and LF"),
    "one line that ends with LF": (LINE + HOST + b"X: 1\n" + LAST, (400,), "CR and LF"),
    "an end of the head without CR": (LINE + HOST + b"\n", (400,), "CR and LF"),
    "a CR in a value": (LINE + HOST + b"X: a\rb\r\n" + LAST, (400,), None),
    "a NUL in a value": (LINE + HOST + b"X: a\0b\r\n" + LAST, (400,), None),
    "a blank before the colon": (LINE + HOST + b"X : a\r\n" + LAST, (400,), None),
    "no colon": (LINE + HOST + b"X\r\n" + LAST, (400,), None),
    "a header without a name": (LINE + HOST + b": a\r\n" + LAST, (400,), None),
    "a control character in a name": (LINE + HOST + b"X\x01: a\r\n" + LAST, (400,), None),
    "two hosts": (LINE + HOST + b"host: y\r\n" + LAST, (400,), "more than once"),
    "no host": (LINE + LAST, (400,), "needs the header Host"),
    "an empty host": (LINE + b"Host:\r\n" + LAST, (200,), None),
    "no host in HTTP/1.0": (LINE.replace(b"1.1", b"1.0") + b"\r\n", (200,), None),
    "HTTP/0.9": (b"GET /v1/random?bytes=4\r\n", (400,), None),
    "HTTP/2.0 in a line": (LINE.replace(b"1.1", b"2.0") + HOST + LAST, (400,), None),
    "half a version": (LINE.replace(b"1.1", b"1.") + HOST + LAST, (400,), None),
    "another protocol": (LINE.replace(b"HTTP", b"RTSP") + HOST + LAST, (400,), None),
    "lower case http": (LINE.replace(b"HTTP", b"http") + HOST + LAST, (400,), None),
    "a blank in the target": (LINE.replace(b"&", b" ") + HOST + LAST, (400,), None),
    "a tab for a blank": (LINE.replace(b"GET ", b"GET\t") + HOST + LAST, (400,), None),
    "no method": (LINE[3:] + HOST + LAST, (400,), None),
    "a control character for a method": (b"\x01" + LINE + HOST + LAST, (400,), None),
    "a method of 5000 letters": (b"A" * 5000 + LINE[3:] + HOST + LAST, (405,), "GET"),
    "OPTIONS of everything": (b"OPTIONS * HTTP/1.1\r\n" + HOST + LAST, (400,), "begin with /"),
    "CONNECT": (b"CONNECT x:443 HTTP/1.1\r\n" + HOST + LAST, (400, 405), None),
    "a target without its slash": (LINE.replace(b"/v1", b"v1") + HOST + LAST, (400,),
                                   "begin with /"),
    "a target of another kind": (LINE.replace(b"/v1", b"ftp://x/v1") + HOST + LAST, (400,),
                                 "begin with /"),
    "an absolute target": (LINE.replace(b"/v1", b"http://y/v1") + HOST + LAST, (200,), None),
    "an absolute target, nothing else": (b"GET http://y HTTP/1.1\r\n" + HOST + LAST, (200,), None),
    "an absolute target that is wrong": (LINE.replace(b"/v1", b"http://y/v2") + HOST + LAST, (404,),
                                         "nothing"),
    "a target of 30,000 bytes": (b"GET /" + b"a" * 30000 + b" HTTP/1.1\r\n" + HOST + LAST, (404,),
                                 "nothing"),
    "a target of 60,000 bytes": (b"GET /" + b"a" * 60000 + b" HTTP/1.1\r\n" + HOST + LAST, (431,),
                                 "longer than 32768"),
    "a header of 60,000 bytes": (LINE + HOST + b"X: " + b"a" * 60000 + b"\r\n" + LAST, (431,),
                                 "longer than 32768"),
    "80 headers of 800 bytes": (LINE + HOST + (b"X: " + b"a" * 800 + b"\r\n") * 80 + LAST, (431,),
                                "longer than 32768"),
    "100 headers": (LINE + HOST + b"X: a\r\n" * 98 + LAST, (200,), None),
    "101 headers": (LINE + HOST + b"X: a\r\n" * 99 + LAST, (400,), None),
    "an empty line first": (b"\r\n" + LINE + HOST + LAST, (200,), None),
    "an expectation": (LINE + HOST + b"Expect: tea\r\n" + LAST, (200, 417), None),
}

# What follows is behind the end of the request for one reader, inside of it for another.
SMUGGLING = {
    "a length and chunks": (b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                            (200, 400)),
    "chunks and a length": (b"Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n",
                            (200, 400)),
    "two lengths": (b"Content-Length: 0\r\nContent-Length: 70\r\n\r\n", (200, 400)),
    "a list of lengths": (b"Content-Length: 0, 70\r\n\r\n", (400,)),
    "a length with a sign": (b"Content-Length: +70\r\n\r\n", (400,)),
    "a length in hexadecimal": (b"Content-Length: 0x46\r\n\r\n", (400,)),
    "a length beyond 64 bits": (b"Content-Length: 18446744073709551617\r\n\r\n", (400,)),
    "an empty length": (b"Content-Length:\r\n\r\n", (400,)),
    "two codings": (b"Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n",
                    (400,)),
    "a coding before chunked": (b"Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", (400,)),
    "almost chunked": (b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n", (400,)),
    "chunked behind a vertical tab": (b"Transfer-Encoding: \x0bchunked\r\n\r\n0\r\n\r\n", (400,)),
    "chunked in a folded line": (b"Transfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n", (400,)),
    "a blank before the colon": (b"Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n", (400,)),
    "a chunk as long as memory": (b"Transfer-Encoding: chunked\r\n\r\n" + b"f" * 18 + b"\r\n",
                                  (400,)),
    "a chunk with an extension": (b"Transfer-Encoding: chunked\r\n\r\n0;x=y\r\n\r\n", (200, 400)),
    "a trailer": (b"Transfer-Encoding: chunked\r\n\r\n0\r\nContent-Length: 70\r\n\r\n", (200, 400)),
    "an announced body": (b"Expect: 100-continue\r\nContent-Length: 3\r\n\r\nabc", (100, 400)),
    "a header that hides": (b"X: a\nContent-Length: 20\r\n\r\n", (400,)),
}


def exchange(data, limit=PATIENCE):
    """What comes back until the close; False if that does not come."""
    with daemon.connect() as connection:
        connection.settimeout(limit)
        answer = b""
        try:
            connection.sendall(data)
            while part := connection.recv(65536):
                answer += part
        except ConnectionError:
            return answer, True
        except TimeoutError:
            return answer, False
        return answer, True


def statuses(answer):
    return [int(status) for status in re.findall(rb"HTTP/1\.1 (\d{3}) [A-Z]", answer)]


def is_problem(answer, status, word):
    """Whether an answer is a problem document that has the word in it."""
    head, _, body = answer.partition(b"\r\n\r\n")
    if b"content-type: application/problem+json" not in head.lower():
        return False
    document = json.loads(body)
    return document["status"] == status and word in document["detail"]


def is_well(name):
    """The neighbour on a connection of its own."""
    neighbour.request("GET", "/v1/random?bytes=4")
    response = neighbour.getresponse()
    if response.status != 200 or len(response.read()) != 4:
        ok(False, f"{name}: the neighbour is answered")


def test_heads():
    for name, (data, wanted, word) in HEADS.items():
        answer, closed = exchange(data)
        got = statuses(answer)
        ok(closed and len(got) == 1 and got[0] in wanted
           and (word is None or is_problem(answer, got[0], word)),
           f"{name}: {' or '.join(str(status) for status in wanted)}, and the end", answer[:300])
        is_well(name)


def test_smuggling():
    for name, (data, wanted) in SMUGGLING.items():
        answer, closed = exchange(LINE + HOST + data + NEXT)
        got = statuses(answer)
        ok(closed and got and got[0] in wanted and len(got) - (got[0] == 100) == 1,
           f"{name}: nothing behind it is believed", got, answer[:300])
        is_well(name)
    answer, _ = exchange(LINE + HOST + b"Content-Length: 3\r\n\r\nabc" + NEXT)
    ok(statuses(answer) == [400] and is_problem(answer, 400, "body"), "a body is refused", answer)
    answer, _ = exchange(b"POST" + LINE[3:] + HOST + b"Content-Length: 5000\r\n\r\n" + bytes(5000))
    equal(statuses(answer), [413], "a long one before it has come")


def test_answers_in_order():
    """A bad request between good ones on one connection ends it, behind those before it."""
    good = LINE + HOST + b"\r\n"
    answer, closed = exchange(good * 3 + LINE + HOST + b"X: 1\r\n more\r\n\r\n" + good * 3)
    equal((statuses(answer), closed), ([200, 200, 200, 400], True),
          "what follows a bad head on its connection is not answered")
    wrong = b"GET /nothing HTTP/1.1\r\n" + HOST + b"\r\n"
    answer, closed = exchange(good + wrong + good[:-2] + LAST)
    equal(statuses(answer), [200, 404, 200], "a wrong path does not end it")


def test_half_closed():
    """Who says that no more will come gets the answers to what has."""
    with daemon.connect() as connection:
        connection.sendall((LINE + HOST + b"\r\n") * 5)
        connection.shutdown(socket.SHUT_WR)
        answer = b""
        while part := connection.recv(65536):
            answer += part
    equal(statuses(answer), [200] * 5, "a connection that is closed on one side is answered")
    with daemon.connect() as connection:
        connection.sendall(LINE)
        connection.shutdown(socket.SHUT_WR)
        equal(connection.recv(100), b"", "half a head and the end is the end")


def test_other_protocols():
    for name, data in (("TLS", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(507)),
                       ("HTTP/2", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + bytes(9)),
                       ("SSH", b"SSH-2.0-OpenSSH_9.2\r\n"), ("SMTP", b"EHLO x\r\n"),
                       ("redis", b"*1\r\n$4\r\nPING\r\n"), ("all bytes", bytes(range(256)) * 100)):
        answer, closed = exchange(data)
        ok(closed and statuses(answer) in ([], [400]), f"{name} is refused", answer[:200])
        is_well(name)
    with daemon.connect() as connection:
        connection.sendall(b"GET /v1/stream?max_bytes=100 HTTP/1.1\r\nHost: x\r\n"
                           b"Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                           b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n")
        answer = connection.recv(4096)
        ok(answer.startswith(b"HTTP/1.1 101 "), "a WebSocket begins", answer)
        connection.sendall(b"\xff" * 4096)
        try:
            while connection.recv(4096):
                continue
            ended = True
        except ConnectionError:
            ended = True
        except TimeoutError:
            ended = False
        ok(ended, "and nonsense in it is its end")


SOCKET = (b"GET /v1/stream?max_bytes=100 HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
          b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n")


def first_message(connection):
    """What a WebSocket that was begun behind other requests says first, with the two bytes before it."""
    data = b""
    while len(data.partition(b"HTTP/1.1 101 ")[2].partition(b"\r\n\r\n")[2]) < 102:
        try:
            part = connection.recv(1 << 20)
        except ConnectionError:
            part = b""
        if not part:
            return None
        data += part
    return data.partition(b"HTTP/1.1 101 ")[2].partition(b"\r\n\r\n")[2][:2]


def test_a_socket_behind_answers_that_nobody_takes():
    """After one length of answers there is no room left for that to the upgrade."""
    ask, crowd = b"GET /v1/random?bytes=%d HTTP/1.1\r\nHost: x\r\n\r\n", []
    for size in range(8000, 16000, 50):
        crowd.append(daemon.connect(receive_buffer=2048))
        crowd[-1].sendall(ask % 60000 * 2 + ask % size + SOCKET)
    is_well("one that begins late")
    begun = [first_message(connection) for connection in crowd]
    equal(begun, [b"\x82\x64"] * len(crowd), "each begins once its peer has taken what was before it")
    for connection in crowd:
        connection.close()


def test_pings_whose_answers_nobody_takes():
    connection = daemon.connect(receive_buffer=2048)
    connection.sendall(SOCKET.replace(b"max_bytes=100", b"rate=10&chunk_size=10"))
    connection.recv(1024)
    ping = b"\x89\xfd\0\0\0\0" + bytes(125)
    sent = 0
    try:
        while sent < 200000:
            connection.sendall(ping * 500)
            sent += 500
    except ConnectionError:
        pass
    ok(sent < 200000, f"who pings and takes no answer is cut off, after {sent} pings at most")
    connection.close()
    is_well("a flood of pings")


neighbour = daemon.http()
test_heads()
test_smuggling()
test_answers_in_order()
test_half_closed()
test_other_protocols()
test_a_socket_behind_answers_that_nobody_takes()
test_pings_whose_answers_nobody_takes()
neighbour.close()
stop_cleanly(daemon)
done()
