# SPDX-License-Identifier: MIT
# The VM lab: programs for the guest, linked statically since the guest has no libc of its own.

VM_PROGRAMS := $(patsubst tests/vm/%.c,build/tests/vm/%,$(wildcard tests/vm/*.c))

build/tests/vm/%: tests/vm/%.c $(wildcard tests/vm/*.h uapi/*.h)
	@mkdir -p $(@D)
	$(CC) -O2 -std=gnu11 -Wall -Wextra -Werror -static -o $@ $<

# Looks through an image of the guest's memory; runs here.
build/tests/memsearch: tests/vm/search/search.c
	@mkdir -p $(@D)
	$(CC) -O2 -std=gnu11 -Wall -Wextra -Werror -o $@ $< -lgcrypt

.PHONY: vm-programs test-lab matrix
vm-programs: $(VM_PROGRAMS) build/tests/memsearch

# The lab's own tests: it must fail what has to fail, and leave nothing behind.
test-lab: vm-programs build/bin/qrng-emu
	prove tests/vm/lab.t

#: make matrix        build for and boot every kernel, write the table in docs/kernels.md
matrix: deps
	$(AGAIN) all emu vm-programs
	@tests/vm/matrix --write docs/kernels.md

#: make coverage-kmod how many of the module's lines the tests execute, on the debug kernel
.PHONY: coverage-kmod
coverage-kmod: deps
	$(AGAIN) all emu vm-programs
	@tests/vm/coverage
