#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""A Debian 12 system gets our packages as the README says, starts, and all of it works; then the
daemon is upgraded, and in the end everything is removed."""

import os
import signal
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import guest as lab  # noqa: E402
from lab.say import LabError  # noqa: E402
from lab.tap import Tap  # noqa: E402

FOLDER = "/root/qrng"


def install(guest, tap):
    """The README's second command, in a folder that holds what the first one made."""
    guest.add(lab.packages(), f"{FOLDER}/build/deb")
    guest.add(lab.next_packages(), "/root/next")
    said = guest.install(readme_line := lab.readme(0)[1], FOLDER)
    tap.result("Building initial module" in said, f"README: {readme_line}", said)


def main():
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    tap = Tap(sys.stdout)
    with lab.guest("bookworm", tap) as guest:
        install(guest, tap)
        guest.boot("install.sh")
    return 0 if tap.finish() else 1


if __name__ == "__main__":
    try:
        sys.exit(main())
    except LabError as error:
        sys.exit(f"guest: {error}")
