#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""qrngctl verify: believes what the daemon signed, and names what is wrong with anything else."""

import base64
import datetime
import hashlib
import json
import os
import subprocess
import sys

sys.dont_write_bytecode = True
from harness import PATIENCE, ROOT, Daemon, done, equal, ok, scratch, stop_cleanly

QRNGCTL = os.path.join(ROOT, "build/bin/qrngctl")
PRIVATE, PUBLIC, OTHER = scratch("private.pem"), scratch("public.pem"), scratch("other.pem")
OK, USAGE, FAILED, BAD_NEWS = 0, 1, 4, 5


def write(name, data):
    path = scratch(name)
    with open(path, "wb") as file:
        file.write(data)
    return path


def openssl(*args):
    return subprocess.run(["openssl", *args], check=True, capture_output=True).stdout


def make_key(private, public):
    openssl("genpkey", "-algorithm", "ed25519", "-out", private)
    openssl("pkey", "-in", private, "-pubout", "-out", public)


make_key(PRIVATE, PUBLIC)
make_key(scratch("other-private.pem"), OTHER)
RAW = openssl("pkey", "-pubin", "-in", PUBLIC, "-outform", "DER")[-32:]
daemon = Daemon("--signing-key", PRIVATE)


def curl(path, *args):
    url = f"http://127.0.0.1:{daemon.port}{path}"
    return subprocess.run(["curl", "-sS", *args, url], check=True, capture_output=True).stdout


def qrngctl(*args, stdin=b""):
    run = subprocess.run([QRNGCTL, *args], input=stdin, capture_output=True, timeout=PATIENCE, check=False)
    return run.returncode, run.stdout.decode(), run.stderr.decode()


def verify(answer, *args, key=PUBLIC):
    """Returns (status, document) for an answer as curl -i writes it."""
    status, out, err = qrngctl("-j", "verify", "-k", key, *args, stdin=answer)
    return status, json.loads(out) if out else err


def believed(answer, text, *args, key=PUBLIC):
    status, said = verify(answer, *args, key=key)
    ok(status == OK and said["verified"] is True, text, status, said)
    return said


def flawed(answer, flaw, text, *args, key=PUBLIC):
    status, said = verify(answer, *args, key=key)
    ok(status == BAD_NEWS and said["verified"] is False and said["flaw"] == flaw and said["detail"],
       f"{text}: {flaw}", status, said)


def parts(answer):
    """Statement, signature and body."""
    head, body = answer.split(b"\r\n\r\n", 1)
    fields = dict(line.lower().split(b": ", 1)[:1] + line.split(b": ", 1)[1:] for line in head.split(b"\r\n")[1:])
    return (*(base64.b64decode(fields[name]) for name in (b"qrng-statement", b"qrng-signature")), body)


def compose(statement, signature, body):
    return b"".join((b"HTTP/1.1 200 OK\r\nqrng-statement: ", base64.b64encode(statement), b"\r\nQRNG-SIGNATURE:  ",
                     base64.b64encode(signature), b" \r\n\r\n", body))


def sign(statement, body=b"body"):
    """An answer that is signed whatever it says."""
    text = statement if isinstance(statement, bytes) else json.dumps(statement).encode()
    signature = openssl("pkeyutl", "-sign", "-inkey", PRIVATE, "-rawin", "-in", write("statement", text))
    return compose(text, signature, body)


def statement(age=0, **changes):
    when = datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(seconds=age)
    members = {"format": "qrng-statement-1", "key": hashlib.sha256(RAW).hexdigest()[:32],
               "time": when.strftime("%Y-%m-%dT%H:%M:%S.") + f"{when.microsecond // 1000:03}Z", "request": "/v1/random",
               "challenge": "", "bytes": 4, "sha512": hashlib.sha512(b"body").hexdigest(), "provenance": {}}
    return {name: value for name, value in {**members, **changes}.items() if value is not None}


SIGNED = curl("/v1/random?bytes=200&signed=1&challenge=h%C3%A9llo", "-i")


def test_good():
    said = believed(SIGNED, "an answer as curl -i gives it, on stdin")
    equal(said["statement"], json.loads(parts(SIGNED)[0]), "the statement is told as it is")
    ok(-60000 < said["age_ms"] < 600000, "with its age", said)
    believed(b"", "in a file", write("answer", SIGNED))
    head, body = SIGNED.split(b"\r\n\r\n", 1)
    believed(body, "head and body apart", write("head", head + b"\r\n\r\n"), "-")
    believed(b"HTTP/1.1 100 Continue\r\n\r\n" + SIGNED, "behind a status 100")
    believed(SIGNED.replace(b"\r\n", b"\n", head.count(b"\r\n") + 2), "with lines that end as text files' do")
    believed(SIGNED, "its challenge, and young enough", "-c", "héllo", "-a", "10m")
    believed(curl("/v1/random?bytes=1&signed=1", "-i"), "one byte")
    believed(curl("/v1/random?bytes=131072&signed=1", "-i"), "as long as can be signed")
    believed(curl("/v1/integers?count=10&signed=1", "-i"), "a JSON document")
    believed(curl("/v1/random?bytes=9&format=json&signed=1", "-i"), "bytes in JSON")
    believed(sign(statement(new="of a later version")), "with a member that is not known yet")
    status, out, _ = qrngctl("verify", "-k", PUBLIC, stdin=SIGNED)
    ok(status == OK and out.startswith("verified: 200 bytes") and "/v1/random?bytes=200" in out
       and "h\\xc3\\xa9llo" in out and '"engine":"embedded"' in out, "for people, escaped", out)


def test_keys():
    document = curl("/v1/keys")
    for name, key in (("what /v1/keys gives", document), ("hexadecimal", RAW.hex().encode() + b"\n"),
                      ("capital hexadecimal", RAW.hex().upper().encode()),
                      ("base64", base64.b64encode(RAW) + b"\r\n")):
        believed(SIGNED, f"key as {name}", key=write("key", key))
    with open(OTHER, "rb") as other, open(PUBLIC, "rb") as public:
        believed(SIGNED, "the right one of two keys", key=write("key", other.read() + public.read()))
    flawed(SIGNED, "key", "a wrong key", key=OTHER)
    rsa = write("rsa", openssl("pkey", "-pubout", "-in", write("rsa-private", openssl("genrsa", "2048"))))
    with open(PRIVATE, "rb") as file:
        private = file.read()
    for name, path in (("an RSA key", rsa), ("a private key", write("key", private)), ("an empty file", "/dev/null"),
                       ("half a key", write("half", RAW.hex()[:32].encode())),
                       ("a list without keys", write("list", b'{"keys":[]}')),
                       ("another document", write("document", b'{"keys":7}'))):
        status, said = verify(SIGNED, key=path)
        ok(status == FAILED and "no Ed25519 public key" in said, f"{name} is no public key", status, said)


def test_flaws():
    text, signature, body = parts(SIGNED)
    flawed(compose(text, signature, bytes([body[0] ^ 1]) + body[1:]), "body", "an altered body")
    flawed(compose(text.replace(b"/v1/random", b"/v1/randon"), signature, body), "signature", "an altered statement")
    flawed(compose(text, bytes([signature[0] ^ 1]) + signature[1:], body), "signature", "an altered signature")
    flawed(compose(text, bytes(64), body), "signature", "a signature of nothing but zeros")
    flawed(SIGNED, "challenge", "a wrong challenge", "-c", "hello")
    flawed(sign(statement()), "challenge", "no challenge where one was asked for", "-c", "hello")
    flawed(SIGNED[:-1], "length", "a truncated file")
    flawed(SIGNED + b"\n", "length", "something behind the end")
    flawed(SIGNED[:300], "unsigned", "a file that ends in the head")
    flawed(b"", "unsigned", "an empty file")
    flawed(body, "unsigned", "a body without its head")
    flawed(curl("/v1/random?bytes=200", "-i"), "unsigned", "an answer that was not signed")
    flawed(SIGNED.replace(b"\r\nQRNG-Signature", b"\r\nX-Signature"), "unsigned", "a header that is missing")
    flawed(SIGNED.replace(b"\r\n", b"\r\nqrng-signature: aaaa\r\n", 1), "malformed", "a header that comes twice")
    flawed(compose(text, signature[:63], body), "malformed", "a signature that is too short")
    flawed(compose(text, signature, body).replace(b"SIGNATURE:  ", b"SIGNATURE: %"), "malformed", "no base64")


def test_time():
    flawed(sign(statement(age=3600)), "time", "an old answer", "-a", "59m")
    believed(sign(statement(age=3600)), "an old answer that may be that old", "-a", "61m")
    believed(sign(statement(age=36000)), "an old answer if nobody asks")
    flawed(sign(statement(age=-3600)), "time", "an answer of the future", "-a", "1h")
    for time in ("2026-02-30T00:00:00.000Z", "2026-01-01T00:00:00Z", "2026-01-01T00:00:00.0000Z",
                 "2026-01-01 00:00:00.000Z", "2026-01-01T00:00:00.000+00:00", "yesterday", ""):
        flawed(sign(statement(time=time)), "malformed", f"the time \"{time}\"")


def test_signed_nonsense():
    """The right key vouches for the words, not for their sense."""
    for member in statement():
        flawed(sign(statement(**{member: None})), "malformed", f"no {member}")
    for changes in ({"format": "qrng-statement-2"}, {"bytes": "4"}, {"bytes": 4.5}, {"key": 1}, {"provenance": []}):
        flawed(sign(statement(**changes)), "malformed", f"{changes}")
    flawed(sign(b"{}{}"), "malformed", "two documents")
    flawed(sign(b'{"format":"qrng-statement-1",' + json.dumps(statement()).encode()[1:]), "malformed", "a member twice")
    flawed(sign(b"\xff"), "malformed", "no JSON")
    flawed(sign(statement(sha512="00")), "body", "half a digest")
    flawed(sign(statement(bytes=-1)), "length", "a negative length")
    flawed(sign(statement(request="x" * 5000)), "malformed", "a statement that is too long")


def test_usage():
    for wanted, word, args in (
            (USAGE, "-k FILE", ["verify"]), (USAGE, "needs a value", ["verify", "-k"]),
            (USAGE, "verify", ["check", "-k", PUBLIC]), (USAGE, "-a soon", ["verify", "-k", PUBLIC, "-a", "soon"]),
            (USAGE, "36500 d", ["verify", "-k", PUBLIC, "-a", "40000d"]),
            (USAGE, "too many", ["verify", "-k", PUBLIC, "a", "b", "c"]),
            (FAILED, "No such file", ["verify", "-k", scratch("none")]),
            (FAILED, "No such file", ["verify", "-k", PUBLIC, scratch("none")]),
            (FAILED, "No such file", ["verify", "-k", PUBLIC, PUBLIC, scratch("none")]),
            (FAILED, "Is a directory", ["verify", "-k", PUBLIC, ROOT]),
            (FAILED, "longer", ["verify", "-k", PUBLIC, "/dev/zero"]),
            (FAILED, "longer", ["verify", "-k", "/dev/zero"])):
        status, out, err = qrngctl(*args)
        ok(status == wanted and word in err and not out and err.count("\n") == 1,
           " ".join(["qrngctl", *args]).replace(os.path.dirname(PUBLIC), "") + f": {wanted}", status, out, err)


test_good()
test_keys()
test_flaws()
test_time()
test_signed_nonsense()
test_usage()
stop_cleanly(daemon)
done()
