# SPDX-License-Identifier: MIT
# Sourced by what packs this tree, from the top of it.
# shellcheck shell=bash

# The files that belong to it.
files() {
	if git rev-parse --is-inside-work-tree >/dev/null 2>&1; then
		git ls-files -co --exclude-standard
	else
		find . -name build -prune -o -type f -print | sed 's|^\./||'
	fi
}

version() {
	sed -n 's/^#define QRNG_VERSION[^"]*"\(.*\)"/\1/p' uapi/qrng.h
}

# The same tree gives the same packages, whenever they are built.
when() {
	git log -1 --format=%ct 2>/dev/null || stat -c %Y CHANGELOG.md
}
