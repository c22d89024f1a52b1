#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Memory that nothing was written to, which ASan does not see. With QRNG_SOAK=1 all tests."""

import shutil
import sys

sys.dont_write_bytecode = True
from checked import run
from harness import done, skip

if not shutil.which("valgrind"):
    skip("tests under memcheck", "there is no valgrind")
    done()
run("memcheck", ["abuse.t", "auto.t", "random.t"])
