# SPDX-License-Identifier: MIT
# qrngctl, the module's tool for people and scripts.

TOOLS_SRC := $(wildcard tools/*.c)
TOOLS_CFLAGS = $(CFLAGS) -std=gnu11 -D_GNU_SOURCE -Wall -Wextra -Werror -MMD -MP

.PHONY: tools
tools: build/bin/qrngctl

build/bin/qrngctl: $(TOOLS_SRC:tools/%.c=build/tools/%.o)
	@mkdir -p $(@D)
	$(CC) $(TOOLS_CFLAGS) $(LDFLAGS) -o $@ $^ -lmnl

build/tools/%.o: tools/%.c
	@mkdir -p $(@D)
	$(CC) $(TOOLS_CFLAGS) -c -o $@ $<

-include $(wildcard build/tools/*.d)
