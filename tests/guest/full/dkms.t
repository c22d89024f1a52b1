#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""A Debian 12 system without our packages gets the module by make dkms."""

import os
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

import guest as lab  # noqa: E402


# An emulated machine compiles the module, twice.
LIMIT = 5400


def test(guest, _tap):
    guest.add_tree("/root/qrng")
    guest.boot("dkms.sh", limit=LIMIT)


sys.exit(lab.run("bookworm", test))
