# SPDX-License-Identifier: MIT
# The benchmark of the core, over the daemon's own objects; tests/unit/cost.t, which only
# counts, uses it, too. Read after daemon/daemon.mk.

BENCH_OBJS := $(patsubst %.c,build/bench/obj/%.o,$(wildcard tests/bench/*.c))
BENCH_CORE := $(filter $(DAEMON_OBJ)/kmod/core/%,$(DAEMON_OBJS)) \
	$(patsubst %,$(DAEMON_OBJ)/daemon/%.o,host_gcrypt log secret)

.PHONY: bench-programs
bench-programs: build/bench/core
unit-programs: build/bench/core

# Valgrind 3.19 gives up on what clang-14 writes for debuggers.
build/bench/core: $(BENCH_OBJS) $(BENCH_CORE)
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(DAEMON_LDFLAGS) -Wl,--strip-debug $(LDFLAGS) -o $@ $^ -lgcrypt -lcrypto

build/bench/obj/%.o: %.c
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) -O2 $(DAEMON_CFLAGS) -fPIE -c -o $@ $<

-include $(BENCH_OBJS:.o=.d)
