# SPDX-License-Identifier: MIT
"""Copies of a running guest: its memory goes to a file, and other QEMUs go on from there.

Each machine has a VM generation ID, by which the guest's kernel learns that it is a copy. One
with the ID of the original is its twin: nobody tells the guest.
"""

import time

from .deadline import Deadline
from .say import LabError
from .tap import Tap

ORIGINAL = "00000000-0000-4000-8000-000000000001"
_LIMIT = 120
_POLL = 0.05


def arguments(options, path, generation):
    """QEMU's arguments for a guest that will be copied, or for a copy if it has a @generation."""
    if not options.copy:
        return []
    incoming = ["-incoming", f"exec:cat '{path}'"] if generation else []
    return ["-device", f"vmgenid,guid={generation or ORIGINAL}", *incoming]


def _wait_for(qmp, command, wanted):
    limit = Deadline(_LIMIT)
    while (status := qmp.command(command).get("status")) != wanted:
        if status == "failed" or limit.expired():
            raise LabError(f"a copy of the guest: {command} says {status}, not {wanted}")
        time.sleep(_POLL)


def save(qmp, path):
    """Writes the guest to @path and lets it go on."""
    qmp.command("stop")
    qmp.command("migrate", uri=f"exec:cat > '{path}'")
    _wait_for(qmp, "query-migrate", "completed")
    qmp.command("cont")


def resume(qmp):
    """Waits until the copy is there, and lets it go on. It was made of a guest that stood still."""
    _wait_for(qmp, "query-status", "paused")
    qmp.command("cont")


def kind(generation):
    """What the script in a copy is told that it runs in."""
    return "twin" if generation == ORIGINAL else "fork"


class _Prefix:
    """A file for a copy's TAP: its lines come out as diagnostics of the whole run."""

    def __init__(self, tap, name):
        self._tap = tap
        self._name = name

    def write(self, text):
        """Takes a line or the end of one."""
        if text.strip():
            self._tap.diag(f"{self._name}: {text}")

    def flush(self):
        """Nothing is held back."""


def run_all(generations, new_machine, boot, tap):
    """Runs the copies one after the other; each is a result. new_machine(tap) makes a machine that
    is not started yet, @boot is the kernel and the initramfs the original was started with."""
    for number, generation in enumerate(generations, 1):
        name = f"copy {number}"
        own = Tap(_Prefix(tap, name))
        machine = new_machine(own)
        try:
            machine.start(*boot, generation)
            machine.run()
        finally:
            machine.stop()
        tap.result(machine.script_status == 0 and not own.failed,
                   f"{name}, a {kind(generation)}, ended well",
                   f"exit code {machine.script_status}, {own.failed} results failed")
