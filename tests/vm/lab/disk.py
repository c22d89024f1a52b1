# SPDX-License-Identifier: MIT
"""A disk to boot a Debian system from, made of the folder it is in: no mount, no loop device."""

import re
import subprocess
from collections import namedtuple

from . import vmlinux
from .say import LabError

_SPARE_MB = 768

# What a machine starts with, each a path; image: of the kernel.
Boot = namedtuple("Boot", "image initrd disk")


def releases(tree):
    """The kernels that are installed in @tree, oldest first."""
    found = [path.name.removeprefix("vmlinuz-") for path in (tree / "boot").glob("vmlinuz-*")]
    return sorted(found, key=lambda name: [int(n) for n in re.findall(r"\d+", name)])


def make(tree, release, directory, again=False):
    """A Boot of @tree with its kernel @release; the files go to @directory. If @again, the disk is
    the one that is there, as the start before has left it."""
    image = directory / f"vmlinux-{release}"
    packed = tree / "boot" / f"vmlinuz-{release}"
    image.write_bytes(vmlinux.extract(packed.read_bytes()) or packed.read_bytes())
    disk = directory / "disk"
    if not again:
        _fill(disk, tree)
    initrd = directory / f"initrd-{release}"
    initrd.write_bytes((tree / "boot" / f"initrd.img-{release}").read_bytes())
    return Boot(image, initrd, disk)


def _fill(disk, tree):
    used = subprocess.run(["du", "-sm", str(tree)], check=True, capture_output=True, text=True)
    size = int(used.stdout.split()[0]) + _SPARE_MB
    disk.unlink(missing_ok=True)
    done = subprocess.run(
        ["mke2fs", "-q", "-t", "ext4", "-O", "^has_journal", "-m", "0", "-L", "guest",
         "-d", str(tree), str(disk), f"{size}M"], capture_output=True, text=True, check=False)
    if done.returncode:
        raise LabError(f"mke2fs: {done.stderr.strip()}")
