#!/bin/sh
# SPDX-License-Identifier: MIT
# Started by systemd in the guest: tells the lab it is ready, runs the script that the kernel's
# command line names, powers off. ttyS0 carries the console, ttyS1 the TAP lines.
exec 3<>/dev/ttyS1
stty -F /dev/ttyS1 raw -echo
cd /root || exit 1
script=$(tr ' ' '\n' </proc/cmdline | sed -n 's/^guest\.script=//p')
echo "LAB: ready" >&3
sh "/opt/guest/$script" </dev/null >&3 2>&3 3>&-
status=$?

# The answer proves that every line before it has arrived: power-off would drop what is queued.
printf '\nLAB: end %s\n' "$status" >&3
head -n 1 <&3 >/dev/null
# A script that another start follows asks for this.
[ ! -e /run/stop-in-order ] || exec systemctl poweroff
# The disk is thrown away: nothing is to be stopped in order.
sync
systemctl poweroff --force --force
