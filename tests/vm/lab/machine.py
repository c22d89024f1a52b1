# SPDX-License-Identifier: MIT
"""A running guest: QEMU, its cards, its console and its line to the lab."""

import subprocess
from collections import deque

from . import copies, qemu
from .deadline import Deadline
from .host import HostCommands
from .loop import Loop
from .process import spawn, stop
from .qmp import Qmp
from .say import LabError
from .stream import LineStream

_UNPLUG_LIMIT = 60


class Machine:
    """One guest from start to end. After run(): `script_status` is the script's exit code or None
    if it never ended, `timed_out_after` the seconds after which the time limit ended it or None,
    `copied` whether the script had a copy made."""

    def __init__(self, options, directory, rack, tap, klog):
        self.rack = rack
        self.boot_seconds = None
        self.script_status = None
        self.timed_out_after = None
        self.copied = False
        self._options = options
        self._directory = directory
        self._tap = tap
        self._klog = klog
        self._host = HostCommands(self, tap)
        self._commands = deque()
        self._loop = Loop()
        self._console = None if options.interactive else LineStream(klog.feed)
        self._channel = LineStream(self._on_line)
        self._qmp = Qmp()
        self._process = None
        self._deadline = Deadline(options.timeout)

    # Start and end

    def start(self, kernel, initramfs, generation=None):
        """Starts QEMU with the cards the options ask for; with a VM @generation the guest is the
        copy that was made last."""
        plugged = [(card.id, card.connect()) for card in
                   [self.rack.started(i) for i in range(self._options.cards)]]
        ends = [s.child_end for s in (self._console, self._channel, self._qmp) if s]
        ends += [sock for _, sock in plugged]
        argv = qemu.command_line(self._options, kernel, initramfs, self._channels(),
                                 [(name, sock.fileno()) for name, sock in plugged],
                                 copies.arguments(self._options, self._memory(), generation))
        self._spawn(argv, [end.fileno() for end in ends])
        # Only QEMU holds these from now on: its end is seen as the end of every stream.
        for end in ends:
            end.close()
        self._greet()
        if generation:
            copies.resume(self._qmp)
            self._channel.write_line(copies.kind(generation))

    def copy(self):
        """Makes a copy of the guest as it is now, for machines to be started from."""
        copies.save(self._qmp, self._memory())
        self.copied = True

    def _memory(self):
        return self._directory / "memory"

    def _channels(self):
        console = self._console.child_end.fileno() if self._console else None
        return qemu.Channels(console, self._channel.child_end.fileno(),
                             self._qmp.child_end.fileno(), self._directory / "terminal.log")

    def _spawn(self, argv, fds):
        with open(self._directory / "qemu.err", "wb") as errors:
            terminal = {"stdin": None, "stdout": None} if self._options.interactive \
                else {"stdin": subprocess.DEVNULL, "stdout": errors}
            try:
                self._process = spawn(argv, pass_fds=fds, stderr=errors, **terminal)
            except FileNotFoundError as error:
                raise LabError(f"{argv[0]} not found: install qemu-system-x86") from error

    def _greet(self):
        try:
            self._qmp.hello()
        except LabError as error:
            raise LabError(f"QEMU did not start: {self.complaints() or error}") from error
        for stream in filter(None, (self._console, self._channel, self._qmp)):
            self._loop.add(stream)

    def complaints(self):
        """What QEMU itself printed."""
        path = self._directory / "qemu.err"
        return path.read_text(errors="replace").strip() if path.exists() else ""

    def run(self):
        """Runs the guest to its end or to the time limit, then reads what is left to read."""
        while self._loop.turn():
            self._answer_commands()
            if self._deadline.expired():
                self.timed_out_after = self._deadline.elapsed()
                break
        stop(self._process)
        while self._loop.turn():
            pass
        if not self._console:
            self._read_terminal_log()

    def _read_terminal_log(self):
        path = self._directory / "terminal.log"
        for line in path.read_text(errors="replace").splitlines():
            self._klog.feed(line)

    def stop(self):
        """Ends QEMU and closes everything, whatever state it is in."""
        if self._process:
            stop(self._process)
        self._loop.close()
        for stream in filter(None, (self._console, self._channel, self._qmp)):
            stream.close()

    # The line to the guest's script

    def _on_line(self, line):
        if line.startswith("HOST: "):
            self._commands.append(line.removeprefix("HOST: "))
        elif line == "LAB: ready":
            self.boot_seconds = self._deadline.elapsed()
        elif line.startswith("LAB: end "):
            self.script_status = int(line.split()[2])
            self._channel.write_line("bye")
        else:
            self._tap.feed(line)

    def _answer_commands(self):
        # Not from within the loop: an unplug turns the loop itself until the guest is done.
        while self._commands:
            self._channel.write_line(self._host.answer(self._commands.popleft()))

    def save(self, name):
        """Writes the guest's memory, as it is at this moment, to a file of that name."""
        if not self._options.save:
            raise LabError("the memory can not be saved: run was not told where, by --save")
        self._qmp.command("stop")
        self._qmp.command("pmemsave", val=0, size=self._options.memory << 20,
                          filename=str(self._options.save / name))
        self._qmp.command("cont")

    # Hot-plug

    def plug(self, index):
        """Hot-plugs card @index: a fresh connection to its emulator."""
        card = self.rack.started(index)
        with card.connect() as sock:
            self._qmp.command("getfd", fds=[sock.fileno()], fdname=card.id)
            self._qmp.command("device_add", driver="x-pci-proxy-dev", id=card.id, fd=card.id)

    def unplug(self, index):
        """Asks the guest to give card @index back and waits until it did."""
        card = self.rack.card(index)
        # One that the guest gave back too late for who asked is not this one.
        while self._qmp.take_event("DEVICE_DELETED", card.id):
            pass
        self._qmp.command("device_del", id=card.id)
        limit = Deadline(_UNPLUG_LIMIT)
        while not self._qmp.take_event("DEVICE_DELETED", card.id):
            if limit.expired() or not self._loop.turn():
                raise LabError(f"the guest did not give {card.id} back")
