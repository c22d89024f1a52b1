# SPDX-License-Identifier: MIT
# shellcheck shell=sh
# Sourced by tests, from the top of the tree: TAP, and a scratch folder $work. What
# $work/said holds is shown with a result that failed.
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
count=0

result() { # STATUS TEXT
	count=$((count + 1))
	if [ "$1" = 0 ]; then
		echo "ok $count - $2"
	else
		echo "not ok $count - $2"
		sed 's/^/# /' "$work/said" 2>/dev/null
	fi
}
