# SPDX-License-Identifier: MIT
"""Kernel modules the guest needs: which ones, in what order, unpacked; and the build of ours."""

import fcntl
import lzma
import os
import re
import shutil
import subprocess
import tempfile
from collections import namedtuple
from pathlib import Path

from .say import LabError, progress

# What a build found, a line each, and whether sparse took part.
Strict = namedtuple("Strict", "findings sparse")


def load_order(kernel, names, optional=False):
    """Files of @names and all they need, in the order to load them; built-in ones are left out,
    and so are those the kernel does not have if they are @optional."""
    order = []
    for name in names:
        done = subprocess.run(
            ["modprobe", "-C", "/dev/null", "-d", str(kernel.path), "-S", kernel.release, "--show-depends", name],
            capture_output=True, text=True, check=False)
        if done.returncode and optional:
            continue
        if done.returncode:
            raise LabError(f"module {name} of {kernel.release}: {done.stderr.strip()}")
        for line in done.stdout.splitlines():
            verb, path = line.split()[:2]
            if verb == "insmod" and Path(path) not in order:
                order.append(Path(path))
    return order


def plain(path):
    """(file name, contents) of a module file, unpacked: busybox loads .ko only."""
    if path.suffix == ".xz":
        return path.stem, lzma.decompress(path.read_bytes())
    return path.name, path.read_bytes()


def needs(kernel, module):
    """What must be loaded before the module file @module, in order."""
    done = subprocess.run(["modinfo", "-F", "depends", str(module)],
                          capture_output=True, text=True, check=False)
    if done.returncode:
        raise LabError(f"{module} is not a kernel module: {done.stderr.strip()}")
    return load_order(kernel, [n for n in done.stdout.strip().split(",") if n])


def _make(tree, kernel, *more):
    """make kmod in @tree for @kernel."""
    # A make above us must not hand down its job server or its variables.
    env = {k: v for k, v in os.environ.items() if k not in ("MAKEFLAGS", "MAKELEVEL", "MFLAGS")}
    return subprocess.run(
        ["make", "-s", "-C", str(tree), "kmod", f"KDIR={kernel.kdir}", f"CC={kernel.compiler}",
         "CONFIG_DEBUG_INFO_BTF_MODULES=", *(kernel.module_flags or []), *more],
        env={**env, "LC_ALL": "C"}, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, text=True, check=False)


def build(tree, kernel):
    """Builds qrng.ko for @kernel by the root Makefile of @tree, returns its path."""
    module = tree / "build/kmod" / kernel.release / "qrng.ko"
    (tree / "build").mkdir(exist_ok=True)
    with open(tree / "build/.kmod.lock", "w", encoding="ascii") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        progress(f"building qrng.ko for {kernel.release}")
        done = _make(tree, kernel)
    if done.returncode or not module.exists():
        raise LabError(f"make kmod KDIR={kernel.kdir} failed:\n{done.stdout}".rstrip())
    return module


def warnings(tree, kernel):
    """A Strict: what compiler, sparse and modpost say about the module for @kernel.

    Built in a copy of @tree's sources; the headers' own noise is left out.
    """
    with tempfile.TemporaryDirectory(prefix="qrng-strict.") as directory:
        copy = Path(directory)
        for name in ("Makefile", "Kbuild", "kmod", "uapi"):
            source = tree / name
            (shutil.copytree if source.is_dir() else shutil.copy)(source, copy / name)
        done = _make(copy, kernel, "W=1", "C=2", "CHECK=sparse")
        said = re.findall(r"^.*(?:warning|error|modpost):.*$", done.stdout, re.MULTILINE)
        ours = re.compile(rf"^(?:{re.escape(str(copy))}/build/kmod/[^/]*/)?(?=kmod/|Kbuild|.*modpost:)")
        found = [ours.sub("", line) for line in said if ours.match(line)]
    if done.returncode and not found:
        raise LabError(f"the strict build for {kernel.release} failed:\n{done.stdout}".rstrip())
    return Strict(list(dict.fromkeys(found)), "sparse is not available" not in done.stdout)
