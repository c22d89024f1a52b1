# SPDX-License-Identifier: MIT
"""Configures and builds the user-mode kernel; nothing is left running however that ends."""

import hashlib

from lab import job
from lab.kernel import COMPILER
from lab.say import progress

_TOOLS = ("bc", "bison", "flex")


class Build:
    """One configuration of one source tree, built in a folder of its own."""

    def __init__(self, home, source, kunitconfig):
        self.source = source
        self.config = kunitconfig
        key = hashlib.sha256(kunitconfig.read_bytes() +
                             job.version_of(COMPILER, *_TOOLS)).hexdigest()[:8]
        self.path = home / f"uml-{source.name.removeprefix('tree-')}-{key}"
        self.kernel = self.path / "linux"

    def _configure(self):
        """KUnit's own runner writes .config, and fails if an option did not make it there."""
        if (self.path / ".config").exists():
            return
        self.path.mkdir(exist_ok=True)
        try:
            job.run("kunit.py config",
                    ["python3", "tools/testing/kunit/kunit.py", "config",
                     f"--build_dir={self.path}", f"--kunitconfig={self.config}",
                     f"--make_options=CC={job.with_ccache(COMPILER)}"],
                    self.path / "config.log", cwd=self.source)
        except BaseException:
            (self.path / ".config").unlink(missing_ok=True)
            raise

    def make(self):
        """Builds what changed; the caller holds the lock of the cache."""
        if not self.kernel.exists():
            progress("building a kernel (some minutes, once)")
        self._configure()
        job.make("make", "linux", self.source, self.path, self.path / "build.log",
                 "ARCH=um", f"CC={job.with_ccache(COMPILER)}")
