#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Proxies: whom they ask for is believed of those that are trusted, and of nobody else."""

import http.client
import json
import sys

sys.dont_write_bytecode = True
from harness import PATIENCE, Daemon, Local, done, equal, ok, scratch, stop_cleanly, wait_until

LOG, PLACE, ADMIN = scratch("access.log"), scratch("socket"), scratch("admin")


def ask(daemon, *fields, source="127.0.0.1", path=None, method="GET", target="/healthz", body=None):
    """The status of a request with these fields, from an address or over a unix socket."""
    connection = Local(path) if path else http.client.HTTPConnection(
        "127.0.0.1", daemon.port, timeout=PATIENCE, source_address=(source, 0))
    try:
        connection.putrequest(method, target)
        for name, value in fields:
            connection.putheader(name, value)
        if body:
            connection.putheader("Content-Length", str(len(body)))
        connection.endheaders(body)
        response = connection.getresponse()
        response.read()
        return response.status
    finally:
        connection.close()


def clients():
    with open(LOG, encoding="ascii") as file:
        return [line.split()[0] for line in file]


def named(daemon, *fields, **options):
    """Whom the access log names for a request."""
    before = len(clients())
    ask(daemon, *fields, **options)
    wait_until(lambda: len(clients()) > before)
    return clients()[before]


def test_who(daemon):
    for text, fields, wanted in (
            ("no field", [], "127.0.0.1"),
            ("a client", [("X-Forwarded-For", "192.0.2.1")], "192.0.2.1"),
            ("a client's own lies before the proxy's word", [("X-Forwarded-For", "1.1.1.1, 192.0.2.1")], "192.0.2.1"),
            ("in two fields", [("X-Forwarded-For", "1.1.1.1"), ("x-forwarded-for", "192.0.2.1")], "192.0.2.1"),
            ("other trusted proxies on the way", [("X-Forwarded-For", "192.0.2.1,10.1.2.3 ,\t2001:db8:1::1")], "192.0.2.1"),
            ("over two fields", [("X-Forwarded-For", "8.8.8.8, 192.0.2.1"), ("X-Forwarded-For", "10.9.9.9")], "192.0.2.1"),
            ("proxies only", [("X-Forwarded-For", "10.0.0.1, 10.0.0.2")], "10.0.0.1"),
            ("a network's edge", [("X-Forwarded-For", "192.0.2.1, 11.0.0.0")], "11.0.0.0"),
            ("with a port", [("X-Forwarded-For", "192.0.2.1:4711")], "192.0.2.1"),
            ("IPv6", [("X-Forwarded-For", "2001:db8:2::7")], "2001:db8:2::7"),
            ("IPv6 with a port", [("X-Forwarded-For", "[2001:db8:2::7]:4711")], "2001:db8:2::7"),
            ("Forwarded", [("Forwarded", "for=192.0.2.1")], "192.0.2.1"),
            ("with more in it", [("Forwarded", 'proto=http; FOR="[2001:db8:2::7]:80";by=10.0.0.1')], "2001:db8:2::7"),
            ("over two proxies", [("Forwarded", "for=192.0.2.1, for=10.0.0.2;by=10.0.0.1")], "192.0.2.1"),
            ("one that is hidden", [("Forwarded", "for=_hidden, for=10.0.0.2")], "10.0.0.2"),
            ("both fields", [("X-Forwarded-For", "192.0.2.1"), ("Forwarded", "for=192.0.2.2")], "127.0.0.1"),
            ("nonsense", [("X-Forwarded-For", "unknown")], "127.0.0.1"),
            ("half an address", [("X-Forwarded-For", "192.0.2")], "127.0.0.1"),
            ("too long for one", [("X-Forwarded-For", "1" * 500)], "127.0.0.1"),
            ("nothing in it", [("X-Forwarded-For", "")], "127.0.0.1"),
            ("commas only", [("X-Forwarded-For", ",,,")], "127.0.0.1"),
            ("no for", [("Forwarded", "proto=https;;=")], "127.0.0.1")):
        equal(named(daemon, *fields), wanted, f"{text}: {wanted}")
    equal(named(daemon, ("X-Forwarded-For", "192.0.2.1"), source="127.0.0.9"), "127.0.0.9",
          "who is not trusted is who asks, whatever he writes")
    equal([named(daemon, path=PLACE), named(daemon, ("X-Forwarded-For", "192.0.2.1"), path=PLACE)],
          ["unix", "192.0.2.1"], "a proxy on a unix socket is believed")


def test_rates(daemon):
    """Each client behind the proxy has what it may have, and nobody gets more by lying."""
    def statuses(count, *fields, **options):
        return [ask(daemon, *fields, **options) for _ in range(count)]

    first = statuses(40, ("X-Forwarded-For", "198.51.100.1"))
    ok(first[0] == 200 and 429 in first, "a client behind a proxy has a limit", first)
    equal(statuses(5, ("X-Forwarded-For", "198.51.100.2")), [200] * 5, "the next has its own")
    liar = [ask(daemon, ("X-Forwarded-For", f"198.51.100.{number}"), source="127.0.0.9") for number in range(40)]
    ok(429 in liar, "who invents clients has the limit of one", liar)


def test_changes(daemon):
    change = {"daemon": {"trusted-proxy": ["127.0.0.9"]}}
    equal(ask(daemon, path=ADMIN, method="PATCH", target="/v1/config", body=json.dumps(change).encode()), 200,
          "others are trusted without a new start")
    ok(wait_until(lambda: named(daemon, ("X-Forwarded-For", "192.0.2.1"), source="127.0.0.9") == "192.0.2.1"),
       "and are believed")
    equal(named(daemon, ("X-Forwarded-For", "192.0.2.1")), "127.0.0.1", "those before are not")


def test_refusals():
    for wrong in ("10.0.0.0/33", "10.0.0.1/8", "2001:db8::/129", "2001:db8::1/64", "10.0.0.0/", "10.0.0.0/8x", "/8",
                  "10.0.0/8", "proxy.example", "unix:/x", "10.0.0.0/-1", "1" * 200):
        refused = Daemon("--trusted-proxy", wrong)
        ok(refused.wait() == 1 and "--trusted-proxy" in refused.log() and "is needed" in refused.log(),
           f"refused: {wrong[:40]}", refused.log())


main = Daemon("--threads", "1", "--access-log", LOG, "--admin-socket", ADMIN, "--listen", f"unix:{PLACE}",
              *(word for net in ("127.0.0.1", "10.0.0.0/8", "2001:db8:1::/48", "unix")
                for word in ("--trusted-proxy", net)))
test_who(main)
stop_cleanly(main)
limited = Daemon("--rate-requests", "1", "--trusted-proxy", "127.0.0.1/32")
test_rates(limited)
stop_cleanly(limited)
changed = Daemon("--threads", "1", "--access-log", LOG, "--admin-socket", ADMIN, "--trusted-proxy", "127.0.0.0/29")
test_changes(changed)
stop_cleanly(changed)
test_refusals()
done()
