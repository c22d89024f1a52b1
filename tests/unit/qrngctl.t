#!/bin/bash
# SPDX-License-Identifier: MIT
# qrngctl from outside: what it accepts, what it says, how it ends. The kernel's side
# is tested in virtual machines; here it is at most absent.
cd "$(dirname "$0")/../.." || exit 1
qrngctl=build/bin/qrngctl
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
count=0

result() { # STATUS TEXT
	((++count))
	if [ "$1" = 0 ]; then
		echo "ok $count - $2"
	else
		echo "not ok $count - $2"
		sed 's/^/# stdout: /' "$work/out"
		sed 's/^/# stderr: /' "$work/err"
	fi
}

# exits CODE TEXT ARGUMENT...: runs qrngctl, leaves its output in $work.
exits() {
	local code=$1 text=$2 got
	shift 2
	timeout 20 "$qrngctl" "$@" >"$work/out" 2>"$work/err"
	got=$?
	result "$((got != code))" "$text: exit $code"
	[ "$got" = "$code" ] || echo "# exit code $got"
}

# says FILE PATTERN TEXT: one line that matches, and no other.
says() {
	local status=0
	[ "$(wc -l <"$work/$1")" = 1 ] && grep -q -- "$2" "$work/$1" || status=1
	result "$status" "$3"
}

silent() { # FILE
	local status=0
	[ ! -s "$work/$1" ] || status=1
	result "$status" "nothing on std$1"
}

version=$(sed -n 's/^#define QRNG_VERSION[^"]*"\(.*\)"/\1/p' uapi/qrng.h)

exits 0 "--version" --version
says out "^qrngctl $version\$" "the version of uapi/qrng.h"
exits 0 "version -j" version -j
says out "^{\"version\":\"$version\"}\$" "the version in JSON"
exits 0 "--help" --help
silent err
cp "$work/out" "$work/help"
exits 0 "help" help
cmp -s "$work/out" "$work/help"
result $? "help and --help say the same"

exits 1 "an unknown command" frobnicate
says err 'frobnicate.*sources.*drbg' "named, with those there are"
silent out
exits 1 "an unknown option" --frob
says err 'frob.*--json' "named, with those there are"
exits 1 "an unknown letter behind a known one" -jx
says err 'option -x:' "named"
exits 1 "an option with a value it does not take" --json=yes
exits 1 "source without a name" source
says err 'source needs a NAME' "said so"
exits 1 "a word too many" drbg now
says err '"now"' "named"
exits 1 "an empty name" source ''
exits 1 "a name too long" source "$(printf 'x%.0s' {1..32})"
says err '1 to 31 characters, not 32' "the limit is named"
exits 1 "a name that would move the cursor" $'\e[2J'
says err '\\x1b\[2J' "escaped"

"$qrngctl" help >/dev/full 2>"$work/err"
[ $? = 4 ] && grep -q 'No space left' "$work/err"
result $? "a full disk is noticed: exit 4"

for command in '' overview sources 'source quantis.0' drbg check '-j' '-j drbg'; do
	if [ -d /sys/module/qrng ]; then
		echo "ok $((++count)) # SKIP the module is loaded"
		continue
	fi
	# shellcheck disable=SC2086
	exits 2 "no module: qrngctl $command" $command
	says err 'modprobe qrng' "says what to do"
	silent out
done

# The same words everywhere: the program's table, its manual, its completion.
mapfile -t commands < <(sed -n '/^Commands:/,/^$/s/^  \([a-z]*\) .*/\1/p' "$work/help")
result "$((${#commands[@]} < 5))" "help lists ${#commands[@]} commands"
for command in "${commands[@]}"; do
	grep -Eq "^\.(B|BI) $command( |\$)" tools/man/qrngctl.8
	result $? "the manual has $command"
done

# complete WORD...: what Bash would offer for the last word.
complete_words() {
	bash -c '. tools/completion/qrngctl; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1))
		_qrngctl; echo "${COMPREPLY[*]}"' bash "$@"
}

[ "$(complete_words qrngctl '')" = "${commands[*]}" ]
result $? "completion offers every command"
[ "$(complete_words qrngctl -j dr)" = drbg ]
result $? "completion goes on behind an option"
[ "$(complete_words qrngctl --j)" = --json ]
result $? "completion offers options"
[ -z "$(complete_words qrngctl drbg '')" ]
result $? "completion offers nothing where nothing follows"

echo "1..$count"
