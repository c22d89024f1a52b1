# SPDX-License-Identifier: MIT
"""The guest's kernel log: kept for people, and checked for anything that means a broken kernel."""

import re
from collections import deque

_BAD = re.compile("|".join((
    r"WARNING:", r"\bBUG[: ]", r"kernel BUG at", r"\bOops\b", r"Kernel panic",
    r"Unable to handle", r"unable to handle", r"general protection", r"stack segment:",
    r"scheduling while atomic", r"sleeping function called",
    r"possible .* detected", r"inconsistent lock state", r"suspicious RCU", r"DEBUG_LOCKS_WARN",
    r"bad unlock balance", r"INFO: task .* blocked", r"soft lockup", r"hard LOCKUP",
    r"rcu.*(detected stall|self-detected stall|detected expedited stall)",
    r"KASAN:", r"KCSAN:", r"KMSAN:", r"KFENCE:", r"UBSAN:",
    r"kmemleak:.*suspected", r"kmemleak: unreferenced object",
    r"refcount_t", r"list_(add|del) corruption", r"Objects remaining",
    r"cannot create duplicate filename", r"does not have a release\(\) function",
    r"Call Trace:",
)))

_ESCAPES = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|\r")


class KernelLog:
    """Takes console lines; knows the last ones and those that must fail the run."""

    TAIL = 60
    AFTER = 25

    def __init__(self, path):
        self._file = open(path, "w", encoding="utf-8")
        self.tail = deque(maxlen=self.TAIL)
        self.findings = []
        self._context = 0

    def feed(self, line):
        """Takes one console line."""
        line = _ESCAPES.sub("", line)
        print(line, file=self._file, flush=True)
        self.tail.append(line)
        if self._context:
            # The lines after a report are its stack: part of the same finding.
            self.findings[-1].append(line)
            self._context -= 1
        elif _BAD.search(line):
            self.findings.append([line])
            self._context = self.AFTER

    def close(self):
        """Closes the copy on disk."""
        self._file.close()
