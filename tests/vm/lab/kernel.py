# SPDX-License-Identifier: MIT
"""One kernel of the cache: where its parts are, and whether they all are there."""

import shutil
from pathlib import Path

from .say import LabError

# Builds modules for every kernel that does not ask for a newer compiler.
COMPILER = "gcc-12"


class Kernel:
    """Paths of the kernel in the folder @path, all as they are in the unpacked packages."""

    def __init__(self, path):
        self.path = Path(path)
        self.release = (self.path / "release").read_text().strip()
        self.kdir = self.path / "usr/src" / f"linux-headers-{self.release}"

    @property
    def image(self):
        """What QEMU gets as -kernel: the ELF where it could be extracted, else the bzImage."""
        elf = self.path / "vmlinux"
        return elf if elf.exists() else find_bzimage(self.path, self.release)

    @property
    def compiler(self):
        """What compiles modules for it: the name of a program, or the path of one in the cache."""
        named = self.path / "compiler"
        return named.read_text().strip() if named.exists() else COMPILER

    @property
    def module_flags(self):
        """What make is told besides when it builds a module for it; None for a stock kernel."""
        flags = self.path / "module-flags"
        return flags.read_text().split() if flags.exists() else None

    @property
    def is_debug(self):
        """True if it watches what the module does, which makes it slow."""
        return self.module_flags is not None

    def complete(self):
        """True if every part is where it should be (half-deleted caches happen)."""
        modules = self.path / "lib/modules" / self.release / "modules.dep.bin"
        compiler = self.compiler
        return (modules.exists() and (self.kdir / "Makefile").exists() and self.image.exists()
                and ("/" not in compiler or shutil.which(compiler) is not None))

    def describe(self):
        """The key=value lines other programs read."""
        return (f"release={self.release}\nkernel={self.image}\n"
                f"kdir={self.kdir}\nmodules={self.path}\ncc={self.compiler}\n")


def complete_kernel(path):
    """The kernel in the folder @path, or None if it is not whole."""
    try:
        kernel = Kernel(path)
        return kernel if kernel.complete() else None
    except (OSError, LabError):
        return None


def find_bzimage(tree, release):
    """The packed image of @release below @tree, wherever its packages put it."""
    for path in (tree / "boot" / f"vmlinuz-{release}",
                 tree / "usr/lib/modules" / release / "vmlinuz"):
        if path.exists():
            return path
    raise LabError(f"no vmlinuz of {release} in the unpacked packages")
