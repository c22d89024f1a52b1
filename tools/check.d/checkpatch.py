#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Prints where checkpatch.pl is: in the kernel's source, which is fetched if it is not there.

Debian's header packages leave it out.
"""

import sys
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "tests/vm"))

from lab import source  # noqa: E402
from lab.say import LabError, speak_as  # noqa: E402


def main():
    speak_as("check")
    print(source.get() / "scripts/checkpatch.pl")


if __name__ == "__main__":
    try:
        main()
    except (LabError, OSError) as error:
        sys.exit(f"check: {error}")
