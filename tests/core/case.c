// SPDX-License-Identifier: MIT
#include "case.h"

/* Enough to see what is wrong; a broken cipher fails each of a thousand vectors. */
#define REPORTS 5

bool case_spoil;

/**
 * case_expect() - what EXPECT() stands for
 * @c: the case
 * @holds: what must be true
 * @file: where that is said
 * @line: where in @file
 * @what: how it is said
 */
bool case_expect(struct qrng_case *c, bool holds, const char *file, int line, const char *what)
{
	if (!holds && ++c->failures <= REPORTS)
		case_report(c, file, line, "%s%s%s", c->at ? c->at : "", c->at ? ": " : "", what);
	return holds;
}

/**
 * case_expect_bytes() - what EXPECT_BYTES() stands for
 * @c: the case
 * @got: bytes that were made
 * @want: what they must be
 * @len: how many
 * @file: where that is said
 * @line: where in @file
 * @what: how @got is called there
 */
bool case_expect_bytes(struct qrng_case *c, const void *got, const void *want, size_t len,
		       const char *file, int line, const char *what)
{
	const u8 spoil = case_spoil, *is = got, *should = want;
	size_t i;

	for (i = 0; i < len && is[i] == (should[i] ^ spoil); i++)
		;
	if (i == len)
		return true;
	if (++c->failures <= REPORTS)
		case_report(c, file, line, "%s%s%s: byte %zu of %zu is %02x, not %02x",
			    c->at ? c->at : "", c->at ? ": " : "", what, i, len, is[i],
			    should[i] ^ spoil);
	return false;
}
