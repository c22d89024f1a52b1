#!/bin/bash
# SPDX-License-Identifier: MIT
# The cases of the core, inside a kernel.
exec "$(dirname "$0")/run"
