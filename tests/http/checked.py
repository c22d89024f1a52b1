# SPDX-License-Identifier: MIT
"""Runs other tests again with a daemon that another checker than ASan looks at."""

import os
import subprocess

from harness import ROOT, done, ok

FOLDER = os.path.join(ROOT, "tests/http")
# These look at something else than the daemon that is checked.
ELSEWHERE = ("browser.t", "cost.t", "memcheck.t", "sandbox.t", "tsan.t")


def names(few):
    if not os.environ.get("QRNG_SOAK"):
        return few
    return sorted(name for name in os.listdir(FOLDER) if name.endswith(".t") and name not in ELSEWHERE)


def failures(text):
    """What a test that failed says about it, without what went well."""
    kept, said = [], False
    for line in text.splitlines():
        if line.startswith(("ok ", "not ok ")):
            said = line.startswith("not ")
        if said or not line.startswith(("ok ", "1..")):
            kept.append(line)
    return kept


def run(checker, few):
    for name in names(few):
        result = subprocess.run([os.path.join(FOLDER, name)], stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                                text=True, errors="replace", stdin=subprocess.DEVNULL, check=False,
                                env={**os.environ, "CHECKER": checker})
        ok(result.returncode == 0 and f"{checker} has found nothing" in result.stdout, f"{name} under {checker}",
           *failures(result.stdout)[-60:])
    done()
