# SPDX-License-Identifier: MIT
"""How the lab talks to people: progress on stderr, errors as one clear line."""

import sys


class LabError(Exception):
    """Something outside the test went wrong; the message is one line for people."""


def progress(text):
    """Says on stderr that a long step begins; stdout is kept for TAP or key=value lines."""
    print(f"vm: {text}", file=sys.stderr, flush=True)
