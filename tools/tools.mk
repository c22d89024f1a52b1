# SPDX-License-Identifier: MIT
# qrngctl, the module's tool for people and scripts. What it shares with qrngd is in netlink/, the talk
# with the module, and keyfile/, the rules of the file of API keys.

TOOLS_SHARED := $(wildcard keyfile/*.c netlink/*.c)
TOOLS_SRC := $(wildcard tools/*.c) $(TOOLS_SHARED)
TOOLS_LIBS := -lcurl -linih -ljansson -lmnl -lcrypto
TOOLS_CFLAGS = $(CPPFLAGS) $(CFLAGS) -std=gnu11 -D_GNU_SOURCE -Wall -Wextra -Werror -MMD -MP

.PHONY: tools
tools: build/bin/qrngctl

build/bin/qrngctl: $(TOOLS_SRC:%.c=build/%.o)
	@mkdir -p $(@D)
	$(CC) $(TOOLS_CFLAGS) $(LDFLAGS) -o $@ $^ $(TOOLS_LIBS)

$(TOOLS_SRC:%.c=build/%.o): build/%.o: %.c
	@mkdir -p $(@D)
	$(CC) $(TOOLS_CFLAGS) -c -o $@ $<

-include $(wildcard build/tools/*.d build/netlink/*.d build/keyfile/*.d)
