# SPDX-License-Identifier: MIT
"""Stock Debian kernels, unpacked in the cache: image, headers, modules; nothing is installed."""

import re
import subprocess
from collections import namedtuple
from pathlib import Path

from . import vmlinux
from .apt import AptRoot
from .cache import cache_root, install, locked, scratch
from .kernel import COMPILER, Kernel, complete_kernel, find_bzimage
from .say import LabError, progress
from .toolchain import Toolchain, is_foreign

# Which suite carries a kernel, and what compiles modules for it. The exact version is the
# business of the suite's meta package. A compiler of a later Debian release is fetched from there.
Suite = namedtuple("Suite", "name compiler release", defaults=[COMPILER, None])
SUITES = {
    "5.10": Suite("bullseye-security"),
    "6.1": Suite("bookworm-security"),
    "6.12": Suite("bookworm-backports"),
    "newest": Suite("trixie-backports", "gcc-14", "trixie"),
}
FLAVOURS = ("amd64", "cloud")

_PARTS = r"linux-(image|headers|kbuild|binary|modules)-|linux-base-\d"


def _fix_headers(tree):
    """Headers name their common part by absolute path, right only if they are installed."""
    for makefile in tree.glob("usr/src/linux-headers-*/Makefile"):
        if makefile.is_symlink():
            continue
        text = makefile.read_text()
        if "/usr/src/" in text:
            here = "$(dir $(abspath $(lastword $(MAKEFILE_LIST))))../"
            makefile.write_text(re.sub(r"(?<![\w.)])/usr/src/", lambda _: here, text))


def _name_compiler(tree, compiler):
    """Makes @compiler the one that builds modules by these headers, if make is told no other."""
    for variables in tree.glob("usr/src/linux-headers-*/.kernelvariables"):
        text = variables.read_text()
        variables.write_text(re.sub(r"^CC = .*$", f"CC = {compiler}", text, flags=re.MULTILINE))
    (tree / "compiler").write_text(f"{compiler}\n")


def _use_toolchain(tree, suite):
    """The compiler of @suite for the kernel in @tree; its build tools are made to run here."""
    if not suite.release:
        return suite.compiler
    toolchain = Toolchain(suite.compiler, suite.release).get()
    for program in tree.glob("usr/lib/linux-kbuild-*/**/*"):
        if is_foreign(program):
            toolchain.adopt(program)
    return toolchain.cc


class StockKernel:
    """The kernel of one version and flavour; `current` is what runs use."""

    def __init__(self, version, flavour):
        self.version = version
        self.suite = SUITES[version]
        self.arch = "amd64" if flavour == "amd64" else "cloud-amd64"
        self.home = cache_root() / "kernels" / f"{version}-{flavour}"
        self.current = self.home / "current"

    def _cached(self):
        # Resolved, so that a refresh beside a run in progress does not change its paths.
        return complete_kernel(self.current.resolve())

    def get(self, refresh=False):
        """The kernel, fetched if it is not there; @refresh asks for a newer one."""
        kernel = None if refresh else self._cached()
        if kernel:
            return kernel
        with locked(self.home.with_suffix(self.home.suffix + ".lock")):
            kernel = None if refresh else self._cached()
            return kernel or self._fetch()

    def _select(self, apt):
        metas = [f"linux-image-{self.arch}", f"linux-headers-{self.arch}"]
        packages = apt.closure(metas, _PARTS)
        images = [p for p in packages if re.fullmatch(rf"linux-image-\d.*-{self.arch}", p)]
        wanted = r"\d" if self.version == "newest" else re.escape(self.version) + "[.-]"
        if len(images) != 1 or not re.match(f"linux-image-{wanted}", images[0]):
            raise LabError(f"suite {apt.suite} no longer carries kernel {self.version} "
                           f"({metas[0]} needs {', '.join(images) or 'no image'})")
        release = images[0].removeprefix("linux-image-")
        names = [p for p in packages if p not in metas]
        return release, packages[images[0]]["Version"], names

    def _build(self, tree, debs, release):
        for deb in debs:
            progress(f"unpacking {deb.name} ({deb.stat().st_size >> 20} MB)")
            subprocess.run(["dpkg-deb", "-x", str(deb), str(tree)], check=True)
            deb.unlink()
        if not (tree / "lib").exists():
            # Later kernels have their modules below usr alone; an installed system has this link.
            (tree / "lib").symlink_to("usr/lib")
        _fix_headers(tree)
        elf = vmlinux.extract(find_bzimage(tree, release).read_bytes())
        if elf:
            (tree / "vmlinux").write_bytes(elf)
        progress(f"indexing the modules of {release}")
        subprocess.run(["depmod", "-b", str(tree), release], check=True)
        _name_compiler(tree, _use_toolchain(tree, self.suite))
        (tree / "release").write_text(release + "\n")

    def _fetch(self):
        with scratch(self.home) as temp:
            apt = AptRoot(temp / "apt", self.suite.name)
            progress(f"asking {apt.suite} for linux-image-{self.arch}")
            apt.update()
            release, package_version, names = self._select(apt)
            final = self.home / f"{release}_{package_version}".replace("/", "_")
            if not complete_kernel(final):
                self._fetch_into(apt, temp, names, release, final)
            link = temp / "current"
            link.symlink_to(final.name)
            link.rename(self.current)
            return Kernel(final)

    def _fetch_into(self, apt, temp, names, release, final):
        progress(f"downloading {', '.join(sorted(names))}")
        debs = apt.download(names, temp)
        tree = temp / "tree"
        tree.mkdir()
        self._build(tree, debs, release)
        install(tree, final)
