# SPDX-License-Identifier: MIT
"""Which kernels the lab knows, by the names people give them."""

import re

from .debug import DebugKernel
from .say import LabError
from .stock import FLAVOURS, SUITES, StockKernel

DEBUG = "debug"
NAMES = (*SUITES, DEBUG)


def _is_newer(version):
    """True if @version is that of a kernel later than those which go by their numbers."""
    known = [tuple(map(int, name.split("."))) for name in SUITES if name != "newest"]
    return re.fullmatch(r"\d+\.\d+", version) and tuple(map(int, version.split("."))) > max(known)


def might_be(version):
    """True if a kernel may go by @version; only the mirror knows the number of the newest one."""
    return version in NAMES or bool(_is_newer(version))


def _by_number(version, flavour, refresh):
    kernel = StockKernel("newest", flavour).get(refresh)
    if not kernel.release.startswith(f"{version}."):
        raise LabError(f"kernel {version}: not known, allowed are {', '.join(NAMES)} "
                       f"(the newest is {kernel.release})")
    return kernel


def find(version, flavour, refresh=False):
    """The kernel @version, fetched if it is not there; @refresh asks the mirror for a newer one."""
    if not might_be(version):
        raise LabError(f"kernel {version}: not known, allowed are {', '.join(NAMES)}")
    if flavour not in FLAVOURS:
        raise LabError(f"flavour {flavour}: not known, allowed are {', '.join(FLAVOURS)}")
    if version == DEBUG and flavour != FLAVOURS[0]:
        raise LabError(f"flavour {flavour}: the debug kernel has only {FLAVOURS[0]}")
    if version == DEBUG:
        return DebugKernel().get(refresh)
    if version in SUITES:
        return StockKernel(version, flavour).get(refresh)
    return _by_number(version, flavour, refresh)
