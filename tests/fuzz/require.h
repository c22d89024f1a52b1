/* SPDX-License-Identifier: MIT */
#ifndef FUZZ_REQUIRE_H
#define FUZZ_REQUIRE_H

#include <stdbool.h>
#include <stdlib.h>

/* Not assert(), which a macro could switch off. */
static inline void require(bool holds)
{
	if (!holds)
		abort();
}

#endif /* FUZZ_REQUIRE_H */
