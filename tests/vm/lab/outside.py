# SPDX-License-Identifier: MIT
"""A test with a client outside the guest: its results and the guest's are one TAP stream."""

import re
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from pathlib import Path

from .tap import Tap

_RUN = Path(__file__).resolve().parent.parent / "run"
_TAP = Tap(sys.stdout)
_PRINTING = threading.Lock()


def check(condition, text, why=""):
    """One result of the client's; `why` is shown if it is bad."""
    with _PRINTING:
        _TAP.result(bool(condition), text, str(why))


def get(base, path):
    """(status, headers, body) of one request."""
    try:
        with urllib.request.urlopen(base + path, timeout=600) as answer:
            return answer.status, answer.headers, answer.read()
    except urllib.error.HTTPError as error:
        return error.code, error.headers, error.read()


def _follow(lines, client):
    base, thread = None, None
    for line in lines:
        line = line.rstrip("\n")
        if match := re.fullmatch(r"# forward (\S+) -> 8080", line):
            base = f"http://{match[1]}"
        if line == "# serving":
            thread = threading.Thread(target=client, args=(base,))
            thread.start()
        if not line.startswith("1.."):
            with _PRINTING:
                _TAP.feed(line)
    if thread:
        thread.join()
    check(thread, "the guest served")


def main(client, *arguments):
    """Runs tests/vm/run with `arguments`, the guest's port 8080 forwarded, and `client` with the
    address of that in a thread once the guest prints "# serving"; ends the process."""
    process = subprocess.Popen([_RUN, "--forward", "0:8080", *arguments],
                               stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True)
    try:
        _follow(process.stdout, client)
        check(process.wait() == 0, "the guest's run was clean", f"exit code {process.returncode}")
    finally:
        process.terminate()
        process.wait()
    sys.exit(0 if _TAP.finish() else 1)
