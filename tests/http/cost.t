#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What an answer may cost in instructions, beside what the library alone takes for its like.

Nothing here depends on time: valgrind counts, and the difference between many requests and
few is what requests take."""

import os
import re
import shutil
import subprocess
import sys

sys.dont_write_bytecode = True
from harness import PATIENCE, RELEASE, ROOT, Daemon, done, note, ok, scratch, skip
from crowd import connect

CONSTANT = os.path.join(ROOT, "build/bench/constant")
COUNTER = ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null"]
SHORT = b"GET /v1/random?bytes=64 HTTP/1.1\r\nHost: x\r\n\r\n"
ORDER = b'{"format": "binary", "limit": 64, "source": "fortuna"}'
POST = b"POST /api/v1/data HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n%s" % (len(ORDER), ORDER)
# The library adds these by itself.
OWN_HEADERS = {"date", "connection", "content-length", "server"}
FEW, MANY = 200, 1200


def ask(port, count, request=SHORT):
    """So many requests for 64 bytes, one after another; returns the headers of the last."""
    with connect(port) as connection:
        connection.settimeout(10 * PATIENCE)
        for _ in range(count):
            connection.sendall(request)
            head = b""
            while b"\r\n\r\n" not in head[:-64]:
                head += connection.recv(65536)
    head = head.partition(b"\r\n\r\n")[0]
    return [line.split(": ", 1) for line in head.decode().split("\r\n")[1:]]


def collected(text):
    return int(re.search(r"Collected *: (\d+)", text)[1])


def of_daemon(work, *options):
    """Instructions from the start to the end, and what the work in between returns."""
    # Valgrind makes code as it goes, which the sandbox forbids.
    daemon = Daemon("--threads", "1", "--sandbox", "off", *options, binary=RELEASE, under=COUNTER)
    found = work(daemon)
    daemon.stop()
    return collected(daemon.log()), found


def of_library(headers, count):
    with open(scratch("counted"), "w+", encoding="utf-8") as log:
        process = subprocess.Popen([*COUNTER, CONSTANT, "1"], stdin=subprocess.PIPE,
                                   stdout=subprocess.PIPE, stderr=log, text=True)
        process.stdin.write("".join(f"{name.lower()}: {value}\n" for name, value in headers
                                    if name.lower() not in OWN_HEADERS) + "\n")
        process.stdin.flush()
        ask(int(process.stdout.readline()), count)
        process.stdin.close()
        process.wait(PATIENCE)
        log.seek(0)
        return collected(log.read())


def test_short_answers():
    few, headers = of_daemon(lambda daemon: ask(daemon.port, FEW))
    mine = (of_daemon(lambda daemon: ask(daemon.port, MANY))[0] - few) / (MANY - FEW)
    library = (of_library(headers, MANY) - of_library(headers, FEW)) / (MANY - FEW)
    note(f"64 bytes: {mine:.0f} instructions; the library alone, with a constant: {library:.0f}")
    ok(mine <= 1.15 * library, "64 bytes cost 1.15 of what the library takes alone at most",
       f"{mine:.0f} instructions, {library:.0f} alone")
    return mine, library


def test_limits(free):
    options = ["--rate-requests", "1000000", "--rate-bytes", str(1 << 28)]
    few, many = (of_daemon(lambda daemon, count=count: ask(daemon.port, count), *options)[0]
                 for count in (FEW, MANY))
    mine = (many - few) / (MANY - FEW)
    note(f"64 bytes with limits for each address: {mine:.0f} instructions")
    ok(mine <= 1.1 * free, "limits cost a tenth of that at most", f"{mine:.0f} instructions, {free:.0f} without")


def test_orders(library):
    """LoKey's clients say the same again and again, and it is not read again and again."""
    version = subprocess.run([RELEASE, "--version"], capture_output=True, text=True, check=True, timeout=PATIENCE).stdout
    if "libh2o 2.2." not in version:
        skip("an order for 64 bytes", "with this libh2o it ends its connection (docs/lokey.md)")
        return
    # As short as queues get, since nobody knows how often they are filled meanwhile.
    options = ["--lokey=prefix", "--lokey-fortuna-queue", "10", "--lokey-virtio-queue", "10"]
    few, many = (of_daemon(lambda daemon, count=count: ask(daemon.port, count, POST), *options)[0]
                 for count in (FEW, MANY))
    mine = (many - few) / (MANY - FEW)
    note(f"an order for 64 bytes: {mine:.0f} instructions")
    ok(mine <= 1.5 * library, "an order for 64 bytes that is known costs half as much again as that at most",
       f"{mine:.0f} instructions, {library:.0f} alone")


def test_numbers():
    path = "/v1/integers?min=0&max=18446744073709551615&count="
    many, few = (of_daemon(lambda daemon, count=count: daemon.get(f"{path}{count}"))[0]
                 for count in (100000, 1))
    each = (many - few) / 99999
    note(f"64-bit integers as JSON: {each:.0f} instructions each")
    ok(each <= 450, "a 64-bit integer as JSON costs 450 instructions at most", f"{each:.0f}")


if shutil.which("valgrind"):
    of_short, of_library_alone = test_short_answers()
    test_limits(of_short)
    test_orders(of_library_alone)
    test_numbers()
else:
    skip("what answers cost", "no valgrind to count with")
done()
