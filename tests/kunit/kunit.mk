# SPDX-License-Identifier: MIT
# The core's cases inside a kernel: user-mode Linux with KUnit, KASAN and UBSAN.

KUNIT_TESTS := $(sort $(wildcard tests/kunit/*.t))

#: make test-kunit    the core's cases inside a user-mode kernel (the first time builds it)
.PHONY: test-kunit
test-kunit: deps
	@tests/prove $(KUNIT_TESTS)
