# SPDX-License-Identifier: MIT
# Fuzzers: each tests/fuzz/NAME.c is a libFuzzer target over the core, over qrngctl if it is one
# of FUZZ_OF_TOOLS, or over qrngd if it is one of FUZZ_OF_DAEMON. FUZZ_SECONDS each.

FUZZ_OF_TOOLS := $(patsubst %,build/fuzz/%,answer proof value)
FUZZ_OF_DAEMON := $(patsubst %,build/fuzz/%,conf entry keyfile numbers query request)
FUZZ_PROGRAMS := $(patsubst tests/fuzz/%.c,build/fuzz/%,$(wildcard tests/fuzz/*.c))
FUZZ_OF_CORE := $(filter-out $(FUZZ_OF_TOOLS) $(FUZZ_OF_DAEMON),$(FUZZ_PROGRAMS))
FUZZ_OBJ := build/fuzz/obj$(DAEMON_FOR)
FUZZ_CORE := $(patsubst %.c,$(FUZZ_OBJ)/%.o,$(wildcard kmod/core/*.c) tests/unit/host.c)
FUZZ_TOOLS := $(patsubst %.c,$(FUZZ_OBJ)/%.o,$(filter-out %/qrngctl.c,$(TOOLS_SRC)))
FUZZ_DAEMON := $(patsubst %.c,$(FUZZ_OBJ)/%.o,$(filter-out %/main.c,$(DAEMON_SRC)) $(DAEMON_WORDS) $(DAEMON_SCRIPT))
FUZZ_CFLAGS := -std=gnu11 -D_GNU_SOURCE -Wall -Wextra -Werror -O1 -g -fno-omit-frame-pointer \
	-fno-sanitize-recover=all -MMD -MP
FUZZ_SANITIZE := address,undefined
FUZZ_TESTS := tests/fuzz/fuzz.t

.PHONY: fuzz-programs
fuzz-programs: $(FUZZ_PROGRAMS)

$(FUZZ_OF_CORE): $(FUZZ_CORE)
$(FUZZ_OF_CORE): FUZZ_LIBS := -lcrypto
$(FUZZ_OF_TOOLS): $(FUZZ_TOOLS)
$(FUZZ_OF_TOOLS): FUZZ_LIBS = $(TOOLS_LIBS)
$(FUZZ_OF_DAEMON): $(FUZZ_DAEMON) $(DAEMON_WEBSOCKET) $(DAEMON_STAMP)
$(FUZZ_DAEMON): $(DAEMON_ARCHIVE)
$(FUZZ_OF_DAEMON): FUZZ_LIBS = $(DAEMON_LIBS) -ljansson -pthread
build/fuzz/keyfile: FUZZ_LIBS += -Wl,--wrap=qrngd_log
$(FUZZ_OF_DAEMON) $(FUZZ_DAEMON): FUZZ_CFLAGS += $(DAEMON_CFLAGS)

build/fuzz/%: tests/fuzz/%.c
	@mkdir -p $(@D)
	clang-14 $(FUZZ_CFLAGS) -fsanitize=fuzzer,$(FUZZ_SANITIZE) -o $@ $(filter %.c %.o,$^) $(FUZZ_LIBS)

$(FUZZ_OBJ)/%.o: %.c
	@mkdir -p $(@D)
	clang-14 $(FUZZ_CFLAGS) -fsanitize=fuzzer-no-link,$(FUZZ_SANITIZE) -c -o $@ $<

-include $(shell find build/fuzz -name '*.d' 2>/dev/null)
