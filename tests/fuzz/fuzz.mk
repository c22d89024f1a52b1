# SPDX-License-Identifier: MIT
# Fuzzers: each tests/fuzz/NAME.c is a libFuzzer target over the core. FUZZ_SECONDS each.

FUZZ_SECONDS ?= 60
FUZZ_SOURCES := $(wildcard tests/fuzz/*.c)
FUZZ_PROGRAMS := $(patsubst tests/fuzz/%.c,build/fuzz/%,$(FUZZ_SOURCES))
FUZZ_CORE := $(wildcard kmod/core/*.c) tests/unit/host.c
FUZZ_FLAGS := -std=gnu11 -D_GNU_SOURCE -Wall -Wextra -Werror -O1 -g -fno-omit-frame-pointer \
	-fsanitize=fuzzer,address,undefined -fno-sanitize-recover=all
FUZZ_TESTS := tests/fuzz/fuzz.t

.PHONY: fuzz-programs
fuzz-programs: $(FUZZ_PROGRAMS)

build/fuzz/%: tests/fuzz/%.c $(FUZZ_CORE) $(wildcard kmod/core/*.h)
	@mkdir -p $(@D)
	clang-14 $(FUZZ_FLAGS) -o $@ $< $(FUZZ_CORE) -lcrypto
