# SPDX-License-Identifier: MIT
"""What LoKey's interface costs. The bars are LoKey's own figures, by CPU time, four or ten times
as good; every byte is a fresh one."""

import json
import os
import tempfile
import threading
import time

from http_cost import CLIENTS, ROUNDS, connect, least, load, qrngd, work

LONG = b'{"format": "uint8", "limit": 100000, "source": "fortuna"}'
ORDER = {"format": "binary", "limit": 64, "source": "fortuna"}
POST = f"""wrk.method = "POST"
wrk.body = {json.dumps(json.dumps(ORDER))}
"""
# Members that are not known are ignored.
ANEW = POST + """local count = 0
request = function()
	count = count + 1
	return wrk.format(nil, nil, nil, wrk.body:sub(1, -2) .. ', "count": ' .. count .. '}')
end
"""
MIB = 1 << 20
GB = 1000 * 1000 * 1000


def order(daemon, text):
    """Rounds of load() with a script for wrk."""
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as script:
        script.write(text)
        script.flush()
        url = f"http://127.0.0.1:{daemon.port}/api/v1/data"
        return [load(daemon, url, CLIENTS, ["-s", script.name]) for _ in range(ROUNDS)]


def orders(daemon):
    """64 bytes out of the queue, again and again: most come from the generator behind it."""
    rounds = order(daemon, POST)
    yield "LoKey: POST for 64 bytes", max(count / wall for count, _, wall in rounds), "requests/s"
    yield ("LoKey: POST for 64 bytes", min(cpu / count for count, cpu, _ in rounds) * 1e6,
           "us CPU/request", "<=", 6)
    yield ("LoKey: the same, in other words each time",
           min(cpu / count for count, cpu, _ in order(daemon, ANEW)) * 1e6, "us CPU/request")


def drain(path, size):
    """Reads as much of a FIFO."""
    buffer = bytearray(1 << 17)
    with open(path, "rb", buffering=0) as fifo:
        while size > 0:
            size -= fifo.readinto(buffer)


def swallow(daemon, path):
    """Takes an answer that is too long to be kept; by HTTP/1.0, so that it comes without chunks."""
    buffer = bytearray(MIB)
    with connect(daemon.port) as connection:
        connection.sendall(f"GET {path} HTTP/1.0\r\n\r\n".encode())
        while connection.recv_into(buffer):
            continue


def generated(daemon):
    """Fortuna's longest answers."""
    url = f"http://127.0.0.1:{daemon.port}/fortuna/generate?size={MIB}"
    rounds = [load(daemon, url, 8) for _ in range(ROUNDS)]
    yield ("LoKey: Fortuna, 1 MiB in hexadecimal", max(count / cpu for count, cpu, _ in rounds),
           "MiB/s CPU", ">=", 1200)


def fifo():
    """What a reader on this machine gets."""
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "fifo")
        daemon = qrngd("--threads", "1", "--fifo", path)
        drain(path, MIB)
        yield "FIFO", 1 / least(daemon, lambda: drain(path, GB)), "GB/s CPU", ">=", 1
        daemon.stop()


def start():
    """Start to the first byte of Fortuna, which has none without a seed."""
    times = []
    for _ in range(ROUNDS):
        started = time.monotonic()
        daemon = qrngd("--lokey=prefix")
        daemon.get("/fortuna/generate?size=1")
        times.append((time.monotonic() - started) * 1000)
        daemon.stop()
    yield "LoKey: start to first seeded byte", min(times), "ms", "<=", 100


def wait_for(daemon, queues):
    """Until they are full."""
    while True:
        state = json.loads(daemon.get("/api/v1/status"))
        if all(state[queue]["queue_percentage"] == 100 for queue in queues):
            break
        time.sleep(0.05)


def flow(path):
    """Noise for a FIFO, without an end."""
    end = os.open(path, os.O_RDWR)
    while True:
        os.write(end, os.urandom(65536))


def memory():
    """With queues of the default sizes, full, and the longest answers."""
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "noise")
        os.mkfifo(path)
        threading.Thread(target=flow, args=[path], daemon=True).start()
        daemon = qrngd("--lokey=prefix", "--source", path)
        wait_for(daemon, ("trng", "fortuna", "virtio"))
        daemon.get("/api/v1/data", LONG)
        daemon.get(f"/fortuna/generate?size={MIB}")
        yield "LoKey: all services", daemon.resident_mib(), "MiB resident at most", "<=", 48
        daemon.stop()


def lokey():
    """Everything, in the form that http() has it."""
    daemon = qrngd("--threads", "1", "--lokey=prefix")
    wait_for(daemon, ("fortuna", "virtio"))
    yield from orders(daemon)
    yield from work(daemon, "/api/v1/data", "LoKey: 100,000 uint8 as JSON", 3, LONG)
    yield from generated(daemon)
    path = f"/virtio/stream?max_bytes={GB}&chunk_size=65536"
    yield "LoKey: stream", 1 / least(daemon, lambda: swallow(daemon, path)), "GB/s CPU", ">=", 1
    daemon.stop()
    yield from fifo()
    yield from memory()
    yield from start()
