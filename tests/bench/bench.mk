# SPDX-License-Identifier: MIT
# Benchmarks: of the core, over the daemon's own objects, and of what the daemon's library
# costs by itself. tests/unit/cost.t and tests/http/cost.t, which only count, use them, too.
# Read after daemon/daemon.mk.

BENCH_OBJ := build/bench/obj$(DAEMON_FOR)
BENCH_OBJS := $(patsubst %,$(BENCH_OBJ)/tests/bench/%.o,core library)
BENCH_CORE := $(filter $(DAEMON_OBJ)/kmod/core/%,$(DAEMON_OBJS)) \
	$(patsubst %,$(DAEMON_OBJ)/daemon/%.o,digits host_gcrypt json log logfile secret) \
	$(patsubst %,$(DAEMON_OBJ)/daemon/lokey/%.o,cell entry keeper page probe quality queue ring \
		seal store vault)

.PHONY: bench-programs
bench-programs: build/bench/core build/bench/constant
unit-programs: build/bench/core
http-programs: build/bench/constant

# Valgrind 3.19 gives up on what clang-14 writes for debuggers.
build/bench/core: $(BENCH_OBJS) $(BENCH_CORE) $(DAEMON_STAMP)
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(DAEMON_LDFLAGS) -Wl,--strip-debug $(LDFLAGS) -o $@ $(filter %.o,$^) -lgcrypt -lcrypto -llmdb -lm

build/bench/constant: $(BENCH_OBJ)/tests/bench/constant.o $(DAEMON_STAMP)
	$(CC) $(CFLAGS) $(DAEMON_LDFLAGS) $(LDFLAGS) -o $@ $(filter %.o,$^) $(DAEMON_H2O)

$(BENCH_OBJ)/tests/bench/constant.o: $(DAEMON_ARCHIVE)

$(BENCH_OBJ)/%.o: %.c
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) -O2 $(DAEMON_CFLAGS) -fPIE -c -o $@ $<

-include $(BENCH_OBJS:.o=.d) $(BENCH_OBJ)/tests/bench/constant.d
