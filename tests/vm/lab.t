#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""The lab's own tests: a run that must fail fails, and nothing is left behind."""

import io
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.dont_write_bytecode = True
HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

from lab import catalogue, debug  # noqa: E402
from lab.klog import KernelLog  # noqa: E402
from lab.options import free_port  # noqa: E402
from lab.tap import Tap  # noqa: E402

GIVE_UP = 600
RESULTS = Tap(sys.stdout)
WORK = Path(tempfile.mkdtemp(prefix="qrng-lab."))


def check(condition, text, why=""):
    RESULTS.result(bool(condition), text, why)


def launch(body, *options):
    """Starts tests/vm/run with a guest script made of @body, its temporary files below WORK."""
    script = Path(tempfile.mkstemp(suffix=".sh", dir=WORK)[1])
    script.write_text("#!/bin/sh\n. /lib/tap.sh\n" + body + "\n")
    script.chmod(0o755)
    return subprocess.Popen(
        [HERE / "run", "--flavour", "cloud", "--no-module", *options, script],
        env={**os.environ, "TMPDIR": str(WORK)}, stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


def finish(process):
    """(exit code, output) of a run."""
    output = process.communicate(timeout=GIVE_UP)[0]
    return process.returncode, output


def guest(body, *options):
    return finish(launch(body, *options))


def refused(name, body, expected, *options):
    """The run of @body must end with exit code 1 and say @expected."""
    code, output = guest(body, *options)
    check(code == 1 and expected in output, name, f"exit code {code}\n{output}")


def processes():
    """Command lines of all processes that have WORK in them, but for this one's runs."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            line = path.read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            continue
        if str(WORK) in line and "/vm/run" not in line:
            found.append(line)
    return found


def wait_until(condition):
    """Polls @condition until it holds or the patience is over; returns whether it holds."""
    limit = time.monotonic() + GIVE_UP
    while not condition():
        if time.monotonic() > limit:
            return False
        time.sleep(0.1)
    return True


# Without a guest

def tap_of(*lines):
    return tap_of_scripts(lines)


def tap_of_scripts(*scripts):
    tap = Tap(io.StringIO())
    for lines in scripts:
        for line in lines:
            tap.feed(line)
        tap.check_plan()
    return tap


def test_tap():
    check(not tap_of("ok 1 - a", "ok 2 - b", "1..2").failed, "good TAP passes")
    check(tap_of("ok 1 - a", "not ok 2 - b", "1..2").failed, "'not ok' fails")
    check(not tap_of("not ok 1 - a # TODO later", "1..1").failed, "an expected failure passes")
    check(tap_of("ok 1 - a").failed, "a missing plan fails")
    check(tap_of("ok 1 - a", "1..2").failed, "fewer results than planned fail")
    check(not tap_of_scripts(["ok 1 - a", "1..1"], ["ok 1 - b", "ok 2 - c", "1..2"]).failed,
          "of two scripts each has its plan")
    check(tap_of_scripts(["ok 1 - a", "ok 2 - b", "1..2"], ["ok 1 - c"]).failed,
          "the second one, too, must have one")
    check(not tap_of("1..0 # SKIP no such device").failed, "a skipped script passes")
    check(tap_of("Bail out! lost", "1..0").failed, "a bail-out fails")


def findings(*lines):
    log = KernelLog(WORK / "klog")
    for line in lines:
        log.feed(line)
    log.close()
    return len(log.findings)


def test_klog():
    for line in (
            "[    1.0] WARNING: CPU: 0 PID: 1 at kernel/x.c:1 y+0x1/0x2",
            "[    1.0] BUG: unable to handle page fault for address: 0000000000000008",
            "[    1.0] BUG: scheduling while atomic: sh/1/0x00000002",
            "[    1.0] WARNING: possible circular locking dependency detected",
            "[    1.0] INFO: task cat:123 blocked for more than 120 seconds.",
            "[    1.0] rcu: INFO: rcu_preempt self-detected stall on CPU",
            "[    1.0] BUG: KASAN: slab-out-of-bounds in f+0x1/0x2",
            "[    1.0] UBSAN: shift-out-of-bounds in x.c:1:2",
            "[    1.0] refcount_t: underflow; use-after-free.",
            "[    1.0] general protection fault, probably for non-canonical address",
            "[    1.0] BUG qrng_cache (Tainted: G): Objects remaining in qrng_cache",
            "[    1.0] Kernel panic - not syncing: Attempted to kill init!"):
        check(findings(line) == 1, f"bad for the log: {line[10:60]}")
    check(not findings("[    1.0] RCU CPU stall warnings timeout set to 120", "[    1.0] hello",
                       "[    1.0] module verification failed: tainting kernel"),
          "ordinary lines are no findings")
    check(findings(*["[ 1.0] WARNING: a"] + ["x"] * 40 + ["[ 2.0] BUG: b"]) == 2,
          "each report is one finding")


def test_configuration():
    wants = "# a comment\nCONFIG_KASAN=y\nCONFIG_KUNIT=m\n# CONFIG_SLOB is not set\n"
    check(not debug.unmet(wants, "CONFIG_KASAN=y\nCONFIG_KUNIT=m\nCONFIG_X=y\n"),
          "a configuration with all that is asked for is taken")
    check(debug.unmet(wants, "CONFIG_SLOB=y\nCONFIG_KUNIT=y\n# CONFIG_KASAN is not set\n")
          == ["CONFIG_KASAN=y", "CONFIG_KUNIT=m", "CONFIG_SLOB=n"],
          "each option that vanished, changed or came uncalled is named")


def test_options():
    for options, allowed in ((["--kernel", "4.2"], "6.12, newest"), (["--cards", "99"], "0 to 8"),
                             (["--forward", "1:99999"], "HOSTPORT:GUESTPORT"),
                             (["--timeout", "-1"], "seconds"), (["--module", "/none"], "/none")):
        code, output = guest("", *options)
        check(code == 2 and allowed in output, f"refused: {' '.join(options)}", output)
    missing = subprocess.run([HERE / "run", "/no/script"], capture_output=True, check=False)
    check(missing.returncode == 2, "refused: a script that is not there")


# With a guest

def test_good():
    code, output = guest(
        'ok fine; is "$(devio read /dev/zero 100)" bytes=100 "test programs are there"\n'
        'is "$(devio nonblock /none 1)" errno=ENOENT "errno has a name"\n'
        'check "waiting has a limit" sh -c ". /lib/tap.sh; ! wait_for 1 false"\n'
        'host nonsense >/dev/null || ok "a wrong host command is an error"\ndone_testing',
        "--no-card")
    check(code == 0, "a good script passes", output)


ANSWERS = r'''
n=60
while [ $n -gt 0 ]; do
	n=$((n - 1))
	sleep 0.0$((n % 10)) &
	host note $n >/tmp/answer
	[ "$(cat /tmp/answer)" = '{"ok":true}' ] || not_ok "answer $n: $(cat /tmp/answer)"
done
ok answered
done_testing
'''


def test_answers():
    code, output = guest(ANSWERS, "--no-card")
    check(code == 0, "answers arrive whole while background jobs end", output)


CARD = r'''
cards() { grep -lx 0x179a /sys/bus/pci/devices/*/vendor 2>/dev/null | wc -l; }
has() { [ "$(cards)" -eq "$1" ]; }
is "$(cards)" 2 "two cards"
check "unplug card 1" host qmp unplug 1
check "one card is left" wait_for 20 has 1
check "plug it again" host qmp plug 1
check "two cards again" wait_for 20 has 2
is "$(host_get connections emu1 count)" 2 "its emulator saw two connections"
is "$(host_get reads.total emu0 count)" 0 "nobody read a register of card 0"
done_testing
'''


BOTH_CPUS = r'''
dev=$(grep -lx 0x179a /sys/bus/pci/devices/*/vendor); dev=${dev%/vendor}
echo 1 >$dev/enable
version=$(($(sed -n 2p $dev/resource | cut -d' ' -f1) + 28))
repeat() { local n=$1; shift; while [ $n -gt 0 ]; do "$@" >/dev/null; n=$((n - 1)); done; }
repeat 300 devmem $version 32 & repeat 300 cat $dev/config & wait
ok "registers and configuration read at the same time"
done_testing
'''


def test_cards():
    code, output = guest(CARD, "--cards", "2")
    check(code == 0, "cards are plugged in, out and in again", output)
    code, output = guest(BOTH_CPUS, "--card")
    check(code == 0, "two threads may reach one card at once", output)
    byte_read = ('dev=$(grep -lx 0x179a /sys/bus/pci/devices/*/vendor); dev=${dev%/vendor}\n'
                 'echo 1 >$dev/enable\n'
                 'devmem $(sed -n 2p $dev/resource | cut -d" " -f1) 8\nok read; done_testing')
    refused("a violated card rule fails the run", byte_read, "VIOLATION", "--card")
    refused("an emulator that will not start fails the run", "ok x; done_testing",
            "emulator ended at start", "--card", "--no-such-option")


def test_failures():
    refused("'not ok' in the guest fails the run", "not_ok wrong; done_testing", "not ok 1 - wrong",
            "--no-card")
    refused("a script's exit code counts", "ok a; done_testing; exit 3", "exit code 3", "--no-card")
    refused("a bad line in the kernel log fails the run",
            'echo "WARNING: test" >/dev/kmsg; ok a; done_testing', "kernel log: ", "--no-card")
    refused("a panic fails the run and shows the console",
            "plan 1; ok a; echo c >/proc/sysrq-trigger; sleep 60", "| ", "--no-card")
    refused("a hung guest ends by the limit and shows its console",
            "while sleep 1; do :; done", "time limit", "--no-card", "--timeout", "2")


WATCHED = r'''
insmod /lkdtm.ko && insmod /kmemleak-test.ko && rmmod kmemleak-test
echo SLAB_LINEAR_OVERFLOW >/sys/kernel/debug/provoke-crash/DIRECT
ok provoked
done_testing
'''


def test_watchers():
    modules = catalogue.find("debug", "amd64").path / "lib/modules"
    files = [f"--file={path}:/{path.name}" for name in ("lkdtm", "kmemleak-test")
             for path in modules.rglob(f"{name}.ko")]
    code, output = guest(WATCHED, "--kernel", "debug", "--flavour", "amd64", "--no-card", *files)
    for name, expected in (("a write behind an object", "BUG: KASAN: slab-out-of-bounds"),
                           ("lost memory", "kmemleak: unreferenced object"),
                           ("a lockdep that gave up", "lockdep did not watch to the end")):
        check(code == 1 and "kernel log: " in output and expected in output,
              f"the debug kernel sees {name}", output)


def test_forward():
    port = free_port("127.0.0.1")
    process = launch("until echo from the guest | nc -l -p 8080 | grep -q seen; do :; done\n"
                     "ok served; done_testing",
                     "--no-card", "--forward", f"{port}:8080")

    def served():
        try:
            with socket.create_connection(("127.0.0.1", port), 5) as sock:
                # QEMU takes connections before the guest does, and lets it have those given up.
                if b"from the guest" not in sock.recv(100):
                    return False
                sock.sendall(b"seen\n")
                return True
        except OSError:
            return False
    check(wait_until(served), "a forwarded port reaches the guest")
    code, output = finish(process)
    check(code == 0, "and the guest goes on", output)


def ended_by(number):
    process = launch("sleep 1000", "--card")
    up = wait_until(lambda: len(processes()) == 2)
    process.send_signal(number)
    finish(process)
    check(up and wait_until(lambda: not processes()),
          f"after {signal.Signals(number).name} nothing is left running", "\n".join(processes()))


def test_interruption():
    ended_by(signal.SIGTERM)
    ended_by(signal.SIGINT)
    left = [p.name for p in WORK.glob("qrng-vm.*")]
    check(not left, "no temporary directory is left", " ".join(left))
    ended_by(signal.SIGKILL)


def main():
    for test in (test_tap, test_klog, test_configuration, test_options, test_good, test_answers,
                 test_failures, test_watchers, test_cards, test_forward, test_interruption):
        test()
    return 0 if RESULTS.finish() else 1


try:
    sys.exit(main())
finally:
    shutil.rmtree(WORK, ignore_errors=True)
