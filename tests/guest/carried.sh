# SPDX-License-Identifier: MIT
# The seed that was saved when the machine stopped, in the start after that. watched.conf had both
# watched: the stop wrote the seed's hash down, the start its calls of the kernel.
# shellcheck shell=dash
. /opt/guest/up.sh
saved=$(cut -d' ' -f1 /var/lib/qrng/saved)
is "${#saved}" 128 "a seed was saved when the machine stopped"
calls() {
	sed -nE -e 's/.* f(data)?sync\(.* = 0$/sync/p' \
		-e 's/.* rename.*seed\.new".*seed".* = 0$/replace/p' \
		-e 's/.* openat\(.*"\/dev\/u?random", O_(WRONLY|RDWR).*/open/p' \
		-e 's/.* ioctl\(.* RND.*/credit/p' \
		-e "s/.* write\(1, \"$saved  -\", .*/give/p" /var/lib/qrng/traced
}
is "$(calls | tr '\n' ' ')" "sync replace sync open give " \
	"at the start another is put in its place, then the kernel gets it, hashed, for no credit"
check "what is on the disk is another" test "$(sha512sum </var/lib/qrng/seed | cut -d' ' -f1)" != "$saved"
at() { systemctl show -P "$1TimestampMonotonic" "$2"; }
ended=$(at ExecMainExit qrng-seed)
check "the daemon was started after that" test "$(at InactiveExit qrngd)" -gt "$ended"
check "rngd, too" test "$(at InactiveExit rng-tools-debian)" -gt "$ended"
