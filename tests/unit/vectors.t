#!/bin/bash
# SPDX-License-Identifier: MIT
# What the suites expect of Fortuna and of the metrics is what the script beside them computes.
cd "$(dirname "$0")/../.." || exit 1
exec python3 tests/unit/vectors.py --check
