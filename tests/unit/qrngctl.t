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
	timeout 300 "$qrngctl" "$@" >"$work/out" 2>"$work/err"
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
exits 1 "source set without a name" source set
says err 'source set NAME KEY=VALUE' "said what it wants"
exits 1 "source set without a setting" source set quantis.0
exits 1 "source test without a name" source test
exits 1 "a word too many" drbg now
says err '"now".*drbg set KEY=VALUE.*drbg reseed' "named, with what there is"
exits 1 "a word too many behind a verb" drbg reseed now
says err '"now"' "named"
exits 1 "a second name" health quantis.0 quantis.1
exits 1 "a word behind doctor" doctor now
timeout 300 "$qrngctl" -j doctor >"$work/out" 2>"$work/err"
python3 -c 'import json, sys; sys.exit("card" not in [f["check"] for f in json.load(sys.stdin)["findings"]])' \
	<"$work/out"
result $? "doctor speaks JSON, and has looked for a card"
exits 1 "an unknown setting" drbg set color=red
says err 'color=red.*generator, reseed-interval.*policy$' "named, with those there are"
exits 1 "a setting that is only to be seen" source set quantis.0 state=healthy
says err 'quality, alpha, enabled, modules$' "refused like an unknown one"
exits 1 "a wrong word" drbg set policy=panic
says err 'policy=panic: allowed: block, error$' "named, with those there are"
exits 1 "a wrong unit" drbg set grace-seconds=10parsecs
says err 'grace-seconds=10parsecs: allowed: 0 to 86400, .*s, m, h, d$' "named, with those there are"
exits 1 "a setting twice" drbg set policy=block policy=error
says err 'policy=error: was set before' "said so"
exits 1 "a setting of two" drbg set grace-seconds=10 grace_bytes=1PB
says err 'grace_bytes=1PB: .*MiB' "the wrong one is named"
exits 1 "an interval that is none" watch -n often
says err '0.1 to 86400' "the range is named"
exits 1 "an interval too short" watch -n 0
exits 1 "an interval that is no number" watch -n nan
exits 1 "an interval that is missing" watch -n
says err 'SECONDS' "said so"
exits 1 "an interval where none belongs" drbg -n 1
says err 'watch' "said where it does"
exits 1 "a key where none belongs" drbg -k /dev/null
says err 'option -k belongs to verify, daemon;' "said where it does"
exits 1 "a key that is missing" verify -k
says err 'option -k needs a value' "said so"
exits 1 "a key without a file" key add alice
exits 1 "a name with a blank" key add 'al ice' "$work/keys"
says err 'al ice.*letters, digits' "said what it may be"
exits 1 "the name of nobody" key add anonymous "$work/keys"
exits 1 "an unknown limit" key add alice "$work/keys" bytes-per-day=1
says err 'bytes-per-day=1: there are .*bits-per-day=' "named, with those there are"
for limit in requests-per-second=0 requests-per-second=1000001 requests-per-day=-1 bits-per-day= \
	bits-per-day=1e9 expires=2027-02-30 expires=tomorrow; do
	exits 1 "$limit" key add alice "$work/keys" $limit
	says err "$limit: a [a-z]* .*is needed" "said what it may be"
done
exits 1 "a limit that is there twice" key add alice "$work/keys" bits-per-day=8 expires=2030-01-01 bits-per-day=9
says err 'bits-per-day=9: is there twice' "named"
[ ! -e "$work/keys" ]
result $? "none of these made a file"
exits 4 "a folder that is not there" key add alice "$work/none/keys"
exits 0 "a key" key add alice "$work/keys" requests-per-day=10 expires=2030-01-01
says out '^alice\.[A-Za-z0-9_-]\{43\}$' "it is told"
key=$(cat "$work/out")
[ "$(stat -c %a "$work/keys")" = 600 ] && ! grep -qF "${key#*.}" "$work/keys"
result $? "and not kept"
exits 4 "a name that is taken" key add alice "$work/keys"
says err 'has a key of that name' "said so"
silent out
exits 0 "another key" -j key add bob "$work/keys"
says out '^{"name":"bob","key":"bob\.[^"]*"}$' "in JSON"
[ "$(grep -c '^hash = sha256:[0-9a-f]\{32\}:[0-9a-f]\{64\}$' "$work/keys")" = 2 ]
result $? "two hashes are kept"
exits 4 "a daemon that is not there" -u http://127.0.0.1:1 daemon
says err 'http://127.0.0.1:1: ' "said where it was looked for"
exits 4 "a socket that is not there" -u "unix:$work/none" daemon reload
exits 4 "a token that is not there" -u http://127.0.0.1:1 -t "$work/none" daemon keys
exits 1 "an empty name" source ''
exits 1 "a name too long" source "$(printf 'x%.0s' {1..32})"
says err '1 to 31 characters, not 32' "the limit is named"
exits 1 "a name that would move the cursor" $'\e[2J'
says err '\\x1b\[2J' "escaped"

"$qrngctl" help >/dev/full 2>"$work/err"
[ $? = 4 ] && grep -q 'No space left' "$work/err"
result $? "a full disk is noticed: exit 4"

for command in '' overview sources source 'source quantis.0' 'source set quantis.0 alpha=30' \
	'source test quantis.0' 'source reset quantis.0' health 'stats quantis.0' drbg \
	'drbg set grace-seconds=0' 'drbg reseed' pool monitor watch check '-j' '-j drbg'; do
	if [ -d /sys/module/qrng ]; then
		echo "ok $((++count)) # SKIP the module is loaded"
		continue
	fi
	# shellcheck disable=SC2086
	exits 2 "no module: qrngctl $command" $command
	says err 'modprobe qrng' "says what to do"
	silent out
done

exits 0 "help of a command" help drbg
for word in 'drbg set KEY=VALUE' 'drbg reseed' 'generator  *chacha20, aes256-ctr' \
	'grace-seconds  *0 to 86400'; do
	grep -q -- "$word" "$work/out"
	result $? "tells: $word"
done
cp "$work/out" "$work/drbg"
exits 0 "--help behind a command" drbg set --help
cmp -s "$work/out" "$work/drbg"
result $? "says the same"
exits 1 "help of an unknown command" help frobnicate

# The same words everywhere: the program's table, its manual, its completion.
mapfile -t calls < <(sed -n '/^Commands:/,/^$/s/^  \([a-z]*\( [a-z][a-z]*\)\{0,1\}\) .*/\1/p' \
	"$work/help" | sed 's/  .*//')
mapfile -t commands < <(printf '%s\n' "${calls[@]%% *}" | awk '!seen[$0]++')
result "$((${#calls[@]} < 17))" "help lists ${#calls[@]} calls of ${#commands[@]} commands"
for call in "${calls[@]}"; do
	grep -Eq "^\.(B|BI|BR) \"?$call(\"| |\$)" tools/man/qrngctl.1
	result $? "the manual has $call"
done

# keys COMMAND: what its help says can be set
keys() { "$qrngctl" help "$1" | sed -n 's/^  \([a-z][a-z-]*\)  .*/\1/p'; }
for key in $(keys source) $(keys drbg); do
	grep -qF ".BI ${key//-/\\-}= " tools/man/qrngctl.1
	result $? "the manual has the key $key"
done
[ "$(keys drbg | wc -l) $(keys source | wc -l)" = "6 4" ]
result $? "these were all"

# complete WORD...: what Bash would offer for the last word.
mkdir -p "$work/class/"{quantis.0,quantis.1,drbg}
complete_words() {
	QRNG_CLASS=$work/class bash -c '. tools/completion/qrngctl; COMP_WORDS=("$@")
		COMP_CWORD=$(($# - 1)); _qrngctl; echo "${COMPREPLY[*]}"' bash "$@"
}

# completes WANTED TEXT WORD...
completes() {
	local wanted=$1 text=$2 got
	shift 2
	got=$(complete_words "$@")
	result "$([ "$got" = "$wanted" ] && echo 0 || echo 1)" "completion offers $text"
	[ "$got" = "$wanted" ] || echo "# offered: $got"
}

completes "${commands[*]}" "every command" qrngctl ''
completes drbg "what goes on behind an option" qrngctl -j dr
completes drbg "what goes on behind an option with a value" qrngctl -n 2 dr
completes "" "no number of seconds" qrngctl watch -n ''
completes tools/proof.c "files that may hold a key" qrngctl verify -k tools/proof.c
completes tools/proof.c "files that may hold an answer" qrngctl verify -c text tools/proof.c
completes "" "no challenge" qrngctl verify -c tools/proof.c
completes "reload keys quota verify" "verbs of the daemon" qrngctl -u unix:/x daemon ''
completes tools/proof.c "files for a key" qrngctl key add alice tools/proof.c
completes "requests-per-second= requests-per-day=" "limits of a key" qrngctl key add alice file req
completes --json "options" qrngctl --j
completes "${commands[*]}" "every command to help" qrngctl help ''
completes "" "nothing where nothing follows" qrngctl pool ''
completes "set test reset quantis.0 quantis.1" "verbs and sources" qrngctl source ''
completes "quantis.0 quantis.1" "sources, not the generator" qrngctl health q
completes "quantis.0 quantis.1" "sources to set something of" qrngctl source set ''
completes "" "nothing behind the one to test" qrngctl source test quantis.0 ''
completes "$(keys source | sed 's/$/=/' | tr '\n' ' ' | sed 's/ $//')" "keys of a source" \
	qrngctl source set quantis.0 ''
completes "$(keys drbg | sed 's/$/=/' | tr '\n' ' ' | sed 's/ $//')" "keys of the generator" \
	qrngctl drbg set ''
completes "grace-seconds= grace-bytes=" "further keys" qrngctl drbg set policy = block gr
completes "yes no" "words of a flag" qrngctl source set quantis.0 enabled =
completes "error" "words of a policy" qrngctl drbg set policy = e
# In the manner of value_allowed(): "key  word, word".
for key in generator policy; do
	completes "$("$qrngctl" help drbg | sed -n "s/^  $key  *//p" | sed 's/,//g')" \
		"every word of $key" qrngctl drbg set $key =
done

echo "1..$count"
