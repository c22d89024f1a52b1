/* SPDX-License-Identifier: MIT */
/*
 * What a case of the core may use: the core, and nothing below, so that the same file
 * runs under cmocka with the sanitizers and under KUnit in a kernel. Buffers of more
 * than a few hundred bytes are static, since a kernel's stack is small.
 */
#ifndef _QRNG_TESTS_CASE_H
#define _QRNG_TESTS_CASE_H

#include "../../kmod/core/types.h"

#define CASE_CONTEXTS 3

/**
 * struct qrng_case - one case while it runs
 * @failures: what it found wrong so far
 * @at: the vector at hand, for the messages; NULL if there is none
 * @ctx: contexts for the host's ciphers, zeroed
 * @ctx_size: bytes of each
 * @harness: whatever the harness keeps here
 */
struct qrng_case {
	u32 failures;
	const char *at;
	void *ctx[CASE_CONTEXTS];
	size_t ctx_size;
	void *harness;
};

/* A case goes on after something was wrong; true if nothing was. */
#define EXPECT(c, holds) case_expect(c, holds, __FILE__, __LINE__, #holds)

#define EXPECT_BYTES(c, got, want, len)                                                            \
	case_expect_bytes(c, got, want, len, __FILE__, __LINE__, #got)

bool case_expect(struct qrng_case *c, bool holds, const char *file, int line, const char *what);
bool case_expect_bytes(struct qrng_case *c, const void *got, const void *want, size_t len,
		       const char *file, int line, const char *what);

/*
 * Set by a harness that proves itself: every expected byte is then taken for another
 * one, and a case that compares bytes but still passes compares nothing.
 */
extern bool case_spoil;

/* Given by the harness: one line about a failure, which counts as one. */
__attribute__((format(printf, 4, 5))) void case_report(struct qrng_case *c, const char *file,
						       int line, const char *format, ...);

#endif /* _QRNG_TESTS_CASE_H */
