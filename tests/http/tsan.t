#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Threads that share something: tests in which they do, under TSan. With QRNG_SOAK=1 all tests."""

import sys

sys.dont_write_bytecode = True
from checked import run

run("tsan", ["keys.t", "log.t", "reload.t", "state.t", "stop.t", "stream.t", "tls.t"])
