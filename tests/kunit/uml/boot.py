# SPDX-License-Identifier: MIT
"""Runs the built kernel once: it boots, runs the suites and halts."""

import resource
import subprocess
import time

from lab.deadline import Deadline
from lab.process import spawn, stop

LIMIT = 180
_HALTED = "reboot: System halted"


def _limits():
    # A kernel that panics aborts: its core would be as large as its memory.
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


class Boot:
    """What came of one run: `lines` of the console, and `fault`, None if it ended by itself."""

    def __init__(self, kernel, directory, parameters):
        self._argv = [str(kernel), "mem=256M", "console=tty", "kunit_shutdown=halt",
                      f"uml_dir={directory}/", *parameters]
        self._console = directory / "console.log"
        self.lines = []
        self.fault = None

    def run(self, directory):
        """Boots, waits, reads the console; TMPDIR is where the kernel keeps its memory."""
        _limits()
        deadline = Deadline(LIMIT)
        with open(self._console, "wb") as console:
            process = spawn(self._argv, stdout=console, stderr=subprocess.STDOUT,
                            env={"PATH": "/usr/bin:/bin", "TMPDIR": str(directory)})
            try:
                while process.poll() is None and not deadline.expired():
                    time.sleep(0.02)
                ended = process.poll() is not None
            finally:
                stop(process, patience=0.5)
        self.lines = self._console.read_text(errors="replace").splitlines()
        if not ended:
            self.fault = f"ended by the time limit after {deadline.elapsed():.0f} s"
        elif not any(_HALTED in line for line in self.lines):
            self.fault = f"the kernel died, exit code {process.returncode}"
