# SPDX-License-Identifier: MIT
"""QEMU's side of the slot, for tests: starts the emulator and speaks its wire protocol."""

import json
import os
import socket
import struct
import subprocess
import sys
import tempfile
import time

SYNC_SYSMEM, RET, CONFIG_WRITE, CONFIG_READ, BAR_WRITE, BAR_READ, SET_IRQFD, DEVICE_RESET = range(8)

CC_ER, CC_DR, CC_SR, CV_SR, FS_CA = 0x00, 0x04, 0x0C, 0x1C, 0x20
FS_RR, FD_RR, MX_ER, MX_DR, MX_SR = 0x28, 0x2C, 0x30, 0x34, 0x3C
EMPTY, FL1, FL2, FL3, FULL, ERROR = 0x01, 0x02, 0x04, 0x08, 0x40, 0x80
FULL_LEVELS = FULL | FL3 | FL2 | FL1

BAR_BASE = {0: 0xFEB00000, 1: 0xFEB10000, 2: 0xC000}
ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BINARY = sys.argv[1] if len(sys.argv) > 1 else f"{ROOT}/build/tests/emu/qrng-emu-asan"
LIMIT = 30  # seconds that nothing may take


class Tap:
    """Numbered results on stdout, the plan last."""

    def __init__(self):
        self.number = self.failed = 0

    def ok(self, good, text, *details):
        self.number += 1
        self.failed += not good
        print(f"{'ok' if good else 'not ok'} {self.number} - {text}")
        for detail in () if good else details:
            print(f"#   {detail}")
        sys.stdout.flush()

    def eq(self, got, wanted, text):
        self.ok(got == wanted, text, f"got    {got!r}", f"wanted {wanted!r}")

    def done(self):
        print(f"1..{self.number}")
        return 1 if self.failed else 0


class Slot:
    """One PCI connection to the emulator."""

    def __init__(self, sock):
        self.sock = sock
        sock.settimeout(LIMIT)

    def send(self, command, payload=b"", fds=()):
        message = struct.pack("<iIQ", command, 0, len(payload)) + payload
        if fds:
            socket.send_fds(self.sock, [message], list(fds))
        else:
            self.sock.sendall(message)

    def receive(self, size):
        data = b""
        while len(data) < size:
            more = self.sock.recv(size - len(data))
            if not more:
                raise EOFError
            data += more
        return data

    def ask(self, command, payload=b""):
        self.send(command, payload)
        command, _, size, value = struct.unpack("<iIQQ", self.receive(24))
        assert (command, size) == (RET, 8), (command, size)
        return value

    def closed(self):
        """Whether the emulator ends the connection, within the limit."""
        try:
            while self.sock.recv(4096):
                pass
        except ConnectionResetError:
            pass
        return True

    def config_read(self, address, size=4):
        return self.ask(CONFIG_READ, struct.pack("<IIi", address, 0, size))

    def config_write(self, address, value, size=4):
        self.ask(CONFIG_WRITE, struct.pack("<IIi", address, value, size))

    def map(self):
        """What firmware does: addresses for the BARs, then decoding on."""
        for bar, base in BAR_BASE.items():
            self.config_write(0x10 + 4 * bar, base)
        self.config_write(0x04, 0x0003, 2)
        return self

    def access(self, command, offset, value, size, bar, memory):
        if memory is None:
            memory = bar != 2
        address = BAR_BASE[bar] + offset
        return self.ask(command, struct.pack("<QQIB3x", address, value, size, memory))

    def read(self, offset, size=4, bar=1, memory=None):
        return self.access(BAR_READ, offset, 0, size, bar, memory)

    def write(self, offset, value=0, size=4, bar=1, memory=None):
        self.access(BAR_WRITE, offset, value, size, bar, memory)

    def words(self, count):
        return [self.read(FD_RR) for _ in range(count)]

    def reset(self):
        self.write(CC_ER, 1)
        self.write(CC_DR, 1)

    def close(self):
        self.sock.close()


class Emulator:
    """A running qrng-emu with its control connection; to be used in a with statement."""

    def __init__(self, binary, *args):
        self.folder = tempfile.TemporaryDirectory(prefix="qrng-emu.")
        self.log_path = self.path("log")
        self.process = subprocess.Popen(
            [binary, "--listen", self.path("pci"), "--control", self.path("control"),
             "--log", self.log_path, *args], stderr=subprocess.PIPE, text=True)
        self.control = self.connect("control").makefile("rw")

    def path(self, name):
        return os.path.join(self.folder.name, name)

    def connect(self, name):
        end = time.monotonic() + LIMIT
        while True:
            sock = socket.socket(socket.AF_UNIX)
            sock.settimeout(LIMIT)
            try:
                sock.connect(self.path(name))
                return sock
            except (FileNotFoundError, ConnectionRefusedError):
                sock.close()
                if self.process.poll() is not None or time.monotonic() > end:
                    raise
                time.sleep(0.01)

    def plug(self):
        return Slot(self.connect("pci"))

    def say(self, command):
        self.control.write(command + "\n")
        self.control.flush()
        return json.loads(self.control.readline())

    def count(self, name):
        return self.say("count")[name]

    def state(self, name):
        return self.say("state")[name]

    def log(self):
        with open(self.log_path, encoding="ascii") as log:
            return log.read().splitlines()

    def end(self):
        """Asks it to end; returns exit status and what it said on stderr."""
        if self.process.poll() is None:
            self.say("quit")
        _, errors = self.process.communicate(timeout=LIMIT)
        return self.process.returncode, errors

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.kill()
        self.process.communicate()
        self.folder.cleanup()


tap = Tap()


def emulator(*args):
    return Emulator(BINARY, *args)


def finish(emu, text):
    tap.eq(emu.end(), (0, ""), f"{text}: ends with status 0 and nothing to say")


def balance(counts, state):
    """What has become of all words; to be compared with words_produced."""
    return (counts["words_popped"] + counts["words_dropped"] + counts["words_flushed"] +
            state["fifo_words"])


def run(*tests):
    """Runs @tests and ends the process."""
    if not os.access(BINARY, os.X_OK):
        print(f"Bail out! {BINARY} is missing; build it with: make -f tests/emu/emu.mk emu-asan")
        sys.exit(1)
    for test in tests:
        print(f"# {test.__name__}")
        try:
            test()
        except Exception as error:  # a test that stops half-way must not hide the others
            tap.ok(False, f"{test.__name__} stopped: {error!r}")
    sys.exit(tap.done())
