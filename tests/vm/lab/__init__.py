# SPDX-License-Identifier: MIT
"""Boot a stock Debian kernel with an emulated card and run a script in it."""
