#!/bin/bash
# SPDX-License-Identifier: MIT
# The table of cut-offs in the core is the exact one.
cd "$(dirname "$0")/../.." || exit 1
exec python3 tests/unit/cutoffs.py --check kmod/core/cutoffs.c
