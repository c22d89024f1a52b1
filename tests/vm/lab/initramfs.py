# SPDX-License-Identifier: MIT
"""Packs what the guest runs: busybox, the kernel modules, our programs, the test script.

The archive is not compressed: copying 10 MB is cheaper for an emulated CPU than gunzip.
"""

import re
import shutil
import subprocess
from pathlib import Path

from . import modules
from .cpio import Cpio
from .say import LabError

GUEST = Path(__file__).resolve().parent.parent / "guest"
_PASSWD = "root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/false\n"
_GROUP = "root:x:0:\nqrng:x:200:\nnogroup:x:65534:\n"
_NETWORK = ["virtio_pci", "virtio_net"]
_RNG = ["virtio_pci", "virtio_rng"]
_INSTRUCTIONS = ["aesni_intel"]  # what udev loads at boot, where the CPU has it


def _busybox():
    path = shutil.which("busybox")
    if not path:
        raise LabError("busybox not found: install busybox-static")
    if b"/ld-linux" in Path(path).read_bytes():
        raise LabError(f"{path} is not static: install busybox-static")
    return Path(path).read_bytes()


def libraries(program):
    """Paths of the shared libraries @program needs, the loader included; none if it is static."""
    done = subprocess.run(["ldd", str(program)], capture_output=True, text=True, check=False)
    if done.returncode:
        return []
    missing = re.search(r"(\S+) => not found", done.stdout)
    if missing:
        raise LabError(f"{program} needs {missing[1]}, which is not on this machine")
    return [Path(p) for p in re.findall(r"(/\S+) \(0x", done.stdout)]


class Initramfs:
    """The archive of one run, filled step by step."""

    def __init__(self, kernel):
        self.kernel = kernel
        self.cpio = Cpio()
        for path in ("proc", "sys", "dev", "tmp", "run", "root", "var/tmp"):
            self.cpio.directory(path)
        self.cpio.file("bin/busybox", _busybox(), 0o755)
        self.cpio.link("bin/sh", "busybox")
        self.cpio.file("init", (GUEST / "init").read_bytes(), 0o755)
        self.cpio.file("etc/passwd", _PASSWD)
        self.cpio.file("etc/group", _GROUP)
        self.cpio.file("etc/hosts", "127.0.0.1 localhost\n")
        for name in ("tap.sh", "watch.sh"):
            self.cpio.file(f"lib/{name}", (GUEST / name).read_bytes())

    def _modules(self, name, paths):
        """Adds module files and the list by which the guest loads them in order."""
        names = []
        for path in paths:
            filename, data = modules.plain(path)
            self.cpio.file(f"lib/qrng/{filename}", data)
            names.append(filename)
        self.cpio.file(f"lib/qrng/{name}", "".join(n + "\n" for n in names))

    def settings(self, **values):
        """Adds what the guest's init and scripts are told, as shell variables."""
        self.cpio.file("lib/lab.env", "".join(f"{k}='{v}'\n" for k, v in values.items()))

    def network(self):
        """Adds the drivers of the virtual network card."""
        self._modules("network.list", modules.load_order(self.kernel, _NETWORK))

    def rng(self):
        """Adds the drivers of the source of entropy; they are not loaded."""
        self._modules("rng.list", modules.load_order(self.kernel, _RNG))

    def module(self, path):
        """Adds the module under test as qrng.ko, with what it needs; it is not loaded."""
        self._modules("qrng.list", modules.needs(self.kernel, path))
        self._modules("cpu.list", modules.load_order(self.kernel, _INSTRUCTIONS, True))
        self.cpio.file("lib/qrng/qrng.ko", Path(path).read_bytes())

    def program(self, path):
        """Adds a program to /bin with its shared libraries where it will look for them."""
        self.cpio.file(f"bin/{path.name}", path.read_bytes(), 0o755)
        for library in libraries(path):
            self.cpio.file(library, library.read_bytes(), 0o755)

    def file(self, source, target):
        """Adds any file, with the mode it has."""
        self.cpio.file(target, source.read_bytes(), source.stat().st_mode & 0o777)

    def tree(self, folder):
        """Adds what is in @folder, under the paths it has there."""
        for path in sorted(folder.rglob("*")):
            name = path.relative_to(folder)
            if path.is_symlink():
                self.cpio.link(name, path.readlink())
            elif path.is_dir():
                self.cpio.directory(name)
            else:
                self.file(path, name)

    def script(self, path):
        """Adds the script the guest runs."""
        self.cpio.file("run.sh", path.read_bytes(), 0o755)
