#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""LoKey's VirtIO service: its queue, its stream, and seeds that are mixed in, never handed on."""

import http.client
import json
import os
import re
import subprocess
import sys

sys.dont_write_bytecode = True
from harness import PATIENCE, RELEASE, ROOT, done, equal, ok, read_all, scratch, stop_cleanly, wait_until
from lokey import Lokey, noise_source

daemon = Lokey("--fifo", scratch("virtio-rng"))


def virtio(path, method="GET", body=None, of=None):
    return (of or daemon).ask("VirtIO", path, method, body)


def test_generate():
    """LoKey fills values of 31 bytes up with a zero."""
    answer = virtio("/generate")[2]
    equal(len(bytes.fromhex(answer["data"])), 32, "one value is a string of 32 bytes")
    answer = virtio("/generate?count=100")[2]
    values = [bytes.fromhex(value) for value in answer["data"]]
    equal([len(value) for value in values], [32] * 100, "100 values are an array")
    ok(len(set(values)) == 100 and len({value[31] for value in values}) > 40, "and their last bytes are no zeroes")
    for wrong in ("0", "101", "x"):
        equal(virtio(f"/generate?count={wrong}")[2]["error"], "Invalid count parameter (1-100)", f"count={wrong} is refused")


def test_never_the_same_twice():
    """With source fortuna LoKey feeds the same first five items for ever, which it began predictably."""
    seen = [value for _ in range(4) for value in virtio("/generate?count=100")[2]["data"]]
    equal(len(set(seen)), 400, "no value comes twice")
    ok("f29000b62a499fd0a9f39a6add2e7780" not in "".join(seen), "nor the one that every LoKey begins with")


def test_stream():
    for query, size in (("max_bytes=1", 1), ("max_bytes=4097&chunk_size=4096", 4097), ("max_bytes=65536&chunk_size=1", 65536)):
        status, headers, body = virtio("/stream?" + query)
        equal((status, headers["Content-Type"], headers["Transfer-Encoding"], len(body)),
              (200, "application/octet-stream", "chunked", size), f"/stream?{query}: {size} bytes, and an end")
    ok(len(set(body)) == 256, "which are random")
    for wrong in ("chunk_size=0", "chunk_size=65537", "chunk_size=x", "max_bytes=-1", "max_bytes=x"):
        status, _, answer = virtio("/stream?" + wrong)
        ok(status == 400 and wrong.split("=")[0] in answer["error"], f"/stream?{wrong} is refused, and not replaced in silence", answer)


def test_stream_of_more_than_there_is():
    """LoKey's never ends when more is asked for than its queue has."""
    virtio("/config/queue", "PUT", {"queue_size": 10})
    equal(len(virtio("/stream?max_bytes=20000000")[2]), 20000000, "20 MB out of a queue of 320 bytes")
    noisy = Lokey("--source", noise_source("noise"), "--lokey-virtio-source", "trng")
    ok(wait_until(lambda: virtio("/health", of=noisy)[0] == 200), "fed with noise alone")
    equal(len(virtio("/stream?max_bytes=3000000&chunk_size=65536", of=noisy)[2]), 3000000, "a stream goes on as the source does")
    stop_cleanly(noisy)


def test_stream_without_end():
    connection = daemon.connect()
    connection.sendall(b"GET /virtio/stream HTTP/1.1\r\nHost: localhost\r\n\r\n")
    got = 0
    while got < 8 << 20:
        got += len(connection.recv(1 << 16))
    connection.close()
    ok(True, "without max_bytes it goes on, and a client that leaves is no matter")
    equal(virtio("/health")[0], 200, "the service is well")
    connection = daemon.connect()
    connection.sendall(b"GET /virtio/stream?max_bytes=100 HTTP/1.0\r\nHost: localhost\r\n\r\n")
    equal(len(read_all(connection).split(b"\r\n\r\n", 1)[1]), 100, "HTTP/1.0 gets no chunks")
    connection.close()


def test_no_noise():
    dry = Lokey("--lokey-virtio-source", "trng")
    for path in ("/stream", "/generate"):
        status, _, answer = virtio(path, of=dry)
        ok(status == 503 and "no raw noise here" in answer["error"], f"{path}: 503 when noise alone is wanted and there is none", answer)
    stop_cleanly(dry)


def test_seeds_are_not_handed_on():
    """What somebody posts there, LoKey's virtual machines get."""
    seed = os.urandom(32)
    status, _, answer = virtio("/seed", "POST", {"seeds": [seed.hex()] * 20})
    equal((status, answer), (200, {"status": "seeded", "count": 20}), "/seed")
    got = virtio("/stream?max_bytes=1000000")[2]
    ok(seed not in got, "what is posted comes to nobody as it is")
    for body, error in ((b"{", "Invalid request body"), ({"seeds": []}, "No seeds provided"), ({"seeds": ["00" * 32]}, "Seed rejected"),
                        ({"seeds": [seed.hex(), "xx"]}, "not hex")):
        status, _, answer = virtio("/seed", "POST", body)
        ok(status == 400 and error in answer["error"], f"{str(body)[:40]}: 400", answer)
    status, _, answer = daemon.ask("VirtIO", "/seed", "POST", {"seeds": [seed.hex()]}, {"Origin": "https://evil.example"})
    equal(status, 403, "and not for pages of others")


def test_queue():
    names = ["consumed_count", "queue_current", "queue_dropped", "queue_size", "total_generated"]
    answer = virtio("/config/queue", "PUT", {"queue_size": 1000})[2]
    equal((answer["queue_size"], sorted(answer)), (1000, names), "its size can be changed")
    ok(wait_until(lambda: virtio("/config/queue")[2]["queue_current"] == 1000), "and it fills up by itself")
    before = virtio("/config/queue")[2]
    virtio("/config/queue", "PUT", {"queue_size": 10})
    after = virtio("/config/queue")[2]
    equal((after["queue_size"], after["queue_current"], after["queue_dropped"] - before["queue_dropped"]), (10, 10, 990), "a smaller one keeps the newest")
    ok(after["total_generated"] >= before["total_generated"] and after["consumed_count"] >= before["consumed_count"], "no counter goes back")
    for wrong in ({"queue_size": 9}, {"queue_size": 1000001}, {"queue_size": "10"}, {}, []):
        equal(virtio("/config/queue", "PUT", wrong)[0], 400, f"{wrong} is refused")


def test_quota():
    """What is handed out in values is paid for like all else, and nothing is fetched for headers alone."""
    program = [os.path.join(ROOT, "build/bin/qrngctl"), "key", "add", "alice", scratch("keys"), "bits-per-day=80000"]
    key = subprocess.run(program, capture_output=True, text=True, check=True).stdout.strip()
    paying = Lokey("--api-keys", scratch("keys"), "--source", noise_source("paid"), "--lokey-virtio-source", "fortuna")
    ok(wait_until(lambda: paying.ask("controller", "/health")[0] == 200), "a daemon that asks for keys")
    alice = {"Authorization": f"Bearer {key}"}
    paid, raw = 0, re.compile(rb"^qrngd_raw_bytes_total (\d+)$", re.M)

    def taken():
        return virtio("/info", of=paying)[2]["queue_current"], raw.search(paying.get("/metrics")[1])[1]

    ok(wait_until(lambda: virtio("/info", of=paying)[2]["queue_current"] == 15000), "whose queue is full")
    before = taken()
    for face in ("controller", "VirtIO"):
        connection = http.client.HTTPConnection("127.0.0.1", paying.ports[face], timeout=PATIENCE)
        connection.request("HEAD", "/generate?count=100", headers=alice)
        equal(connection.getresponse().status, 200, f"{face}: the headers alone")
        connection.close()
    equal(taken(), before, "take nothing")
    for face in ("controller", "VirtIO"):
        status, headers, answer = paying.ask(face, "/generate?count=2", headers=alice)
        paid += int(headers["Content-Length"])
        equal((status, len(answer["data"]), json.loads(paying.get("/v1/quota", headers=alice)[1])["day"]["bits"]),
              (200, 2, 8 * paid), f"{face}: each byte of an answer is paid for")
    statuses = [paying.ask(face, "/generate?count=100", headers=alice)[0] for face in ("VirtIO", "VirtIO", "controller")]
    equal(statuses, [200, 429, 429], "until no bits are left")
    stop_cleanly(paying)


def test_info():
    answer = virtio("/info")[2]
    equal((answer["status"], answer["pipe_path"]), ("running", scratch("virtio-rng")), "/info names the FIFO")
    with open(answer["pipe_path"], "rb", buffering=0) as pipe:
        ok(len(pipe.read(100)) == 100, "which is fed")
    plain = Lokey()
    ok("pipe_path" not in virtio("/info", of=plain)[2], "if there is one")
    stop_cleanly(plain)


def test_cost():
    release = Lokey("--threads", "1", binary=RELEASE)
    connection = release.connect()
    size, got = 1 << 29, 0
    before = release.cpu_ns()
    connection.sendall(f"GET /virtio/stream?max_bytes={size} HTTP/1.0\r\n\r\n".encode())
    buffer = bytearray(1 << 20)
    while count := connection.recv_into(buffer):
        got += count
    spent = (release.cpu_ns() - before) / 1e9
    ok(got > size and got / spent > 5e8, "a stream costs little", f"{got / spent / 1e9:.2f} GB in a second of CPU")
    release.stop()


def test_stop():
    """A stream without an end has one then, as others have."""
    connection = daemon.connect()
    connection.sendall(b"GET /virtio/stream HTTP/1.1\r\nHost: localhost\r\n\r\n")
    connection.recv(1 << 16)
    daemon.signal(15)
    tail = b""
    while part := connection.recv(1 << 20):
        tail = tail[-10:] + part
    ok(tail.endswith(b"\r\n0\r\n\r\n"), "chunks end properly when the daemon stops", tail[-20:])
    equal(daemon.wait(), 0, "with status 0")


test_generate()
test_never_the_same_twice()
test_stream()
test_stream_of_more_than_there_is()
test_stream_without_end()
test_no_noise()
test_seeds_are_not_handed_on()
test_queue()
test_quota()
test_info()
test_cost()
test_stop()
done()
