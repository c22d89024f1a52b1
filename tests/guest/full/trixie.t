#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""The module and the tool on Debian 13: DKMS builds it there, it loads, and all its interfaces work."""

import os
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

import guest as lab  # noqa: E402


def test(guest, tap):
    guest.add_own("/root/deb", ("qrng-dkms_", "qrngctl_"))
    # What takes groups away is on any Debian, but not in the least that there can be.
    said = guest.install("apt-get install ./*.deb linux-headers-amd64 rng-tools-debian passwd", "/root/deb")
    tap.result("uilding" in said, "apt-get installs the packages, and DKMS builds the module", said)
    # As docs/install.md has it: it would leave the pool to the kernel.
    guest.chroot.run("echo HRNGDEVICE=/dev/hwrng >>/etc/default/rng-tools-debian")
    guest.boot("trixie.sh")


sys.exit(lab.run("trixie", test))
