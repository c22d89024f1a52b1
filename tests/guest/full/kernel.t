#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""A Debian 12 system with our packages gets a newer kernel, as by an upgrade; it starts, is stopped,
and starts with that kernel."""

import os
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

import guest as lab  # noqa: E402
from lab import disk  # noqa: E402


def test(guest, tap):
    lab.install(guest, tap)
    before = disk.releases(guest.chroot.tree)
    guest.add_suite("bookworm-backports")
    said = guest.install("apt-get install -t bookworm-backports linux-image-amd64 linux-headers-amd64",
                         "/root")
    after = disk.releases(guest.chroot.tree)
    tap.result(len(before) == 1 and after[:1] == before and len(after) == 2,
               f"beside the kernel {before[0]} there is a newer one", f"{after}")
    status = guest.chroot.run("dkms status")
    tap.result(f", {after[-1]}, x86_64: installed" in status, f"DKMS has built the module for {after[-1]}",
               f"{status}\n{said}")
    guest.chroot.put(lab.HERE / "watched.conf", "/etc/systemd/system/qrng-seed.service.d/watched.conf")
    guest.boot("first.sh", before[0])
    guest.boot("second.sh", after[-1], again=True)


sys.exit(lab.run("bookworm", test))
