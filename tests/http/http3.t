#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""HTTP/3 where libh2o has it, asked by libh2o's own client."""

import os
import re
import select
import signal
import socket
import subprocess
import sys
import threading

sys.dont_write_bytecode = True
from harness import (CHECKER_OPTIONS, PATIENCE, ROOT, Daemon, certificate, done, equal, ok, refuses, replace_files,
                     scratch, skip, stop_cleanly, wait_until)

# OpenSSL keeps no frame pointers, and lsan.supp is about who calls it.
CHECKER_OPTIONS["ASAN_OPTIONS"] += ":fast_unwind_on_malloc=0"
# Where the library is whose build this is, as daemon.mk keeps it; empty: the distribution's.
with open(os.path.join(ROOT, "build/obj/h2o-dir"), encoding="utf-8") as stamp:
    H2O_DIR = stamp.read().strip()
CLIENT = os.path.join(H2O_DIR, "build/h2o-httpclient")


def trusted_certificate(name):
    """A certificate, its key, and a folder in which the client finds it as what it trusts."""
    pem, key = certificate(name)
    folder = os.path.join(scratch(name), "share/h2o")
    os.makedirs(folder)
    os.symlink(pem, os.path.join(folder, "ca-bundle.crt"))
    return pem, key, scratch(name)


def settings(own, *more, http3="on"):
    return ["--listen-tls", "127.0.0.1:0", "--tls-certificate", own[0], "--tls-key", own[1],
            "--http3", http3, *more]


def start(own, *more, **options):
    daemon = Daemon(*settings(own, *more), **options)
    wait_until(lambda: "https://" in daemon.log() or daemon.process.poll() is not None)
    daemon.tls_port = int(re.search(r"https://127\.0\.0\.1:(\d+)", daemon.log()).group(1))
    return daemon


def command(daemon, path, *args):
    return [CLIENT, "-3", "100", "--io-timeout", str(PATIENCE * 1000), *args,
            f"https://127.0.0.1:{daemon.tls_port}{path}"]


def ask(daemon, path, *args, trusted):
    """One request; returns its status, the lines of its head, and its body; status None: no answer."""
    result = subprocess.run(command(daemon, path, *args), capture_output=True, check=False,
                            timeout=PATIENCE, env={**os.environ, "H2O_ROOT": trusted[2]})
    head = result.stderr.decode(errors="replace")
    found = re.search(r"^HTTP/3 (\d+)", head, re.M)
    return int(found.group(1)) if found else None, head, result.stdout


def test_answers(own):
    daemon = start(own, "--threads", "2", "--access-log", scratch("access"), "--tls-min-version", "1.3")
    ok("HTTP/3" in daemon.log() and "by UDP" in daemon.log(), "the log says that it is on", daemon.log())
    ok("h3" in daemon.health()[1]["protocols"], "and so does /health")
    status, head, body = ask(daemon, "/v1/random?bytes=100", trusted=own)
    equal((status, len(body)), (200, 100), "random bytes come by HTTP/3")
    ok(re.search(r"^qrng-health: healthy", head, re.M), "with what is said of them", head)
    other = ask(daemon, "/v1/random?bytes=100", trusted=own)[2]
    ok(len(other) == 100 and other != body, "and are others the next time")
    status, _, body = ask(daemon, "/v1/random?bytes=30000000", trusted=own)
    equal((status, len(body)), (200, 30000000), "many of them, too")
    ok(len(set(body[at:at + 32] for at in range(0, len(body) - 31, 32))) == len(body) // 32,
       "none of which come twice")
    for path, wanted in (("/nothing", 404), ("/v1/random?bytes=many", 400)):
        status, head, body = ask(daemon, path, trusted=own)
        ok(status == wanted and b'"detail"' in body and "application/problem+json" in head,
           f"{path}: a problem, {wanted}", status, head, body)
    equal(ask(daemon, "/v1/random", "-m", "POST", trusted=own)[0], 405, "a wrong method: 405")
    status, _, body = ask(daemon, "/v1/random?bytes=20000", "-t", "50", "-C", "10", trusted=own)
    equal(len(body), 50 * 20000, "fifty requests on one connection")

    def logged():
        with open(scratch("access"), encoding="utf-8") as file:
            return file.read()

    ok(wait_until(lambda: len(re.findall(r"/v1/random.*HTTP/3", logged())) > 50),
       "the access log names HTTP/3", logged()[:500])
    test_alt_svc(daemon)
    stop_cleanly(daemon)


def test_alt_svc(daemon):
    def head_of(*args):
        return subprocess.run(["curl", "-sk", "-o", os.devnull, "-D", "-", *args], check=False,
                              capture_output=True, text=True, timeout=PATIENCE).stdout

    for args in (["--http1.1"], ["--http2"]):
        head = head_of(*args, f"https://127.0.0.1:{daemon.tls_port}/v1/random")
        ok(re.search(rf'^alt-svc: h3=":{daemon.tls_port}"; ma=86400$', head, re.M | re.I),
           f"{args[0]}: HTTPS tells where HTTP/3 is", head)
    head = head_of(f"http://127.0.0.1:{daemon.port}/v1/random")
    ok("200" in head and "alt-svc" not in head.lower(), "plain HTTP does not", head)


def test_address(own):
    """Nobody is worth an answer that is longer than the question before he is where he says."""
    daemon = start(own)
    # An Initial packet of version 1 with two IDs, no token, and a length; the rest is not read.
    packet = (b"\xc0\0\0\0\x01\x08" + b"DESTINED" + b"\x08" + b"SOURCEID" + b"\0" + b"\x44\x80"
              + bytes(1200 - 26 + 2))
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
        udp.settimeout(PATIENCE)
        udp.connect(("127.0.0.1", daemon.tls_port))
        udp.send(packet)
        answer = udp.recv(65536)
    equal(answer[0] & 0xf0, 0xf0, "a first packet is answered by a token only (RFC 9000, Retry)")
    ok(len(answer) < len(packet), "which is smaller than it", len(answer))
    answered = re.search(r"qrngd_connections(?:\{[^}]*\})? (\d+)",
                         daemon.get("/metrics")[1].decode())
    equal(answered and answered.group(1), "1", "and nothing is kept for it")
    stop_cleanly(daemon)


def test_keys(own):
    path = scratch("keys")
    with open(path, "w", encoding="ascii") as file:
        os.fchmod(file.fileno(), 0o600)
    daemon = start(own, "--api-keys", path)
    status, head, body = ask(daemon, "/v1/random", trusted=own)
    ok(status == 401 and b'"detail"' in body, "without a key: 401", head, body)
    status = ask(daemon, "/v1/random", "-H", "authorization: Bearer nonsense", trusted=own)[0]
    equal(status, 401, "with a wrong one, too")
    stop_cleanly(daemon)


def test_rate(own):
    daemon = start(own, "--rate-requests", "1")
    head = ask(daemon, "/v1/random", "-t", "60", trusted=own)[1]
    statuses = re.findall(r"^HTTP/3 (\d+)", head, re.M)
    ok(statuses[0] == "200" and "429" in statuses, "an address that asks too often is told so", statuses)
    stop_cleanly(daemon)


def test_capacity(own):
    daemon = start(own, "--max-connections", "1", "--idle-timeout", "1000")
    taken = daemon.http()
    taken.request("GET", "/healthz")
    taken.getresponse().read()
    client = subprocess.Popen(command(daemon, "/v1/random", "-k"), stdout=subprocess.DEVNULL,
                              stderr=subprocess.DEVNULL)
    got_in = wait_until(lambda: client.poll() is not None, 2)
    ok(not got_in, "who comes by HTTP/3 when there is no room is not let in")
    # It would give up by itself: a handshake may take 400 of the round trips that it has seen.
    client.kill()
    client.wait(PATIENCE)
    taken.close()

    def answered():
        return ask(daemon, "/v1/random?bytes=100", trusted=own)[0] == 200

    ok(wait_until(answered), "but is when there is some")
    stop_cleanly(daemon)


def test_reload(first, second):
    pem, key = scratch("used.pem"), scratch("used.key")

    replace_files(first, (pem, key))
    daemon = start((pem, key), "--threads", "2")
    equal(ask(daemon, "/v1/random", trusted=first)[0], 200, "a certificate that is trusted")
    equal(ask(daemon, "/v1/random", trusted=second)[0], None, "and by another it is not")
    download = subprocess.Popen(command(daemon, "/v1/random?bytes=50000000", "-k"),
                                stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    taken = len(download.stdout.read(1000))
    replace_files(second, (pem, key))
    daemon.signal(signal.SIGHUP)
    ok(wait_until(lambda: ask(daemon, "/v1/random", trusted=second)[0] == 200),
       "SIGHUP puts another in place", daemon.log())
    equal(taken + len(download.stdout.read()), 50000000, "a download goes on meanwhile")
    download.stdout.close()
    download.wait(PATIENCE)
    stop_cleanly(daemon)


def test_stop(own):
    daemon = start(own, "--threads", "2")
    download = subprocess.Popen(command(daemon, "/v1/random?bytes=50000000", "-k"),
                                stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    taken = len(download.stdout.read(1000))
    daemon.signal(signal.SIGTERM)
    ok(wait_until(lambda: "stopping" in daemon.log()), "a stop while somebody downloads")
    equal(taken + len(download.stdout.read()), 50000000, "waits for the end of the download")
    download.stdout.close()
    download.wait(PATIENCE)
    equal(daemon.wait(), 0, "and ends with status 0")
    ok("cut off" not in daemon.log(), "without cutting anybody off", daemon.log())


class Nat(threading.Thread):
    """Hands packets to and fro, and begins a new port towards the daemon after so many from it."""

    def __init__(self, daemon, packets):
        super().__init__(daemon=True)
        self.target, self.packets, self.ports = ("127.0.0.1", daemon.tls_port), packets, set()
        self.inside = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.inside.bind(("127.0.0.1", 0))
        self.outside, self.stop = None, False

    def change(self):
        if self.outside:
            self.outside.close()
        self.outside = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.outside.connect(self.target)
        self.ports.add(self.outside.getsockname()[1])

    def run(self):
        client, left = None, 0
        while not self.stop:
            if not left:
                self.change()
                left = self.packets
            for ready in select.select([self.inside, self.outside], [], [], 0.1)[0]:
                data, sender = ready.recvfrom(65536)
                if ready is self.inside:
                    client = sender
                    self.outside.send(data)
                else:
                    left -= 1
                    self.inside.sendto(data, client)
                    break
        self.inside.close()
        self.outside.close()


def test_new_address(own):
    daemon = start(own, "--threads", "8")
    nat = Nat(daemon, 1500)
    port = nat.inside.getsockname()[1]
    nat.start()
    result = subprocess.run([CLIENT, "-3", "100", "-k", "--io-timeout", str(PATIENCE * 1000),
                             f"https://127.0.0.1:{port}/v1/random?bytes=10000000"],
                            capture_output=True, check=False, timeout=PATIENCE)
    nat.stop = True
    nat.join()
    equal(len(result.stdout), 10000000, "a download outlives changes of the client's port")
    ok(len(nat.ports) > 3, f"of which there were {len(nat.ports)}")
    stop_cleanly(daemon)


def test_stall(own):
    """Who takes nothing is given up: the client is stopped, and is not there to confirm anything."""
    daemon = start(own, "--stall-timeout", "1", "--idle-timeout", "1000")
    download = subprocess.Popen(command(daemon, "/v1/random?bytes=100000000", "-k"),
                                stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    download.stdout.read(1000)
    download.send_signal(signal.SIGSTOP)

    def others():
        text = daemon.get("/metrics")[1].decode()
        return int(re.search(r"qrngd_connections(?:\{[^}]*\})? (\d+)", text).group(1)) - 1

    equal(others(), 1, "a connection by HTTP/3 counts")
    ok(wait_until(lambda: others() == 0), "and is given up when its peer takes nothing")
    download.kill()
    download.stdout.close()
    download.wait(PATIENCE)
    stop_cleanly(daemon)


def test_mistakes(own):
    for args, wanted in ((["--listen", "127.0.0.1:0", "--http3", "on"], "listen-tls"),
                         ([*settings(own), "--listen", "127.0.0.1:0", "--tls-client-auth", "require",
                           "--tls-client-ca", own[0]], "tls-client-auth must be off")):
        code, log = refuses("--engine", "embedded", *args)
        ok(code == 1 and wanted in log.splitlines()[-1], f"refused: {wanted}", code, log)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        code, log = refuses("--engine", "embedded", *settings(own), "--listen", "127.0.0.1:0",
                            "--listen-tls", f"127.0.0.1:{port}")
    ok(code == 1 and "by UDP: already in use" in log, "refused: a UDP port that is taken", code, log)


def main():
    own = trusted_certificate("first")
    probe = Daemon()
    old = re.search(r"libh2o 2\.2\.", probe.log())
    stop_cleanly(probe)
    if old:
        code, log = refuses("--engine", "embedded", *settings(own))
        ok(code == 1 and "http3 on: this libh2o is too old" in log, "refused with an old libh2o", log)
        skip("HTTP/3", "it takes a newer libh2o, see H2O_DIR in the README")
        done()
    test_mistakes(own)
    if not os.access(CLIENT, os.X_OK):
        skip("answers by HTTP/3", f"there is no client {CLIENT} (make h2o-httpclient)")
        done()
    test_answers(own)
    test_address(own)
    test_keys(own)
    test_rate(own)
    test_capacity(own)
    test_reload(own, trusted_certificate("second"))
    test_stop(own)
    test_new_address(own)
    test_stall(own)
    done()


main()
