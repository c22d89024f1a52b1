# SPDX-License-Identifier: MIT
"""Configures and builds the user-mode kernel; nothing is left running however that ends."""

import hashlib
import os
import shutil
import signal
import subprocess
import time
from contextlib import contextmanager

from lab.deadline import Deadline
from lab.process import spawn
from lab.say import LabError, progress

COMPILER = "gcc-12"
TOOLS = (COMPILER, "bc", "bison", "flex", "make", "nice")
LIMIT = 3600
REPORT_EVERY = 20


def _compiler():
    return f"ccache {COMPILER}" if shutil.which("ccache") else COMPILER


def _compiler_version():
    missing = [tool for tool in TOOLS if not shutil.which(tool)]
    if missing:
        raise LabError(f"missing: {', '.join(missing)} (`tools/deps all` installs what is needed)")
    return subprocess.run([COMPILER, "--version"], check=True, capture_output=True).stdout


def _environment(home):
    env = {k: v for k, v in os.environ.items() if k not in ("MAKEFLAGS", "MAKELEVEL", "MFLAGS")}
    # Fixed, lest every build be a new one for ccache.
    env.update(KBUILD_BUILD_TIMESTAMP="2000-01-01", KBUILD_BUILD_USER="qrng",
               KBUILD_BUILD_HOST="qrng", LC_ALL="C")
    env.update(CCACHE_DIR=str(home / "ccache"), CCACHE_MAXSIZE="300M")
    return env


# Ends the whole process group when this program's end of the pipe 3 is closed, which it is
# even after SIGKILL. SIGTERM, so that make removes what it was writing.
_GUARD = ("""{ read -r -u 3; kill -TERM -- -$$; } & guard=$!
"$@" 3<&- & wait $!; status=$?; kill $guard; exit $status""")


def _wait_for_group(group):
    deadline = Deadline(10)
    while not deadline.expired():
        try:
            os.killpg(group, 0)
        except ProcessLookupError:
            return
        time.sleep(0.05)
    os.killpg(group, signal.SIGKILL)


@contextmanager
def _guarded(argv, **kwargs):
    """Starts @argv; whatever is left of it at the end of the block is stopped."""
    reader, writer = os.pipe()
    try:
        process = spawn(["bash", "-c", 'exec 3<&"$0"; ' + _GUARD, str(reader), *argv],
                        pass_fds=[reader], start_new_session=True, **kwargs)
    finally:
        os.close(reader)
    try:
        yield process
    finally:
        os.close(writer)
        process.wait()
        _wait_for_group(process.pid)


def _run(what, argv, log, **kwargs):
    """Runs @argv with its output in the file @log; reports now and then how far it is."""
    deadline, reported = Deadline(LIMIT), time.monotonic()
    with open(log, "w", encoding="utf-8") as output:
        with _guarded(argv, stdout=output, stderr=subprocess.STDOUT, **kwargs) as process:
            while process.poll() is None:
                time.sleep(0.1)
                if deadline.expired():
                    raise LabError(f"{what} ended by the time limit after {LIMIT} s")
                if time.monotonic() - reported >= REPORT_EVERY:
                    reported = time.monotonic()
                    done = log.read_text(errors="replace").count("  CC ")
                    progress(f"{done} files compiled after {deadline.elapsed():.0f} s")
    if process.returncode:
        lines = log.read_text(errors="replace").splitlines()
        errors = [line for line in lines if "error" in line.lower()] or lines
        raise LabError("\n".join([f"{what} failed; {log} says:", *errors[-20:]]))


class Build:
    """One configuration of one source tree, built in a folder of its own."""

    def __init__(self, home, source, kunitconfig):
        self.home = home
        self.source = source
        self.config = kunitconfig
        key = hashlib.sha256(kunitconfig.read_bytes() + _compiler_version()).hexdigest()[:8]
        self.path = home / f"build-{source.name.removeprefix('linux-')}-{key}"
        self.kernel = self.path / "linux"

    def _configure(self):
        """KUnit's own runner writes .config, and fails if an option did not make it there."""
        if (self.path / ".config").exists():
            return
        self.path.mkdir(exist_ok=True)
        try:
            _run("kunit.py config",
                 ["python3", "tools/testing/kunit/kunit.py", "config",
                  f"--build_dir={self.path}", f"--kunitconfig={self.config}",
                  f"--make_options=CC={_compiler()}"],
                 self.path / "config.log", cwd=self.source, env=_environment(self.home))
        except BaseException:
            (self.path / ".config").unlink(missing_ok=True)
            raise

    def make(self):
        """Builds what changed; the caller holds the lock of the cache."""
        if not self.kernel.exists():
            progress("building a kernel (some minutes, once)")
        self._configure()
        _run("make", ["nice", "make", "ARCH=um", f"O={self.path}", f"-j{os.cpu_count() or 1}",
                      f"CC={_compiler()}", "linux"],
             self.path / "build.log", cwd=self.source, env=_environment(self.home))
