#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""The table of kernels in the documentation is one that `make matrix` wrote, and it is whole."""

import sys
from pathlib import Path

sys.dont_write_bytecode = True
HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

from lab import matrix  # noqa: E402
from lab.tap import Tap  # noqa: E402

RESULTS = Tap(sys.stdout)
TEXT = (HERE.parents[1] / "docs/kernels.md").read_text()


def check(condition, text, why=""):
    RESULTS.result(bool(condition), text, why)


def test_document():
    rows = matrix.written(TEXT)
    cells = [(row.kernel, row.flavour) for row in rows]
    check(cells == list(matrix.CELLS), "the document's table has a row for each kernel", f"{cells}")
    check(TEXT == matrix.replaced(TEXT, rows), "its form is the one that is written")
    for row in rows:
        passed, _, count = row.tests.partition(" of ")
        check(row.warnings == "0" and passed == count and int(count) > 0,
              f"all is well on {row.kernel} {row.flavour}", f"{row}")


def test_writing():
    row = matrix.Row("6.1", "amd64", "6.1.0-1-amd64", "gcc 12.2.0", "built in", "module", "no", "0",
                     "yes", "45 of 45")
    text = matrix.replaced(f"before\n{matrix.BEGIN}\nold\n{matrix.END}\nafter\n", [row])
    check(matrix.written(text) == [row], "a row that is written can be read")
    check([row.hwrng, row.hotplug, row.vmgenid] == ["built in", "module", "no"],
          "with what the kernel has", f"{row}")
    check(text.startswith("before\n") and text.endswith("\nafter\n"), "the rest of the text stays")


test_document()
test_writing()
sys.exit(0 if RESULTS.finish() else 1)
