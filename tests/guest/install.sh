#!/bin/sh
# SPDX-License-Identifier: MIT
# The life of an installation: it works, the daemon is upgraded, everything is removed.
. /lib/tap.sh
. /opt/guest/version
. /opt/guest/started.sh
. /opt/guest/openssl.sh
. /opt/guest/upgraded.sh
. /opt/guest/removed.sh
done_testing
