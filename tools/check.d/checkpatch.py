#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Prints where checkpatch.pl is, in the cache; fetches it first if it is not there.

Debian's header packages leave it out, so it comes from the package with all of the kernel's
sources, of which the cache keeps these few files alone.
"""

import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "tests/vm"))

from lab.apt import AptRoot  # noqa: E402
from lab.cache import cache_root  # noqa: E402
from lab.say import LabError  # noqa: E402
from lab.stock import SUITES  # noqa: E402

VERSION = "6.1"
FILES = ("checkpatch.pl", "const_structs.checkpatch", "spelling.txt")


def download(folder):
    """The .deb with the kernel's sources."""
    print(f"check: fetching linux-source-{VERSION} for checkpatch (140 MB, once)", file=sys.stderr)
    apt = AptRoot(folder / "apt", SUITES[VERSION].name)
    apt.update()
    return apt.download([f"linux-source-{VERSION}"], folder)[0]


def scripts_of(sources):
    """(name, content) of each wanted file in the stream of a kernel tarball, as they come."""
    left = set(FILES)
    with tarfile.open(fileobj=sources, mode="r|xz") as tree:
        for member in tree:
            _, _, name = member.name.partition("/scripts/")
            if name in left:
                yield name, tree.extractfile(member).read()
                left.remove(name)
                if not left:
                    return
    raise LabError(f"linux-source-{VERSION} holds no {', '.join(sorted(left))}")


def unpack(deb, folder):
    """Writes the wanted files of @deb to @folder."""
    with subprocess.Popen(["dpkg-deb", "--fsys-tarfile", str(deb)], stdout=subprocess.PIPE) as dpkg:
        with tarfile.open(fileobj=dpkg.stdout, mode="r|") as package:
            for member in package:
                if member.name.endswith(f"/linux-source-{VERSION}.tar.xz"):
                    for name, content in scripts_of(package.extractfile(member)):
                        (folder / name).write_bytes(content)
                    break
        # What follows in the package is of no interest.
        dpkg.kill()


def main():
    final = cache_root() / f"checkpatch-{VERSION}"
    if not (final / FILES[0]).exists():
        final.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix="tmp.", dir=final.parent) as temp:
            ready = Path(temp) / "ready"
            ready.mkdir()
            unpack(download(Path(temp)), ready)
            try:
                ready.rename(final)
            except OSError:
                # Another run was faster.
                if not (final / FILES[0]).exists():
                    raise
    print(final / FILES[0])


if __name__ == "__main__":
    try:
        main()
    except (LabError, OSError, tarfile.TarError) as error:
        sys.exit(f"check: {error}")
