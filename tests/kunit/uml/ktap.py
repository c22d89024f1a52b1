# SPDX-License-Identifier: MIT
"""Turns the KTAP of KUnit, which nests, into flat TAP, which prove counts."""

import re

_LINE = re.compile(r"(?P<indent> *)(?P<text>\S.*)")
_RESULT = re.compile(r"(?P<ok>ok|not ok) \d+ (?:- )?(?P<name>.*)")
_PLAN = re.compile(r"1\.\.(?P<count>\d+)$")
_SUITE = re.compile(r"# Subtest: (?P<name>.*)")
_TOTALS = re.compile(r"# \S+: pass:|# Totals:")
_DEPTH = 4  # blanks before the lines of a suite's cases


class Ktap:
    """Takes console lines; gives each case to a Tap as one result."""

    def __init__(self, tap):
        self._tap = tap
        self._suite = ""
        self._planned = None
        self._cases = 0
        self._why = []
        self.suites = 0
        self.planned_suites = None

    def feed(self, line):
        """Takes one line; those that are no KTAP are kept as reasons of a failure."""
        match = _LINE.match(line)
        if not match:
            return
        text, inner = match["text"], len(match["indent"]) == _DEPTH
        result, plan, suite = _RESULT.match(text), _PLAN.match(text), _SUITE.match(text)
        if result and inner:
            self._case(result)
        elif result and not match["indent"]:
            self._end_of_suite(result)
        elif plan and inner:
            self._planned = int(plan["count"])
        elif plan:
            self.planned_suites = int(plan["count"])
        elif suite:
            self._suite, self._cases, self._planned, self._why = suite["name"], 0, None, []
        elif not text.startswith("KTAP version") and not _TOTALS.match(text):
            self._why.append(text)

    def _case(self, result):
        self._cases += 1
        self._tap.result(result["ok"] == "ok", f"{self._suite}: {result['name']}",
                         "\n".join(self._why))
        self._why = []

    def _end_of_suite(self, result):
        self.suites += 1
        self._tap.result(self._planned == self._cases,
                         f"{result['name']}: all its cases ran",
                         f"planned {self._planned}, ran {self._cases}")
        self._why = []
