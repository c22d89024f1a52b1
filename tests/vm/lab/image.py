# SPDX-License-Identifier: MIT
"""A whole Debian system as a folder: made once, kept in the cache, copied for each use."""

import hashlib
import shutil
import subprocess
import tempfile
from contextlib import contextmanager
from pathlib import Path

from .apt import archive_for
from .cache import cache_root, install, locked, scratch
from .say import LabError, progress

# What any system has, and what DKMS builds with.
PACKAGES = ("systemd-sysv udev dbus kmod iproute2 procps ca-certificates curl openssl strace zstd "
            "initramfs-tools linux-image-amd64 linux-headers-amd64 dkms gcc make libc6-dev").split()

# Nobody reads there; dpkg forgets this again at the end, lest it leave out our own.
_LEFT_OUT = ("/usr/share/doc/*", "/usr/share/man/*", "/usr/share/locale/*")

# The disk and its file system are all that an initramfs has to know.
_ESSENTIAL_HOOK = ('mkdir -p "$1/etc/initramfs-tools/conf.d"; '
                   'echo MODULES=list > "$1/etc/initramfs-tools/conf.d/guest"; '
                   r'printf "virtio_pci\nvirtio_blk\next4\n" > "$1/etc/initramfs-tools/modules"')
_LAST_HOOK = 'rm "$1/etc/dpkg/dpkg.cfg.d/99mmdebstrap"; rm -f "$1"/var/cache/apt/archives/*.deb'

# Programs replace files there and never write into them, so that copies can share them.
_SHARED = "usr"


class Image:
    """The system of Debian @suite with @packages."""

    def __init__(self, suite, packages=PACKAGES):
        self._suite = suite
        self._packages = packages
        self._home = cache_root() / "guest"
        recipe = repr((suite, packages, _LEFT_OUT, _ESSENTIAL_HOOK, _LAST_HOOK))
        key = hashlib.sha256(recipe.encode()).hexdigest()[:16]
        self._path = self._home / f"{suite}-{key}"

    def get(self):
        """The folder with the system, made if it is not there; not to be written to."""
        if not self._intact():
            with locked(self._path.with_suffix(".lock")):
                if not self._intact():
                    self._make()
        return self._path / "tree"

    def _intact(self):
        """Is it there, and has nobody written into what copies share?"""
        stamp = self._path / "stamp"
        if not stamp.exists():
            return False
        found = subprocess.run(
            ["find", str(self._path / "tree" / _SHARED), "-type", "f", "-newer", str(stamp),
             "-print", "-quit"], check=True, capture_output=True, text=True).stdout
        if found:
            progress(f"{found.strip()} was written into: making the system anew")
        return not found

    def _sources(self):
        suites = (self._suite, f"{self._suite}-security")
        return "".join(archive_for(suite).line() for suite in suites)

    def _make(self):
        with scratch(self._home / "making") as temp:
            progress(f"installing Debian {self._suite} into a folder, some minutes")
            log = temp / "log"
            with open(log, "wb") as output:
                done = subprocess.run(self._command(temp / "tree"), input=self._sources().encode(),
                                      stdout=output, stderr=subprocess.STDOUT, check=False)
            if done.returncode:
                last = "\n".join(log.read_text(errors="replace").splitlines()[-20:])
                raise LabError(f"mmdebstrap ended with {done.returncode}:\n{last}")
            (temp / "stamp").touch()
            install(temp, self._path)

    def _command(self, tree):
        options = [f"--dpkgopt=path-exclude={path}" for path in _LEFT_OUT]
        return ["mmdebstrap", "--mode=root", "--variant=apt", "--dpkgopt=force-unsafe-io",
                '--aptopt=Apt::Install-Recommends "false"', '--aptopt=APT::Sandbox::User "root"',
                '--aptopt=Acquire::Languages "none"', '--aptopt=APT::Get::Assume-Yes "true"',
                '--aptopt=APT::Keep-Downloaded-Packages "true"', *options,
                # The lists stay: what is installed later is of the same day.
                "--skip=cleanup/apt", f"--essential-hook={_ESSENTIAL_HOOK}",
                f"--customize-hook={_LAST_HOOK}", f"--include={','.join(self._packages)}",
                self._suite, str(tree)]

    @contextmanager
    def copy(self):
        """A copy of the system to change and to boot, gone after the block."""
        base = self.get()
        folder = Path(tempfile.mkdtemp(prefix="copy.", dir=self._home))
        try:
            tree = folder / "tree"
            tree.mkdir()
            for entry in base.iterdir():
                how = "-al" if entry.name == _SHARED else "-a"
                subprocess.run(["cp", how, str(entry), str(tree)], check=True)
            yield tree
        finally:
            shutil.rmtree(folder, ignore_errors=True)
