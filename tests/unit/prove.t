#!/bin/bash
# SPDX-License-Identifier: MIT
# tests/prove: what gets a second run, what does not, and that neither is kept quiet about.
cd "$(dirname "$0")/../.." || exit 1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$work/tests/vm" "$work/tests/http"
count=0

result() {
	local status=$? text=$1
	count=$((count + 1))
	[ $status -eq 0 ] && echo "ok $count - $text" || { echo "not ok $count - $text"; sed 's/^/# /' "$work/out"; }
}

# make KIND NAME: a test that passes, fails, or fails but once.
make() {
	case $1 in
	good) echo 'echo 1..1; echo ok 1' ;;
	bad) echo 'echo 1..1; echo not ok 1 - is bad; exit 1' ;;
	once) echo 'echo 1..1; [ -e "$0.was" ] || { touch "$0.was"; echo not ok 1 - hurried; exit 1; }; echo ok 1' ;;
	esac >"$work/tests/$2"
	sed -i '1i #!/bin/sh' "$work/tests/$2"
	rm -f "$work/tests/$2.was"
}

run() {
	local names=("${@/#/$work/tests/}")
	QRNG_SECOND_RUN=${second:-yes} QRNG_TAP=$work/tap tests/prove "${names[@]}" >"$work/out" 2>&1
}

last() { tail -n 1 "$work/out"; }

make good vm/good.t
make bad vm/bad.t
make bad http/bad.t
for name in a b c; do make once vm/$name.t; done
make once http/once.t

run vm/good.t && [ "$(last)" = "Result: PASS" ]
result "what passes passes"
run vm/good.t vm/a.t && [ "$(last)" = "2 passed, 0 failed" ] &&
	grep -q "^passed the second time only: .*/vm/a.t$" "$work/out" && grep -q "hurried" "$work/out"
result "what passes alone in a virtual machine passes, and is named with what it said"
! run vm/good.t vm/bad.t && [ "$(last)" = "Result: FAIL" ] && grep -q "is bad" "$work/out"
result "what fails twice fails"
! run vm/good.t http/once.t && [ "$(last)" = "Result: FAIL" ] && ! grep -q "once more" "$work/out"
result "what runs in no virtual machine has no second run"
make once vm/a.t
! run vm/a.t http/bad.t && ! grep -q "once more" "$work/out"
result "and lets none beside it have one"
for name in a b c; do make once vm/$name.t; done
! run vm/a.t vm/b.t vm/c.t && ! grep -q "once more" "$work/out"
result "three are too many"
make once vm/a.t
! second=no run vm/a.t && ! grep -q "once more" "$work/out"
result "and one, where it is not wanted"
echo "1..$count"
