#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Signed answers: verified by OpenSSL, logged without their bytes, and never by a wrong key."""

import base64
import datetime
import hashlib
import json
import os
import re
import subprocess
import sys

sys.dont_write_bytecode = True
from harness import ROOT, Daemon, done, equal, ok, scratch, stop_cleanly

KEY, LOG = scratch("key.pem"), scratch("public.log")
subprocess.run(["openssl", "genpkey", "-algorithm", "ed25519", "-out", KEY], check=True)
daemon = Daemon("--signing-key", KEY, "--public-log", LOG)


def openssl_verifies(pem, statement, signature):
    for name, data in (("pem", pem), ("statement", statement), ("signature", signature)):
        with open(scratch(name), "wb") as file:
            file.write(data)
    run = subprocess.run(["openssl", "pkeyutl", "-verify", "-pubin", "-inkey", scratch("pem"), "-rawin",
                          "-in", scratch("statement"), "-sigfile", scratch("signature")],
                         capture_output=True, check=False)
    return run.returncode == 0


def key_of(server):
    key, = json.loads(server.get("/v1/keys")[1])["keys"]
    return key


def parts(response):
    return (base64.b64decode(response.headers["QRNG-Statement"]),
            base64.b64decode(response.headers["QRNG-Signature"]))


def test_statements():
    key = key_of(daemon)
    ok(key["ephemeral"] is False and key["algorithm"] == "Ed25519" and len(key["id"]) == 32, "/v1/keys", key)
    public = subprocess.run(["openssl", "pkey", "-in", KEY, "-pubout"], capture_output=True, check=True)
    equal(key["pem"].encode(), public.stdout, "the key is the one that was named")
    for query in ("random?bytes=1", "random?bytes=131072", "random?bytes=100&format=hex", "integers?count=1000",
                  "uuid", "image/random?width=64&height=64", "sound?seconds=0.1", "sound?seconds=0.1&format=flac"):
        join = "&" if "?" in query else "?"
        response, body = daemon.get(f"/v1/{query}{join}signed=1&challenge=h%C3%A9%22llo")
        statement, signature = parts(response)
        said = json.loads(statement)
        ok(openssl_verifies(key["pem"].encode(), statement, signature), f"{query}: OpenSSL verifies it")
        ok(said["sha512"] == hashlib.sha512(body).hexdigest() and said["bytes"] == len(body)
           and said["key"] == key["id"] and said["challenge"] == "hé\"llo"
           and said["request"] == f"/v1/{query}{join}signed=1&challenge=h%C3%A9%22llo"
           and said["provenance"]["engine"] == "embedded" and said["format"] == "qrng-statement-1",
           "and it is about this answer", statement)
        when = datetime.datetime.fromisoformat(said["time"].replace("Z", "+00:00"))
        ok(abs((datetime.datetime.now(datetime.timezone.utc) - when).total_seconds()) < 600, "of now")
        equal(response.headers["QRNG-Use"], "public", "which is public")
    broken = bytes([signature[0] ^ 1]) + signature[1:]
    ok(not openssl_verifies(key["pem"].encode(), statement, broken), "a signature with a wrong bit is none")
    ok(not openssl_verifies(key["pem"].encode(), statement + b" ", signature), "nor is one of something else")
    response, _ = daemon.get("/v1/random?bytes=10")
    ok(response.headers["QRNG-Use"] == "secret" and response.headers["QRNG-Statement"] is None,
       "what is not signed is secret")


def test_log():
    before = os.path.getsize(LOG)
    response, body = daemon.get("/v1/random?bytes=64&signed=1")
    with open(LOG, "rb") as file:
        file.seek(before)
        line = file.read()
    equal(line, parts(response)[0] + b"\n", "the statement is logged as it was signed")
    with open(LOG, "rb") as file:
        everything = file.read()
    ok(not any(form in everything for form in (body, body.hex().encode(), base64.b64encode(body)[:80])),
       "the bytes are not")
    full = Daemon("--public-log", "/dev/full")
    response, body = full.get("/v1/random?bytes=8&signed=1")
    ok(response.status == 503 and b"logged" in body, "what cannot be logged is not signed", body)
    equal(full.get("/v1/random?bytes=8")[0].status, 200, "other answers come all the same")
    stop_cleanly(full)


def test_limits():
    for query in ("random?bytes=131073&signed=1", "integers?count=100000&signed=1", "image/random?signed=1"):
        response, body = daemon.get("/v1/" + query)
        ok(response.status == 400 and json.loads(body)["parameter"] == "signed", f"{query} is too long", body[:200])
    for query in ("challenge=x", "signed=0&challenge=x"):
        response, body = daemon.get("/v1/random?bytes=1&" + query)
        ok(response.status == 400 and json.loads(body)["parameter"] == "challenge",
           f"?{query}: no challenge is passed over in silence", body)
    ephemeral = Daemon()
    ok(key_of(ephemeral)["ephemeral"] is True and key_of(ephemeral)["id"] != key_of(daemon)["id"],
       "without a key each daemon has its own")
    stop_cleanly(ephemeral)
    rsa = scratch("rsa.pem")
    subprocess.run(["openssl", "genpkey", "-algorithm", "rsa", "-out", rsa], check=True, capture_output=True)
    for path, reason in ((rsa, "Ed25519"), (scratch("none"), "No such file"), ("/dev/null", "Ed25519")):
        refused = Daemon("--signing-key", path)
        ok(refused.wait() == 1 and re.search(reason, refused.log()), f"--signing-key {os.path.basename(path)}",
           refused.log())


def test_recipes():
    """What the documentation tells to do, with qrngctl and by hand."""
    with open(os.path.join(ROOT, "docs/signatures.md"), encoding="utf-8") as file:
        tool, recipe = re.findall(r"```sh\n(.*?)```", file.read(), re.S)
    folder = scratch("recipe")
    os.mkdir(folder)
    path = os.path.join(ROOT, "build/bin") + ":" + os.environ["PATH"]
    run = subprocess.run(["sh", "-ec", tool.replace("localhost:8080", f"127.0.0.1:{daemon.port}")], cwd=folder,
                         env={**os.environ, "PATH": path}, capture_output=True, text=True, check=False)
    ok(run.returncode == 0 and run.stdout.startswith("verified: 32 bytes"), "qrngctl verify as of docs/signatures.md",
       run.stdout, run.stderr)
    url = f"http://127.0.0.1:{daemon.port}/v1/random?bytes=99&signed=1"
    subprocess.run(["curl", "-sS", "-D", "head", "-o", "body", url], cwd=folder, check=True)
    with open(os.path.join(folder, "key.pem"), "w", encoding="ascii") as file:
        file.write(key_of(daemon)["pem"])
    run = subprocess.run(["sh", "-c", recipe], cwd=folder, capture_output=True, text=True, check=False)
    ok("Verified Successfully" in run.stdout and "the one that was signed" in run.stdout,
       "the recipe of docs/signatures.md", run.stdout, run.stderr)
    with open(os.path.join(folder, "body"), "ab") as file:
        file.write(b"x")
    run = subprocess.run(["sh", "-c", recipe], cwd=folder, capture_output=True, text=True, check=False)
    ok("the one that was signed" not in run.stdout, "which notices another body", run.stdout)


test_statements()
test_log()
test_limits()
test_recipes()
stop_cleanly(daemon)
done()
