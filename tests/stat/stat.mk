# SPDX-License-Identifier: MIT
# Statistics over the core that take 10^9 samples: optimized, and without the sanitizers, which
# would take minutes.

STAT_PROGRAMS := build/stat/false-alarms
CORE_TESTS += $(STAT_PROGRAMS)
STAT_CFLAGS = $(CFLAGS) -std=gnu11 -D_GNU_SOURCE -Wall -Wextra -Werror -O2
STAT_SOURCES := $(wildcard tests/stat/*.c) kmod/core/health.c kmod/core/cutoffs.c

build/stat/false-alarms: $(STAT_SOURCES) $(wildcard tests/stat/*.h) kmod/core/health.h \
		kmod/core/cutoffs.h kmod/core/types.h tests/unit/random.h
	@mkdir -p $(@D)
	$(CC) $(STAT_CFLAGS) $(LDFLAGS) -o $@ $(STAT_SOURCES) -lm

unit-programs: $(STAT_PROGRAMS)
