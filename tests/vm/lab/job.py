# SPDX-License-Identifier: MIT
"""A long build step: it reports how far it is, has a limit, and leaves nothing running."""

import os
import shutil
import signal
import subprocess
import time
from contextlib import contextmanager

from .cache import cache_root
from .deadline import Deadline
from .process import spawn
from .say import LabError, progress

LIMIT = 3600
REPORT_EVERY = 20

# Ends the whole process group when this program's end of the pipe 3 is closed, which it is
# even after SIGKILL. SIGTERM, so that make removes what it was writing.
_GUARD = ("""{ read -r -u 3; kill -TERM -- -$$; } & guard=$!
"$@" 3<&- & wait $!; status=$?; kill $guard; exit $status""")


def with_ccache(compiler):
    """The compiler as make is to call it: by ccache if there is one."""
    return f"ccache {compiler}" if shutil.which("ccache") else compiler


def version_of(compiler, *others):
    """What @compiler says of itself; it and the programs @others must be on this machine."""
    missing = [tool for tool in (compiler, "make", "nice", *others) if not shutil.which(tool)]
    if missing:
        raise LabError(f"missing: {', '.join(missing)} (`tools/deps all` installs what is needed)")
    return subprocess.run([compiler, "--version"], check=True, capture_output=True).stdout


def environment():
    """The variables a kernel is built with."""
    env = {k: v for k, v in os.environ.items() if k not in ("MAKEFLAGS", "MAKELEVEL", "MFLAGS")}
    # Fixed, lest every build be a new one for ccache.
    env.update(KBUILD_BUILD_TIMESTAMP="2000-01-01", KBUILD_BUILD_USER="qrng",
               KBUILD_BUILD_HOST="qrng", LC_ALL="C")
    env.update(CCACHE_DIR=str(cache_root() / "ccache"), CCACHE_MAXSIZE="500M")
    return env


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


def run(what, argv, log, **kwargs):
    """Runs @argv with its output in the file @log; reports now and then how far it is."""
    deadline, reported = Deadline(LIMIT), time.monotonic()
    with open(log, "w", encoding="utf-8") as output:
        with _guarded(argv, stdout=output, stderr=subprocess.STDOUT, env=environment(),
                      **kwargs) as process:
            while process.poll() is None:
                time.sleep(0.1)
                if deadline.expired():
                    raise LabError(f"{what} ended by the time limit after {LIMIT} s")
                if time.monotonic() - reported >= REPORT_EVERY:
                    reported = time.monotonic()
                    done = log.read_text(errors="replace").count("  CC ")
                    if done:
                        progress(f"{done} files compiled after {deadline.elapsed():.0f} s")
    if process.returncode:
        lines = log.read_text(errors="replace").splitlines()
        errors = [line for line in lines if "error" in line.lower()] or lines
        raise LabError("\n".join([f"{what} failed; {log} says:", *errors[-20:]]))


def make(what, target, source, output, log, *variables):
    """make @target of the kernel in @source with the build folder @output, at low priority."""
    targets = target.split()
    run(what, ["nice", "make", f"O={output}", f"-j{os.cpu_count() or 1}", *variables, *targets], log,
        cwd=source)
