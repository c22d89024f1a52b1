#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""A reader that sleeps inside copy_to_user holds nothing that reproduces what it has delivered."""

import re
import subprocess
import sys
import tempfile
from pathlib import Path

sys.dont_write_bytecode = True
HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from lab.tap import Tap  # noqa: E402

SEARCH = HERE.parents[2] / "build/tests/memsearch"
RESULTS = Tap(sys.stdout)


def search(directory, name):
    """What the image of run @name holds of its past and of its future: (copies, keys) each."""
    run = subprocess.run([SEARCH, directory / name, directory / f"{name}.past",
                          directory / f"{name}.future"], capture_output=True, text=True, check=True)
    return [tuple(int(number) for number in re.findall(r"\d+", line))
            for line in run.stdout.splitlines()]


def judge(directory, name):
    """The results of one run; its image goes away, for they are large."""
    (copies, keys), (future_copies, future_keys) = search(directory, name)
    (directory / name).unlink()
    RESULTS.diag(f"{name}: past {copies} copies, {keys} keys; "
                 f"future {future_copies} copies, {future_keys} keys")
    if name == "control":
        RESULTS.result(copies >= 512, "a page that was kept is found", f"{copies} copies")
    else:
        RESULTS.result(not copies, f"{name}: no copy of what was delivered", f"{copies} copies")
    RESULTS.result(not keys, f"{name}: no key for what was delivered", f"{keys} keys")
    RESULTS.result(future_keys > 0, f"{name}: the key for what comes next is found")


def follow(lines, directory):
    """Passes the guest's lines on, but for the pages, and judges each run when it is over."""
    for line in lines:
        line = line.rstrip("\n")
        if match := re.fullmatch(r"# (past|future) (\S+) ([0-9a-f]+)", line):
            (directory / f"{match[2]}.{match[1]}").write_text(match[3])
            if match[1] == "future":
                judge(directory, match[2])
        elif not line.startswith("1.."):
            RESULTS.feed(line)


def main():
    with tempfile.TemporaryDirectory(prefix="qrng-memory.") as directory:
        process = subprocess.Popen(
            [HERE.parent / "run", "--kernel", "6.1", "--card", "--speed 0.1", "--save", directory,
             "--timeout", "400", HERE / "memory.sh"],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True)
        try:
            follow(process.stdout, Path(directory))
            RESULTS.result(process.wait() == 0, "the guest's run was clean",
                           f"exit code {process.returncode}")
        finally:
            process.terminate()
            process.wait()
    sys.exit(0 if RESULTS.finish() else 1)


if __name__ == "__main__":
    main()
