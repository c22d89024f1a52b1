# SPDX-License-Identifier: MIT
"""What HTTP costs the daemon, beside what it costs its library alone, and the bars for it.

Both servers have one thread and take turns, and what is compared are neighbours: a busy
machine is as busy for one as for the other.
"""

import itertools
import os
import re
import signal
import statistics
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/http"))
from crowd import LONG, REQUEST, answered, can_have, connect, disperse, gather  # noqa: E402

QRNGD = ROOT / "build/bin/qrngd"
CONSTANT = ROOT / "build/bench/constant"
TICK = os.sysconf("SC_CLK_TCK")
SIZES = (64, 4096, 65536, 1 << 20)
PAIRS = 11
ROUNDS = 5
SECONDS = 1
# Of what costs little.
TURN = 0.05
TURNS_SECONDS = 3
# So high that nobody is refused, but looked up and charged.
LIMITS = ("--rate-requests", "1000000", "--rate-bytes", str(1 << 28))
CLIENTS = 64
IDLE = 10000
# The library adds these by itself.
OWN_HEADERS = {"date", "connection", "content-length", "server"}


class Server:
    """A process that listens on a port of 127.0.0.1."""

    def __init__(self, process, port):
        self.process = process
        self.url = f"http://127.0.0.1:{port}/v1/random?bytes="
        self.port = port

    def cpu_seconds(self):
        """Of all threads that still run."""
        tasks = Path(f"/proc/{self.process.pid}/task").iterdir()
        return sum(int((task / "schedstat").read_text().split()[0]) for task in tasks) / 1e9

    def resident_mib(self, field="VmHWM"):
        """Resident now (VmRSS), or at the most so far."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.search(rf"{field}:\s+(\d+)", status)[1]) / 1024

    def get(self, path, body=None):
        """What comes, in the end; with a body it is a POST."""
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", body) as answer:
            return answer.read()

    def stop(self):
        self.process.terminate()
        self.process.wait()


def qrngd(*options):
    """A qrngd with the embedded engine."""
    process = subprocess.Popen([QRNGD, "--listen", "127.0.0.1:0", "--engine", "embedded", *options],
                               stderr=subprocess.PIPE, text=True)
    for line in process.stderr:
        if found := re.search(r"listening on http://127.0.0.1:(\d+)", line):
            return Server(process, int(found[1]))
    sys.exit("bench: qrngd did not start")


def constant(daemon):
    """The library alone, with the headers that the daemon gives."""
    with urllib.request.urlopen(daemon.url + "64") as answer:
        headers = [(name.lower(), value) for name, value in answer.getheaders()]
    process = subprocess.Popen([CONSTANT, "1"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                               text=True)
    process.stdin.write("".join(f"{name}: {value}\n" for name, value in headers
                                if name not in OWN_HEADERS) + "\n")
    process.stdin.flush()
    return Server(process, int(process.stdout.readline()))


def load(server, path, clients=CLIENTS, options=()):
    """(requests, server's CPU seconds, seconds) of one round of wrk."""
    before = server.cpu_seconds()
    output = subprocess.run(["wrk", "-t1", f"-c{clients}", f"-d{SECONDS}s", *options, path],
                            capture_output=True, text=True, check=True).stdout
    used = server.cpu_seconds() - before
    requests, seconds = re.search(r"(\d+) requests in ([\d.]+)s", output).groups()
    if re.search(r"Non-2xx", output):
        sys.exit(f"bench: wrk saw errors\n{output}")
    return int(requests), used, float(seconds)


def compare(daemon, library, size):
    """The daemon and its library in turns."""
    clients = CLIENTS if size <= 65536 else 8
    rounds = [[load(server, server.url + str(size), clients) for server in (daemon, library)]
              for _ in range(PAIRS)]
    name = f"HTTP {size} bytes"
    mine = [pair[0] for pair in rounds]
    yield name, max(count / wall for count, _, wall in mine), "requests/s"
    yield name, min(cpu / count for count, cpu, _ in mine) * 1e6, "us CPU/request"
    yield name, min(cpu / count / size for count, cpu, _ in mine) * 1e9, "s CPU/GB"
    if size == SIZES[0]:
        yield (f"{name}, CPU of the library alone",
               statistics.median(a[1] / a[0] * b[0] / b[1] for a, b in rounds), "times", "<=", 1.15)
    if size >= 1 << 20:
        yield (f"{name}, throughput of the library alone",
               statistics.median(a[0] / a[2] * b[2] / b[0] for a, b in rounds), "times", ">=", 0.75)


def take_turns(servers, path):
    """CPU seconds of each for a request, under loads of which one runs at a time."""
    before = [server.cpu_seconds() for server in servers]
    wrk = ["wrk", "-t1", f"-c{CLIENTS}", f"-d{TURNS_SECONDS}s"]
    loads = [subprocess.Popen([*wrk, server.url + path], stdout=subprocess.PIPE, text=True)
             for server in servers]
    for process in loads:
        process.send_signal(signal.SIGSTOP)
    end = time.monotonic() + TURNS_SECONDS
    for process in itertools.cycle(loads):
        if time.monotonic() > end:
            break
        process.send_signal(signal.SIGCONT)
        time.sleep(TURN)
        process.send_signal(signal.SIGSTOP)
    for process in loads:
        process.send_signal(signal.SIGCONT)
    output = [process.communicate()[0] for process in loads]
    if any("Non-2xx" in text for text in output):
        sys.exit(f"bench: wrk saw errors\n{output}")
    used = [server.cpu_seconds() - start for server, start in zip(servers, before)]
    return [seconds / int(re.search(r"(\d+) requests in", text)[1])
            for seconds, text in zip(used, output)]


def confined():
    """What the sandbox and limits cost: a daemon that has them beside one that has not.

    That is little, so they take short turns, in which this machine is as busy for both; and
    they are started anew for each round, since where things lie in memory also costs or saves.
    """
    figures = []
    for number in range(PAIRS):
        pair = [qrngd("--threads", "1", *LIMITS), qrngd("--threads", "1", "--sandbox", "off")]
        ahead = number % 2
        costs = take_turns(pair[::-1] if ahead else pair, str(SIZES[0]))
        figures.append(costs[ahead] / costs[1 - ahead])
        for server in pair:
            server.stop()
    yield (f"HTTP {SIZES[0]} bytes, CPU of it without sandbox and limits",
           statistics.median(figures), "times", "<=", 1.03)


def least(daemon, do):
    """CPU seconds of the daemon for what is done, the least of several times."""
    figures = []
    for _ in range(ROUNDS):
        before = daemon.cpu_seconds()
        do()
        figures.append(daemon.cpu_seconds() - before)
    return min(figures)


def work(daemon, path, name, bar, body=None):
    """CPU time of one answer, the least of several."""
    def four():
        for _ in range(4):
            daemon.get(path, body)
    yield name, least(daemon, four) / 4 * 1000, "ms CPU", "<=", bar


def first_bytes(daemon):
    """From the request for 100 MiB to the first bytes of it."""
    figures = []
    for _ in range(ROUNDS):
        with connect(daemon.port) as connection:
            connection.sendall(REQUEST)
            connection.recv(4096)
            started = time.perf_counter()
            connection.sendall(LONG)
            connection.recv(4096)
            figures.append((time.perf_counter() - started) * 1000)
    yield "100 MiB, first bytes", min(figures), "ms", "<=", 5


def memory():
    """64 clients who take 100 MiB slowly."""
    daemon = qrngd("--threads", "1")
    daemon.get("/v1/random?bytes=1000000")
    before = daemon.resident_mib()
    crowd = gather(daemon.port, CLIENTS, LONG, receive_buffer=4096)
    answered(crowd)
    time.sleep(0.5)
    yield (f"{CLIENTS} clients with 100 MiB each",
           (daemon.resident_mib() - before) / CLIENTS * 1024, "KiB for each", "<=", 256)
    disperse(crowd)
    daemon.stop()


def latency(daemon):
    """99th percentile of 64 bytes in ms."""
    output = subprocess.run(["wrk", "-t1", "-c1", f"-d{SECONDS}s", "--latency", daemon.url + "64"],
                            capture_output=True, text=True, check=True).stdout
    value, unit = re.search(r"99%\s+([\d.]+)(us|ms|s)", output).groups()
    return float(value) * {"us": 0.001, "ms": 1, "s": 1000}[unit]


def idle():
    """10,000 who say nothing, and 1,000 each who read nothing and ask half."""
    if not can_have(IDLE):
        return
    daemon = qrngd("--threads", "1", "--max-connections", str(IDLE + 100), "--idle-timeout", "3600")
    alone = min(latency(daemon) for _ in range(ROUNDS))
    crowd = gather(daemon.port, IDLE, REQUEST)
    answered(crowd)
    yield f"{IDLE} idle connections", daemon.resident_mib("VmRSS"), "MiB resident", "<=", 250
    beside = min(latency(daemon) for _ in range(ROUNDS))
    yield "64 bytes beside them, 99th percentile", beside, "ms", "<=", 5
    yield "64 bytes beside them, of that alone", beside / alone, "times", "<=", 3
    disperse(crowd)
    crowd = gather(daemon.port, 1000, LONG, receive_buffer=4096)
    crowd += gather(daemon.port, 1000, b"GET /v1/random?bytes=64 HTTP/1.1\r\nHost: ")
    answered(crowd[:1000])
    beside = min(latency(daemon) for _ in range(ROUNDS))
    yield "beside 1000 slow, 1000 half requests", beside / alone, "times", "<=", 3
    disperse(crowd)
    daemon.stop()


def answers():
    """What the longer answers take."""
    daemon = qrngd("--threads", "1")
    daemon.get("/v1/random?bytes=64")
    yield from first_bytes(daemon)
    yield from work(daemon, "/v1/image/random?width=1024&height=1024", "random PNG, 1024x1024", 15)
    yield from work(daemon, "/v1/image/heatmap?width=1024&height=1024", "heat map, 1024x1024", 30)
    yield from work(daemon, "/v1/integers?min=0&max=18446744073709551615&count=100000",
                    "100,000 uint64 as JSON", 5)
    daemon.stop()


def http():
    """Everything: (what, value, unit), with a bar (what, value, unit, relation, bar)."""
    daemon = qrngd("--threads", "1")
    library = constant(daemon)
    for size in SIZES:
        yield from compare(daemon, library, size)
    yield f"{CLIENTS} clients, up to 1 MiB each", daemon.resident_mib(), "MiB resident at most"
    library.stop()
    yield from confined()
    daemon.stop()
    yield from answers()
    yield from memory()
    yield from idle()
