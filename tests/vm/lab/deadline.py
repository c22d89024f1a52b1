# SPDX-License-Identifier: MIT
"""Time limits that hold on a busy machine: what counts is that nothing waits for ever."""

import os
import time

MAX_STRETCH = 4

# How much longer than on an idle machine of today anything may take: the limits are written for
# that one, and are only ever there to end what hangs.
PATIENCE = 5

_SLOWNESS = [1]


def expect_slowness(times):
    """Multiplies all limits from now on: what runs is that much slower than a stock kernel."""
    _SLOWNESS[0] = times


def factor():
    """What all limits are multiplied with: by QRNG_VM_TIMEOUT_FACTOR, and for a slow kernel."""
    try:
        wanted = max(float(os.environ.get("QRNG_VM_TIMEOUT_FACTOR", "1")), 0.01)
    except ValueError:
        wanted = 1.0
    return wanted * _SLOWNESS[0]


def stretch():
    """How much longer things may take at this moment, by the load: 1 to MAX_STRETCH."""
    load = os.getloadavg()[0] / (os.cpu_count() or 1)
    return min(max(load, 1.0), MAX_STRETCH)


class Deadline:
    """A limit in seconds of an idle machine, patient with a slow one, and more so while more work
    than processors is waiting; None: no limit."""

    def __init__(self, seconds):
        self.seconds = None if seconds is None else seconds * factor() * PATIENCE
        self._start = time.monotonic()

    def elapsed(self):
        """Seconds since the start."""
        return time.monotonic() - self._start

    def expired(self):
        """True once the limit, stretched by the load at this moment, is over."""
        if self.seconds is None or self.elapsed() < self.seconds:
            return False
        return self.elapsed() >= self.seconds * stretch()
