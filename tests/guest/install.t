#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""A Debian 12 system gets our packages as the README says, starts, and all of it works; then the
daemon is upgraded, and in the end everything is removed."""

import os
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import guest as lab  # noqa: E402


def test(guest, tap):
    guest.add(lab.packages_called(lab.NEXT), "/root/next")
    lab.install(guest, tap)
    guest.boot("install.sh")


sys.exit(lab.run("bookworm", test))
