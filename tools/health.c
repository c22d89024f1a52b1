// SPDX-License-Identifier: MIT
#include "source.h"

static const struct field fields[] = {
	{ QRNG_A_HEALTH_NAME, UNIT_TEXT, TYPE_TEXT, .key = "name", .label = "name" },
	{ QRNG_A_HEALTH_RCT_FAILURES, UNIT_COUNT, TYPE_U64, .key = "rct_failures",
	  .label = "repetition fails" },
	{ QRNG_A_HEALTH_APT_FAILURES, UNIT_COUNT, TYPE_U64, .key = "apt_failures",
	  .label = "proportion fails" },
	{ QRNG_A_HEALTH_INTERMITTENT, UNIT_COUNT, TYPE_U64, .key = "intermittent",
	  .label = "bursts dropped" },
	{ QRNG_A_HEALTH_PERMANENT, UNIT_COUNT, TYPE_U64, .key = "permanent", .label = "stops" },
	{ QRNG_A_HEALTH_STARTUP_PASSES, UNIT_COUNT, TYPE_U64, .key = "startup_passes",
	  .label = "start-ups passed" },
	{ QRNG_A_HEALTH_STARTUP_LEFT, UNIT_SAMPLES, TYPE_U32, .key = "startup_left",
	  .label = "start-up lacks" },
	{ QRNG_A_HEALTH_TESTS, UNIT_COUNT, TYPE_U64, .key = "tests",
	  .label = "tests on demand" },
	{ QRNG_A_HEALTH_TEST_FAILURES, UNIT_COUNT, TYPE_U64, .key = "test_failures",
	  .label = "of these failed" },
	{ QRNG_A_HEALTH_RCT_CUTOFF, UNIT_SAMPLES, TYPE_U32, .key = "rct_cutoff",
	  .label = "repetition cutoff", .detail = true },
	{ QRNG_A_HEALTH_RCT_CUTOFF_PERMANENT, UNIT_SAMPLES, TYPE_U32,
	  .key = "rct_cutoff_permanent", .label = " to stop", .detail = true },
	{ QRNG_A_HEALTH_APT_CUTOFF, UNIT_SAMPLES, TYPE_U32, .key = "apt_cutoff",
	  .label = "proportion cutoff", .detail = true },
	{ QRNG_A_HEALTH_APT_CUTOFF_PERMANENT, UNIT_SAMPLES, TYPE_U32,
	  .key = "apt_cutoff_permanent", .label = " to stop", .detail = true },
};

_Static_assert(RECORD_COUNT(fields) <= RECORD_FIELDS_MAX, "a record must hold every field");

/* The health tests of a source, SP 800-90B 4.4. */
const struct object health_object = RECORD_OBJECT(fields);
