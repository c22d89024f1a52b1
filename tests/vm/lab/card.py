# SPDX-License-Identifier: MIT
"""An emulated card: one emulator process, plugged into the guest as often as wanted."""

import shlex
import socket
import time

from .deadline import Deadline
from .process import spawn, stop
from .say import LabError

_START_LIMIT = 20
_ANSWER_LIMIT = 100


class Card:
    """Emulator number @index; its files are under @directory, its program is @emulator."""

    def __init__(self, index, emulator, arguments, directory):
        self.index = index
        self.id = f"card{index}"
        self._argv = [str(emulator)] + shlex.split(arguments)
        self._pci = directory / f"{self.id}.pci"
        self._control_path = directory / f"{self.id}.ctl"
        self._log = directory / f"{self.id}.log"
        self._errors = directory / f"{self.id}.err"
        self._process = None
        self._control = None
        self._told_to_quit = False

    def start(self):
        """Starts the emulator; returns when it takes commands."""
        with open(self._errors, "wb") as errors:
            self._process = spawn(
                self._argv + ["--listen", str(self._pci), "--control", str(self._control_path),
                              "--log", str(self._log)],
                stdout=errors, stderr=errors)
        self._control = self._connect(self._control_path)
        self._control.settimeout(_ANSWER_LIMIT)

    def _connect(self, path):
        """Connects to a socket the emulator is about to make."""
        limit = Deadline(_START_LIMIT)
        while True:
            sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            try:
                sock.connect(str(path))
                return sock
            except OSError:
                sock.close()
            if self._process.poll() is not None:
                raise LabError(f"{self.id}: emulator ended at start: {self._last_words()}")
            if limit.expired():
                raise LabError(f"{self.id}: emulator does not listen on {path}")
            time.sleep(0.01)

    def connect(self):
        """A fresh connection for QEMU's end of the card: one is one plugging-in."""
        return self._connect(self._pci)

    def command(self, line):
        """Sends one control command, returns the one answer line."""
        if self._process.poll() is not None:
            raise LabError(f"{self.id}: emulator is not running")
        self._told_to_quit |= line.strip() == "quit"
        try:
            self._control.sendall(line.encode() + b"\n")
            answer = b""
            while not answer.endswith(b"\n"):
                data = self._control.recv(65536)
                if not data:
                    break
                answer += data
        except OSError as error:
            raise LabError(f"{self.id}: no answer to '{line}': {error}") from error
        return answer.decode("utf-8", "replace").strip() or "{}"

    def _last_words(self):
        text = self._errors.read_text(errors="replace").strip()
        return f"exit code {self._process.poll()}" + (f": {text[-2000:]}" if text else "")

    def counts(self):
        """The emulator's own counters as it prints them, or None if it does not answer."""
        try:
            return self.command("count")
        except LabError:
            return None

    def faults(self):
        """What went wrong with the emulator or with how the guest used the card: lines of text."""
        lines = []
        if self._process.poll() is not None and not self._told_to_quit:
            lines.append(f"{self.id}: emulator died: {self._last_words()}")
        if self._log.exists():
            lines += [f"{self.id}: {line}" for line in
                      self._log.read_text(errors="replace").splitlines()
                      if line.startswith("VIOLATION: ")]
        return lines

    def stop(self):
        """Ends the emulator."""
        if self._control:
            self._control.close()
        if self._process:
            stop(self._process)


class Rack:
    """The cards of one guest. @arguments: emulator arguments of card 0, 1, ...; the last ones
    hold for all further cards."""

    def __init__(self, emulator, arguments, directory):
        self._emulator = emulator
        self._arguments = arguments or [""]
        self._directory = directory
        self._cards = {}

    def __iter__(self):
        return iter(list(self._cards.values()))

    def card(self, index):
        """Card number @index, whose emulator must run already."""
        if index not in self._cards:
            raise LabError(f"card {index} was never plugged in")
        return self._cards[index]

    def started(self, index):
        """Card number @index, its emulator started if this is the first use."""
        if index not in self._cards:
            if not self._emulator.exists():
                raise LabError(f"no emulator at {self._emulator}: build it with make")
            arguments = self._arguments[min(index, len(self._arguments) - 1)]
            card = Card(index, self._emulator, arguments, self._directory)
            self._cards[index] = card
            card.start()
        return self._cards[index]

    def stop(self):
        """Ends all emulators."""
        for card in self:
            card.stop()
