#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""API keys and their quotas: who gets bytes, how many, and what qrngctl tells of it."""

import asyncio
import http.client
import json
import os
import re
import signal
import subprocess
import sys
import threading
import time

import websockets

sys.dont_write_bytecode = True
from harness import PATIENCE, ROOT, Daemon, done, equal, ok, scratch, stop_cleanly, wait_until

QRNGCTL = os.path.join(ROOT, "build/bin/qrngctl")
FILE, SOCKET = scratch("keys"), scratch("admin")
DAY = 86400
KEYS = {}


def qrngctl(*args):
    run = subprocess.run([QRNGCTL, *args], capture_output=True, text=True, timeout=PATIENCE, check=False)
    return run.returncode, run.stdout, run.stderr


def add(name, *limits):
    """Makes a key as an operator does; what it is goes into a file of its name, too."""
    status, out, err = qrngctl("key", "add", name, FILE, *limits)
    ok(status == 0, f"qrngctl key add {name} {' '.join(limits)}", err)
    KEYS[name] = out.strip()
    with open(scratch(name + ".key"), "w", encoding="ascii") as file:
        file.write(out)


def get(name, path, method="GET", server=None):
    headers = {"Authorization": f"Bearer {KEYS.get(name, name)}"} if name else {}
    return (server or daemon).get(path, method=method, headers=headers)


def problem(name, path, status, word, text, **more):
    response, body = get(name, path, **more)
    ok(response.status == status and word in json.loads(body)["detail"]
       and response.headers["Content-Type"] == "application/problem+json", f"{text}: {status}", response.status, body)
    return response


def quota(name):
    return json.loads(get(name, "/v1/quota")[1])


add("free")
add("few", "requests-per-day=3")
add("short", f"bits-per-day={8 * 1000}")
add("slow", "requests-per-second=1")
add("both", "requests-per-day=1000", f"bits-per-day={8 * 100000}")
add("old", "expires=2020-01-01")
add("young", "expires=2120-01-01")
add("stream", f"bits-per-day={8 * 300000}")
add("socket", f"bits-per-day={8 * 10000}")
add("crowd", f"bits-per-day={8 * 1000000}")
daemon = Daemon("--api-keys", FILE, "--admin-socket", SOCKET)


def test_who_gets_in():
    response = problem(None, "/v1/random", 401, "a key is needed", "nobody")
    equal(response.headers["WWW-Authenticate"], 'Bearer realm="qrngd"', "is told how to bring one")
    for name, key in (("a key that is none", "x"), ("an empty key", ""), ("a name without its secret", "free."),
                      ("a wrong secret", "free." + "A" * 43), ("an unknown name", "nosuch." + KEYS["free"].split(".")[1]),
                      ("another's secret", "few." + KEYS["free"].split(".")[1]), ("half a key", KEYS["free"][:-1]),
                      ("a key with something behind it", KEYS["free"] + "x"), ("a long key", "a" * 4000 + ".b")):
        response = problem(key or " ", "/v1/random", 401, "no key that is known", name)
        ok("invalid_token" in response.headers["WWW-Authenticate"], "which is told")
    problem("old", "/v1/random", 401, "expired", "an expired key")
    for name in ("free", "young"):
        equal(get(name, "/v1/random?bytes=8")[0].status, 200, f"the key {name}")
    for value in (f"Basic {KEYS['free']}", KEYS["free"], f"Bearer  {KEYS['free']}"):
        equal(daemon.get("/v1/random", headers={"Authorization": value})[0].status, 401, f"{value.split()[0][:6]}...")
    equal(daemon.get("/v1/random", headers={"Authorization": f"bearer {KEYS['free']}"})[0].status, 200,
          "the scheme in another case")
    connection = daemon.http()
    connection.putrequest("GET", "/v1/random?bytes=1")
    for _ in range(2):
        connection.putheader("Authorization", f"Bearer {KEYS['free']}")
    connection.endheaders()
    equal(connection.getresponse().status, 401, "two keys at once")
    connection.close()
    for path in ("/", "/openapi.json", "/health", "/healthz", "/readyz", "/metrics", "/v1/status", "/v1/sources", "/v1/keys"):
        equal(daemon.get(path)[0].status, 200, f"{path} is for everybody")


def test_every_route():
    """What is not said to be open is closed, and is described as such."""
    document = json.loads(daemon.get("/openapi.json")[1])
    equal(document["security"], [{}, {"key": []}], "a key may be asked for")
    closed = 0
    for path, methods in document["paths"].items():
        about = methods.get("get", {"security": "other methods only"})
        if "security" in about or "401" not in about["responses"]:
            continue
        response, body = daemon.get(path)
        closed += response.status == 401
        ok(response.status == 401 and "429" in about["responses"], f"{path} asks for a key", response.status, body[:200])
    ok(closed > 25, f"{closed} paths do")


def test_requests():
    for left in (2, 1, 0):
        response, _ = get("few", "/v1/random?bytes=1")
        equal((response.status, response.headers["RateLimit-Policy"]), (200, f'"requests";q=3;w={DAY}'), f"{left} are left")
        ok(re.fullmatch(rf'"requests";r={left};t=\d+', response.headers["RateLimit"]), "which is told",
           response.headers["RateLimit"])
    response = problem("few", "/v1/random?bytes=1", 429, "no more requests for this day", "one too many")
    ok(DAY - 600 < int(response.headers["Retry-After"]) <= DAY, "with the time to wait", response.headers["Retry-After"])
    response, body = get("few", "/v1/random", method="HEAD")
    equal((response.status, body), (429, b""), "HEAD is a request")
    said = quota("few")
    ok(said["day"]["requests"] == 3 and said["total"]["refused"] == 2 and said["limits"] == {"requests_per_day": 3},
       "/v1/quota tells, and is for nothing", said)
    equal(get("few", "/health")[0].status, 200, "what is open stays open")


def test_seconds():
    connection, statuses, start = daemon.http(), [], time.monotonic()
    for _ in range(100):
        connection.request("GET", "/v1/random?bytes=1", headers={"Authorization": f"Bearer {KEYS['slow']}"})
        response = connection.getresponse()
        response.read()
        statuses.append(response.status)
        if response.status == 429:
            equal(response.headers["Retry-After"], "1", "to be asked again in a second") if statuses.count(429) == 1 else None
    passed = time.monotonic() - start
    connection.close()
    ok(1 <= statuses.count(200) <= passed + 2 and set(statuses) <= {200, 429},
       f"one request a second: {statuses.count(200)} in {passed:.1f} s", statuses)
    ok(wait_until(lambda: get("slow", "/v1/random?bytes=1")[0].status == 200), "later there is another one")


def test_bits():
    problem("short", "/v1/random?bytes=1001", 403, "in a day", "more than there is in a day")
    equal(get("short", "/v1/random?bytes=600")[0].status, 200, "a part of it")
    response = problem("short", "/v1/random?bytes=401", 429, "no more bits", "more than is left")
    ok(DAY - 600 < int(response.headers["Retry-After"]) <= DAY, "with the time to wait", response.headers["Retry-After"])
    equal(quota("short")["day"]["bits"], 4800, "a refusal takes nothing")
    problem("short", "/v1/integers?count=150", 429, "no more bits", "a list that is too long")
    problem("short", "/v1/image/qr?format=svg", 403, "in a day", "a picture that is too long for any day")
    problem("short", "/v1/random?bytes=200&format=hex&signed=1", 429, "no more bits", "a signed answer that is too long")
    equal(get("short", "/v1/random?bytes=400", method="HEAD")[0].status, 200, "a head has no bits")
    equal(get("short", "/v1/random?bytes=10&format=hex")[0].status, 200, "hexadecimal")
    equal(quota("short")["day"]["bits"], 4800 + 8 * 21, "counts as it is sent")
    equal(get("short", "/v1/random?bytes=379")[0].status, 200, "all that is left")
    problem("short", "/v1/random?bytes=1", 429, "no more bits", "after that nothing comes")
    response, _ = get("both", "/v1/random?bytes=1000")
    response, _ = get("both", "/v1/coin")
    equal(response.headers["RateLimit-Policy"], f'"requests";q=1000;w={DAY}, "bytes";qu="content-bytes";q=100000;w={DAY}',
          "two policies")
    ok(re.fullmatch(r'"requests";r=998;t=\d+, "bytes";r=99000;t=\d+', response.headers["RateLimit"]), "and their states",
       response.headers["RateLimit"])
    response, _ = get("free", "/v1/random")
    ok(response.headers["RateLimit"] is None, "no limit, no header")


async def messages():
    sizes = []
    headers = {"Authorization": f"Bearer {KEYS['socket']}"}
    url = f"ws://127.0.0.1:{daemon.port}/v1/stream?chunk_size=1000"
    async with websockets.connect(url, extra_headers=headers) as socket:
        try:
            while True:
                sizes.append(len(await asyncio.wait_for(socket.recv(), PATIENCE)))
        except websockets.ConnectionClosed as closed:
            return closed.rcvd.code, sizes


def test_streams():
    connection, size = daemon.http(), 0
    connection.request("GET", "/v1/stream?chunk_size=10000", headers={"Authorization": f"Bearer {KEYS['stream']}"})
    response = connection.getresponse()
    try:
        while part := response.read1(65536):
            size += len(part)
        broken = False
    except (http.client.IncompleteRead, ConnectionError, ValueError):
        broken = True
    connection.close()
    ok(broken and size == 300000, "a stream is broken off where the quota ends", broken, size)
    problem("stream", "/v1/stream", 429, "no more bits", "and none begins")
    equal(asyncio.run(messages()), (1008, [1000] * 10), "a WebSocket is closed for it")


def test_crowd():
    """Several at once get no more than the quota; each of them sees whether it got all."""
    got = []

    def download():
        for _ in range(8):
            connection, size = daemon.http(), 0
            connection.request("GET", "/v1/random?bytes=300000", headers={"Authorization": f"Bearer {KEYS['crowd']}"})
            response = connection.getresponse()
            try:
                if response.status == 200:
                    while part := response.read1(65536):
                        size += len(part)
            except ConnectionError:
                pass
            got.append((response.status, size))
            connection.close()

    threads = [threading.Thread(target=download) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    sizes = [size for status, size in got if status == 200]
    ok(300000 <= sum(sizes) <= 1000000 and {status for status, _ in got} <= {200, 429}, "a crowd shares what there is", got)
    ok(quota("crowd")["day"]["bits"] <= 8000000, "and not a bit more", quota("crowd"))


def rewrite(change):
    with open(FILE, encoding="ascii") as file:
        text = file.read()
    with open(FILE + ".new", "w", encoding="ascii") as file:
        file.write(change(text))
    os.rename(FILE + ".new", FILE)


def reload_keys():
    return qrngctl("-u", f"unix:{SOCKET}", "daemon", "reload")


def test_reload():
    status, _, err = reload_keys()
    equal((status, err), (0, ""), "qrngctl daemon reload")
    problem("few", "/v1/random", 429, "requests", "what was used stays used")
    rewrite(lambda text: text.replace("requests-per-day = 3", "requests-per-day = 4"))
    reload_keys()
    equal(get("few", "/v1/random?bytes=1")[0].status, 200, "a quota that has grown")
    problem("few", "/v1/random", 429, "requests", "by one")
    add("new")
    equal(get("new", "/v1/random")[0].status, 401, "a new key waits")
    reload_keys()
    equal(get("new", "/v1/random")[0].status, 200, "for the file to be read again")
    rewrite(lambda text: re.sub(r"\[new\][^[]*", "", text))
    daemon.signal(signal.SIGHUP)
    ok(wait_until(lambda: get("new", "/v1/random")[0].status == 401), "a key that was taken out is none (SIGHUP)")
    rewrite(lambda text: text + "\n[broken]\nhash = md5:1\n")
    status, _, err = reload_keys()
    ok(status == 4 and "the daemon says" in err, "a broken file is refused", status, err)
    ok(re.search(rf"{FILE}:\d+: \[broken\] hash: sha256:SALT:HASH is needed", daemon.log()), "its line is named", daemon.log())
    equal(get("free", "/v1/random")[0].status, 200, "and changes nothing")
    rewrite(lambda text: text.split("\n[broken]")[0] + "\n[anonymous]\nrequests-per-day = 2\n")
    reload_keys()
    for _ in range(2):
        equal(get(None, "/v1/coin")[0].status, 200, "nobody in particular may ask twice")
    problem(None, "/v1/coin", 429, "requests", "and no more")
    equal(quota(None)["name"], "anonymous", "which has a quota of its own")
    problem("wrong", "/v1/coin", 401, "no key that is known", "but who brings a wrong key is not nobody")


def test_tools():
    where = ("-u", f"http://127.0.0.1:{daemon.port}")
    status, out, err = qrngctl("-u", f"unix:{SOCKET}", "daemon", "keys")
    ok(status == 0 and re.search(r"^few +never +4/4 +32/?\d* ", out.replace(" 32 ", " 32/ "), re.M)
       and re.search(r"^young +2120-01-01 ", out, re.M), "qrngctl daemon keys", status, out, err)
    status, out, _ = qrngctl("-j", "-u", f"unix:{SOCKET}", "daemon", "keys")
    names = [entry["name"] for entry in json.loads(out)["quotas"]]
    equal(names, ["anonymous"] + sorted(set(KEYS) - {"new"}), "in JSON, in order")
    status, out, _ = qrngctl("-j", *where, "-t", scratch("few.key"), "daemon", "quota")
    equal((status, json.loads(out)["day"]["requests"]), (0, 4), "qrngctl daemon quota")
    status, _, err = qrngctl(*where, "-t", scratch("few.key"), "daemon", "keys")
    ok(status == 6 and "daemon says 40" in err, "a key is no admin token", status, err)
    status, _, err = qrngctl(*where, "-t", scratch("old.key"), "daemon", "quota")
    ok(status == 6 and "expired" in err, "an expired key has no quota", status, err)
    for args in ((), ("-j",)):
        status, out, err = qrngctl(*args, *where, "daemon")
        ok(status == 0 and "libh2o" in out, f"qrngctl {' '.join(args)} daemon", status, out, err)
    with open(scratch("keys.json"), "wb") as file:
        file.write(daemon.get("/v1/keys")[1])
    status, out, err = qrngctl(*where, "-t", scratch("free.key"), "daemon", "verify", "-k", scratch("keys.json"))
    ok(status == 0 and out.startswith("verified: 64 bytes"), "qrngctl daemon verify", status, out, err)
    other = Daemon()
    status, out, err = qrngctl("-u", f"http://127.0.0.1:{other.port}", "daemon", "verify", "-k", scratch("keys.json"))
    ok(status == 5 and "another key" in out, "another daemon does not sign with this key", status, out, err)
    problem(None, "/v1/quota", 404, "no quota", "where no keys are asked for there is no quota", server=other)
    stop_cleanly(other)
    said = daemon.log()
    ok(not any(key.split(".")[1] in said for key in KEYS.values()), "no key is in the log")


def metrics(**extra):
    """The metrics of keys as {(name, key): value}."""
    text = subprocess.run(["curl", "-sS", *extra.get("over", []), f"http://127.0.0.1:{daemon.port}/metrics"],
                          capture_output=True, text=True, check=True).stdout
    return {(name, key): int(value) for name, key, value in
            re.findall(r'^qrngd_key_(\w+)_total\{key="(.*)"\} (\d+)$', text, re.M)}


def test_metrics():
    equal(metrics(), {}, "whose keys there are, and what they had, is in nobody's metrics")
    samples = metrics(over=["--unix-socket", SOCKET])
    out = qrngctl("-j", "-u", f"unix:{SOCKET}", "daemon", "keys")[1]
    wanted = {}
    for entry in json.loads(out)["quotas"]:
        total = entry["total"]
        for name, field in (("requests", "requests"), ("bits", "bits"), ("refusals", "refused")):
            wanted[name, entry["name"]] = total[field]
    ok(samples == wanted and samples["bits", "few"] == 32, "but an administrator's, with requests, bits and refusals of each",
       samples, wanted)


def test_many_keys():
    """Their number is bounded; what is left out is summed up."""
    path, socket = scratch("many"), scratch("many.admin")
    with open(path, "w", encoding="ascii") as file:
        for number in range(1200):
            file.write(f"[k{number:04}]\nhash = sha256:{'0' * 32}:{'1' * 64}\n")
    many = Daemon("--api-keys", path, "--admin-socket", socket)
    text = subprocess.run(["curl", "-sS", "--unix-socket", socket, "http://x/metrics"], capture_output=True, text=True,
                          check=True).stdout
    keys = re.findall(r'^qrngd_key_bits_total\{key="(.*)"\} 0$', text, re.M)
    equal(keys, [f"k{number:04}" for number in range(1000)] + [""], "of 1200 keys 1000 have samples, and the others one")
    stop_cleanly(many)


def test_mistakes():
    """Each names the file, the line, what is there, and what is allowed."""
    line = "hash = sha256:" + "0" * 32 + ":" + "1" * 64 + "\n"
    for text, number, words in (
            ("hash = x\n", 1, "before any [name]"), ("[a b]\n", 1, "letters, digits"), ("[" + "a" * 33 + "]\n", 1, "1 to 32"),
            ("[a]\n", 1, "a hash is missing"), ("[a]\n" + line + "[b]\n", 3, "a hash is missing"),
            ("[a]\n" + line + line, 3, "one already"), ("[a]\n" + line + "[a]\n" + line, 3, "twice"),
            ("[anonymous]\n[anonymous]\n", 1, "twice"), ("[anonymous]\n" + line, 2, "nobody"),
            ("[a]\n" + line.replace("1", "G"), 2, "lower case"), ("[a]\nhash = sha256:00:11\n", 2, "SALT:HASH"),
            ("[a]\n" + line + "bits = 1\n", 3, "there are hash, expires"), ("[a]\n" + line + "bits-per-day = 0\n", 3, "a number"),
            ("[a]\n" + line + "requests-per-second = 1000001\n", 3, "1 to 1000000"),
            ("[a]\n" + line + "requests-per-day = 1e3\n", 3, "a number"), ("[a]\n" + line + "expires = 2027-02-29\n", 3, "a date"),
            ("[a]\n" + line + "requests-per-day = 1\nrequests-per-day = 2\n", 4, "once"), ("[a]\nhash\n", 2, "name = value"),
            ("[a\rb]\n", 1, "control characters")):
        with open(scratch("mistake"), "w", encoding="ascii", newline="") as file:
            file.write(text)
        refused = Daemon("--api-keys", scratch("mistake"))
        log = refused.log()
        ok(refused.wait() == 1 and re.search(rf"mistake:{number}: .*{re.escape(words)}", log), f"{text!r}"[:60], log)
    refused = Daemon("--api-keys", scratch("nosuch"))
    ok(refused.wait() == 1 and "No such file" in refused.log(), "a file that is not there", refused.log())


test_who_gets_in()
test_every_route()
test_requests()
test_seconds()
test_bits()
test_streams()
test_crowd()
test_reload()
test_tools()
test_metrics()
test_many_keys()
test_mistakes()
stop_cleanly(daemon)
done()
