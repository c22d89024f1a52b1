#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Starting: what is wrong is said in one line, and what is right is quick."""

import os
import re
import resource
import socket
import subprocess
import sys
import time

sys.dont_write_bytecode = True
from harness import (PATIENCE, RELEASE, Daemon, done, equal, free_port, note, ok, refuses, scratch, skip,
                     stop_cleanly, wait_until)


# A user of no programs but this test's, since limits on processes count all of a user's.
NOBODY = 60600 + os.getpid() % 400


def refused(text, args, *wanted):
    """Status 1 and a last line with all the words; what comes before only informs."""
    status, log = refuses(*args)
    line = log.splitlines()[-1] if log else ""
    ok(status == 1 and line.startswith("qrngd: ") and all(word in line for word in wanted),
       text, f"status {status}", log)
    return log


def test_options():
    for args, *wanted in (
            (["--nonsense"], "--nonsense"),
            (["-x"], "-x"),
            (["--threads", "2", "-xyz"], "unknown option -x;"),
            (["-abc", "--threads", "2"], "unknown option -a;"),
            (["--s"], "--s may be one of several"),
            (["--device", ""], "--device :", "empty"),
            (["--help=yes"], "--help=yes"),
            (["--threads"], "--threads", "value"),
            (["--threads", "0"], "--threads 0", "1 to 512"),
            (["--threads", "-1"], "--threads -1", "1 to 512"),
            (["--threads", "2x"], "--threads 2x", "1 to 512"),
            (["--threads", "99999999999999999999"], "1 to 512"),
            (["--max-connections", "0"], "1 to 1000000"),
            (["--drain", ""], "0 to 86400"),
            (["--stall-timeout", "0"], "1 to 86400"),
            (["--engine", "quantum"], "--engine quantum", "auto, device, embedded"),
            (["--http2", "maybe"], "off, on"),
            (["--source", ""], "--source"),
            (["--listen", ""], "--listen"),
            (["extra"], "extra"),
            (["--engine", "device", "--source", "/dev/null"], "embedded")):
        log = refused(f"refused: {' '.join(args)}", args, *wanted)
        equal(log.count("\n"), 1, "in one line")


def test_addresses():
    for address in ("8080", "localhost:8080", "127.0.0.1", "127.0.0.1:", "127.0.0.1:65536",
                    "127.0.0.1:-1", "127.0.0.1:80x", "[::1]", "::1:8080x", "[::1:8080", ":8080",
                    "1.2.3:80", "unix:", "unix:" + "x" * 200, "x" * 200 + ":1"):
        refused(f"no address: {address[:30]}", ["--engine", "embedded", "--listen", address],
                "--listen", "is needed")
    for port in ("65536", "99999", "", "-1", "http"):
        refused(f"no port: {port}",
                ["--engine", "embedded", "--listen", f"127.0.0.1:{port}"], "0 to 65535")
    refused("no address of ours", ["--engine", "embedded", "--listen", "192.0.2.1:80"],
            "192.0.2.1:80")
    refused("no directory for the socket",
            ["--engine", "embedded", "--listen", "unix:/nonexistent/socket"], "No such file")


def test_port_in_use():
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        refused("a port that another program has",
                ["--engine", "embedded", "--listen", f"127.0.0.1:{port}"], str(port), "in use")
    daemon = Daemon()
    refused("a port that another qrngd has",
            ["--engine", "embedded", "--listen", f"127.0.0.1:{daemon.port}"], "in use")
    equal(daemon.get("/health")[0].status, 200, "which is not disturbed")
    daemon.stop()


def test_unix_socket():
    path = scratch("socket")
    daemon = Daemon(listen=f"unix:{path}")
    with socket.socket(socket.AF_UNIX) as connection:
        connection.connect(path)
        connection.sendall(b"GET /v1/random?bytes=9 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        ok(connection.recv(20).startswith(b"HTTP/1.1 200"), "answers on a unix socket")
    refused("a socket that another qrngd has",
            ["--engine", "embedded", "--listen", f"unix:{path}"], "in use")
    daemon.process.kill()
    daemon.wait()
    daemon = Daemon(listen=f"unix:{path}")
    ok("listening on unix:" in daemon.log(), "takes over a socket that was left behind")
    stop_cleanly(daemon)
    ok(not os.path.exists(path), "and removes it at the end")
    with open(path, "w", encoding="ascii"):
        refused("but no file of somebody's", ["--engine", "embedded", "--listen", f"unix:{path}"],
                "in use")


def is_listening(path):
    """The file is there a little sooner."""
    try:
        with socket.socket(socket.AF_UNIX) as connection:
            connection.connect(path)
        return True
    except OSError:
        return False


def test_full_standard_error():
    """A reader of the log that has stopped for good; its pipe is full from the start."""
    path = scratch("quiet-socket")
    reader, writer = os.pipe()
    os.set_blocking(writer, False)
    for size in (4096, 1):
        try:
            while os.write(writer, b"x" * size):
                continue
        except BlockingIOError:
            continue
    os.set_blocking(writer, True)
    daemon = Daemon(listen=f"unix:{path}", stderr=writer)
    ok(wait_until(lambda: is_listening(path)), "starts when standard error takes nothing")
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(PATIENCE)
        connection.connect(path)
        connection.sendall(b"GET /health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        ok(connection.recv(20).startswith(b"HTTP/1.1 200"), "answers")
    os.set_blocking(reader, False)
    try:
        while os.read(reader, 1 << 16):
            continue
    except BlockingIOError:
        pass
    equal(daemon.stop(), 0, "stops")
    said = os.read(reader, 1 << 16).decode()
    ok(re.search(r"qrngd: lines dropped, .*: [1-9]\n(.*\n)*qrngd: stopping", said),
       "and says how much was not said", said)
    os.close(reader)
    os.close(writer)


def test_devices():
    free = ["--listen", "127.0.0.1:0"]
    refused("no device", [*free, "--engine", "device", "--device", "/nonexistent"],
            "/nonexistent", "No such file", "module")
    refused("a device that is none", [*free, "--engine", "device", "--device", "/etc/passwd"],
            "/etc/passwd", "not a character device")
    refused("no source", [*free, "--engine", "embedded", "--source", "/nonexistent"],
            "source /nonexistent", "No such file")
    refused("a directory as a source", [*free, "--engine", "embedded", "--source", "/tmp"],
            "source /tmp")
    refused("nothing as a source", [*free, "--engine", "embedded", "--source", "/dev/null"],
            "source /dev/null", "never anything")
    twin = scratch("twin")
    with open(twin, "wb") as file:
        file.write(bytes(range(256)) * 16)
    os.symlink(twin, twin + "-link")
    for one, other in ((twin, twin), (twin, twin + "-link"), ("/dev/urandom", "/dev/urandom")):
        refused("one source twice", [*free, "--engine", "embedded", "--source", one, "--source",
                                     "/dev/zero", "--source", other],
                f"source {other}: the same as source {one}")
    refused("one good source and a bad one",
            [*free, "--engine", "embedded", "--source", "/dev/urandom", "--source", "/nonexistent"],
            "/nonexistent")
    daemon = Daemon("--engine", "auto", "--device", "/nonexistent")
    ok(re.search(r"engine: embedded .*auto.*/nonexistent", daemon.log()),
       "auto without a device is embedded, and says so", daemon.log())
    stop_cleanly(daemon)


def limited(number, limit, *args):
    """Runs qrngd as an ordinary user with a limit; returns (status, stderr)."""
    def become_ordinary():
        resource.setrlimit(number, (limit, limit))
        os.setgroups([])
        os.setgid(NOBODY)
        os.setuid(NOBODY)

    # Opened here, as that user need not be able to get to the build's folder.
    with open(RELEASE, "rb") as program:
        try:
            result = subprocess.run([f"/proc/self/fd/{program.fileno()}", *args],
                                    pass_fds=[program.fileno()], capture_output=True, text=True,
                                    timeout=PATIENCE, preexec_fn=become_ordinary, check=False)
        except subprocess.TimeoutExpired:
            return None, "it hangs"
    return result.returncode, result.stderr


def test_too_few_threads():
    if os.getuid():
        skip("too few threads", "only root can become a user who has none")
        return
    folder = scratch("ordinary")
    os.mkdir(folder)
    os.chmod(os.path.dirname(folder), 0o755)
    os.chown(folder, NOBODY, NOBODY)
    path = os.path.join(folder, "socket")
    for _ in range(10):
        status, log = limited(resource.RLIMIT_NPROC, 20, "--engine", "embedded", "--threads",
                              "200", "--listen", f"unix:{path}")
        if not (status == 1 and re.search(r"threads 200: only \d+ can be started\n$", log)):
            break
    else:
        ok(not os.path.exists(path), "too few threads are a line and status 1")
        return
    ok(False, "too few threads are a line and status 1", f"status {status}", log)


def test_no_thread_for_a_feeder():
    """The workers have theirs by then, so that it stops in good order; but not as if all were well."""
    if os.getuid():
        skip("no thread for a FIFO or for queues", "only root can become a user who has none")
        return
    folder = scratch("feeders")
    os.mkdir(folder)
    os.chown(folder, NOBODY, NOBODY)
    path = os.path.join(folder, "socket")
    for args, line in ((("--fifo", os.path.join(folder, "fifo")), "fifo: no thread could be started"),
                       (("--lokey=prefix",), "queues: no thread to fill them can be started")):
        # The main thread and the worker's.
        status, log = limited(resource.RLIMIT_NPROC, 2, "--engine", "embedded", "--threads", "1",
                              "--listen", f"unix:{path}", *args)
        ok(status == 1 and line in log.replace(f" {folder}/fifo", "") and "stopping" in log,
           f"{line}: a line and status 1", f"status {status}", log)
        equal(os.listdir(folder), [], "and nothing is left behind")


def test_locked_keys():
    daemon = Daemon("--threads", "1", binary=RELEASE)
    ok("can't be locked" in daemon.log() or daemon.stat("VmLck") >= 24,
       "memory for keys is locked", f"{daemon.stat('VmLck')} kB", daemon.log())
    daemon.stop()
    if os.getuid():
        skip("too little memory to lock", "only root can become a user who may not lock it")
        return
    _, log = limited(resource.RLIMIT_MEMLOCK, 0, "--engine", "embedded", "--threads", "1",
                     "--source", "/nonexistent")
    ok(re.match(r"qrngd: keys .* 24 KiB can't be locked; see RLIMIT_MEMLOCK\nqrngd: version", log),
       "or else that is said, and no reason not to start", log)


def test_fips_mode():
    status, log = refuses("--engine", "embedded", "--listen", "127.0.0.1:0",
                          LIBGCRYPT_FORCE_FIPS_MODE="1")
    ok(status == 1 and re.fullmatch(r"qrngd: .*FIPS mode.*\n", log),
       "libgcrypt's FIPS mode is a line and status 1", f"status {status}", log)


def test_too_few_files():
    if os.getuid():
        skip("too few open files", "only root can become a user who may not raise the limit")
        return
    status, log = limited(resource.RLIMIT_NOFILE, 64, "--engine", "embedded", "--threads", "2",
                          "--listen", "127.0.0.1:0")
    ok(status == 1 and re.search(r"limit is 64 open files, but threads = 2 needs 83\n$", log),
       "too few open files are a line and status 1", f"status {status}", log)


def test_information():
    result = subprocess.run([RELEASE, "--help"], capture_output=True, text=True, check=False)
    help_text = result.stdout
    options = re.findall(r"^  (--[a-z0-9-]+)", help_text, re.M)
    ok(result.returncode == 0 and "--listen" in options and len(options) >= 10, "--help")
    page = os.path.join(os.path.dirname(__file__), "../../tools/man/qrngd.8")
    with open(page, encoding="utf-8") as manual:
        text = manual.read().replace("\\-", "-")
    equal([option for option in options if option not in text], [],
          "the manual page knows every option")
    result = subprocess.run([RELEASE, "--version"], capture_output=True, text=True, check=False)
    ok(re.match(r"qrngd \d+\.\d+\.\d+ \(libh2o \d", result.stdout), "--version", result.stdout)
    ok(re.search(r"offer HTTP/2, .*\s\(default:\s(on|off)\b", help_text), "and whether HTTP/2 is on unasked")
    daemon = Daemon("--listen", "[::1]:0")
    for words in (r"version \d+\.\d+\.\d+, libh2o \d", r"protocols: HTTP/1\.1",
                  r"engine: embedded", r"source: kernel \(healthy\)",
                  r"listening on http://127\.0\.0\.1:\d+", r"listening on http://\[::1\]:\d+"):
        ok(wait_until(lambda w=words: re.search(rf"^qrngd: {w}", daemon.log(), re.M)),
           f"says {words}", daemon.log())
    stop_cleanly(daemon)


def test_start_time():
    times = []
    # A busy machine may need some tries until nobody is kept waiting.
    while len(times) < 10 or min(times) >= 100 and len(times) < 100:
        port = free_port()
        started = time.monotonic()
        daemon = subprocess.Popen([RELEASE, "--engine", "embedded", "--listen",
                                   f"127.0.0.1:{port}"], stderr=subprocess.DEVNULL)
        while True:
            try:
                with socket.create_connection(("127.0.0.1", port)) as connection:
                    connection.sendall(b"GET /v1/random?bytes=1 HTTP/1.0\r\n\r\n")
                    answer = connection.recv(4096)
                break
            except ConnectionRefusedError:
                if time.monotonic() - started > PATIENCE:
                    answer = b""
                    break
                time.sleep(0.0005)
        times.append((time.monotonic() - started) * 1000)
        daemon.terminate()
        daemon.wait()
        if not answer.startswith(b"HTTP/1.1 200"):
            break
    times.sort()
    note(f"start to first answered byte: median {times[len(times) // 2]:.1f} ms, "
         f"least {times[0]:.1f}, most {times[-1]:.1f} (the bar is 100)")
    ok(len(times) >= 10 and times[0] < 100, "the first byte is answered within 100 ms of the start")


test_options()
test_addresses()
test_port_in_use()
test_unix_socket()
test_full_standard_error()
test_devices()
test_too_few_threads()
test_no_thread_for_a_feeder()
test_too_few_files()
test_locked_keys()
test_fips_mode()
test_information()
test_start_time()
done()
