#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""There is no room: of connections, descriptors or memory. Who comes then is told so at once."""

import json
import re
import resource
import socket
import ssl
import sys
import time

sys.dont_write_bytecode = True
from crowd import LONG, REQUEST, answered, burst, connect, disperse, gather
from harness import (PATIENCE, RELEASE, Daemon, certificate, done, equal, note, ok, read_all, scratch,
                     stop_cleanly, wait_until)
from lokey import Lokey
from manager import listening, passing

MIB = 1 << 20


def say(connection, request):
    """Sends as much as the daemon lets us; it may have closed."""
    try:
        connection.sendall(request)
    except ConnectionError:
        pass


def hear(connection):
    """All that comes until the end; a reset behind it is no news."""
    data = b""
    try:
        while part := connection.recv(65536):
            data += part
    except ConnectionResetError:
        pass
    return data


def fields(answer):
    """Status, header fields and body of a whole answer."""
    head, _, body = answer.partition(b"\r\n\r\n")
    status, *lines = head.decode().split("\r\n")
    return status, dict(line.lower().split(": ", 1) for line in lines if ": " in line), body


def is_refusal(answer):
    return answer.startswith(b"HTTP/1.1 503 ")


def refusals(daemon):
    """How many were refused; who asks for that may be one of them, until others are seen to have gone."""
    found = []

    def told():
        found[:] = re.findall(r"^qrngd_connections_refused_total (\d+)", daemon.get("/metrics")[1].decode(), re.M)
        return found

    wait_until(told)
    return int(found[0])


def look_at_lines(daemon):
    said = daemon.log().count("connections: refused")
    ok(1 <= said <= 1 + (time.monotonic() - daemon.started) / 60, "a line tells of them, once a minute at most",
       daemon.log())


def fill(port, count):
    """Connections that hold a place each."""
    crowd = gather(port, count, REQUEST)
    equal(answered(crowd), count, f"{count} connections within the limit are served")
    return crowd


def test_answer():
    daemon = Daemon("--max-connections", "4", "--threads", "2", "--idle-timeout", "3600",
                    "--admin-socket", scratch("admin"))
    crowd = fill(daemon.port, 4)
    with connect(daemon.port) as late:
        status, head, body = fields(hear(late))
    equal(status, "HTTP/1.1 503 Service Unavailable", "one beyond it is told so before it asks")
    equal((head.get("connection"), head.get("retry-after"), head.get("content-type"),
           head.get("cache-control")),
          ("close", "1", "application/problem+json", "no-store"), "with when to come again")
    equal(head.get("content-length"), str(len(body)), "the length is right")
    problem = json.loads(body)
    equal((problem["type"], problem["title"], problem["status"]),
          ("about:blank", "Service Unavailable", 503), "it is a problem document")
    response, body = daemon.get("/v1/random?bytes=32", headers={"X-Long": "x" * 8000})
    equal((response.status, json.loads(body)["detail"]), (503, problem["detail"]),
          "a client library gets it as an answer")
    with socket.socket(socket.AF_UNIX) as admin:
        admin.settimeout(PATIENCE)
        admin.connect(scratch("admin"))
        admin.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        ok(read_all(admin).startswith(b"HTTP/1.1 200 "), "administrators get in")
    for connection in crowd:
        connection.sendall(REQUEST)
    equal(answered(crowd), 4, "those who are in go on")
    crowd.pop().close()
    ok(wait_until(lambda: daemon.get("/healthz")[0].status == 200), "one leaves, and another is let in")
    ok(refusals(daemon) >= 2, "they are counted")
    look_at_lines(daemon)
    disperse(crowd)
    stop_cleanly(daemon)


def test_flood():
    """What is refused costs nothing that stays, and nobody else waits for it."""
    count = 10000
    daemon = Daemon("--max-connections", "8", "--threads", "2", "--idle-timeout", "3600", binary=RELEASE)
    crowd = fill(daemon.port, 8)
    answers, memory = [], None
    for number in range(count):
        with connect(daemon.port) as late:
            if number % 2:
                say(late, REQUEST)
            answers.append(hear(late))
        if number % 1000 == 0:
            answers += [b"" for connection in crowd if burst(connection, 10) != 10]
        if number == 1000:
            memory, before = daemon.stat("VmRSS"), daemon.cpu_ns()
    equal(sum(map(is_refusal, answers)), count, f"each of {count} that come is answered 503")
    equal(len(answers), count, "and those who are in get what they ask for")
    grown = daemon.stat("VmRSS") - memory
    ok(grown < 1024, "no memory is used up by it", f"grown by {grown} kB")
    note(f"a refusal costs {(daemon.cpu_ns() - before) / (count - 1000) / 1000:.1f} us of CPU")
    disperse(crowd)
    ok(wait_until(lambda: daemon.get("/healthz")[0].status == 200), "then there is room again")
    equal(refusals(daemon) >= count, True, "all are counted")
    look_at_lines(daemon)
    stop_cleanly(daemon)


def test_listeners():
    """What is spoken there decides what they are told."""
    pem, key = certificate("own")
    passed = listening()
    path = scratch("public")
    daemon = Lokey("--max-connections", "2", "--listen-tls", "127.0.0.1:0", "--listen", f"unix:{path}",
                   "--tls-certificate", pem, "--tls-key", key, "--idle-timeout", "3600",
                   **passing([passed]))
    secure = int(re.search(r"listening on https://\S+?:(\d+)", daemon.log()).group(1))
    daemon.port = daemon.port or passed.getsockname()[1]
    crowd = fill(passed.getsockname()[1], 2)
    with connect(passed.getsockname()[1]) as late:
        say(late, REQUEST)
        ok(is_refusal(hear(late)), "on a socket that was passed: 503")
    with socket.socket(socket.AF_UNIX) as late:
        late.settimeout(PATIENCE)
        late.connect(path)
        say(late, REQUEST)
        ok(is_refusal(hear(late)), "on a unix socket: 503")
    for face in ("API", "controller", "Fortuna", "VirtIO"):
        status, head, body = daemon.ask(face, "/health")
        equal((status, list(body), head["Retry-After"]), (503, ["error"], "1"),
              f"LoKey's {face}: 503 as it is told there")
    try:
        ssl._create_unverified_context().wrap_socket(connect(secure))
        said = "nothing"
    except (ssl.SSLError, ConnectionError) as error:
        said = str(error)
    ok("ALERT_INTERNAL_ERROR" in said.upper().replace(" ", "_"), "with TLS: an alert", said)
    disperse(crowd)
    stop_cleanly(daemon)


def test_few_descriptors():
    daemon = Daemon(limits=[(resource.RLIMIT_NOFILE, 128)], binary=RELEASE)
    ok("since the limit is 128 open files" in daemon.log(), "few descriptors: few connections",
       daemon.log())
    crowd = [connect(daemon.port) for _ in range(300)]
    for connection in crowd:
        say(connection, REQUEST)
    served = answered(crowd)
    ok(0 < served < 128, "as many are served as there is room for", f"{served}")
    disperse(crowd)
    ok(wait_until(lambda: daemon.get("/v1/random?bytes=64")[0].status == 200), "others when there is room")
    equal(refusals(daemon) >= 300 - served, True, "the rest was refused")
    stop_cleanly(daemon)


def test_no_descriptors():
    """The kernel has none left, whatever was expected: somebody has lowered the limit."""
    daemon = Daemon("--threads", "4", "--idle-timeout", "3600", binary=RELEASE)
    first = connect(daemon.port)
    burst(first, 1)
    resource.prlimit(daemon.process.pid, resource.RLIMIT_NOFILE, (daemon.descriptors(), 1024))
    crowd, answers = [first], []
    for _ in range(1000):
        late = connect(daemon.port)
        say(late, REQUEST)
        answers.append(late.recv(4096))
        if is_refusal(answers[-1]):
            late.close()
        else:
            crowd.append(late)
    refused = sum(map(is_refusal, answers))
    equal(refused + sum(answer.startswith(b"HTTP/1.1 200 ") for answer in answers), 1000,
          "1000 come when no descriptor is left: each is answered")
    ok(refused >= 900, "all but a few with 503", f"{refused}")
    equal([burst(connection, 10) for connection in crowd], [10] * len(crowd), "who is in is served")
    ok("no more descriptors" in daemon.log(), "a line says why")
    look_at_lines(daemon)
    before = daemon.ticks()
    time.sleep(1)
    ok(daemon.ticks() - before < 20, "it does not spin for want of descriptors")
    resource.prlimit(daemon.process.pid, resource.RLIMIT_NOFILE, (1024, 1024))
    ok(wait_until(lambda: daemon.get("/v1/random?bytes=64")[0].status == 200),
       "then there are some again, and others are served")
    disperse(crowd)
    stop_cleanly(daemon)


def test_no_memory():
    for what, limit in ((resource.RLIMIT_AS, 400 * MIB), (resource.RLIMIT_DATA, 400 * MIB)):
        daemon = Daemon("--threads", "2", limits=[(what, limit)], binary=RELEASE)
        ok(f"is {limit // MIB} MiB" in daemon.log(), "little memory: few connections", daemon.log())
        crowd = [connect(daemon.port, receive_buffer=4096) for _ in range(1200)]
        for connection in crowd:
            say(connection, LONG)
        served = answered(crowd)
        ok(0 < served < 1200, "some long answers are begun", f"{served}")
        ok(daemon.process.poll() is None, "nothing ends for want of memory", daemon.log())
        disperse(crowd)
        ok(wait_until(lambda d=daemon: d.get("/v1/random?bytes=1000000")[0].status == 200),
           "and then all goes on")
        equal(refusals(daemon) >= 1200 - served, True, "the others were told at once")
        stop_cleanly(daemon)
    daemon = Daemon("--threads", "2", limits=[(resource.RLIMIT_AS, 150 * MIB)], binary=RELEASE)
    ok(daemon.wait() == 1 and "one connection needs" in daemon.log(),
       "too little for one connection is a line and status 1", daemon.log())


test_answer()
test_flood()
test_listeners()
test_few_descriptors()
test_no_descriptors()
test_no_memory()
done()
