# SPDX-License-Identifier: MIT
"""The table of kernels: for each, does the module build without a warning, load and work."""

import re
import subprocess
from collections import namedtuple

from . import catalogue, modules
from .say import LabError, progress
from .stock import FLAVOURS, SUITES

BEGIN, END = "<!-- from here on written by make matrix -->", "<!-- to here -->"
# What the module makes use of where it is, and the option it depends on.
OPTIONS = {"hwrng": "HW_RANDOM", "PCIe hot plug": "HOTPLUG_PCI_PCIE", "VM generation ID": "VMGENID"}
HEADER = ("kernel", "flavour", "release", "compiler", *OPTIONS, "warnings", "sparse", "tests passed")
SCRIPTS = ("smoke", "regress")
CELLS = tuple((version, flavour) for version in SUITES for flavour in FLAVOURS)

Row = namedtuple("Row", "kernel flavour release compiler hwrng hotplug vmgenid warnings sparse tests")


def _compiler(kernel):
    said = subprocess.run([kernel.compiler, "--version"], check=True, capture_output=True, text=True)
    return re.search(r"\d+\.\d+\.\d+", said.stdout.splitlines()[0])[0]


def options(kernel):
    """What each of OPTIONS is in the configuration of a kernel, for people."""
    text = (kernel.kdir / "include/config/auto.conf").read_text()
    words = {"y": "built in", "m": "module"}
    found = [re.search(rf"^CONFIG_{name}=(.)$", text, re.MULTILINE) for name in OPTIONS.values()]
    return [words[value[1]] if value else "no" for value in found]


def _passed(output):
    """(passed, failed) of the TAP in @output."""
    return (len(re.findall(r"^ok ", output, re.MULTILINE)),
            len(re.findall(r"^not ok ", output, re.MULTILINE)))


def _run(lab, version, flavour, script):
    """(passed, failed, output) of one guest script."""
    progress(f"{script} on {version} {flavour}")
    done = subprocess.run(
        [str(lab / "run"), "--kernel", version, "--flavour", flavour, "--card", "--speed 0.1",
         "--timeout", "300", str(lab / f"kmod/{script}.sh")],
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True, check=False)
    passed, failed = _passed(done.stdout)
    return passed, failed or int(done.returncode != 0), done.stdout


def row(tree, version, flavour, scripts):
    """(Row, what went wrong) of one kernel."""
    kernel = catalogue.find(version, flavour)
    build = modules.warnings(tree, kernel)
    passed, failed, troubles = 0, 0, list(build.findings)
    for script in scripts:
        good, bad, output = _run(tree / "tests/vm", version, flavour, script)
        passed, failed = passed + good, failed + bad
        troubles += [output] if bad else []
    result = f"{passed} of {passed + failed}"
    return Row(version, flavour, kernel.release, f"gcc {_compiler(kernel)}", *options(kernel),
               str(len(build.findings)), "yes" if build.sparse else "no", result), troubles


def table(rows):
    """The rows as Markdown."""
    lines = ["| " + " | ".join(HEADER) + " |", "|" + " --- |" * len(HEADER)]
    return "\n".join(lines + ["| " + " | ".join(cells) + " |" for cells in rows]) + "\n"


def written(text):
    """The rows that stand in the document @text."""
    match = re.search(re.escape(BEGIN) + r"\n\n(.*?)\n" + re.escape(END), text, re.DOTALL)
    if not match:
        raise LabError(f"no table between '{BEGIN}' and '{END}'")
    lines = [tuple(cell.strip() for cell in line.strip("|").split("|"))
             for line in match[1].splitlines()]
    if lines[:1] != [HEADER]:
        raise LabError(f"the table's columns are not {', '.join(HEADER)}")
    return [Row(*cells) for cells in lines[2:]]


def replaced(text, rows):
    """The document @text with @rows in its table."""
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n\n{table(rows)}\n{END}{after}"
