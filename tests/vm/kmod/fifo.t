#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""A guest's virtio-rng is fed by the daemon's FIFO through stock rng-random. The guest and QEMU with it, which is
the reader, are killed and started anew, and so is the daemon: they go on."""

import re
import subprocess
import sys
from pathlib import Path

sys.dont_write_bytecode = True
HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[1] / "http"))

from harness import RELEASE, Daemon, done, equal, note, ok, scratch  # noqa: E402

FIFO = scratch("virtio-rng")


def boot(until=None):
    """Runs a guest to its end, or until it says something, when it is killed; returns what it said."""
    lines = []
    guest = subprocess.Popen([HERE.parent / "run", "--kernel", "6.1", "--no-card", "--no-module", "--timeout", "300", "--rng", FIFO,
                              HERE / "fifo.sh"], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True)
    try:
        for line in guest.stdout:
            lines.append(line.rstrip("\n"))
            note(lines[-1])
            if until and until in line:
                break
        if not until:
            equal(guest.wait(), 0, "the guest's run was clean")
    finally:
        guest.terminate()
        guest.wait()
    return lines


def judge(lines, what):
    found = re.findall(r"^# read ([0-9a-f]{64})$", "\n".join(lines), re.M)
    good = sum(line.startswith("ok ") for line in lines) >= 3 and not any(line.startswith("not ok") for line in lines)
    ok(good and len(found) == 1, what, lines)
    return found


first_daemon = Daemon("--fifo", FIFO, binary=RELEASE)
first = judge(boot(until="# read "), "a guest reads what the FIFO gives, and is killed")
first_daemon.process.kill()
first_daemon.wait()
second_daemon = Daemon("--fifo", FIFO, binary=RELEASE)
second = judge(boot(), "the next one reads on, from a daemon that was killed, too, and started again")
ok(first != second, "other bytes")
equal(second_daemon.stop(), 0, "the daemon stops")
done()
