# SPDX-License-Identifier: MIT
"""A copy of the kernel's source with a folder for the tests in it."""

import shutil
import subprocess

from lab import source
from lab.cache import install, scratch
from lab.say import progress

FOLDER = "drivers/misc/qrng"


def _append(path, text):
    """The copy shares its files with the original: a changed one has to be a new one."""
    before = path.read_text()
    path.unlink()
    path.write_text(before + text)


def _hook(tree):
    """Makes the kernel look into FOLDER, which each build fills anew."""
    folder = tree / FOLDER
    folder.mkdir(parents=True)
    _append(folder.parent / "Makefile", "obj-y += qrng/\n")
    _append(folder.parent / "Kconfig", f'source "{FOLDER}/Kconfig"\n')


def _clear(home, tree):
    """Removes older trees and what was built from them."""
    version = tree.name.removeprefix("tree-")
    for old in [*home.glob("tree-*"), *home.glob("uml-*")]:
        if old != tree and not old.name.startswith(f"uml-{version}-"):
            shutil.rmtree(old, ignore_errors=True)


def get(home, refresh=False):
    """The tree below @home, made if there is none; @refresh asks for newer source.

    The caller holds the lock of @home.
    """
    original = source.get(refresh)
    tree = home / f"tree-{source.version(original)}"
    if not tree.exists():
        with scratch(home) as temp:
            progress("making a tree for the tests")
            copy = temp / "copy"
            subprocess.run(["cp", "-al", str(original), str(copy)], check=True)
            _hook(copy)
            install(copy, tree)
        _clear(home, tree)
    return tree
