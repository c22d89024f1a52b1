# SPDX-License-Identifier: MIT
# After an installation as the README has it, and a start of the machine: does all of it work?
# shellcheck shell=dash
. /opt/guest/module.sh

# The daemon
url=http://127.0.0.1:8080
check "the daemon runs" systemctl is-active qrngd
is "$(ps -o user= -p "$(systemctl show -P MainPID qrngd)")" qrngd "as a user of its own"
curl -s -D /tmp/head -o /tmp/bytes "$url/v1/random?bytes=100000"
is "$(wc -c </tmp/bytes)" 100000 "curl gets bytes"
field() { tr -d '\r' </tmp/head | sed -n "s/^$1: //Ip"; }
is "$(field QRNG-Engine) $(field QRNG-Source) $(field QRNG-Health)" "device quantis.0 healthy" "from the card"
is "$(curl -s "$url/v1/random?bytes=64&source=raw" | wc -c)" 64 "noise, too, since it is in the group"
is "$(curl -s "$url/v1/image/random?width=64&height=64" | head -c 8 | od -An -tx1 | tr -d ' \n')" \
	89504e470d0a1a0a "an image"
is "$(curl -s "$url/v1/sound?seconds=1&rate=8000" | head -c 4)" RIFF "a sound"
is "$(systemctl show -P NRestarts qrngd)" 0 "it was started once"

# As systemd sees it
shown() { systemctl show -P "$1" "$2"; }
is "$(shown Type qrngd)" notify "the daemon says when it is ready"
is "$(shown StatusText qrngd)" "engine device, healthy: every noise source is healthy" "and how it is"
is "$(shown WatchdogUSec qrngd)" 1min "somebody watches it"
began=$(shown ActiveEnterTimestampMonotonic qrngd)
heard() { [ "$(shown WatchdogTimestampMonotonic qrngd)" -gt "$((began + 10000000))" ]; }
check "and hears from it" wait_for 60 heard
is "$(systemctl is-enabled qrngd.socket)" disabled "nobody listens for it"

# As the tool sees it
check "the doctor finds nothing wrong" qrngctl doctor

# What the README shows
while read -r line; do
	check "README: $line" sh -ec "$line"
done </opt/guest/readme
while read -r line; do
	check "docs/clients.md: $line" sh -ec "$line"
done </opt/guest/clients
