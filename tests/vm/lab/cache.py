# SPDX-License-Identifier: MIT
"""The folder of everything that was downloaded or built from it, and who may write there when."""

import fcntl
import os
import shutil
import tempfile
from contextlib import contextmanager
from pathlib import Path

from .say import progress


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
            progress(f"waiting for another run that makes {path.stem}")
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@contextmanager
def scratch(home):
    """A temporary folder in @home, whose lock the caller holds; what others left is removed."""
    home.mkdir(parents=True, exist_ok=True)
    for left in home.glob("tmp.*"):
        shutil.rmtree(left, ignore_errors=True)
    temp = Path(tempfile.mkdtemp(prefix="tmp.", dir=home))
    try:
        yield temp
    finally:
        shutil.rmtree(temp, ignore_errors=True)


def install(work, final):
    """Moves the finished tree into place: whoever looks sees all of it or nothing."""
    if final.exists():
        shutil.rmtree(final)
    work.rename(final)
