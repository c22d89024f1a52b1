#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""SIGKILL under load, again and again: the next daemon starts at once, in the same place, and nothing that
was promised is lost."""

import base64
import http.client
import json
import os
import signal
import subprocess
import sys
import threading

sys.dont_write_bytecode = True
from harness import PATIENCE, Daemon, Local, done, equal, free_port, ok, scratch, stop_cleanly, wait_until

ROUNDS = 5
KEY, LOG, PLACE, ADMIN = (scratch(name) for name in ("key.pem", "public.log", "socket", "admin"))
ENOUGH = 20


PORT = free_port()


def start():
    return Daemon("--threads", "2", "--signing-key", KEY, "--public-log", LOG, "--listen", f"unix:{PLACE}",
                  "--admin-socket", ADMIN, listen=f"127.0.0.1:{PORT}")


class Client(threading.Thread):
    """Asks for signed answers, whoever is there to give them; keeps what was said of those that came whole."""

    def __init__(self, make):
        super().__init__(daemon=True)
        self.make, self.stop, self.bad = make, False, []
        self.statements = []

    def once(self, connection):
        connection.request("GET", "/v1/random?bytes=2000&signed=1")
        response = connection.getresponse()
        body = response.read()
        if response.status == 200 and len(body) == 2000:
            self.statements.append(base64.b64decode(response.headers["QRNG-Statement"]))
        else:
            self.bad.append((response.status, body[:200]))

    def run(self):
        while not self.stop:
            connection = self.make()
            try:
                while not self.stop:
                    self.once(connection)
            except (OSError, http.client.HTTPException):
                # It was killed, or is not there yet.
                threading.Event().wait(0.01)
            connection.close()


def status_over(path):
    connection = Local(path)
    try:
        connection.request("GET", "/v1/config" if path == ADMIN else "/v1/random?bytes=8")
        return connection.getresponse().status
    finally:
        connection.close()


def key_of(daemon):
    return json.loads(daemon.get("/v1/keys")[1])["keys"][0]["id"]


def count(clients):
    return [len(client.statements) for client in clients]


def all_served(clients, before):
    return all(now >= was + ENOUGH for now, was in zip(count(clients), before))


def test_kills(clients):
    """Returns the daemon that is there at the end."""
    daemon, keys = start(), set()
    for client in clients:
        client.start()
    for turn in range(ROUNDS):
        served = wait_until(lambda before=count(clients): all_served(clients, before))
        keys.add(key_of(daemon))
        daemon.signal(signal.SIGKILL)
        daemon.wait()
        daemon = start()
        ok(served and daemon.process.poll() is None and status_over(PLACE) == 200 and status_over(ADMIN) == 200,
           f"killed under load, round {turn + 1}: the next one is there on the same port and sockets", daemon.log())
    ok(wait_until(lambda before=count(clients): all_served(clients, before)), "all clients are served by the last",
       count(clients))
    equal(len(keys | {key_of(daemon)}), 1, "all of them sign with the same key")
    return daemon


def test_promises(clients):
    """What a client was told to be public is in the log, which was killed in the middle of its lines."""
    with open(LOG, "rb") as file:
        logged = file.read().split(b"\n")
    told = {statement for client in clients for statement in client.statements}
    ok(told <= set(logged), f"each of {len(told)} statements that clients have is in the public log",
       len(told - set(logged)))
    equal([client.bad for client in clients], [[]] * len(clients), "no client was given anything wrong")
    broken = []
    for line in logged[:-1]:
        try:
            json.loads(line)
        except ValueError:
            broken.append(line)
    ok(len(broken) <= ROUNDS and logged[-1] == b"", f"of {len(logged)} lines {len(broken)} are the last of who was killed",
       broken)


def test_torn_line():
    with open(LOG, "ab") as file:
        file.write(b'{"format":"qrng-state')
    daemon = start()
    ok("its last line was not whole, and is ended" in daemon.log(), "half a line, as a crash leaves it, is told of",
       daemon.log())
    daemon.get("/v1/random?bytes=8&signed=1")
    with open(LOG, "rb") as file:
        *_, half, line, rest = file.read().split(b"\n")
    ok(half == b'{"format":"qrng-state' and json.loads(line)["bytes"] == 8 and rest == b"",
       "and the next line stands by itself", half, line)
    stop_cleanly(daemon)


subprocess.run(["openssl", "genpkey", "-algorithm", "ed25519", "-out", KEY], check=True)
load = [Client(lambda: http.client.HTTPConnection("127.0.0.1", PORT, timeout=PATIENCE)) for _ in range(3)]
load.append(Client(lambda: Local(PLACE)))
last = test_kills(load)
for one in load:
    one.stop = True
for one in load:
    one.join(PATIENCE)
test_promises(load)
stop_cleanly(last)
ok(not os.path.exists(PLACE) and not os.path.exists(ADMIN), "the last one leaves no socket")
test_torn_line()
done()
