# SPDX-License-Identifier: MIT
# The examples are programs like any other: built, and run in the VM lab.

EXAMPLES := $(patsubst docs/examples/%.c,build/docs/examples/%,$(wildcard docs/examples/*.c))

build/docs/examples/%: docs/examples/%.c uapi/qrng.h uapi/qrandom.h include/qrng_client.h
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) -std=gnu11 -D_GNU_SOURCE -Wall -Wextra -Werror -Iuapi -Iinclude -o $@ $< \
		$(LDFLAGS) -lmnl

.PHONY: examples
examples: $(EXAMPLES)
vm-programs: examples
