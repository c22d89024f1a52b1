# SPDX-License-Identifier: MIT
# Unit tests: the core, qrngctl and parts of qrngd in userspace, under the address and the undefined
# behaviour sanitizer. CORE_TESTS are what `prove` runs, from the root folder.

UNIT_OF_CORE := $(patsubst %,build/asan/unit/%,children ctr_drbg feeding fortuna generator health \
	health_bits metrics noise pool quantis recordings recovery selftest)
UNIT_OF_TOOLS := $(patsubst %,build/asan/unit/%,doctor listener record session setting tables warning)
UNIT_OF_DAEMON := $(patsubst %,build/asan/unit/%,ciphers killed quality queue store verdict)
UNIT_PROGRAMS := $(UNIT_OF_CORE) $(UNIT_OF_TOOLS) $(UNIT_OF_DAEMON) \
	$(patsubst %,build/asan/unit/%,encode provider quota)
CORE_TESTS += $(UNIT_PROGRAMS) $(sort $(wildcard tests/unit/*.t))

UNIT_OBJ := build/asan/unit/obj
UNIT_SANITIZE := -O1 -g -fno-omit-frame-pointer -fsanitize=address,undefined \
	-fno-sanitize-recover=all
UNIT_CFLAGS = $(CFLAGS) -std=gnu11 -D_GNU_SOURCE -Wall -Wextra -Werror $(UNIT_SANITIZE) -MMD -MP
UNIT_CORE := $(patsubst %.c,$(UNIT_OBJ)/%.o,$(wildcard kmod/core/*.c)) \
	$(UNIT_OBJ)/tests/unit/host.o
UNIT_TOOLS := $(patsubst %.c,$(UNIT_OBJ)/%.o,$(filter-out %/qrngctl.c,$(TOOLS_SRC)))

.PHONY: unit-programs
unit-programs: $(UNIT_PROGRAMS) build/asan/unit/recovery_table build/bin/qrngctl build/lib/qrng.so

build/asan/unit/%: $(UNIT_OBJ)/tests/unit/%.o
	@mkdir -p $(@D)
	$(CC) $(UNIT_CFLAGS) $(LDFLAGS) -o $@ $(filter %.o,$^) $(UNIT_LIBS) -lcmocka

$(UNIT_OF_CORE) build/asan/unit/recovery_table: $(UNIT_CORE)
$(UNIT_OF_CORE) build/asan/unit/recovery_table: UNIT_LIBS := -lcrypto
build/asan/unit/selftest: UNIT_LIBS := -lcrypto -Wl,--wrap=qrng_health_feed
$(UNIT_OF_TOOLS): $(UNIT_TOOLS)
$(UNIT_OF_TOOLS): UNIT_LIBS = $(TOOLS_LIBS)
$(UNIT_OF_DAEMON): $(filter-out %/main.o,$(DAEMON_OBJS_asan)) $(DAEMON_WEBSOCKET) $(DAEMON_STAMP)
$(UNIT_OF_DAEMON): UNIT_LIBS = $(DAEMON_LIBS) -pthread
$(UNIT_OF_DAEMON): UNIT_CFLAGS += $(DAEMON_CFLAGS)
build/asan/unit/encode: $(UNIT_OBJ)/daemon/encode.o $(UNIT_OBJ)/daemon/hex.o
build/asan/unit/encode: UNIT_LIBS := -lcrypto
build/asan/unit/provider: $(patsubst %.c,$(UNIT_OBJ)/%.o,$(PROVIDER_SRC))
build/asan/unit/provider: UNIT_LIBS := -lcrypto
$(UNIT_OBJ)/provider/%.o: UNIT_CFLAGS += -Iuapi
build/asan/unit/quota: $(UNIT_OBJ)/daemon/bucket.o $(UNIT_OBJ)/daemon/quota.o

$(UNIT_OBJ)/%.o: %.c
	@mkdir -p $(@D)
	$(CC) $(UNIT_CFLAGS) -c -o $@ $<

# Without this make removes the objects as mere intermediates.
.SECONDARY: $(UNIT_PROGRAMS:build/asan/unit/%=$(UNIT_OBJ)/tests/unit/%.o)

#: make coverage      lines and branches of the core that the unit tests reach
.PHONY: coverage
coverage: vectors
	@tests/unit/coverage

-include $(shell find $(UNIT_OBJ) -name '*.d' 2>/dev/null)
