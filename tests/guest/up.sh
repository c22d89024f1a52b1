# SPDX-License-Identifier: MIT
# Has the machine started?
# shellcheck shell=dash
timeout "$((300 * LAB_FACTOR * LAB_PATIENCE))" systemctl is-system-running --wait >/tmp/running
is "$(cat /tmp/running)" running "the system is up"
