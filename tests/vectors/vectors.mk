# SPDX-License-Identifier: MIT
# The vectors as C, and the cases of the core that use them: here under cmocka with the
# sanitizers, in tests/kunit in a kernel. Read after tests/unit/unit.mk, whose rules it uses.

VECTOR_TABLES := $(patsubst %,build/vectors/%.c,aes_ctr aes_ecb chacha20 \
	ctr_drbg_no_reseed ctr_drbg_pr_false ctr_drbg_pr_true sha256_long sha256_monte \
	sha256_short)
CASES_PROGRAM := build/asan/core/cases
CORE_TESTS += $(CASES_PROGRAM) $(sort $(wildcard tests/core/*.t))

$(VECTOR_TABLES) &: tests/vectors/generate.py $(wildcard tests/vectors/*.rsp)
	@python3 -B tests/vectors/generate.py build/vectors

.PHONY: vectors
vectors: $(VECTOR_TABLES)

$(CASES_PROGRAM): $(patsubst %.c,$(UNIT_OBJ)/%.o,$(wildcard tests/core/*.c) $(VECTOR_TABLES)) \
		$(UNIT_CORE)
	@mkdir -p $(@D)
	$(CC) $(UNIT_CFLAGS) $(LDFLAGS) -o $@ $^ -lcmocka -lcrypto

unit-programs: $(CASES_PROGRAM)
