# SPDX-License-Identifier: MIT
"""The kernel's own python client for netlink families (tools/net/ynl), in the cache."""

import subprocess

from .apt import AptRoot
from .cache import cache_root, install, locked, scratch
from .say import LabError, progress
from .stock import SUITES

VERSION = "6.12"
HOME = "ynl"
_WANTED = ("tools/net/ynl/lib/*.py", "Documentation/netlink/*.yaml")


def _unpack(deb, target):
    """The client and the schemas out of @deb, into the folder @target."""
    script = ('dpkg-deb --fsys-tarfile "$1" | tar -xO "$2" | xz -dc -T0 |'
              ' tar -x -C "$3" --strip-components=1 --wildcards "${@:4}"')
    done = subprocess.run(
        ["bash", "-o", "pipefail", "-c", script, "unpack", str(deb),
         f"./usr/src/linux-source-{VERSION}.tar.xz", str(target),
         *(f"linux-source-{VERSION}/{pattern}" for pattern in _WANTED)],
        stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    if done.returncode:
        raise LabError(f"{deb.name} does not unpack: {done.stderr.strip().splitlines()[-1:]}")


def _fetch(home):
    with scratch(home) as temp:
        apt = AptRoot(temp / "apt", SUITES[VERSION].name)
        package = f"linux-source-{VERSION}"
        progress(f"asking {apt.suite} for {package}")
        apt.update()
        progress(f"downloading {package} (150 MB, once)")
        deb = apt.download([package], temp)[0]
        progress(f"unpacking {deb.name} (1 MB of it)")
        tree = temp / "tree"
        tree.mkdir()
        _unpack(deb, tree)
        install(tree, home / VERSION)


def get():
    """The folder with `tools/net/ynl/lib` and `Documentation/netlink`, fetched if it is not there."""
    home = cache_root() / HOME
    if not (home / VERSION).is_dir():
        with locked(home.with_suffix(".lock")):
            if not (home / VERSION).is_dir():
                _fetch(home)
    return home / VERSION
