# SPDX-License-Identifier: MIT
# Fuzzers: each tests/fuzz/NAME.c is a libFuzzer target over the core, or over qrngctl if it
# is one of FUZZ_OF_TOOLS. FUZZ_SECONDS each.

FUZZ_SECONDS ?= 60
FUZZ_OF_TOOLS := build/fuzz/answer build/fuzz/value
FUZZ_PROGRAMS := $(patsubst tests/fuzz/%.c,build/fuzz/%,$(wildcard tests/fuzz/*.c))
FUZZ_CORE := $(wildcard kmod/core/*.c) tests/unit/host.c
FUZZ_TOOLS := $(filter-out %/qrngctl.c,$(wildcard tools/*.c netlink/*.c))
FUZZ_FLAGS := -std=gnu11 -D_GNU_SOURCE -Wall -Wextra -Werror -O1 -g -fno-omit-frame-pointer \
	-fsanitize=fuzzer,address,undefined -fno-sanitize-recover=all
FUZZ_TESTS := tests/fuzz/fuzz.t

.PHONY: fuzz-programs
fuzz-programs: $(FUZZ_PROGRAMS)

$(FUZZ_OF_TOOLS): build/fuzz/%: tests/fuzz/%.c $(FUZZ_TOOLS) $(wildcard tools/*.h netlink/*.h) uapi/qrng.h
	@mkdir -p $(@D)
	clang-14 $(FUZZ_FLAGS) -o $@ $< $(FUZZ_TOOLS) $(TOOLS_LIBS)

build/fuzz/%: tests/fuzz/%.c $(FUZZ_CORE) $(wildcard kmod/core/*.h)
	@mkdir -p $(@D)
	clang-14 $(FUZZ_FLAGS) -o $@ $< $(FUZZ_CORE) -lcrypto
