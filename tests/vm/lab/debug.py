# SPDX-License-Identifier: MIT
"""The debug kernel: built here from Debian's source, to watch what the module does.

KASAN, UBSAN, lockdep, kmemleak, fault injection and gcov are in no kernel Debian ships. What is
in it says tests/vm/debug.config.
"""

import hashlib
import re
import shutil
from pathlib import Path

from . import job, source
from .cache import cache_root, locked
from .kernel import COMPILER, Kernel, complete_kernel
from .say import LabError, progress

FRAGMENT = Path(__file__).resolve().parent.parent / "debug.config"
_TOOLS = ("bc", "bison", "flex", "lz4", "depmod")
# kbuild instruments for these two only what asks for it.
_MODULE_FLAGS = "UBSAN_SANITIZE=y GCOV_PROFILE=y"
# Large, and of no use to whoever builds a module or boots.
_LEFTOVERS = ("*.o", "*.a", "*.ko", "*.mod.c", ".*.cmd", "vmlinux*", ".tmp_vmlinux*", "bzImage")


def wanted(fragment):
    """Option -> value that the configuration file text @fragment asks for; n if it is to be off."""
    options = dict(re.findall(r"^(CONFIG_\w+)=(.*)$", fragment, re.MULTILINE))
    off = re.findall(r"^# (CONFIG_\w+) is not set$", fragment, re.MULTILINE)
    return options | dict.fromkeys(off, "n")


def unmet(fragment, config):
    """What @fragment asks for and the final configuration @config does not have."""
    have = wanted(config)
    return [f"{option}={value}" for option, value in wanted(fragment).items()
            if have.get(option, "n") != value]


class DebugKernel:
    """Built once for each version of the source and of the configuration."""

    def __init__(self):
        self.home = cache_root() / "kernels/debug-amd64"

    def get(self, refresh=False):
        """The kernel, built if it is not there; @refresh asks for newer source."""
        tree = source.get(refresh)
        key = hashlib.sha256(FRAGMENT.read_bytes() + _MODULE_FLAGS.encode() +
                             job.version_of(COMPILER, *_TOOLS)).hexdigest()[:8]
        path = self.home / f"{source.version(tree)}_{key}"
        kernel = _cached(path)
        if kernel:
            return kernel
        with locked(self.home.with_suffix(".lock")):
            return _cached(path) or _Build(tree, path).run()


def _cached(path):
    kernel = complete_kernel(path)
    # Its build folder is of use only with the source beside it.
    return kernel if kernel and (kernel.kdir / "source/Makefile").exists() else None


class _Build:
    """The build of the kernel at @path from @tree; what an interrupted one left is gone on with."""

    def __init__(self, tree, path):
        self.tree = tree
        self.path = path
        self.output = path / "build"
        self.config = self.output / ".config"

    def _make(self, what, target, *variables):
        job.make(what, target, self.tree, self.output, self.path / f"{target.split()[0]}.log",
                 "ARCH=x86", f"CC={job.with_ccache(COMPILER)}", *variables)

    def run(self):
        """Configures, builds, arranges the parts as a stock kernel's."""
        progress("building the debug kernel (about 12 minutes on two processors, once)")
        self.output.mkdir(parents=True, exist_ok=True)
        self._configure()
        self._make("make", "bzImage modules")
        self._arrange()
        return Kernel(self.path)

    def _configure(self):
        self._make("make tinyconfig", "tinyconfig")
        # Of several lines the last one counts, but of a choice the one made first stays.
        wants, have = FRAGMENT.read_text(), self.config.read_text()
        lines = [line for line in have.splitlines() if not re.match(r"CONFIG_(SLOB|KERNEL_XZ)=", line)]
        self.config.write_text("\n".join(lines) + "\n" + wants)
        self._make("make olddefconfig", "olddefconfig")
        missing = unmet(wants, self.config.read_text())
        if missing:
            raise LabError(f"the kernel's configuration does not take {', '.join(missing)} "
                           f"({FRAGMENT.name})")

    def _arrange(self):
        release = (self.output / "include/config/kernel.release").read_text().strip()
        (self.path / "boot").mkdir(exist_ok=True)
        shutil.copy(self.output / "arch/x86/boot/bzImage", self.path / f"boot/vmlinuz-{release}")
        self._make("make modules_install", "modules_install", f"INSTALL_MOD_PATH={self.path}")
        headers = self.path / "usr/src"
        headers.mkdir(parents=True, exist_ok=True)
        link = headers / f"linux-headers-{release}"
        link.unlink(missing_ok=True)
        link.symlink_to("../../build")
        for pattern in _LEFTOVERS:
            for left in self.output.rglob(pattern):
                left.unlink()
        (self.path / "module-flags").write_text(_MODULE_FLAGS + "\n")
        (self.path / "release").write_text(release + "\n")
