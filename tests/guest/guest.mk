# SPDX-License-Identifier: MIT
# A whole Debian system with our packages in it.

.PHONY: test-guest
#: make test-guest    the packages; a Debian system that installs, starts, upgrades, removes them
test-guest: deps
	$(AGAIN) emu
	@tests/prove $(GUEST_TESTS)
