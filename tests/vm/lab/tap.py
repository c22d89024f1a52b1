# SPDX-License-Identifier: MIT
"""Reads the guest's TAP, adds the lab's own results, prints one well-formed stream."""

import re

_RESULT = re.compile(r"(?P<ok>ok|not ok)\b(?:\s+\d+)?(?:\s*-)?\s*(?P<text>.*)")
_PLAN = re.compile(r"1\.\.(?P<count>\d+)\s*(?:#\s*SKIP\s*(?P<why>.*))?$", re.IGNORECASE)
_TODO = re.compile(r"#\s*TODO\b", re.IGNORECASE)


class Tap:
    """Numbers results itself: guest results and the lab's share one plan, printed last.

    With @plain what the guest says is for somebody at a terminal, and is printed as it is.
    """

    def __init__(self, out, plain=False):
        self._out = out
        self._plain = plain
        self.count = 0
        self.failed = 0
        self.planned = None
        self.from_guest = 0

    def _print(self, text):
        print(text, file=self._out, flush=True)

    def diag(self, text):
        """Prints @text as diagnostics, which may have several lines."""
        for line in text.splitlines():
            self._print(f"# {line}".rstrip())

    def result(self, passed, text, why=""):
        """Prints one result; @why goes below a failed one."""
        self.count += 1
        if not passed and not _TODO.search(text):
            self.failed += 1
        self._print(f"{'ok' if passed else 'not ok'} {self.count} - {text}")
        if not passed and why:
            self.diag(why)

    def feed(self, line):
        """Takes one line the guest wrote."""
        if self._plain:
            self._print(line)
            return
        result, plan = _RESULT.match(line), _PLAN.match(line)
        if result:
            self.from_guest += 1
            self.result(result["ok"] == "ok", result["text"])
        elif plan:
            self.planned = int(plan["count"])
            if plan["why"] is not None:
                self.diag(f"skipped: {plan['why']}")
        elif line.startswith("Bail out!"):
            self.result(False, line)
        elif line.strip():
            self.diag(line.removeprefix("#").strip() if line.startswith("#") else line)

    def check_plan(self):
        """Adds the result that the script ran as many tests as it planned. What the guest says
        from now on is another script's."""
        planned = "no plan" if self.planned is None else f"a plan of {self.planned}"
        self.result(self.planned == self.from_guest, "the script ran what it planned",
                    f"{planned}, {self.from_guest} results (a script ends with done_testing)")
        self.planned, self.from_guest = None, 0

    def finish(self):
        """Prints the plan; returns True if everything passed."""
        self._print(f"1..{self.count}")
        return self.failed == 0
