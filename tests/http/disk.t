#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A full disk: what cannot be written down is refused or told, no line is left half, and all else goes on."""

import json
import os
import resource
import shutil
import signal
import subprocess
import sys

sys.dont_write_bytecode = True
from harness import ROOT, Daemon, done, equal, ok, scratch, skip, stop_cleanly, wait_until

QRNGCTL = os.path.join(ROOT, "build/bin/qrngctl")
ROOM = 20000
FOREVER = resource.RLIM_INFINITY


def lines(path):
    with open(path, "rb") as file:
        return file.read().split(b"\n")


def is_json(line):
    try:
        return isinstance(json.loads(line), dict)
    except ValueError:
        return False


def is_whole(path):
    """Every line is an object, and the last has its end."""
    *whole, rest = lines(path)
    return rest == b"" and all(map(is_json, whole))


def test_full(name, folder, fill, free):
    """Signed answers, until there is no room for what is said of them; then some again."""
    public, access = os.path.join(folder, "public.log"), os.path.join(folder, "access.log")
    # Lines of the access log come in the order of the answers, so that each has been written with the next.
    daemon = Daemon("--threads", "1", "--public-log", public, "--access-log", access, "--log-format", "json")
    fill(daemon)
    answers = []
    while answers.count(503) < 20 and len(answers) < 1000:
        response, body = daemon.get("/v1/random?bytes=16&signed=1")
        answers.append(response.status)
        if response.status != 200 and json.loads(body)["detail"] != "public results cannot be logged now":
            answers.append(body)
    good = answers.count(200)
    ok(good > 5 and set(answers) == {200, 503}, f"{name}: {good} signed answers, and then 503 that says why",
       answers)
    ok(is_whole(public), f"{name}: no line of the public log is left half", lines(public)[-2:])
    equal(len(lines(public)) - 1, good, f"{name}: it has a line for each signed answer, and none besides")
    equal({daemon.get("/v1/random?bytes=16")[0].status for _ in range(20)}, {200},
          f"{name}: other answers come all the same")
    while "the access log takes no lines" not in daemon.log() and len(answers) < 2000:
        answers.append(daemon.get("/healthz")[0].status)
    ok("the access log takes no lines" in daemon.log(), f"{name}: the access log is told to be full", daemon.log())
    ok(is_whole(access), f"{name}: no line of it is left half", lines(access)[-2:])
    free(daemon)
    equal(daemon.get("/v1/random?bytes=16&signed=1")[0].status, 200, f"{name}: with room again they are signed")
    equal(len(lines(public)) - 1, good + 1, f"{name}: and written down")
    ok(wait_until(lambda: "takes lines again; lost:" in daemon.log()), f"{name}: what was lost is told",
       daemon.log())
    ok(is_whole(public) and is_whole(access), f"{name}: and all lines are whole")
    stop_cleanly(daemon)


def test_limit():
    folder = scratch("limit")
    os.mkdir(folder)

    def limit(size):
        return lambda daemon: resource.prlimit(daemon.process.pid, resource.RLIMIT_FSIZE, (size, FOREVER))

    test_full("a limit of the file size", folder, limit(ROOM), limit(FOREVER))


def mount(folder):
    os.mkdir(folder)
    result = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=80k", "tmpfs", folder], capture_output=True,
                            text=True, check=False)
    return result.returncode == 0 or result.stderr.strip()


def test_disk():
    folder = scratch("disk")
    if os.getuid() or not shutil.which("mount"):
        skip("a disk of 80 KiB", "only root may mount one")
        return
    mounted = mount(folder)
    if mounted is not True:
        skip("a disk of 80 KiB", mounted)
        return
    ballast = os.path.join(folder, "ballast")

    def fill(_):
        with open(ballast, "wb") as file:
            file.write(bytes(40960))

    try:
        test_full("a full disk", folder, fill, lambda _: os.remove(ballast))
    finally:
        subprocess.run(["umount", folder], check=True)


def without_room(size):
    """In a child: its files may grow to so many bytes, and it is told instead of killed."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))


def add(path, name, **options):
    return subprocess.run([QRNGCTL, "key", "add", name, path], capture_output=True, text=True,
                          check=False, **options)


def test_keys():
    path = scratch("keys")
    equal(add(path, "one").returncode, 0, "a key is added")
    with open(path, "rb") as file:
        before = file.read()
    result = add(path, "two", restore_signals=False, preexec_fn=lambda: without_room(len(before) + 40))
    with open(path, "rb") as file:
        after = file.read()
    ok(result.returncode == 4 and "File too large" in result.stderr and not result.stdout,
       "one for which there is no room is not", result)
    equal(after, before, "and leaves the file as it was")
    equal(add(path, "two").returncode, 0, "with room it is added")
    daemon = Daemon("--api-keys", path)
    equal(daemon.get("/v1/random")[0].status, 401, "and the daemon reads the file")
    stop_cleanly(daemon)


test_limit()
test_disk()
test_keys()
done()
