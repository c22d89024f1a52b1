#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""entropy-service's interface: its paths, headers and messages, used as its own client uses them."""

import asyncio
import base64
import hashlib
import html
import io
import json
import os
import re
import subprocess
import sys
import time

sys.dont_write_bytecode = True
import websockets
from PIL import Image
from prometheus_client.parser import text_string_to_metric_families

from harness import GENERATOR, PATIENCE, RELEASE, Daemon, done, equal, ok, scratch, stop_cleanly, wait_until

daemon = Daemon("--threads", "1")
DRBG = {"aes256-ctr": "AES-256-CTR", "chacha20": "ChaCha20"}[GENERATOR]
with open("/usr/lib/python3/dist-packages/diceware/wordlists/wordlist_en_eff.txt", encoding="ascii") as words:
    WORDS = {line.split()[1] for line in words if re.match(r"[1-6]{5}\s", line)}


def dial(server, path, **options):
    return websockets.connect(f"ws://127.0.0.1:{server.port}{path}", max_size=None, **options)


async def messages(server, path, count):
    """The first messages, and when each came."""
    got = []
    async with dial(server, path) as socket:
        while len(got) < count:
            got.append((await asyncio.wait_for(socket.recv(), PATIENCE), time.monotonic()))
    return got


def hear(path, count=2):
    return [message for message, _ in asyncio.run(messages(daemon, path, count))]


def test_telemetry():
    """The headers, and that they say what /v1/health and /v1/status say."""
    health = json.loads(daemon.get("/v1/health")[1])
    for path in ("/v1/random", "/v1/random?bytes=7", "/v1/data/random", "/health"):
        headers = daemon.get(path)[0].headers
        equal([headers.get(f"X-RNG-{name}") for name in
               ("Version", "Source", "DRBG", "Reseed-Interval-ms", "Reseed-Size-bits", "Entropy-Buffered-kB")],
              [health["version"], "kernel", DRBG, "60000", "256", "0"], f"{path}: its telemetry")
        equal(headers["X-RNG-Entropy-Buffered-%"], "0" if path == "/v1/data/random" else None,
              f"{path}: a '%' only where BusyBox does not ask")
        age = int(headers["X-RNG-Reseed-Age-ms"])
        ok(0 <= age - 1000 * int(headers["QRNG-Reseed-Age"]) < 1000, f"{path}: one age in both headers", headers)
    for query in ("format=hex", "bytes=4&format=raw", "bytes=4&signed=1"):
        headers = daemon.get("/v1/random?" + query)[0].headers
        ok(not any(name.startswith("X-RNG") for name in headers) and headers["QRNG-Engine"],
           f"?{query} is not entropy-service's, and has none")


def test_busybox():
    """Its wget refuses headers that others take."""
    for path in ("/v1/random", "/health", "/v1/health", "/metrics", "/"):
        run = subprocess.run(["busybox", "wget", "-q", "-O", "-", f"http://127.0.0.1:{daemon.port}{path}"],
                             capture_output=True, check=False)
        ok(run.returncode == 0 and run.stdout, f"{path}: BusyBox' wget gets it", run.stderr)


def test_bytes():
    for path, fallback, most in (("/v1/random", 4096, 1 << 30), ("/v1/test", 1024, 1 << 20),
                                 ("/v1/data/random", 65536, 1 << 25), ("/v1/data/test", 1024, 1 << 25)):
        response, body = daemon.get(path)
        equal((response.status, response.headers["Content-Type"], len(body)),
              (200, "application/octet-stream", fallback), f"{path}: {fallback} bytes")
        ok(len(set(body)) > 128 and body != daemon.get(path)[1], f"{path}: and they are random")
        equal(len(daemon.get(f"{path}?bytes={1 << 20}")[1]), 1 << 20, f"{path}: a MiB")
        for wrong in ("", "0", "-1", "x", str(most + 1)):
            response, body = daemon.get(f"{path}?bytes={wrong}")
            ok(response.status == 400 and json.loads(body)["parameter"] == "bytes",
               f"{path}: no default for bytes={wrong}", body)
    for path in ("/v1/test", "/v1/data/test"):
        headers = daemon.get(path)[0].headers
        ok(headers["X-Entropy-Metric"] == "random-data" and int(headers["X-RNG-Reseed-Age-ms-test"]) >= 0,
           f"{path}: its headers")


def test_pictures():
    for path, metric, age in (("random", "random-image", "X-RNG-Reseed-Age-ms-test"),
                              ("heatmap", "bit-popcount", "X-RNG-Reseed-Age-ms")):
        response, body = daemon.get("/v1/image/" + path)
        image = Image.open(io.BytesIO(body)).convert("RGB")
        equal((image.size, response.headers["Refresh"], response.headers["X-Entropy-Metric"]),
              ((1024, 1024), "5", metric), f"{path}: a picture that asks to be loaded again")
        ok(int(response.headers[age]) >= 0, f"{path}: the age of the seed")
        headers = daemon.get(f"/v1/image/{path}?width=8&height=8")[0].headers
        ok("Refresh" not in headers and "X-Entropy-Metric" not in headers, f"{path}: not with our parameters")
    with open(scratch("qr.png"), "wb") as file:
        file.write(daemon.get("/v1/qr/random")[1])
    equal(Image.open(scratch("qr.png")).size, (256, 256), "a QR code of 256 by 256")
    text = subprocess.run(["zbarimg", "-q", "--raw", scratch("qr.png")], capture_output=True, check=False).stdout
    ok(re.fullmatch(rb"[0-9A-F]{128}\n", text), "of 64 bytes in hexadecimal", text)


def test_words_page():
    response, body = daemon.get("/v1/meta/random")
    text = html.unescape(body.decode())
    phrase, digest = re.findall(r'<div class="\w+">(.*)</div>', text)
    equal(response.headers["Content-Type"], "text/html; charset=utf-8", "a page of words")
    ok(len(phrase.split()) == 20 and set(phrase.split()) <= WORDS, "20 of the list", phrase)
    equal(digest, hashlib.sha256(phrase.encode()).hexdigest(), "and the hash is theirs")
    ok('http-equiv="refresh" content="5"' in text, "which loads itself again")
    phrase, _ = re.findall(r'<div class="\w+">(.*)</div>', daemon.get("/v1/meta/random?words=7776")[1].decode())
    ok(len(phrase.split()) == 7776 and 4700 < len(set(phrase.split())) < 5130, "each is drawn from the whole list")


def test_health():
    response, body = daemon.get("/health")
    document = json.loads(body)
    equal((response.status, document["status"], document["rng_source"], document["rng_drbg"]),
          (200, "ok", "kernel", DRBG), "/health")
    equal([document[name] for name in ("rng_version", "reseed_interval_ms", "reseed_size_bits",
                                       "entropy_buffered_kb", "entropy_buffered_pct")],
          [document["version"], 60000, 256, 0, 0], "and its numbers")
    ok(0 <= document["reseed_age_ms"] - 1000 * document["reseed_age_seconds"] < 1000, "and its age", document)
    os.symlink("/dev/zero", scratch("zeroes"))
    broken = Daemon("--source", scratch("zeroes"))
    wait_until(lambda: broken.health()[1]["status"] == "failed")
    response, body = broken.get("/health")
    document = json.loads(body)
    equal((response.status, document["status"]), (503, "failed"), "a source of zeroes is not ok")
    ok("reseed_age_ms" not in document and "X-RNG-Reseed-Age-ms" not in response.headers,
       "there is no age of a seed that never was", document)
    for path in ("/v1/random", "/v1/test", "/v1/data/random", "/v1/meta/random", "/v1/qr/random"):
        equal(broken.get(path)[0].status, 503, f"{path}: no bytes then")
    try:
        asyncio.run(messages(broken, "/stream", 1))
        ok(False, "no WebSocket either")
    except websockets.InvalidStatusCode as error:
        equal(error.status_code, 503, "no WebSocket either")
    stop_cleanly(broken)


def scrape():
    families = text_string_to_metric_families(daemon.get("/metrics")[1].decode())
    return {sample.name: sample.value for family in families for sample in family.samples if not sample.labels}


def test_metrics():
    before = scrape()
    daemon.get(f"/v1/data/random?bytes={3 << 20}")
    hear("/stream?bytes=100&refresh=10", 3)
    after = scrape()
    equal(after["rng_mb_generated_total"] - before["rng_mb_generated_total"], 3, "whole MiB are counted")
    equal(after["rng_mb_generated_total"], after["qrngd_random_bytes_total"] // (1 << 20), "of all bytes")
    # The parser gives counters the end that their names should have.
    ok(after["wss_payloads_total"] - before["wss_payloads_total"] >= 3, "messages are counted")
    ok(after["http_requests_total"] - before["http_requests_total"] >= 3, "and requests")
    equal((after["rng_reseeds_total"], after["drbg_instance_count"]), (after["qrngd_engine_generation_total"], 1), "reseeds")
    ok(0 <= after["rng_reseed_age_ms"] < 70000, "the age of the seed")
    equal([after[name] for name in ("qrng_buffer_capacity_kb", "qrng_buffer_capacity_pct",
                                    "entropy_buffer_capacity_kb")], [0, 0, 0], "there is no buffer, and none is made up")


def test_client():
    """What entropy-client does with a slice of 2 MiB: a fetch, then messages at a pace."""
    query = "?bytes=2097152&refresh=50"
    response, body = daemon.get("/v1/data/random" + query)
    equal((response.status, len(body)), (200, 2097152), "the fetch before the flight")
    got = hear("/stream" + query, 3)
    ok(all(isinstance(message, bytes) and len(message) == 2097152 for message in got), "messages of the slice")
    equal(len({message[i:i + 16] for message in got for i in range(0, 2097152, 16)}), 3 * 131072, "no block twice")
    equal([len(message) for message in hear("/stream?refresh=10")], [2048, 2048], "2048 bytes without a slice")


def test_messages():
    for path, size in (("/bytes?refresh=10", 2048), ("/bytes?bytes=16384&refresh=10", 16384), ("/bytes?bytes=1&refresh=1", 1),
                       ("/colors?refresh=10", 2048)):
        first, second = (json.loads(message) for message in hear(path))
        data = bytes.fromhex(first["hex"])
        ok(len(data) == size and first["hex"] == data.hex() and base64.b64decode(first["base64"]) == data
           and first["hash"] == hashlib.sha256(data).hexdigest(), f"{path}: one set of bytes in three forms", first)
        ok(size == 1 or first["hash"] != second["hash"], f"{path}: then another")
    for path, size in (("/words?refresh=10", 20), ("/words?words=7776&refresh=10", 7776), ("/words?words=1&refresh=1", 1)):
        first, second = (json.loads(message) for message in hear(path))
        ok(len(first["words"].split(" ")) == size and set(first["words"].split(" ")) <= WORDS
           and first["hash"] == hashlib.sha256(first["words"].encode()).hexdigest(), f"{path}: words and their hash",
           str(first)[:300])
        ok(size == 1 or first["words"] != second["words"], f"{path}: then others")
    came = [at for _, at in asyncio.run(messages(daemon, "/stream?bytes=1&refresh=200", 6))]
    ok(came[-1] - came[0] >= 0.99, "a message every 200 ms", came)


def test_refusals():
    upgrade = {"Connection": "Upgrade", "Upgrade": "websocket", "Sec-WebSocket-Version": "13",
               "Sec-WebSocket-Key": "AAAAAAAAAAAAAAAAAAAAAA=="}
    for path, most in (("/stream?bytes=", 1 << 25), ("/bytes?bytes=", 16384), ("/colors?bytes=", 16384),
                       ("/words?words=", 7776), ("/stream?refresh=", 60000)):
        for wrong in ("", "0", "null", str(most + 1)):
            response, body = daemon.get(path + wrong, headers=upgrade)
            ok(response.status == 400 and json.loads(body)["parameter"] in path, f"400 for {path}{wrong}", body)
    for path in ("/stream", "/bytes", "/colors", "/words"):
        response, body = daemon.get(path)
        ok(response.status == 426 and response.headers["Upgrade"] == "websocket"
           and response.headers["Content-Type"] == "application/problem+json", f"{path} without a WebSocket: 426", body)


async def sip(server, count):
    """Long messages, taken by several clients slowly."""
    async def one():
        async with dial(server, "/stream?bytes=33554432&refresh=1", max_queue=1) as socket:
            message = await asyncio.wait_for(socket.recv(), 120)
            return len(message)
    return await asyncio.gather(*(one() for _ in range(count)))


def test_memory():
    """However long messages are, they take no memory."""
    release = Daemon("--threads", "1", binary=RELEASE)
    before = release.stat("VmRSS")
    equal(asyncio.run(sip(release, 4)), [1 << 25] * 4, "messages of 32 MiB")
    ok(release.stat("VmHWM") - before < 4 * 256, "in less than 256 KiB for each client", before, release.stat("VmHWM"))
    release.stop()


async def wait_long(server):
    async with dial(server, "/stream?bytes=1&refresh=4000", ping_interval=None) as socket:
        await socket.recv()
        await asyncio.wait_for(socket.recv(), PATIENCE)


async def outlast(server):
    async with dial(server, "/stream?bytes=1&refresh=60000", ping_interval=None) as socket:
        await socket.recv()
        server.signal(15)
        try:
            await asyncio.wait_for(socket.recv(), PATIENCE)
        except websockets.ConnectionClosed:
            return socket.close_code


def test_quiet():
    """A client that waits for its next message is not one that takes nothing, and is told of a stop."""
    patient = Daemon("--stall-timeout", "1")
    try:
        asyncio.run(wait_long(patient))
        ok(True, "a second message comes after four times the time-out")
    except websockets.ConnectionClosed as error:
        ok(False, "a second message comes after four times the time-out", error)
    equal(asyncio.run(outlast(patient)), 1001, "who waits for a minute is told that the daemon goes")
    equal(patient.wait(), 0, "which waits no minute for that")


test_telemetry()
test_busybox()
test_bytes()
test_pictures()
test_words_page()
test_health()
test_metrics()
test_client()
test_messages()
test_refusals()
test_memory()
test_quiet()
stop_cleanly(daemon)
done()
