# SPDX-License-Identifier: MIT
# A whole Debian system with our packages in it.

.PHONY: test-guest
#: make test-guest    the packages; a Debian system that installs, starts, upgrades, removes them
test-guest: deps
	$(AGAIN) emu
	@tests/prove $(GUEST_TESTS)

# Each takes as long as the test above, or longer.
GUEST_FULL_TESTS = $(sort $(wildcard tests/guest/full/*.t))

.PHONY: test-guest-full
#: make test-guest-full  the same, and with a second kernel, on Debian 13, by `make dkms` [hours]
test-guest-full: deps
	$(AGAIN) emu
	@tests/prove $(GUEST_TESTS) $(GUEST_FULL_TESTS)
