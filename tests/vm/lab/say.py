# SPDX-License-Identifier: MIT
"""How the lab talks to people: progress on stderr, errors as one clear line."""

import sys

_SPEAKER = ["vm"]


class LabError(Exception):
    """Something outside the test went wrong; the message is one line for people."""


def speak_as(name):
    """Sets the word before every progress line, for programs that use the lab's parts."""
    _SPEAKER[0] = name


def progress(text):
    """Says on stderr that a long step begins; stdout is kept for TAP or key=value lines."""
    print(f"{_SPEAKER[0]}: {text}", file=sys.stderr, flush=True)
