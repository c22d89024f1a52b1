# SPDX-License-Identifier: MIT
# shellcheck shell=bash disable=SC2154,SC2164  # tools/check sets scratch, root and -e
# Part of tools/check: programs, built by two compilers and read by clang-tidy.

userspace_targets=(all emu vm-programs unit-programs fuzz-programs bench-programs
	build/tests/http/cage build/tests/http/fault.so)
userspace_warnings="-Wformat-security -Wmissing-prototypes -Wpointer-arith -Wshadow -Wstrict-prototypes
	-Wundef -Wvla -Wwrite-strings"

# The makefiles themselves ask for -Wall -Wextra -Werror.
userspace_build() {
	local tree log=$scratch/$1.log
	tree=$(copy "$1")
	make -s -C "$tree" -k -j"$(nproc)" CC="$1" CFLAGS="-O2 -g ${userspace_warnings//$'\n'/ }" \
		"${userspace_targets[@]}" >"$log" 2>&1 || tail -n 1 "$log"
	grep -E 'warning:|error:' "$log" | sort -u || :
}

# One file a run: with several, clang-tidy-14 takes every va_list of the second for uninitialized.
tidy() {
	local tree
	tree=$(copy tidy)
	files '*.c' ':(glob,exclude)kmod/*.c' ':!tests/kunit' ':!tests/vm/bench-module' >"$tree/tidy.wanted"
	cd "$tree"
	make -n CC=clang-14 "${userspace_targets[@]}" |
		python3 -B tools/check.d/commands.py >compile_commands.json
	sed -n 's/^ *"file": "\(.*\)",$/\1/p' compile_commands.json >tidy.files
	grep -vxFf tidy.files tidy.wanted | sed 's/$/:1: no makefile compiles this/' || :
	xargs -P "$(nproc)" -n 1 clang-tidy-14 -p . --quiet <tidy.files >tidy.log 2>&1 ||
		grep -E '(warning|error):' tidy.log | sort -u || tail tidy.log
}

check "gcc-12 builds every program without a warning" userspace_build gcc-12
check "clang-14 builds every program without a warning" userspace_build clang-14
check "clang-tidy-14 finds nothing" tidy
