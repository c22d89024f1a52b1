#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The configuration: file, environment, command line, what they refuse, and what is said of them."""

import os
import re
import subprocess
import sys

sys.dont_write_bytecode = True
from harness import CHECKED, PATIENCE, ROOT, Daemon, done, equal, ok, scratch, stop_cleanly
from settings import entry, row, settings


def qrngd(*args, **environment):
    """Runs qrngd as far as it goes without serving; returns (status, stdout, stderr)."""
    clean = {key: value for key, value in os.environ.items() if not key.startswith("QRNGD_")}
    result = subprocess.run([*CHECKED, *args], capture_output=True, text=True, errors="replace",
                            timeout=PATIENCE, stdin=subprocess.DEVNULL,
                            env={**clean, **environment}, check=False)
    return result.returncode, result.stdout, result.stderr


def written(text, name="qrngd.conf"):
    path = scratch(name)
    with open(path, "wb") as file:
        file.write(text.encode() if isinstance(text, str) else text)
    return path


def values(*args, **environment):
    """The configuration that comes of it: a list of values for each setting."""
    status, out, err = qrngd(*args, "--print-config", **environment)
    found = {}
    for name, value in re.findall(r"^([a-z0-9-]+) = (.*)$", out, re.M):
        found.setdefault(name, []).append(value)
    return found if status == 0 else {"failed": [err]}


def test_layers():
    path = written("; all of it\n[server]\nthreads = 3\n  stall-timeout=7\nlisten = [::1]:1\n"
                   "listen = unix:/tmp/x ; a socket\r\n[engine]\n# none\nengine: embedded\n")
    got = values("--config", path)
    equal((got["threads"], got["stall-timeout"], got["listen"], got["engine"]),
          (["3"], ["7"], ["[::1]:1", "unix:/tmp/x"], ["embedded"]), "the file is read")
    equal(got["drain"], ["30"], "what it leaves out has its default")
    got = values("--config", path, QRNGD_THREADS="4", QRNGD_LISTEN="127.0.0.1:5  127.0.0.1:6")
    equal((got["threads"], got["listen"]), (["4"], ["127.0.0.1:5", "127.0.0.1:6"]),
          "the environment comes before it, with lists as a whole")
    got = values("--config", path, "--threads", "5", "--listen", "127.0.0.1:7", QRNGD_THREADS="4",
                 QRNGD_LISTEN="127.0.0.1:5")
    equal((got["threads"], got["listen"]), (["5"], ["127.0.0.1:7"]), "the command line before both")
    equal(values(QRNGD_CONFIG=path)["threads"], ["3"], "the environment may name the file")
    again = written(qrngd("--print-config", "--config", path)[1], "again.conf")
    equal(values("--config", again), values("--config", path), "what is printed can be read again")


def test_mistakes():
    for text, *wanted in (
            ("[server]\nthreads = 0\n", ":2: [server] threads = 0: a number from 1 to 512"),
            ("[server]\nthreads = 0x2\n", ":2: [server] threads = 0x2: a number from 1 to 512"),
            ("[server]\n\nthreads =\n", ":3: [server] threads = : a number from 1 to 512"),
            ("[server]\nhttp2 = yes\n", ":2: [server] http2 = yes: one of off, on"),
            ("[engine]\ndevice =\n", ":2: [engine] device = : an empty value"),
            ("[server]\nlisten = 127.0.0.1\n", ":2: [server] listen = 127.0.0.1: 127.0.0.1:8080"),
            ("[server]\nspeed = 9\n", ":2: [server] speed: there is no such setting", "threads"),
            ("[server]\nthreads = 2\nthreads = 2\n", ":3: ", "line 2 has set it already"),
            ("[sever]\n", ":1: [sever]: there is no such section", "[server]", "[engine]"),
            ("[server]\nengine = auto\n", ":2: [server] engine: this setting belongs to [engine]"),
            ("threads = 2\n", ":1: threads: this stands before any [section]"),
            ("[server]\nthreads\n", ":2: neither"),
            ("[server]\n[engine\n", ":2: neither"),
            ("[server]\nthreads = 2\0\n", ":2: control characters"),
            ("[server]\nthreads = 2\x1b[31m\n", ":2: control characters"),
            ("[server]\nlisten = unix:" + "x" * 300 + "\n", ":2: a line of"),
            ("[engine]\n" + "source = /a\n" * 17, ":18: ", "at most 16"),
            ("[engine]\nengine = device\nsource = /a\n", "source /a: only the embedded")):
        path = written(text)
        status, _, err = qrngd("--check-config", path)
        ok(status == 1 and all(word in err for word in wanted) and err.count("\n") == 1,
           f"refused: {text[:40]!r}", status, err)
        ok(not wanted[0].startswith(":") or f"qrngd: {path}{wanted[0]}" in err,
           "which names the file and the line", err)
    status, _, err = qrngd("--config", written("[server]\nthreads = 0\ndrain = x\n"))
    ok(status == 1 and ":2:" in err and ":3:" in err, "all mistakes are told at once", err)
    status, _, err = qrngd("--config", written(os.urandom(100000), "noise.conf"))
    ok(status == 1 and 1 <= err.count("\n") <= 12, "but not a thousand", err[:2000])


def test_files():
    for args, *wanted in ((["--config", "/nonexistent"], "/nonexistent", "No such file"),
                          (["--check-config", "/nonexistent"], "/nonexistent"),
                          (["--check-config=/nonexistent"], "/nonexistent"),
                          (["--config", "/tmp"], "/tmp: a directory"),
                          (["--check-config", written(""), "more"], "more")):
        status, _, err = qrngd(*args)
        ok(status == 1 and all(word in err for word in wanted), " ".join(args[:2]), status, err)
    path = written("[server]\nthreads = 2\n")
    equal(qrngd("--check-config", path), (0, f"{path}: good\n", ""), "a good file is called good")
    equal(qrngd("--check-config", path, "--threads", "0")[0], 1, "with its command line")
    status, out, err = qrngd("--check-config", written(""))
    equal((status, err), (0, ""), "an empty file is good")


def test_environment():
    status, _, err = qrngd("--check-config", QRNGD_THREADS="0")
    ok(status == 1 and "QRNGD_THREADS=0: a number from 1 to 512" in err, "a bad variable", err)
    status, _, err = qrngd("--check-config", QRNGD_SOURCE="/a ", QRNGD_DRAIN="")
    ok(status == 1 and "QRNGD_DRAIN=: a number" in err, "an empty variable", err)
    status, _, err = qrngd("--check-config", QRNGD_SERVICE_HOST="10.0.0.1")
    ok(status == 0 and "QRNGD_SERVICE_HOST in the environment is no setting" in err,
       "a variable that is none is mentioned", status, err)


def test_running():
    path = written("[server]\nthreads = 1\n[engine]\nengine = embedded\n")
    daemon = Daemon("--config", path)
    equal(daemon.get("/health")[0].status, 200, "runs with a file")
    ok(len(os.listdir(f"/proc/{daemon.process.pid}/task")) < 5, "and does as it says")
    stop_cleanly(daemon)


def test_documents():
    def read(name):
        with open(os.path.join(ROOT, name), encoding="utf-8") as file:
            return file.read()

    known = settings()
    ok(len(known) > 8, "the settings are known")
    for name, wanted in (("docs/operations.md", row), ("tools/man/qrngd.conf.5", entry)):
        text = read(name)
        missing = [setting["name"] for setting in known if wanted(setting) not in text]
        equal(missing, [], f"{name} says what the table says: settings.py {wanted.__name__}")
    named = set(re.findall(r"^\| `([a-z0-9-]+)` \| .* \| .* \| .* \| .* \|$",
                           read("docs/operations.md"), re.M))
    equal(named - {setting["name"] for setting in known}, set(), "and of no setting that is none")


test_layers()
test_mistakes()
test_files()
test_environment()
test_running()
test_documents()
done()
