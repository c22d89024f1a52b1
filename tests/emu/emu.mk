# SPDX-License-Identifier: MIT
# The card emulator. Included by the root Makefile; works alone from the root folder too:
# make -f tests/emu/emu.mk

CC ?= gcc
CFLAGS ?= -O2 -g

EMU_SRC := $(wildcard tests/emu/*.c)
EMU_CFLAGS = $(CFLAGS) -std=gnu11 -D_GNU_SOURCE -Wall -Wextra -Werror -Iuapi -MMD -MP
EMU_TESTS := $(addprefix tests/emu/,test-emu test-emu-faults test-emu-hostile test-emu-peers test-emu-qemu)
EMU_SANITIZE := -O1 -g -fno-omit-frame-pointer -fsanitize=address,undefined \
	-fno-sanitize-recover=all

.PHONY: emu emu-asan test-emu
emu: build/bin/qrng-emu
emu-asan: build/tests/emu/qrng-emu-asan

build/bin/qrng-emu: $(EMU_SRC:tests/emu/%.c=build/tests/emu/%.o)
	@mkdir -p $(@D)
	$(CC) $(EMU_CFLAGS) $(LDFLAGS) -o $@ $^

build/tests/emu/qrng-emu-asan: $(EMU_SRC:tests/emu/%.c=build/tests/emu/asan/%.o)
	$(CC) $(EMU_CFLAGS) $(EMU_SANITIZE) $(LDFLAGS) -o $@ $^

build/tests/emu/%.o: tests/emu/%.c
	@mkdir -p $(@D)
	$(CC) $(EMU_CFLAGS) -c -o $@ $<

build/tests/emu/asan/%.o: tests/emu/%.c
	@mkdir -p $(@D)
	$(CC) $(EMU_CFLAGS) $(EMU_SANITIZE) -c -o $@ $<

test-emu: emu emu-asan
	prove $(EMU_TESTS)

-include $(wildcard build/tests/emu/*.d build/tests/emu/asan/*.d)
