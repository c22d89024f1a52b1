#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Under a service manager: what it is told and when, its watch over the loops, its sockets."""

import os
import signal
import socket
import ssl
import sys
import time

sys.dont_write_bytecode = True
from harness import (PATIENCE, RELEASE, Daemon, Faults, certificate, done, equal, ok, scratch, stop_cleanly,
                     wait_until)
from manager import Manager, ask, listening, passing

HEALTHY = "engine embedded, healthy: every noise source is healthy"
NO_SOURCE = "engine embedded, healthy: there is no noise source; the kernel's generator gives the seeds"
# Between two looks at the loops is a quarter of this.
WATCHDOG_US = "400000"


def test_life():
    manager = Manager()
    config = scratch("life.conf")
    with open(config, "w", encoding="ascii") as file:
        file.write("[server]\ndrain = 5\n")
    daemon = Daemon("--config", config, **manager.asking())
    message = manager.next()
    equal(message, {"READY": "1", "STATUS": NO_SOURCE}, "the first thing that is told is READY, and its state")
    equal(ask(("127.0.0.1", daemon.port)), "HTTP/1.1 200 OK", "and it answers by then")

    before = time.clock_gettime_ns(time.CLOCK_MONOTONIC) // 1000
    daemon.signal(signal.SIGHUP)
    message = manager.next()
    after = time.clock_gettime_ns(time.CLOCK_MONOTONIC) // 1000
    ok(message and message.get("RELOADING") == "1" and before <= int(message["MONOTONIC_USEC"]) <= after,
       "a reload is told when it begins, with the time", message, before, after)
    equal(manager.next(), {"READY": "1", "STATUS": NO_SOURCE}, "and when it ends")

    with open(config, "w", encoding="ascii") as file:
        file.write("[server]\ndrain = many\n")
    daemon.signal(signal.SIGHUP)
    manager.next()
    equal(manager.next(), {"READY": "1", "STATUS": NO_SOURCE + "; the settings could not be loaded again"},
          "one that fails ends, too, and the state says so")
    os.remove(config)
    with open(config, "w", encoding="ascii") as file:
        file.write("[server]\n")
    daemon.signal(signal.SIGHUP)
    manager.next()
    equal(manager.next(), {"READY": "1", "STATUS": NO_SOURCE}, "until one succeeds")

    daemon.signal(signal.SIGTERM)
    equal(manager.next(), {"STOPPING": "1", "STATUS": "stopping; connections open: 0"}, "a stop is told")
    equal(daemon.wait(), 0, "status 0")
    ok(manager.silence(0.2), "nothing else is told, and no watchdog fed that nobody asked for")
    equal(len(manager.heard), 8, "in eight messages")


def test_no_start():
    manager = Manager()
    daemon = Daemon("--source", "/nonexistent", **manager.asking())
    equal(daemon.wait(), 1, "a daemon that cannot start")
    equal(manager.next(0.1), None, "never says that it is ready")


def test_health():
    manager, faults = Manager(), Faults()
    daemon = Daemon("--source", "/dev/urandom", binary=RELEASE, faults=faults, **manager.asking())
    ok(wait_until(lambda: daemon.health()[1]["status"] == "healthy"), "a source is healthy", daemon.log())
    while (message := manager.next()) and message["STATUS"] != HEALTHY:
        pass
    equal((message or {}).get("STATUS"), HEALTHY, "which is told")
    faults.on("hang")
    faults.on("later")
    daemon.health()
    faults.on("later")
    ok(wait_until(lambda: daemon.health()[0] == 503), "then it hangs")
    message = manager.next()
    ok(message and list(message) == ["STATUS"] and message["STATUS"].startswith("engine embedded, failed: "),
       "and a state that is another is told", message)
    faults.off("hang")
    ok(wait_until(lambda: daemon.health()[0] == 200), "then it comes back")
    equal(manager.next(), {"STATUS": HEALTHY}, "and that is told, too")
    stop_cleanly(daemon)


def test_watchdog():
    manager, faults = Manager(), Faults()
    daemon = Daemon("--threads", "2", binary=RELEASE, faults=faults,
                    **manager.asking(WATCHDOG_USEC=WATCHDOG_US))
    for _ in range(5):
        if not manager.wait_for("WATCHDOG"):
            break
    ok(manager.heard[-1:] == [{"WATCHDOG": "1"}], "while all loops turn the watchdog is fed", manager.heard[-5:])
    faults.on("stuck")
    with daemon.connect() as client:
        client.sendall(b"GET")
        ok(manager.silence(2), "when the loop of one thread does not come back it is not", daemon.log())
        ok(wait_until(lambda: "qrngd: watchdog: thread " in daemon.log()), "which a line says", daemon.log())
        equal(daemon.log().count("watchdog"), 1, "one")
        ok(wait_until(lambda: answers_somewhere(daemon)), "though the other one still answers")
        faults.off("stuck")
        ok(manager.wait_for("WATCHDOG"), "when it does it is again")
    daemon.signal(signal.SIGTERM)
    ok(manager.wait_for("STOPPING"), "a stop is told")
    equal(daemon.wait(), 0, "status 0")


def answers_somewhere(daemon):
    """Which thread gets a connection is chance."""
    try:
        return ask(("127.0.0.1", daemon.port), limit=0.5) == "HTTP/1.1 200 OK"
    except TimeoutError:
        return False


def test_watchdog_of_another():
    manager = Manager()
    daemon = Daemon(**manager.asking(WATCHDOG_USEC=WATCHDOG_US, WATCHDOG_PID="1"))
    manager.next()
    ok(manager.silence(1, 1.5), "the watchdog of another process is not fed")
    stop_cleanly(daemon)
    daemon = Daemon(under=["env", f"WATCHDOG_USEC={WATCHDOG_US}"])
    equal(daemon.health()[0], 200, "a watchdog without somebody to tell is nothing")
    stop_cleanly(daemon)
    daemon = Daemon(under=["env", f"NOTIFY_SOCKET={scratch('nobody')}", f"WATCHDOG_USEC={WATCHDOG_US}"])
    equal(daemon.health()[0], 200, "a manager who is not there keeps nobody from serving")
    stop_cleanly(daemon)


def wrap(plain):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context.wrap_socket(plain)


def test_sockets():
    path, admin = scratch("passed"), scratch("admin")
    sockets = [listening(), listening(), listening(socket.AF_UNIX, path), listening(socket.AF_UNIX, admin)]
    names = ["http", "https", "http", "admin"]
    addresses = [made.getsockname() for made in sockets]
    pem, key = certificate("tls")
    daemon = Daemon("--tls-certificate", pem, "--tls-key", key, "--threads", "3", listen=None,
                    **passing(sockets, names))
    equal(ask(addresses[0]), "HTTP/1.1 200 OK", "a TCP socket that was passed is answered on")
    equal(ask(addresses[1], wrap=wrap), "HTTP/1.1 200 OK", "one for TLS speaks TLS")
    equal(ask(path), "HTTP/1.1 200 OK", "a unix socket, too")
    config = b"GET /v1/config HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
    equal([ask(where, config) for where in (path, admin)], ["HTTP/1.1 403 Forbidden", "HTTP/1.1 200 OK"],
          "administrators are served on theirs alone")
    log = daemon.log()
    ok(log.count("listening on ") == 4 == log.count(", a socket that was passed\n"),
       "the default address is left alone", log)
    stop_cleanly(daemon)
    ok(os.path.exists(path) and os.path.exists(admin), "files of passed sockets stay")
    for made in sockets:
        made.close()


def test_beside_settings():
    passed = listening()
    address = passed.getsockname()
    daemon = Daemon(**passing([passed]))
    ok(address[1] != daemon.port or daemon.log().count("listening on http://") == 2,
       "addresses that are asked for are opened beside it", daemon.log())
    equal(ask(address), "HTTP/1.1 200 OK", "both answer")
    stop_cleanly(daemon)
    daemon = Daemon(listen=f"127.0.0.1:{address[1]}", **passing([passed]))
    equal(daemon.log().count("listening on "), 1, "one that is the passed socket's is not opened again")
    equal(ask(address), "HTTP/1.1 200 OK", "and answers")
    stop_cleanly(daemon)
    passed.close()


def test_nobody_is_turned_away():
    """Between two daemons clients wait, since the socket is still there."""
    passed = listening()
    address = passed.getsockname()
    for _ in range(3):
        daemon = Daemon(listen=None, **passing([passed]))
        equal(ask(address), "HTTP/1.1 200 OK", "a daemon answers")
        stop_cleanly(daemon)
        early = socket.create_connection(address, timeout=PATIENCE)
        early.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        daemon = Daemon(listen=None, **passing([passed]))
        ok(early.recv(100).startswith(b"HTTP/1.1 200"), "who came while there was none is answered by the next")
        early.close()
        stop_cleanly(daemon)
    passed.close()


def refused(text, sockets, names, *words, args=()):
    daemon = Daemon(*args, listen=None, **passing(sockets, names))
    status, log = daemon.wait(), daemon.log()
    ok(status == 1 and log.count("\n") == 1 and all(word in log for word in words), text, status, log)


def test_refused():
    good, bound = listening(), socket.socket()
    datagrams = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    bound.bind(("127.0.0.1", 0))
    choice = "http, https or admin is needed as its name"
    refused("a name that is none", [good], ["web"], "socket 3, passed as web", choice)
    refused("no name", [good], [], "socket 3, passed as unknown", choice)
    refused("one of two", [good, good], ["http", "qrngd.socket"], "socket 4, passed as qrngd.socket", choice)
    refused("a socket that does not listen", [bound], ["http"], "TCP or unix stream socket that listens is needed")
    refused("datagrams", [datagrams], ["http"], "TCP or unix stream socket that listens is needed")
    refused("administrators over TCP", [good], ["admin"], "unix stream socket", "administrators")
    refused("more than are taken", [good] * 17, ["http"] * 17, "sockets passed: 17", "16 at most")
    refused("TLS without a certificate", [good], ["https"], "listen-tls needs a tls-certificate")
    refused("fewer names than sockets", [good, good], ["http"], "LISTEN_FDNAMES")
    for made in (good, bound, datagrams):
        made.close()


test_life()
test_no_start()
test_health()
test_watchdog()
test_watchdog_of_another()
test_sockets()
test_beside_settings()
test_nobody_is_turned_away()
test_refused()
done()
