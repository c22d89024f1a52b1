#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""FIFOs: readers come and go, modes and owners, nothing is removed that was not made, no CPU while nobody reads."""

import os
import select
import signal
import stat
import sys

sys.dont_write_bytecode = True
from harness import PATIENCE, RELEASE, Daemon, done, equal, ok, refuses, scratch, stop_cleanly, wait_until


def follow(path, count):
    """What a program does that opens, waits for the other side, and reads."""
    with open(path, "rb", buffering=0) as file:
        data = b""
        while len(data) < count:
            data += file.read(count - len(data))
        return data


def test_readers_come_and_go():
    path = scratch("come-and-go")
    daemon = Daemon("--fifo", path, "--fifo", path + "2")
    seen = [follow(path, 4096) for _ in range(5)] + [follow(path + "2", 4096)]
    equal([len(data) for data in seen], [4096] * 6, "the FIFO recovers after each reader that leaves")
    equal(len({data[at:at + 16] for data in seen for at in range(0, 4096, 16)}), 6 * 256, "no block comes twice")
    gone = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    os.close(gone)
    equal(len(follow(path, 1 << 20)), 1 << 20, "nor does one mind who never read")
    first, second = open(path, "rb", buffering=0), open(path, "rb", buffering=0)
    ok(first.read(64) != second.read(64), "two readers at once get different bytes")
    first.close()
    second.close()
    stop_cleanly(daemon)
    ok(not os.path.exists(path), "what was made is removed at the end")


def test_a_fifo_to_write_into_alone():
    """Nobody can be a reader there for the thread that waits for one."""
    path = scratch("write-alone")
    os.mkfifo(path)
    os.chmod(path, 0o200)
    daemon = Daemon("--fifo", path)
    ok(wait_until(lambda: f"feeding {path}" in daemon.log()), "a FIFO that the daemon may not read is fed")
    stop_cleanly(daemon)


def test_mode_and_owner():
    path = scratch("mode")
    old = os.umask(0o077)
    daemon = Daemon("--fifo", path, "--fifo-mode", "0664", "--fifo-owner", ":daemon")
    os.umask(old)
    about = os.stat(path)
    equal((stat.S_ISFIFO(about.st_mode), oct(stat.S_IMODE(about.st_mode))), (True, "0o664"), "the mode is as configured, whatever the umask")
    if os.geteuid() == 0:
        equal(about.st_gid, 1, "and so is the group")
    stop_cleanly(daemon)
    plain = Daemon("--fifo", path)
    equal(oct(stat.S_IMODE(os.stat(path).st_mode)), "0o640", "nobody but its owner may write into it by default")
    stop_cleanly(plain)
    for args, named in ((("--fifo-mode", "rw"), "fifo-mode rw"), (("--fifo-mode", "1777"), "fifo-mode 1777"),
                        (("--fifo-owner", "no-such-user-here"), "fifo-owner no-such-user-here"),
                        (("--fifo-mode", ""), "empty")):
        status, err = refuses("--engine", "embedded", "--listen", "127.0.0.1:0", "--fifo", path, *args)
        ok(status == 1 and named in err, f"{args} is refused", status, err)
    ok(not os.path.exists(path), "and leaves nothing behind")


def test_nothing_is_deleted_that_was_not_made():
    path = scratch("letter")
    with open(path, "w", encoding="ascii") as file:
        file.write("dear diary")
    status, err = refuses("--engine", "embedded", "--listen", "127.0.0.1:0", "--fifo", path)
    ok(status == 1 and path in err and "left alone" in err, "a file at the FIFO's place is an error", status, err)
    with open(path, encoding="ascii") as file:
        equal(file.read(), "dear diary", "and is not touched")
    link, target = scratch("link"), scratch("target")
    os.symlink(target, link)
    os.mkfifo(target)
    status, err = refuses("--engine", "embedded", "--listen", "127.0.0.1:0", "--fifo", link)
    ok(status == 1 and os.path.islink(link), "a link is left alone, too", status, err)
    os.mkfifo(scratch("theirs"), 0o600)
    daemon = Daemon("--fifo", scratch("theirs"))
    equal(len(follow(scratch("theirs"), 100)), 100, "a FIFO that is there is fed")
    stop_cleanly(daemon)
    ok(os.path.exists(scratch("theirs")), "and stays at the end")
    daemon = Daemon("--fifo", scratch("swapped"))
    os.remove(scratch("swapped"))
    os.mkfifo(scratch("swapped"))
    stop_cleanly(daemon)
    ok(os.path.exists(scratch("swapped")), "so does one that somebody has put in the place of ours")
    status, err = refuses("--engine", "embedded", "--listen", "127.0.0.1:0", "--fifo", scratch("no/such/folder"))
    ok(status == 1 and "no/such/folder" in err, "a folder that is not there is named", err)


def test_stop():
    daemon = Daemon("--fifo", scratch("stop"))
    equal(daemon.stop(), 0, "SIGTERM ends it while no reader has the FIFO open")
    daemon = Daemon("--fifo", scratch("stop"))
    idle = os.open(scratch("stop"), os.O_RDONLY | os.O_NONBLOCK)
    ok(select.select([idle], [], [], PATIENCE)[0], "bytes are there for who reads")
    equal(daemon.stop(), 0, "and while one has it open and takes nothing")
    rest = 0
    while data := os.read(idle, 65536):
        rest += len(data)
    ok(rest > 0, "who gets the rest, and then the end", rest)
    os.close(idle)
    daemon = Daemon("--fifo", scratch("stop"))
    os.kill(daemon.process.pid, signal.SIGKILL)
    daemon.wait()
    daemon = Daemon("--fifo", scratch("stop"))
    equal(len(follow(scratch("stop"), 100)), 100, "after a kill the next daemon uses what was left")
    stop_cleanly(daemon)


def test_no_bytes():
    os.symlink("/dev/zero", scratch("zeroes"))
    daemon = Daemon("--source", scratch("zeroes"), "--fifo", scratch("dry"))
    fd = os.open(scratch("dry"), os.O_RDONLY | os.O_NONBLOCK)
    wait_until(lambda: daemon.health()[1]["status"] == "failed")
    equal(select.select([fd], [], [], 1)[0], [], "while the engine has nothing, readers wait")
    os.close(fd)
    stop_cleanly(daemon)


def at_rest(daemon):
    """Longer than a second: as often libh2o's master gives memory back, until none is left to give."""
    before = daemon.cpu_ns()
    select.select([], [], [], 1.5)
    return daemon.cpu_ns() == before


def test_cost():
    daemon = Daemon("--fifo", scratch("cost"), "--threads", "1", binary=RELEASE)
    follow(scratch("cost"), 1 << 20)
    waiting = os.open(scratch("cost"), os.O_RDONLY | os.O_NONBLOCK)
    select.select([waiting], [], [], PATIENCE)
    ok(wait_until(lambda: at_rest(daemon)), "no CPU time while a reader takes nothing")
    os.close(waiting)
    before = daemon.cpu_ns()
    size = 1 << 30
    with open(scratch("cost"), "rb", buffering=0) as file:
        left, buffer = size, bytearray(1 << 17)
        while left > 0:
            left -= file.readinto(buffer)
    spent = (daemon.cpu_ns() - before) / 1e9
    ok(size / spent > 1e9, "a second of the daemon's CPU feeds more than a gigabyte", f"{size / spent / 1e9:.2f} GB")
    stop_cleanly(daemon)


test_readers_come_and_go()
test_a_fifo_to_write_into_alone()
test_mode_and_owner()
test_nothing_is_deleted_that_was_not_made()
test_stop()
test_no_bytes()
test_cost()
done()
