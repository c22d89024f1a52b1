#!/bin/sh
# SPDX-License-Identifier: MIT
# The oldest kernel: its own words of refusal are the poorest, ours are the same.
exec "$(dirname "$0")/netlink.t" 5.10
