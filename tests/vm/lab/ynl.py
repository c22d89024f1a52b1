# SPDX-License-Identifier: MIT
"""The kernel's own python client for netlink families (tools/net/ynl), in the cache."""

from .apt import AptRoot
from .cache import cache_root, install, locked, scratch
from .say import progress
from .source import unpack
from .stock import SUITES

VERSION = "6.12"
HOME = "ynl"
_WANTED = ("tools/net/ynl/lib/*.py", "Documentation/netlink/*.yaml")


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
        unpack(deb, VERSION, tree, "--wildcards",
               *(f"linux-source-{VERSION}/{pattern}" for pattern in _WANTED))
        install(tree, home / VERSION)


def get():
    """The folder with `tools/net/ynl/lib` and `Documentation/netlink`, fetched if it is not there."""
    home = cache_root() / HOME
    if not (home / VERSION).is_dir():
        with locked(home.with_suffix(".lock")):
            if not (home / VERSION).is_dir():
                _fetch(home)
    return home / VERSION
