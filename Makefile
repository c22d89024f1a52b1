# SPDX-License-Identifier: MIT
# qrng: `make run` and `make test` do all set-up by themselves; `make help` lists the rest.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := all
.DELETE_ON_ERROR:

CC := $(if $(filter default,$(origin CC)),gcc,$(CC))
CFLAGS ?= -O2 -g
QRNG_VERSION := $(shell sed -n 's/^.define QRNG_VERSION[^"]*"\(.*\)"/\1/p' uapi/qrng.h)
KDIR ?= /lib/modules/$(shell uname -r)/build
PORT ?= 8080
PREFIX ?= /usr/local

# Set-up comes before anything that looks for a library, so targets that do it start afresh.
AGAIN = +@$(MAKE) --no-print-directory --jobs=$(shell nproc)

include $(wildcard daemon/*.mk tools/*.mk provider/*.mk kmod/*.mk system/*.mk tests/*/*.mk docs/*/*.mk)

UNIT_TESTS = $(CORE_TESTS) $(EMU_TESTS)
HTTP_TESTS = $(sort $(wildcard tests/http/*.t))
GUEST_TESTS = $(sort $(wildcard tests/guest/*.t))
# Each boot of the debug kernel costs more than most tests: it watches in every run what hurts
# the module most, and the rest in a soak.
SOAK_ONLY = $(patsubst %,tests/vm/kmod/%-debug.t,faults policy smoke survive suspend)
KMOD_TESTS = $(KUNIT_TESTS) tests/vm/lab.t tests/vm/matrix.t \
	$(filter-out $(SOAK_ONLY),$(sort $(wildcard tests/vm/kmod/*.t)))
SOAK_TESTS = $(SOAK_ONLY) $(GUEST_FULL_TESTS) $(shell grep -l QRNG_SOAK tests/http/*.t tests/vm/kmod/*.t)

.PHONY: all help deps deps-run run vm test test-unit test-http test-kmod test-fuzz soak bench check clean
all: build/bin/qrngd build/bin/qrngctl build/lib/qrng.so

help:
	@sed -n 's/^#: \{0,1\}//p' $(MAKEFILE_LIST)

#: make               build qrngd and qrngctl into build/bin/, qrng.so into build/lib/; with H2O_DIR=
#:                    qrngd has that libh2o, in all targets (docs/install.md)
#: make run           install what is missing, build, start qrngd on port 8080 [PORT=]
run: deps-run
	$(AGAIN) all
	@tools/run $(PORT)

#: make vm            boot module, emulated card and daemon in a VM, port 8080 forwarded [PORT= KERNEL=]
vm: deps
	$(AGAIN) all emu vm-programs
	@tests/vm/demo $(PORT) $(KERNEL)

#: make test          install what is missing, then every test below
# The longest first, so that no processor waits for another's at the end.
test: deps
	$(AGAIN) test-programs
	@tests/prove $(GUEST_TESTS) $(KMOD_TESTS) $(FUZZ_TESTS) $(HTTP_TESTS) $(UNIT_TESTS)

#: make test-unit     the core, the tools and the card emulator, under ASan and UBSan
test-unit: deps
	$(AGAIN) unit-programs emu emu-asan
	@tests/prove $(UNIT_TESTS)

#: make test-http     the daemon, black box [H2O_DIR=]
test-http: deps
	$(AGAIN) http-programs
	@tests/prove $(HTTP_TESTS)

#: make test-kmod     the core inside a kernel, the module in virtual machines with an emulated card
test-kmod: deps
	$(AGAIN) all emu vm-programs
	@tests/prove $(KMOD_TESTS)

.PHONY: test-programs
test-programs: all emu emu-asan unit-programs http-programs vm-programs fuzz-programs

#: make test-fuzz     each fuzzer for a minute [FUZZ_SECONDS=]
test-fuzz: deps
	$(AGAIN) fuzz-programs
	@FUZZ_SECONDS=$(or $(FUZZ_SECONDS),60) tests/prove $(FUZZ_TESTS)

#: make soak          the tests that chance has a part in, for hours: more plugs, more nonsense; all of
#:                    the daemon's under TSan and valgrind; what is in test-guest-full alone
soak: deps
	$(AGAIN) all emu vm-programs http-programs
	@QRNG_SOAK=1 QRNG_SECOND_RUN=no tests/prove $(SOAK_TESTS)

#: make bench         measure, print a table, write build/bench/*.jsonl
bench: deps
	$(AGAIN) all emu vm-programs bench-programs
	@tests/bench/run

#: make kmod          build qrng.ko for the running kernel, or for the headers in KDIR=
#: make check         style and static checks
check: deps
	@tools/check

#: make deps          install the Debian packages that are missing
deps:
	@tools/deps all

deps-run:
	@tools/deps run

#: make clean         remove build/
clean:
	rm -rf build
