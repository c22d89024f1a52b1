#!/bin/sh
# SPDX-License-Identifier: MIT
# The start after first.sh, with a kernel that was installed after our packages.
. /lib/tap.sh
. /opt/guest/version
. /opt/guest/carried.sh
. /opt/guest/started.sh
is "$(dkms status 2>/dev/null | grep -c "^qrng/$VERSION, .*: installed$")" 2 "the kernel before it has a module, too"
done_testing
