# SPDX-License-Identifier: MIT
"""Gives the terminal back as it was: a killed QEMU leaves it in raw mode."""

import sys
import termios
from contextlib import contextmanager


@contextmanager
def restored():
    """Restores the settings of the terminal on stdin, if it is one."""
    if not sys.stdin or not sys.stdin.isatty():
        yield
        return
    before = termios.tcgetattr(sys.stdin)
    try:
        yield
    finally:
        termios.tcsetattr(sys.stdin, termios.TCSADRAIN, before)
