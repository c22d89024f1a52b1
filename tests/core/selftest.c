// SPDX-License-Identifier: MIT
/* The self-test of every module load and daemon start passes on this host. */
#include "../../kmod/core/selftest.h"
#include "cases.h"

void case_selftest_passes(struct qrng_case *c)
{
	static struct qrng_generator scratch;

	c->at = qrng_selftest(c->ctx[0], &scratch);
	EXPECT(c, c->at == NULL);
}
