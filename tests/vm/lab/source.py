# SPDX-License-Identifier: MIT
"""The kernel's source, from Debian's linux-source package, in the cache.

Once for all who need it: checkpatch, the user-mode kernel of KUnit and the debug kernel. Nobody
writes to it.
"""

import shutil
import subprocess

from .apt import AptRoot
from .cache import cache_root, install, locked, scratch
from .say import LabError, progress
from .stock import SUITES

VERSION = "6.1"
HOME = "source"

# Neither a user-mode kernel nor a small x86 one builds these; what kconfig reads of them stays.
_UNUSED = ["*/Documentation/*/*", "*/tools/perf/*", "*/tools/testing/selftests/*", "*/dts/*"] + [
    f"*/{folder}/*.[chS]" for folder in (
        "arch/arm", "arch/arm64", "arch/mips", "arch/powerpc", "arch/sh", "arch/sparc",
        "drivers/gpu", "drivers/infiniband", "drivers/media", "drivers/scsi",
        "drivers/staging", "drivers/usb", "sound")]


def unpack(deb, version, target, *options):
    """Kernel @version's tarball in @deb, as far as tar's @options let it, into the folder @target."""
    script = ('dpkg-deb --fsys-tarfile "$1" | tar -xO "$2" | xz -dc -T0 |'
              ' tar -x -C "$3" --strip-components=1 "${@:4}"')
    done = subprocess.run(
        ["bash", "-o", "pipefail", "-c", script, "unpack", str(deb),
         f"./usr/src/linux-source-{version}.tar.xz", str(target), *options],
        stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    if done.returncode:
        raise LabError(f"{deb.name} does not unpack: {done.stderr.strip().splitlines()[-1:]}")


def _fetch(home):
    with scratch(home) as temp:
        apt = AptRoot(temp / "apt", SUITES[VERSION].name)
        package = f"linux-source-{VERSION}"
        progress(f"asking {apt.suite} for {package}")
        apt.update()
        final = home / f"linux-{apt.show(package)['Version']}".replace("/", "_")
        if not final.exists():
            progress(f"downloading {package} (140 MB, once)")
            deb = apt.download([package], temp)[0]
            progress(f"unpacking {deb.name} (600 MB)")
            tree = temp / "tree"
            tree.mkdir()
            unpack(deb, VERSION, tree, *(f"--exclude={pattern}" for pattern in _UNUSED))
            install(tree, final)
    return final


def _trees(home):
    return sorted(home.glob("linux-*"), key=lambda path: path.stat().st_mtime)


def get(refresh=False):
    """The unpacked tree, fetched if there is none; @refresh asks for a newer one.

    A newer tree makes the older ones useless: they go.
    """
    home = cache_root() / HOME
    if not refresh and _trees(home):
        return _trees(home)[-1]
    with locked(home.with_suffix(".lock")):
        if not refresh and _trees(home):
            return _trees(home)[-1]
        tree = _fetch(home)
        for old in _trees(home):
            if old != tree:
                shutil.rmtree(old, ignore_errors=True)
        return tree


def version(tree):
    """The package version of @tree."""
    return tree.name.removeprefix("linux-")
