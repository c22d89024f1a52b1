# SPDX-License-Identifier: MIT
# shellcheck shell=bash disable=SC2154,SC2164  # tools/check sets scratch, root and -e
# Part of tools/check: the rules of this repository.

file_limit=450

# licence_of FILE: the one its folder asks for; nothing if it is one that has no place for it
licence_of() {
	case $1 in
	LICENSE | LICENSES/* | .gitignore | debian/copyright | docs/ABI/* | *.bin | *.json | *.rsp) ;;
	# The kernel's own tools for such a file know the licence by this older name only.
	uapi/*.yaml) echo "((GPL-2.0 WITH Linux-syscall-note) OR BSD-3-Clause)" ;;
	uapi/*) echo "((GPL-2.0-only WITH Linux-syscall-note) OR BSD-3-Clause)" ;;
	kmod/core/*) echo "GPL-2.0-only OR MIT" ;;
	kmod/*.[ch] | tests/kunit/*.c | Kbuild) echo "GPL-2.0-only" ;;
	*) echo "MIT" ;;
	esac
}

licences() {
	local name wanted found
	while read -r name; do
		wanted=$(licence_of "$name")
		found=$(sed -n '1,2s/.*SPDX-License-Identifier: \(.*\)/\1/p' "$name" |
			sed 's/ *\(\*\/\|-->\)$//')
		[ -z "$wanted" ] || [ "$found" = "$wanted" ] ||
			echo "$name:1: SPDX-License-Identifier should be $wanted, is ${found:-missing}"
	done < <(files .)
}

long_files() {
	files kmod daemon keyfile netlink provider tools | xargs wc -l | awk -v limit=$file_limit \
		'$2 != "total" && $1 > limit { print $2 ":" limit ": the file has " $1 " lines" }'
}

# scripts SHELL: shell scripts, by first line or by place
scripts() {
	files . | xargs awk -v wanted="$1" '
		FNR > 1 { nextfile }
		/^#!.*bash/ || FILENAME ~ "^tools/(completion|check\\.d)/[^.]*(\\.sh)?$" { is = "bash" }
		/^#!.*[\/ ]sh$/ || !is && FILENAME ~ "\\.sh$" { is = "sh" }
		is == wanted { print FILENAME }
		{ is = "" }'
}

pythons() {
	files . | xargs awk 'FNR > 1 { nextfile } /^#!.*python/ || FILENAME ~ "\\.py$" { print FILENAME }'
}

long_functions() {
	{
		files '*.[ch]'
		scripts bash
		scripts sh
		pythons
	} | sort -u | xargs python3 -B tools/check.d/functions.py
}

# The lab reads TAP, where such a word is a directive.
unfinished() {
	files . ':!tests/vm/lab' ':!tests/vm/lab.t' | xargs grep -nwE 'TO[D]O|FIX[M]E|X[X]X|HA[C]K' || :
}

shells() {
	local name
	scripts bash | while read -r name; do bash -n "$name" || :; done
	scripts sh | while read -r name; do sh -n "$name" || :; done
}

# Every sh this runs under has local, as dash has.
shell_check() {
	scripts bash | xargs shellcheck -f gcc -s bash || :
	scripts sh | xargs shellcheck -f gcc -s dash || :
}

python_compiles() {
	pythons | xargs python3 -B -W error -c '
import sys
for name in sys.argv[1:]:
    with open(name, encoding="utf-8") as file:
        try:
            compile(file.read(), name, "exec")
        except SyntaxError as error:
            print(f"{name}:{error.lineno}: {error.msg}")'
}

man_pages() {
	files 'tools/man/*' | xargs -n 1 groff -ww -mandoc -Kutf8 -Tutf8 -z
}

# What .editorconfig says: UTF-8, LF, a final newline, indented by tabs where no string can begin
# a line with spaces.
editor_config() {
	local name
	files . ':!LICENSES' ':!*.bin' | while read -r name; do
		iconv -f UTF-8 -t UTF-8 "$name" >/dev/null 2>&1 || echo "$name:1: is not UTF-8"
		[ ! -s "$name" ] || [ -z "$(tail -c 1 "$name")" ] || echo "$name:\$: has no final newline"
		{ grep -nE $'[ \t]$|\r' "$name" || :; } |
			sed "s|^\([0-9]*\):.*|$name:\1: trailing white space|"
	done
	{
		files '*.[ch]' '*.mk' Makefile Kbuild | xargs grep -nE '^ {8}' || :
	} | sed 's/^\([^:]*:[0-9]*\):.*/\1: indented by spaces/'
}

# Compared with the empty tree, so that every line counts as new.
white_space() {
	git diff --check "$(git hash-object -t tree /dev/null)" -- . ':!LICENSES' || :
}

# Where packages come from on this machine, and proxies on the way there, one host a line.
package_hosts() {
	{
		apt-get indextargets --format '$(SITE)'
		apt-config dump | sed -n 's/^Acquire::.*::Proxy[^ ]* "\(.*\)";/\1/p'
	} 2>/dev/null | sed 's|^[a-z+]*://||; s|^.*@||; s|[:/].*||' | grep -F . | sort -u || :
}

# The tree, and the folder it shares with others, unless that is one any machine has.
own_folders() {
	echo "$root/"
	case ${root%/*} in
	'' | /home | /media | /mnt | /opt | /root | /srv | /tmp | /usr/* | /var/*) ;;
	*) echo "${root%/*}/" ;;
	esac
}

this_machine() {
	{
		package_hosts
		own_folders
	} >"$scratch/names"
	files . | xargs grep -nIFf "$scratch/names" || :
}

# Paths and names of C in backticks. One that ends in / is a folder, and one that begins with
# build/, or stands for another, is none of the tree.
names_in() {
	grep -onE '`((struct|enum) )?[^` ]+`' "$1" | sed 's/`//g'
}

is_name_there() {
	case $1 in
	build/* | *NAME* | -* | *=* | /*) ;;
	*/) [ -d "$1" ] ;;
	CHANGELOG.md | [a-z]*/*.[a-z]* | */Makefile) [ -e "$1" ] ;;
	*'()') git grep -qwF "${1%()}" -- '*.c' '*.h' ;;
	struct\ * | enum\ *) git grep -qF "$1 {" -- '*.h' ;;
	qrng_* | qrngd_* | QRNG_* | QRNGD_*) git grep -qwF "$1" -- '*.c' '*.h' ;;
	esac
}

# Pages for those who take part name many files, functions and tables: all of them are there.
pages_name_what_is_there() {
	local page line name
	files CONTRIBUTING.md 'docs/contributing/*' | while read -r page; do
		names_in "$page" | while IFS=: read -r line name; do
			is_name_there "$name" || echo "$page:$line: there is no $name"
		done
	done
}

# Each link of a page to another one, or to a file, from where the page is.
links_lead_somewhere() {
	local page folder line link
	files '*.md' | while read -r page; do
		folder=$(dirname "$page")
		{ grep -onE '\]\([^)#:]+[)#]' "$page" || :; } | sed 's/](//; s/.$//' |
			while IFS=: read -r line link; do
				[ -e "$folder/$link" ] || echo "$page:$line: the link to $link leads nowhere"
			done
	done
}

check "every file names the licence its folder asks for" licences
check "no file in kmod/, daemon/, keyfile/, netlink/, provider/, tools/ is longer than $file_limit lines" long_files
check "no function is longer than 60 lines" long_functions
check "no note says that something is unfinished" unfinished
check "shell scripts have no syntax error" shells
check "shellcheck finds nothing" shell_check
check "Python files compile" python_compiles
check "manual pages format without a warning" man_pages
check "files are as .editorconfig says" editor_config
check "git finds no white space error" white_space
check "pages for those who take part name what is there" pages_name_what_is_there
check "links of pages lead somewhere" links_lead_somewhere
check "nothing names this machine's package hosts or folders" this_machine
