# SPDX-License-Identifier: MIT
"""Starts qrngd on a free port, talks to it, and speaks TAP about it."""

import atexit
import http.client
import json
import os
import random
import re
import resource
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
RELEASE = os.path.join(ROOT, "build/bin/qrngd")
# What looks for mistakes while most tests run: ASan with UBSan, TSan, or valgrind's memcheck.
CHECKER = os.environ.get("CHECKER", "asan")
FAULT = os.path.join(ROOT, "build/tests/http/fault.so")
# What the daemon draws from: AES where the processor has instructions for it.
with open("/proc/cpuinfo", encoding="ascii", errors="replace") as cpuinfo:
    GENERATOR = "aes256-ctr" if re.search(r"^(flags|Features)\b.*\baes\b", cpuinfo.read(), re.M) else "chacha20"
# A limit for things that should be quick: only a hang ever reaches it.
PATIENCE = {"asan": 300, "tsan": 600, "memcheck": 1200}[CHECKER]

_count = 0
_failed = 0
_running = []
_scratch = tempfile.mkdtemp(prefix="qrngd-test-")
_reports = os.path.join(_scratch, "reports")
os.mkdir(_reports)
MEMCHECK = ["valgrind", "--quiet", "--error-exitcode=99", "--leak-check=full",
            "--errors-for-leak-kinds=definite", "--show-leak-kinds=definite", "--max-threads=600",
            "--suppressions=" + os.path.join(ROOT, "tests/http/memcheck.supp"),
            f"--log-file={_reports}/memcheck-%p"]
# The words that start a daemon as CHECKER wants it.
CHECKED = {"asan": [os.path.join(ROOT, "build/asan/qrngd")],
           "tsan": [os.path.join(ROOT, "build/tsan/qrngd")],
           "memcheck": [*MEMCHECK, RELEASE]}[CHECKER]
# Valgrind makes code as it goes and TSan writes files of its own, which the daemon's sandbox forbids.
UNBOXED = {} if CHECKER == "asan" else {"QRNGD_SANDBOX": "off"}
CHECKER_OPTIONS = {
    "ASAN_OPTIONS": "abort_on_error=0:exitcode=99",
    "UBSAN_OPTIONS": "halt_on_error=1:print_stacktrace=1",
    "LSAN_OPTIONS": "print_suppressions=0:suppressions=" + os.path.join(ROOT, "tests/http/lsan.supp"),
    # The libraries were not built for it, so that it can't see what they do to memory.
    "TSAN_OPTIONS": (f"exitcode=99:ignore_noninstrumented_modules=1:log_path={_reports}/tsan:suppressions="
                     + os.path.join(ROOT, "tests/http/tsan.supp")),
}


def ok(passed, text, *diagnostics):
    global _count, _failed
    _count += 1
    print(f"{'ok' if passed else 'not ok'} {_count} - {text}", flush=True)
    if not passed:
        _failed += 1
        for line in diagnostics:
            note(line)
    return passed


def equal(got, wanted, text):
    return ok(got == wanted, text, f"got {got!r}", f"wanted {wanted!r}")


def note(text):
    for line in str(text).splitlines():
        print(f"# {line}", flush=True)


def skip(text, reason):
    global _count
    _count += 1
    print(f"ok {_count} - {text} # SKIP {reason}", flush=True)


def reported():
    """What a checker that writes files has found so far; "--" is valgrind's own trouble, as with new system calls."""
    lines = []
    for name in sorted(os.listdir(_reports)):
        with open(os.path.join(_reports, name), encoding="utf-8", errors="replace") as file:
            lines += [line for line in file if not line.startswith("--")]
    return "".join(lines)


def done():
    if CHECKER != "asan":
        found = reported()
        ok(not found, f"{CHECKER} has found nothing", found)
    print(f"1..{_count}", flush=True)
    sys.exit(1 if _failed else 0)


def scratch(name):
    return os.path.join(_scratch, name)


def replace_files(sources, targets):
    """Puts copies of @sources in the places of @targets, each at once, as whoever renews a certificate does."""
    for source, target in zip(sources, targets):
        shutil.copyfile(source, target + ".new")
        os.rename(target + ".new", target)


class Local(http.client.HTTPConnection):
    """HTTP over a unix socket."""

    def __init__(self, path):
        super().__init__("localhost", timeout=PATIENCE)
        self.path = path

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self.path)


def wait_until(condition, limit=PATIENCE):
    """Asks again and again until the answer is true or the limit has passed."""
    end = time.monotonic() + limit
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.02)
    return False


def free_port():
    """Outside of what the kernel gives to whoever asks for any: it must not be taken in between."""
    while True:
        with socket.socket() as attempt:
            try:
                attempt.bind(("127.0.0.1", random.randrange(20000, 30000)))
            except OSError:
                continue
            return attempt.getsockname()[1]


def certificate(name):
    """Makes NAME.pem and NAME.key for this machine, signed by itself; returns both paths."""
    pem, key = scratch(name + ".pem"), scratch(name + ".key")
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
                    "-nodes", "-keyout", key, "-out", pem, "-days", "30", "-subj", f"/CN={name}",
                    "-addext", "subjectAltName=IP:127.0.0.1"],
                   check=True, capture_output=True, timeout=PATIENCE)
    return pem, key


class Daemon:
    """A qrngd of its own; the port is the one it says it got. It is CHECKED unless a test measures it."""

    def __init__(self, *args, binary=None, listen="127.0.0.1:0", faults=None,
                 stderr=None, limits=(), under=(), keep=()):
        self.log_path = scratch(f"log-{time.monotonic_ns()}")
        environment = {**os.environ, **CHECKER_OPTIONS, **({} if binary else UNBOXED)}
        if faults:
            environment.update(LD_PRELOAD=FAULT, FAULT_DIR=faults.folder)
        program = [binary] if binary else CHECKED
        self.started = time.monotonic()
        with open(self.log_path, "wb") as log:
            self.process = subprocess.Popen(
                [*under, *program, *(["--listen", listen] if listen else []), "--engine", "embedded",
                 *args], pass_fds=keep,
                stderr=log if stderr is None else stderr, stdin=subprocess.DEVNULL, env=environment,
                preexec_fn=lambda: [resource.setrlimit(what, (most, most)) for what, most in limits])
        _running.append(self)
        self.port = None
        if stderr is None:
            wait_until(self._is_up)

    def _is_up(self):
        # Looked at once, or a line that comes meanwhile would hide the one before it.
        log = self.log()
        found = re.search(r"listening on http://\S+?:(\d+)[\n\",]", log)
        if found:
            self.port = int(found.group(1))
        return found or "listening on unix:" in log or "listening on https:" in log or self.process.poll() is not None

    def log(self):
        with open(self.log_path, encoding="utf-8", errors="replace") as log:
            return log.read()

    def connect(self, receive_buffer=None):
        connection = socket.socket()
        if receive_buffer:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        connection.settimeout(PATIENCE)
        connection.connect(("127.0.0.1", self.port))
        return connection

    def http(self):
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)

    def get(self, path, method="GET", body=None, headers=None):
        """Returns (response, body) of one request on a connection of its own."""
        connection = self.http()
        try:
            connection.request(method, path, body=body, headers=headers or {})
            response = connection.getresponse()
            return response, response.read()
        finally:
            connection.close()

    def health(self):
        response, body = self.get("/v1/health")
        return response.status, json.loads(body)

    def signal(self, number):
        self.process.send_signal(number)

    def wait(self, limit=PATIENCE):
        try:
            return self.process.wait(limit)
        except subprocess.TimeoutExpired:
            return None

    def stop(self):
        """Returns the exit status after SIGTERM."""
        if self.process.poll() is None:
            self.signal(signal.SIGTERM)
        return self.wait()

    def stat(self, field):
        """A field of /proc/PID/status in kB."""
        with open(f"/proc/{self.process.pid}/status", encoding="ascii") as status:
            return int(re.search(rf"^{field}:\s+(\d+)", status.read(), re.M).group(1))

    def ticks(self):
        """CPU time of all threads in clock ticks."""
        with open(f"/proc/{self.process.pid}/stat", encoding="ascii") as stat:
            fields = stat.read().rsplit(")", 1)[1].split()
        return int(fields[11]) + int(fields[12])

    def cpu_ns(self):
        """CPU time of all threads, finer than ticks() but only of those that still run."""
        total = 0
        for task in os.listdir(f"/proc/{self.process.pid}/task"):
            with open(f"/proc/{self.process.pid}/task/{task}/schedstat", encoding="ascii") as stat:
                total += int(stat.read().split()[0])
        return total

    def descriptors(self):
        return len(os.listdir(f"/proc/{self.process.pid}/fd"))


class Faults:
    """Switches what fault.c does to a release binary; a sanitizer wants to be loaded first."""

    def __init__(self):
        self.folder = tempfile.mkdtemp(dir=_scratch)

    def on(self, name):
        with open(os.path.join(self.folder, name), "ab") as file:
            file.write(b"!")

    def off(self, name):
        os.remove(os.path.join(self.folder, name))


def read_all(connection):
    """Everything until the peer closes."""
    parts = []
    while True:
        part = connection.recv(1 << 20)
        if not part:
            return b"".join(parts)
        parts.append(part)


def send_raw(daemon, data):
    """Sends bytes as they are and returns all that comes back until the close."""
    with daemon.connect() as connection:
        connection.sendall(data)
        try:
            return read_all(connection)
        except ConnectionResetError:
            return b""


def refuses(*args, **environment):
    """Runs qrngd with arguments that must not start; returns (status, stderr)."""
    try:
        result = subprocess.run([*CHECKED, *args], capture_output=True, text=True, errors="replace",
                                timeout=PATIENCE, stdin=subprocess.DEVNULL,
                                env={**os.environ, **CHECKER_OPTIONS, **UNBOXED, **environment})
    except subprocess.TimeoutExpired:
        return None, "it hangs"
    return result.returncode, result.stderr


def stop_cleanly(daemon):
    """A sanitizer that has found something changes the exit status."""
    status = daemon.stop()
    ok(status == 0, "stops with status 0", f"status {status}", daemon.log())


@atexit.register
def _clean_up():
    for daemon in _running:
        if daemon.process.poll() is None:
            daemon.process.kill()
            daemon.process.wait()
    shutil.rmtree(_scratch, ignore_errors=True)
