#!/bin/sh
# SPDX-License-Identifier: MIT
# A start of the machine that another one follows, after it was stopped in order.
. /lib/tap.sh
. /opt/guest/up.sh
is "$(systemctl is-active qrng-seed)" active "noise will be carried over the restart"
check "there is no seed yet" test ! -e /var/lib/qrng/seed
check "the generator is ready" wait_for 60 qrngctl check
touch /run/stop-in-order
done_testing
