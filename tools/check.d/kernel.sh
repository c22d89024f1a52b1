# SPDX-License-Identifier: MIT
# shellcheck shell=bash disable=SC2154,SC2164  # tools/check sets scratch, root and -e
# Part of tools/check: what goes into the kernel, judged by the kernel's own tools.

kernel_release=6.1

# What checkpatch should not say, and why:
checkpatch_flags=(--no-tree --strict --terse --show-types --no-summary --quiet)
# - a lock without a comment beside it: what it guards is in the comment of its structure;
ignore=UNCOMMENTED_DEFINITION
# - in kmod/compat/: that it asks which kernel it is built for;
ignore_compat=$ignore,LINUX_VERSION_CODE,CONSTANT_COMPARISON
# - in core/types.h: that its half for userspace makes u8 and its like.
ignore_types=$ignore,PREFER_KERNEL_TYPES

checkpatch() {
	local script name ignored
	script=$(python3 -B tools/check.d/checkpatch.py)
	files 'kmod/*.[ch]' 'tests/kunit/*.[ch]' 'uapi/*.[ch]' >"$scratch/kernel.files"
	# Not in the tree itself, where it would leave a cache of names.
	cd "$(copy checkpatch)"
	while read -r name; do
		case $name in
		kmod/compat/*) ignored=$ignore_compat ;;
		kmod/core/types.h) ignored=$ignore_types ;;
		*) ignored=$ignore ;;
		esac
		perl "$script" "${checkpatch_flags[@]}" --ignore "$ignored" -f "$name" || :
	done <"$scratch/kernel.files"
}

headers() {
	tests/vm/kernel $kernel_release | sed -n 's/^kdir=//p'
}

kernel_doc() {
	local script
	script=$(echo "$(headers)"/../linux-headers-*-common/scripts/kernel-doc)
	{
		# With -v it asks what a function returns, too.
		files 'kmod/*.[ch]' 'tests/kunit/*.[ch]' uapi | xargs perl "$script" -v -none
		files 'daemon/*.[ch]' include 'keyfile/*.[ch]' 'netlink/*.[ch]' 'provider/*.[ch]' 'tools/*.[ch]' \
			'tests/*.[ch]' | xargs perl "$script" -none
	} 2>&1 | grep -vE 'info: Scanning doc|no structured comments found|^[0-9]+ warnings$' || :
}

# For each kernel of the lab; where sparse can not be used a note says so, and its progress is
# for people, too.
kernel_builds() {
	tests/vm/matrix --builds 2>&1 | sed 's/^\(matrix\|vm\): /note: &/'
}

check "checkpatch finds nothing in kernel code" checkpatch
check "kernel-doc finds nothing in the comments of any C file" kernel_doc
check "qrng.ko builds for every kernel without a warning, by W=1 and sparse" kernel_builds
