# SPDX-License-Identifier: MIT
"""Stock Debian kernels, unpacked in a cache: image, headers, modules; nothing is installed."""

import fcntl
import os
import re
import shutil
import subprocess
import tempfile
from contextlib import contextmanager
from pathlib import Path

from . import vmlinux
from .apt import AptRoot
from .say import LabError, progress

# Which suite carries which kernel. The exact version is the meta package's business.
SUITES = {
    "5.10": "bullseye-security",
    "6.1": "bookworm-security",
    "6.12": "bookworm-backports",
}
FLAVOURS = ("amd64", "cloud")

_PARTS = r"linux-(image|headers|kbuild|binary|modules)-"


def cache_root():
    """Where everything that was downloaded lives: outside the tree, safe to delete."""
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(os.environ.get("QRNG_CACHE") or Path(base) / "qrng").resolve()


@contextmanager
def locked(path):
    """Holds the lock file @path: one process at a time writes what it guards."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path, "w", encoding="ascii") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            progress(f"waiting for another run that fetches {path.stem}")
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


class Kernel:
    """One kernel of the cache: paths of its parts, all as they are in the unpacked packages."""

    def __init__(self, path):
        self.path = Path(path)
        self.release = (self.path / "release").read_text().strip()
        self.kdir = self.path / "usr/src" / f"linux-headers-{self.release}"

    @property
    def image(self):
        """What QEMU gets as -kernel: the ELF where it could be extracted, else the bzImage."""
        elf = self.path / "vmlinux"
        return elf if elf.exists() else _find_bzimage(self.path, self.release)

    def complete(self):
        """True if every part is where it should be (half-deleted caches happen)."""
        modules = self.path / "lib/modules" / self.release / "modules.dep.bin"
        return modules.exists() and (self.kdir / "Makefile").exists() and self.image.exists()

    def describe(self):
        """The key=value lines other programs read."""
        return (f"release={self.release}\nkernel={self.image}\n"
                f"kdir={self.kdir}\nmodules={self.path}\n")


def _complete_kernel(path):
    try:
        kernel = Kernel(path)
        return kernel if kernel.complete() else None
    except (OSError, LabError):
        return None


def _find_bzimage(tree, release):
    for path in (tree / "boot" / f"vmlinuz-{release}",
                 tree / "usr/lib/modules" / release / "vmlinuz"):
        if path.exists():
            return path
    raise LabError(f"no vmlinuz of {release} in the unpacked packages")


def _fix_headers(tree):
    """Headers name their common part by absolute path, right only if they are installed."""
    for makefile in tree.glob("usr/src/linux-headers-*/Makefile"):
        if makefile.is_symlink():
            continue
        text = makefile.read_text()
        if "/usr/src/" in text:
            here = "$(dir $(abspath $(lastword $(MAKEFILE_LIST))))../"
            makefile.write_text(re.sub(r"(?<![\w.)])/usr/src/", lambda _: here, text))


def _build(tree, debs, release):
    for deb in debs:
        progress(f"unpacking {deb.name} ({deb.stat().st_size >> 20} MB)")
        subprocess.run(["dpkg-deb", "-x", str(deb), str(tree)], check=True)
        deb.unlink()
    _fix_headers(tree)
    elf = vmlinux.extract(_find_bzimage(tree, release).read_bytes())
    if elf:
        (tree / "vmlinux").write_bytes(elf)
    progress(f"indexing the modules of {release}")
    subprocess.run(["depmod", "-b", str(tree), release], check=True)
    (tree / "release").write_text(release + "\n")


def _install(work, final):
    """Moves the finished tree into place: whoever looks sees all of it or nothing."""
    if final.exists():
        shutil.rmtree(final)
    work.rename(final)


class KernelCache:
    """The kernels of one version and flavour; `current` is what runs use."""

    def __init__(self, version, flavour):
        if version not in SUITES:
            raise LabError(f"kernel {version}: not known, allowed are {', '.join(SUITES)}")
        if flavour not in FLAVOURS:
            raise LabError(f"flavour {flavour}: not known, allowed are {', '.join(FLAVOURS)}")
        self.version = version
        self.arch = "amd64" if flavour == "amd64" else "cloud-amd64"
        self.home = cache_root() / "kernels" / f"{version}-{flavour}"
        self.current = self.home / "current"

    def _cached(self):
        # Resolved, so that a refresh beside a run in progress does not change its paths.
        return _complete_kernel(self.current.resolve())

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
        if len(images) != 1 or not re.match(rf"linux-image-{re.escape(self.version)}[.-]", images[0]):
            raise LabError(f"suite {apt.suite} no longer carries kernel {self.version} "
                           f"({metas[0]} needs {', '.join(images) or 'no image'})")
        release = images[0].removeprefix("linux-image-")
        names = [p for p in packages if p not in metas]
        return release, packages[images[0]]["Version"], names

    def _fetch(self):
        self.home.mkdir(parents=True, exist_ok=True)
        for left in self.home.glob("tmp.*"):
            shutil.rmtree(left, ignore_errors=True)
        temp = Path(tempfile.mkdtemp(prefix="tmp.", dir=self.home))
        try:
            return self._fetch_into(temp)
        finally:
            shutil.rmtree(temp, ignore_errors=True)

    def _fetch_into(self, temp):
        apt = AptRoot(temp / "apt", SUITES[self.version])
        progress(f"asking {apt.suite} for linux-image-{self.arch}")
        apt.update()
        release, package_version, names = self._select(apt)
        final = self.home / f"{release}_{package_version}".replace("/", "_")
        if not _complete_kernel(final):
            progress(f"downloading {', '.join(sorted(names))}")
            debs = apt.download(names, temp)
            tree = temp / "tree"
            tree.mkdir()
            _build(tree, debs, release)
            _install(tree, final)
        link = temp / "current"
        link.symlink_to(final.name)
        link.rename(self.current)
        return Kernel(final)
