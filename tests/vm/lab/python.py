# SPDX-License-Identifier: MIT
"""Packs this machine's Python for a guest: the interpreter, and of its library what is imported.

Modules travel compiled and without their sources: compiling is slow on an emulated CPU.
"""

import py_compile
import shutil
import subprocess
import sys
from pathlib import Path

from .initramfs import libraries
from .say import LabError

_LIST = """
import importlib, sys
names, sys.path[1:1] = sys.argv[2:], [sys.argv[1]] if sys.argv[1] else []
for name in names:
    importlib.import_module(name)
for module in list(sys.modules.values()):
    if getattr(module, "__file__", None):
        print(module.__file__)
"""


def _files(imports, folder):
    done = subprocess.run([sys.executable, "-B", "-c", _LIST, str(folder or ""), *imports],
                          capture_output=True, text=True, check=False)
    if done.returncode:
        raise LabError(f"python3 of this machine: {done.stderr.strip().splitlines()[-1]}")
    return [Path(line) for line in done.stdout.splitlines()]


def _copy(source, tree):
    target = tree / str(source).lstrip("/")
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(source, target)


def compiled(source, target):
    """Compiles @source into the folder of @target, as a module that needs no source."""
    target.parent.mkdir(parents=True, exist_ok=True)
    py_compile.compile(str(source), cfile=str(target.with_suffix(".pyc")), doraise=True,
                       invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH)


def pack(tree, imports, folder=None):
    """Puts into @tree, at the paths they have here, the interpreter and all that @imports need.

    @folder: where modules are looked for first; what comes from there is not packed.
    """
    interpreter = Path(sys.executable).resolve()
    _copy(interpreter, tree)
    for library in libraries(interpreter):
        _copy(library, tree)
    for file in _files(imports, folder):
        if folder and file.is_relative_to(folder):
            continue
        if file.suffix == ".py":
            compiled(file, tree / str(file).lstrip("/"))
            continue
        _copy(file, tree)
        for library in libraries(file):
            _copy(library, tree)
    # Its absence would be a warning at each start.
    (tree / interpreter.parent.parent.relative_to("/") / "lib" /
     f"python{sys.version_info.major}.{sys.version_info.minor}" / "lib-dynload").mkdir(
         parents=True, exist_ok=True)
    program = tree / "bin/python3"
    program.parent.mkdir(parents=True, exist_ok=True)
    program.symlink_to(interpreter)
