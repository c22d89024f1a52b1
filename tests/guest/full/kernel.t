#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""A Debian 12 system with an earlier version of the module gets our packages, and a newer kernel, as
by an upgrade; it starts, is stopped, and starts with that kernel."""

import os
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

import guest as lab  # noqa: E402
from lab import disk  # noqa: E402


def upgrade(guest, tap):
    """The README's installation, where there is an earlier version of the module."""
    earlier = lab.packages_called(lab.PREVIOUS)
    guest.add([deb for deb in earlier if deb.name.startswith("qrng-dkms_")], "/root/previous")
    said = guest.install("apt-get install ./qrng-dkms*.deb", "/root/previous")
    status = guest.chroot.run("dkms status")
    tap.result(f"qrng/{lab.PREVIOUS}, " in status, "an earlier version of the module is there",
               f"{status}\n{said}")
    lab.install(guest, tap)
    status = guest.chroot.run("dkms status; ls -d /usr/src/qrng-*")
    tap.result(f"qrng/{lab.version()}, " in status and lab.PREVIOUS not in status,
               "DKMS has built the new one, and nothing of the earlier one is left", status)


def test(guest, tap):
    upgrade(guest, tap)
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
