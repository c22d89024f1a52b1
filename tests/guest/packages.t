#!/bin/bash
# SPDX-License-Identifier: MIT
# The Debian packages: that they build, are complete, and have the one version there is.
cd "$(dirname "$0")/../.." || exit 1
. tests/guest/result.sh

# check TEXT COMMAND...: it must succeed
check() {
	local text=$1
	shift
	"$@" >"$work/said" 2>&1
	result "$?" "$text"
}

is() { # GOT WANTED TEXT
	echo "got '$1', wanted '$2'" >"$work/said"
	[ "$1" = "$2" ]
	result "$?" "$3"
}

version=$(sed -n 's/^#define QRNG_VERSION[^"]*"\(.*\)"/\1/p' uapi/qrng.h)
# What make deb calls, in a folder of its own: another test uses that of make deb meanwhile.
folder=build/guest/packages
check "the packages build" tools/package "$folder"
cp "$work/said" "$work/built"
is "$(sort "$work/built" | tr '\n' ' ')" "$folder/qrng-dev_${version}_all.deb \
$folder/qrng-dkms_${version}_all.deb $folder/qrng-openssl_${version}_amd64.deb $folder/qrngctl_${version}_amd64.deb \
$folder/qrngd_${version}_amd64.deb " "it prints the packages, with the version of uapi/qrng.h"
while read -r package; do
	is "$(dpkg-deb -f "$package" Version)" "$version" "${package##*/} says so inside, too"
	dpkg-deb -x "$package" "$work/root"
done <"$work/built"
lintian --fail-on error "$folder"/*.changes >"$work/said" 2>/dev/null
result "$?" "lintian finds no error"

# Who builds them gets what `make` needs.
sed -n '/^run=(/,/)/p' tools/deps | grep -oE '[a-z0-9.+-]+-dev' | grep -v '^libc6-dev$' | sort >"$work/needed"
sed -n '/^Build-Depends/,/^[A-Z][a-z]*-V/p' debian/control | grep -oE '[a-z0-9.+-]+-dev' | sort >"$work/named"
is "$(comm -23 "$work/needed" "$work/named")" "" "debian/control names each library that tools/deps does"

# What is in them
module=$work/root/usr/src/qrng-$version
is "$(. "$module/dkms.conf" && echo "$PACKAGE_NAME $PACKAGE_VERSION")" "qrng $version" \
	"DKMS gets the version"
is "$("$work/root/usr/sbin/qrngd" --version | cut -d' ' -f2)" "$version" "the daemon runs and has it"
is "$("$work/root/usr/bin/qrngctl" --version)" "qrngctl $version" "the tool, too"
is "$(PKG_CONFIG_PATH=$work/root/usr/share/pkgconfig pkg-config --modversion qrng)" "$version" \
	"pkg-config, too"
export PKG_CONFIG_PATH=$work/root/usr/share/pkgconfig PKG_CONFIG_SYSROOT_DIR=$work/root
for example in interfaces montecarlo; do
	# shellcheck disable=SC2046  # flags are words
	check "the example $example compiles with the packaged headers" gcc -D_GNU_SOURCE \
		$(PKG_CONFIG_ALLOW_SYSTEM_CFLAGS=1 pkg-config --cflags qrng) -o "$work/example" \
		"$work/root/usr/share/doc/qrng-dev/examples/$example.c" -lmnl
done
check "the daemon takes its packaged configuration" "$work/root/usr/sbin/qrngd" \
	--check-config "$work/root/etc/qrng/qrngd.conf"
for name in man1/qrngctl.1 man4/qrng.4 man5/qrng-openssl.5 man5/qrngctl.5 man5/qrngd.conf.5 \
	man8/qrng-ready.service.8 man8/qrng-seed.service.8 man8/qrngd.8; do
	check "the manual page $name is there" test -s "$work/root/usr/share/man/$name.gz"
done
! grep -hE '^\.TH .*[0-9]\.[0-9]' tools/man/* >"$work/said"
result "$?" "no page has a version of its own"
units=$work/root/lib/systemd/system
check "the service can do little harm" systemd-analyze security --offline=true --threshold=20 \
	"$units/qrngd.service"
check "those that wait and that save a seed do not much" systemd-analyze security --offline=true \
	--threshold=40 "$units/qrng-ready.service" "$units/qrng-seed.service"
systemd-analyze verify --root="$work/root" "$units"/* >"$work/verified" 2>&1
is "$(grep -E '\.(service|socket):[0-9]+:' "$work/verified")" "" "systemd understands each line of the units"

# The RPM packages hold the same, but for what describes a package. Debian has no libraries by the
# names of BuildRequires, hence --nodeps; and nothing that describes wslay to pkg-config.
rpms=build/guest/rpm
CC="ccache gcc" check "the RPM packages build" tools/rpm "$rpms" --nodeps
cp "$work/said" "$work/rpms"
is "$(sort "$work/rpms" | tr '\n' ' ')" "$rpms/qrng-devel-$version-1.noarch.rpm \
$rpms/qrng-dkms-$version-1.noarch.rpm $rpms/qrng-openssl-$version-1.x86_64.rpm $rpms/qrngctl-$version-1.x86_64.rpm \
$rpms/qrngd-$version-1.x86_64.rpm " "with the version of uapi/qrng.h, too"
mapfile -t made <"$work/rpms"
check "all can be installed beside each other" rpm --root "$work/fedora" --dbpath /rpmdb -i --nodeps --noscripts \
	"${made[@]}"
places() { # FOLDER: what is there, by the names a Fedora has for places
	(cd "$1" && find . ! -type d) | sed -E 's|^\./lib/|./usr/lib/|; s|/lib/[a-z0-9_]+-linux-gnu/|/lib64/|; s|(/man/.*)\.gz$|\1|' |
		grep -vE '^\./(usr/share/(doc|licenses|lintian)|usr/lib/\.build-id|rpmdb)/' | sort
}
check "file by file they hold what Debian's do" diff <(places "$work/root") <(places "$work/fedora")
check "the same sources for DKMS" diff -r "$work/root/usr/src" "$work/fedora/usr/src"
check "the same units" diff -r "$units" "$work/fedora/usr/lib/systemd/system"
grep -v '^libwslay-dev$' "$work/needed" >"$work/described"
while read -r package; do
	dpkg -L "$package" | sed -n 's|.*/pkgconfig/\(.*\)\.pc$|pkgconfig(\1)|p' >"$work/offers"
	check "the spec names what $package has" grep -qFf "$work/offers" rpm/qrng.spec.in
done <"$work/described"
is "$(rpmspec -q --without daemon --qf '%{NAME} ' "$rpms/qrng.spec")" "qrng qrng-dkms qrngctl qrng-openssl qrng-devel " \
	"all but the daemon can be built where its libraries are not"

# DKMS passes kernels over for which the module is not made.
gate=$(. ./dkms.conf && echo "$BUILD_EXCLUSIVE_KERNEL")
for release in 5.10.0-46-amd64 6.1.0-56-cloud-amd64 7.3.4+deb13-amd64 10.0.1; do
	check "DKMS builds for $release" grep -qE "$gate" <<<"$release"
done
for release in 4.19.0-27-amd64 5.4.0-1 5.9.0-5-amd64 3.10.0; do
	! grep -qE "$gate" <<<"$release"
	result "$?" "DKMS passes $release over"
done

# A version without a section in CHANGELOG.md is an oversight.
mkdir "$work/tree"
cp -r CHANGELOG.md debian tools uapi "$work/tree"
sed -i 's/\(#define QRNG_VERSION.*"\).*"/\199.1"/' "$work/tree/uapi/qrng.h"
"$work/tree/tools/package" "$work/deb" >"$work/said" 2>&1
is "$? $(cat "$work/said")" \
	"1 package: CHANGELOG.md does not begin with a section on version 99.1" \
	"a version that CHANGELOG.md does not have is refused"

# Secure Boot
kernel=$(tests/vm/kernel 6.1 amd64)
kdir=$(sed -n 's/^kdir=//p' <<<"$kernel")
signed=build/kmod/$(sed -n 's/^release=//p' <<<"$kernel")/signed/qrng.ko
openssl req -new -x509 -nodes -days 2 -subj "/CN=qrng test key" -newkey rsa:2048 \
	-keyout "$work/mok.key" -outform DER -out "$work/mok.der" 2>"$work/said"
check "make sign signs" flock build/.kmod.lock make -s sign KDIR="$kdir" CC=gcc-12 MOK_KEY="$work/mok.key" \
	MOK_CERT="$work/mok.der"
is "$(modinfo -F signer "$signed")" "qrng test key" "with the key it was told"
check "once more changes nothing" flock build/.kmod.lock make -s sign KDIR="$kdir" CC=gcc-12 MOK_KEY="$work/mok.key" \
	MOK_CERT="$work/mok.der"
is "$(grep -ac 'Module signature appended' "$signed")" 1 "there is one signature"
tools/sign "$kdir" "$work/none.key" "$work/mok.der" >"$work/said" 2>&1
is "$? $(grep -c "no $work/none.key; docs/install.md" "$work/said")" "1 1" "a key that is not there is named"
echo "1..$count"
