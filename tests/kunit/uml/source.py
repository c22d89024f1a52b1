# SPDX-License-Identifier: MIT
"""The kernel's source, from Debian's linux-source package, in the cache."""

import shutil
import subprocess
import tempfile
from pathlib import Path

from lab.apt import AptRoot
from lab.stock import SUITES
from lab.say import LabError, progress

VERSION = "6.1"
FOLDER = "drivers/misc/qrng"

# A user-mode kernel builds none of these; what kconfig reads of them stays.
_UNUSED = ["*/Documentation/*/*", "*/tools/perf/*", "*/tools/testing/selftests/*", "*/dts/*"] + [
    f"*/{folder}/*.[chS]" for folder in (
        "arch/arm", "arch/arm64", "arch/mips", "arch/powerpc", "arch/sh", "arch/sparc",
        "drivers/gpu", "drivers/infiniband", "drivers/media", "drivers/net", "drivers/scsi",
        "drivers/staging", "drivers/usb", "sound")]


def _unpack(deb, target):
    """The tarball in @deb, as far as it is needed, into the folder @target."""
    member = f"./usr/src/linux-source-{VERSION}.tar.xz"
    exclude = [f"--exclude={pattern}" for pattern in _UNUSED]
    script = ('dpkg-deb --fsys-tarfile "$1" | tar -xO "$2" | xz -dc -T0 |'
              ' tar -x -C "$3" --strip-components=1 "${@:4}"')
    done = subprocess.run(
        ["bash", "-o", "pipefail", "-c", script, "unpack", str(deb), member, str(target), *exclude],
        stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    if done.returncode:
        raise LabError(f"{deb.name} does not unpack: {done.stderr.strip().splitlines()[-1:]}")


def _hook(tree):
    """Makes the kernel look into FOLDER, which each build fills anew."""
    (tree / FOLDER).mkdir(parents=True)
    parent = (tree / FOLDER).parent
    with open(parent / "Makefile", "a", encoding="ascii") as makefile:
        makefile.write("obj-y += qrng/\n")
    with open(parent / "Kconfig", "a", encoding="ascii") as kconfig:
        kconfig.write(f'source "{FOLDER}/Kconfig"\n')


def _fetch_into(home, temp):
    apt = AptRoot(temp / "apt", SUITES[VERSION].name)
    package = f"linux-source-{VERSION}"
    progress(f"asking {apt.suite} for {package}")
    apt.update()
    final = home / f"linux-{apt.show(package)['Version']}".replace("/", "_")
    if not final.exists():
        progress(f"downloading {package} (140 MB, once)")
        deb = apt.download([package], temp)[0]
        progress(f"unpacking {deb.name} (500 MB)")
        tree = temp / "tree"
        tree.mkdir()
        _unpack(deb, tree)
        _hook(tree)
        tree.rename(final)
    return final


def get(home, refresh=False):
    """The unpacked tree below @home, fetched if there is none; @refresh asks for a newer one.

    The caller holds the lock of @home. A newer tree makes the older ones and what was built
    from them useless: they go.
    """
    trees = sorted(home.glob("linux-*"), key=lambda path: path.stat().st_mtime)
    if trees and not refresh:
        return trees[-1]
    home.mkdir(parents=True, exist_ok=True)
    for left in home.glob("tmp.*"):
        shutil.rmtree(left, ignore_errors=True)
    with tempfile.TemporaryDirectory(prefix="tmp.", dir=home) as temp:
        tree = _fetch_into(home, Path(temp))
    for old in [*trees, *home.glob("build-*")]:
        if old != tree and not old.name.startswith(f"build-{tree.name.removeprefix('linux-')}"):
            shutil.rmtree(old, ignore_errors=True)
    return tree
