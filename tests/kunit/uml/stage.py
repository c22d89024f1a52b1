# SPDX-License-Identifier: MIT
"""Puts the core and its cases into a folder of the kernel's tree."""

import os
import subprocess

from lab.say import LabError

from .source import FOLDER

# What is copied to the same place below the folder; the makefile takes every .c of it.
_PATTERNS = ("kmod/host.[ch]", "kmod/skcipher.[ch]", "kmod/core/*.[ch]", "kmod/compat/*/*.h", "tests/core/*.[ch]",
             "tests/kunit/*.c", "tests/unit/vectors.h", "build/vectors/*.c")
_HARNESS_A = "tests/core/main.c"


def _make_vectors(tree):
    # A make above us must not hand down its job server or its variables.
    env = {k: v for k, v in os.environ.items() if k not in ("MAKEFLAGS", "MAKELEVEL", "MFLAGS")}
    done = subprocess.run(["make", "-s", "-C", str(tree), "vectors"], env=env, check=False,
                          stdin=subprocess.DEVNULL, capture_output=True, text=True)
    if done.returncode:
        raise LabError(f"make vectors failed:\n{done.stdout}{done.stderr}".rstrip())


def _wanted(tree):
    """Place below the folder -> content."""
    files = {path.relative_to(tree): path.read_bytes()
             for pattern in _PATTERNS for path in tree.glob(pattern)}
    for name in ("Kconfig", "Makefile"):
        files[(tree / name).relative_to(tree)] = (tree / "tests/kunit" / name).read_bytes()
    return {str(name): content for name, content in files.items() if str(name) != _HARNESS_A}


def fill(tree, source):
    """Makes the folder in @source what @tree says; unchanged files keep their times for make."""
    _make_vectors(tree)
    folder, wanted = source / FOLDER, _wanted(tree)
    for path in folder.rglob("*"):
        if path.is_file() and str(path.relative_to(folder)) not in wanted:
            path.unlink()
    for name, content in wanted.items():
        path = folder / name
        if not path.exists() or path.read_bytes() != content:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
