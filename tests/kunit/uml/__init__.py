# SPDX-License-Identifier: MIT
"""A user-mode kernel with the core's tests in it: its source, its build, its run."""
