#!/bin/sh
# SPDX-License-Identifier: MIT
# Loads the module and leaves the rest to netlink.py, results included.
. /lib/tap.sh

load_qrng || {
	echo "Bail out! the module does not load"
	exit 1
}
# The lab's settings are shell variables: this one is for the waits of the program.
export LAB_FACTOR LAB_PATIENCE
exec python3 /ynl/netlink.py
