# SPDX-License-Identifier: MIT
"""Which lines of the module ran: gcov's counts of several runs, put together."""

import json
import subprocess
from collections import defaultdict
from pathlib import Path

from .say import LabError

GCOV = "gcov-12"


class Coverage:
    """Counts of one build of the module; feed it the folders that runs wrote."""

    def __init__(self):
        # Source file, as the build names it -> line -> how often it ran.
        self._counts = defaultdict(lambda: defaultdict(int))

    def add(self, directory):
        """Adds what a run left in @directory: files at the places the build's objects have."""
        found = sorted(Path(directory).rglob("*.gcda"))
        if not found:
            raise LabError("a run left no counts: is the module built for the debug kernel?")
        for counts in found:
            self._add_object(counts, Path("/") / counts.relative_to(directory))

    def _add_object(self, counts, place):
        notes = place.with_suffix(".gcno")
        if not notes.exists():
            raise LabError(f"{notes} is gone: the module was built anew meanwhile")
        counts.with_suffix(".gcno").write_bytes(notes.read_bytes())
        done = subprocess.run([GCOV, "--json-format", "--stdout", counts.name], cwd=counts.parent,
                              capture_output=True, text=True, check=False)
        if done.returncode:
            raise LabError(f"{GCOV} {place}: {done.stderr.strip()}")
        for file in json.loads(done.stdout)["files"]:
            lines = self._counts[file["file"]]
            for line in file["lines"]:
                lines[line["line_number"]] += line["count"]

    def of(self, folder):
        """Source file -> (lines that ran, lines there are, numbers of those that never ran),
        for the files in @folder of the tree, such as kmod."""
        found = {}
        for name, lines in sorted(self._counts.items()):
            inside = name.rpartition(f"/{folder}/")[2] if f"/{folder}/" in name else None
            if inside:
                missed = [number for number, count in sorted(lines.items()) if not count]
                found[f"{folder}/{inside}"] = (len(lines) - len(missed), len(lines), missed)
        return found
