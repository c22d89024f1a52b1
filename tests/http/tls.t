#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""TLS: versions, protocols, clients with certificates, another certificate under load, memory."""

import http.client
import json
import os
import re
import signal
import socket
import ssl
import subprocess
import sys
import threading
import warnings

sys.dont_write_bytecode = True
# Old versions are spoken here to see them refused.
warnings.simplefilter("ignore", DeprecationWarning)
from harness import (PATIENCE, RELEASE, Daemon, done, equal, note, ok, refuses, replace_files,
                     scratch, stop_cleanly, wait_until)

CONNECTIONS = 300


def openssl(*args):
    subprocess.run(["openssl", *args], check=True, capture_output=True, timeout=PATIENCE)


def certificate(name, *args, signer=None):
    """Makes NAME.pem and NAME.key, signed by itself or by another; returns both paths."""
    pem, key = scratch(name + ".pem"), scratch(name + ".key")
    signed = ["-CA", signer[0], "-CAkey", signer[1]] if signer else []
    request = scratch(name + ".csr")
    openssl("req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout",
            key, "-subj", f"/CN={name}", "-out", request)
    extensions = scratch(name + ".ext")
    with open(extensions, "w", encoding="ascii") as file:
        file.write("subjectAltName=IP:127.0.0.1\nbasicConstraints=CA:TRUE\n")
    openssl("x509", "-req", "-in", request, "-out", pem, "-extfile", extensions,
            *(args or ["-days", "30"]), *(signed or ["-signkey", key]))
    return pem, key


FIRST = certificate("first")
SECOND = certificate("second")
AUTHORITY = certificate("authority")
CLIENT = certificate("client", signer=AUTHORITY)
STRANGER = certificate("stranger")


def settings(own=FIRST, **others):
    listed = {"listen-tls": "127.0.0.1:0", "tls-certificate": own[0], "tls-key": own[1],
              **{name.replace("_", "-"): value for name, value in others.items()}}
    return [word for name, value in listed.items() if value is not None
            for word in ("--" + name, value)]


def start(*args, **others):
    daemon = Daemon(*args, *settings(**{key: value for key, value in others.items()
                                        if key != "binary"}),
                    binary=others.get("binary"))
    wait_until(lambda: "https://" in daemon.log() or daemon.process.poll() is not None)
    daemon.tls_port = int(re.search(r"https://127\.0\.0\.1:(\d+)", daemon.log()).group(1))
    return daemon


def context(trusted=FIRST, own=None, **attributes):
    made = ssl.create_default_context(cafile=trusted[0])
    if own:
        made.load_cert_chain(*own)
    protocols = attributes.pop("alpn", None)
    if protocols:
        made.set_alpn_protocols(protocols)
    for name, value in attributes.items():
        setattr(made, name, value)
    return made


def connect(daemon, with_context, **options):
    plain = socket.create_connection(("127.0.0.1", daemon.tls_port), timeout=PATIENCE)
    return with_context.wrap_socket(plain, server_hostname="127.0.0.1", **options)


def status(daemon, with_context, path="/v1/random?bytes=64"):
    """The status of a request, as text, or why there is none."""
    try:
        with connect(daemon, with_context) as connection:
            connection.sendall(f"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
            answer = b"".join(iter(lambda: connection.recv(65536), b""))
            return answer.split()[1].decode()
    except (OSError, IndexError) as error:
        return f"{type(error).__name__}: {error}"


def test_versions():
    daemon = start()
    for version in (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3):
        with connect(daemon, context(minimum_version=version, maximum_version=version)) as connection:
            equal(connection.version().replace(".", "_"), version.name, f"{version.name} is spoken")
            ok(connection.cipher()[0].startswith(("TLS_", "ECDHE-")) and
               re.search("GCM|CHACHA", connection.cipher()[0]), "with a modern cipher",
               connection.cipher())
    old = context()
    old.set_ciphers("ALL:@SECLEVEL=0")
    old.minimum_version = ssl.TLSVersion.TLSv1
    old.maximum_version = ssl.TLSVersion.TLSv1_1
    ok(status(daemon, old).startswith("SSL"), "TLS 1.1 is not", status(daemon, old))
    weak = context(maximum_version=ssl.TLSVersion.TLSv1_2)
    weak.set_ciphers("AES128-SHA:AES128-GCM-SHA256:ECDHE-ECDSA-AES128-SHA:@SECLEVEL=0")
    ok(status(daemon, weak).startswith("SSL"), "nor is TLS 1.2 with old ciphers",
       status(daemon, weak))
    equal(status(daemon, context(), "/v1/random?bytes=3000000"), "200", "a long answer comes whole")
    with socket.create_connection(("127.0.0.1", daemon.tls_port), timeout=PATIENCE) as plain:
        plain.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        answer = plain.recv(4096)
    ok(not answer.startswith(b"HTTP"), "HTTP without TLS is not answered there", answer)
    equal(daemon.get("/healthz")[0].status, 200, "but is where it belongs")
    stop_cleanly(daemon)
    daemon = start(tls_min_version="1.3")
    refused = status(daemon, context(maximum_version=ssl.TLSVersion.TLSv1_2))
    ok(refused.startswith("SSL"), "TLS 1.2 can be left out", refused)
    equal(status(daemon, context()), "200", "and 1.3 is spoken then")
    stop_cleanly(daemon)


def test_protocols():
    daemon = start(http2="off")
    for offered, chosen in ((["h2", "http/1.1"], "http/1.1"), (["h2"], None), (["http/1.1"], "http/1.1"),
                            (None, None)):
        with connect(daemon, context(alpn=offered)) as connection:
            equal(connection.selected_alpn_protocol(), chosen, f"without HTTP/2, of {offered}: {chosen}")
            connection.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
            ok(connection.recv(12) == b"HTTP/1.1 200", "which is answered")
    stop_cleanly(daemon)
    daemon = start()
    newer = not re.search(r"libh2o 2\.2\.", daemon.log())
    with connect(daemon, context(alpn=["h2", "http/1.1"])) as connection:
        equal(connection.selected_alpn_protocol(), "h2" if newer else "http/1.1", "unasked, what this libh2o is good for")
    stop_cleanly(daemon)
    daemon = start(http2="on")
    with connect(daemon, context(alpn=["h2", "http/1.1"])) as connection:
        equal(connection.selected_alpn_protocol(), "h2", "HTTP/2 where it is on")
    result = subprocess.run(["curl", "-s", "--http2", "--cacert", FIRST[0], "-w", "%{http_version}",
                             "-o", scratch("h2"), f"https://127.0.0.1:{daemon.tls_port}/v1/random"
                             "?bytes=100000"], capture_output=True, text=True, check=False)
    equal((result.stdout, os.path.getsize(scratch("h2"))), ("2", 100000), "and it is answered")
    stop_cleanly(daemon)


def test_clients():
    required = start(tls_client_auth="require", tls_client_ca=AUTHORITY[0])
    optional = start(tls_client_auth="optional", tls_client_ca=AUTHORITY[0])
    for name, own, wanted in (("no certificate", None, (False, True)),
                              ("a certificate of ours", CLIENT, (True, True)),
                              ("a stranger's certificate", STRANGER, (False, False))):
        got = tuple(status(daemon, context(own=own)) for daemon in (required, optional))
        equal(tuple(one == "200" for one in got), wanted, f"{name}: required, optional")
    stop_cleanly(required)
    stop_cleanly(optional)


def test_mistakes():
    bad = scratch("bad.pem")
    with open(bad, "w", encoding="ascii") as file:
        file.write("-----BEGIN CERTIFICATE-----\nnonsense\n-----END CERTIFICATE-----\n")
    locked = scratch("locked.key")
    openssl("ec", "-in", FIRST[1], "-aes128", "-passout", "pass:secret", "-out", locked)
    for others, *wanted in (
            ({"tls_certificate": None}, "listen-tls needs a tls-certificate"),
            ({"tls_key": None}, "listen-tls needs a tls-key"),
            ({"tls_certificate": "/nonexistent"}, "tls-certificate /nonexistent: No such file"),
            ({"tls_key": "/nonexistent"}, "tls-key /nonexistent: No such file"),
            ({"tls_certificate": bad}, "tls-certificate", "in PEM"),
            ({"tls_certificate": FIRST[1]}, "tls-certificate", "in PEM"),
            ({"tls_key": FIRST[0]}, "tls-key", "in PEM"), ({"tls_key": SECOND[1]}, "the certificate's key"),
            ({"tls_key": locked}, "without a pass phrase"),
            ({"tls_ciphers": "nonsense"}, "tls-ciphers nonsense: a list"),
            ({"tls_min_version": "1.1"}, "one of 1.2, 1.3"),
            ({"tls_client_auth": "require"}, "tls-client-auth needs a tls-client-ca"),
            ({"tls_client_ca": AUTHORITY[0]}, "while tls-client-auth is off"),
            ({"tls_client_auth": "require", "tls_client_ca": bad}, "tls-client-ca", "in PEM"),
            ({"http3": "on", "tls_client_auth": "require", "tls_client_ca": AUTHORITY[0]}, "http3 on:")):
        code, log = refuses("--engine", "embedded", "--listen", "127.0.0.1:0", *settings(**others))
        ok(code == 1 and all(word in log.splitlines()[-1] for word in wanted), f"refused: {wanted[0]}",
           code, log)
    daemon = start(own=certificate("expired", "-days", "0"))
    ok("expired.pem: it has expired" in daemon.log(), "an expired certificate is mentioned", daemon.log())
    stop_cleanly(daemon)


class Load(threading.Thread):
    """Asks again and again, on one connection or each time on a new one."""

    def __init__(self, daemon, keep):
        super().__init__(daemon=True)
        self.daemon_under_test, self.keep = daemon, keep
        self.stop, self.good, self.bad = False, 0, []
        trusted = ssl.create_default_context(cafile=FIRST[0])
        trusted.load_verify_locations(SECOND[0])
        self.context = trusted

    def once(self, connection):
        connection.request("GET", "/v1/random?bytes=20000")
        response = connection.getresponse()
        if response.status == 200 and len(response.read()) == 20000:
            self.good += 1
        else:
            self.bad.append(response.status)

    def run(self):
        connection = None
        while not self.stop:
            try:
                connection = connection or http.client.HTTPSConnection(
                    "127.0.0.1", self.daemon_under_test.tls_port, timeout=PATIENCE, context=self.context)
                self.once(connection)
            except (OSError, http.client.HTTPException) as error:
                self.bad.append(f"{type(error).__name__}: {error}")
            if not self.keep:
                connection.close()
                connection = None


def name_of(daemon):
    """The name in the certificate that a new connection gets."""
    trusted = ssl.create_default_context(cafile=FIRST[0])
    trusted.load_verify_locations(SECOND[0])
    with connect(daemon, trusted) as connection:
        return connection.getpeercert()["subject"][0][0][1]


def reload(daemon):
    """SIGHUP; returns what was said about it."""
    before = len(daemon.log())
    daemon.signal(signal.SIGHUP)
    wait_until(lambda: re.search(r"settings (not )?loaded again", daemon.log()[before:]))
    return daemon.log()[before:]


def test_reload():
    pem, key = scratch("used.pem"), scratch("used.key")

    replace_files(FIRST, (pem, key))
    daemon = start("--threads", "2", own=(pem, key))
    loads = [Load(daemon, keep) for keep in (True, True, False, False)]
    for load in loads:
        load.start()
    wait_until(lambda: all(load.good or load.bad for load in loads))
    names = []
    for turn in range(10):
        replace_files(SECOND if turn % 2 == 0 else FIRST, (pem, key))
        reload(daemon)
        # A thread that is busy for more than a second takes it up later than the log says.
        wait_until(lambda wanted=("second", "first")[turn % 2]: name_of(daemon) == wanted)
        names.append(name_of(daemon))
    for load in loads:
        load.stop = True
    for load in loads:
        load.join()
    equal(names, ["second", "first"] * 5, "each reload puts the other certificate in place")
    ok(not any(load.bad for load in loads),
       f"of {sum(load.good for load in loads)} requests meanwhile none failed",
       *[load.bad[:3] for load in loads])
    replace_files((SECOND[0], FIRST[1]), (pem, key))
    log = reload(daemon)
    ok("the certificate's key" in log and "settings not loaded again" in log and
       name_of(daemon) == "first", "a key that does not fit changes nothing", log)
    replace_files(FIRST, (pem, key))
    test_tickets(daemon)
    stop_cleanly(daemon)


def test_tickets(daemon):
    """A session can be resumed until the next reload, whatever that has forbidden."""
    twelve = context(maximum_version=ssl.TLSVersion.TLSv1_2)
    with connect(daemon, twelve) as connection:
        session = connection.session
    with connect(daemon, twelve, session=session) as connection:
        ok(connection.session_reused, "a session is resumed")
    reload(daemon)

    def resumed():
        with connect(daemon, twelve, session=session) as again:
            again.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
            return again.session_reused, again.recv(12)

    ok(wait_until(lambda: resumed() == (False, b"HTTP/1.1 200")),
       "but not over a reload, without harm to the connection")


def test_silence():
    daemon = start("--idle-timeout", "1")
    silent = [socket.create_connection(("127.0.0.1", daemon.tls_port)) for _ in range(5)]
    silent[1].sendall(b"\x16\x03\x01")
    silent[2].sendall(b"\x16\x03\x01\x40\x00" + b"x" * 9000)
    closed = 0
    for connection in silent:
        connection.settimeout(PATIENCE)
        try:
            while connection.recv(4096):
                pass
            closed += 1
        except ConnectionResetError:
            closed += 1
        except TimeoutError:
            pass
    equal(closed, 5, "who begins no handshake, or does not end it, is closed")
    equal(status(daemon, context()), "200", "and does not matter to others")
    stop_cleanly(daemon)


def test_memory():
    daemon = start("--threads", "1", binary=RELEASE)
    kept = []

    def open_some(count):
        for _ in range(count):
            connection = connect(daemon, context_once)
            connection.sendall(b"GET /v1/random?bytes=64 HTTP/1.1\r\nHost: x\r\n\r\n")
            connection.recv(4096)
            kept.append(connection)
        return daemon.stat("VmRSS")

    context_once = context()
    before = open_some(50)
    each = (open_some(CONNECTIONS) - before) / CONNECTIONS
    note(f"a TLS connection: {each:.1f} KiB (the bar is 40)")
    ok(each <= 40, "a TLS connection takes 40 KiB at the most")
    for connection in kept:
        connection.close()
    daemon.stop()


def test_information():
    daemon = start()
    protocols = json.loads(daemon.get("/v1/status")[1])["protocols"]
    ok("tls" in protocols, "/v1/status names TLS among the protocols", protocols)
    stop_cleanly(daemon)


test_versions()
test_protocols()
test_clients()
test_mistakes()
test_reload()
test_silence()
test_memory()
test_information()
done()
