# SPDX-License-Identifier: MIT
"""A compiler newer than the machine's, unpacked in the cache: nothing is installed.

Newer programs need a newer C library, too. So each is started by the loader of that library,
which is told where the libraries are: neither root nor a root directory of its own is needed.
"""

import subprocess
from pathlib import Path

from .apt import AptRoot
from .cache import cache_root, install, locked, scratch
from .say import LabError, progress

_LIBRARIES = "usr/lib/x86_64-linux-gnu"
_LOADER = f"{_LIBRARIES}/ld-linux-x86-64.so.2"
# Not the compiler's own libraries for sanitizers: large, and a kernel links none of them.
_PARTS = r"(?!lib(asan|hwasan|tsan|lsan|ubsan|itm|gomp|quadmath|atomic|cc1|gprofng))"

_CC = """#!/bin/sh
root={root}
run=$root/{loader}
gcc=$root/usr/bin/x86_64-linux-gnu-{name}
exec "$run" --library-path "$root/{libraries}" --argv0 "$gcc" "$gcc" \\
	-B"$root/usr/bin/x86_64-linux-gnu-" -wrapper "$run,--library-path,$root/{libraries}" "$@"
"""

_PROGRAM = """#!/bin/sh
exec "{root}/{loader}" --library-path "{root}/{libraries}" "$0.elf" "$@"
"""


def _write_program(path, text):
    path.write_text(text)
    path.chmod(0o755)


class Toolchain:
    """The compiler @name, such as gcc-14, of the Debian release @suite."""

    def __init__(self, name, suite):
        self.name = name
        self.suite = suite
        self.path = cache_root() / "toolchains" / name
        self.cc = self.path / "cc"

    def get(self):
        """Itself, fetched if it is not there."""
        if not self.cc.exists():
            with locked(self.path.with_suffix(".lock")):
                if not self.cc.exists():
                    self._fetch()
        return self

    def _fetch(self):
        with scratch(self.path.parent) as temp:
            apt = AptRoot(temp / "apt", self.suite)
            progress(f"asking {self.suite} for {self.name}")
            apt.update()
            names = apt.closure([self.name], _PARTS)
            progress(f"downloading {self.name} of {self.suite} (45 MB)")
            tree = temp / "tree"
            tree.mkdir()
            for deb in apt.download(names, temp):
                subprocess.run(["dpkg-deb", "-x", str(deb), str(tree)], check=True)
            _write_program(tree / "cc", _CC.format(root=self.path, loader=_LOADER, name=self.name,
                                                   libraries=_LIBRARIES))
            install(tree, self.path)
        done = subprocess.run([str(self.cc), "--version"], capture_output=True, text=True,
                              check=False)
        if done.returncode:
            self.cc.unlink()
            raise LabError(f"{self.name} of {self.suite} does not run: {done.stderr.strip()}")

    def adopt(self, program):
        """Makes @program, which was made for this C library, run on this machine."""
        program.rename(program.with_name(program.name + ".elf"))
        _write_program(program, _PROGRAM.format(root=self.path, loader=_LOADER,
                                                libraries=_LIBRARIES))


def is_foreign(program):
    """True if @program is one the machine's own C library is too old for."""
    if not program.is_file() or program.is_symlink() or not program.stat().st_mode & 0o100:
        return False
    with open(program, "rb") as start:
        if start.read(4) != b"\x7fELF":
            return False
    done = subprocess.run(["ldd", str(program)], capture_output=True, text=True, check=False)
    return "not found" in done.stdout + done.stderr
