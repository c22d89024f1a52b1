// SPDX-License-Identifier: MIT
#include "source.h"

static const struct field fields[] = {
	{ QRNG_A_STATS_NAME, UNIT_TEXT, TYPE_TEXT, .key = "name", .label = "name" },
	{ QRNG_A_STATS_RAW_BYTES, UNIT_BYTES, TYPE_U64, .key = "raw_bytes",
	  .label = "noise tested" },
	{ QRNG_A_STATS_USED_BYTES, UNIT_BYTES, TYPE_U64, .key = "used_bytes",
	  .label = "noise used" },
	{ QRNG_A_STATS_RESERVE_BYTES, UNIT_BYTES, TYPE_U64, .key = "reserve_bytes",
	  .label = "noise waiting" },
	{ QRNG_A_STATS_REGISTER_READS, UNIT_COUNT, TYPE_U64, .key = "register_reads",
	  .label = "register reads", .detail = true },
	{ QRNG_A_STATS_OVERFLOWS, UNIT_COUNT, TYPE_U64, .key = "overflows",
	  .label = "FIFO overflows" },
	{ QRNG_A_STATS_TIMEOUTS, UNIT_COUNT, TYPE_U64, .key = "timeouts", .label = "time-outs" },
	{ QRNG_A_STATS_MODULE_FAILURES, UNIT_COUNT, TYPE_U64, .key = "module_failures",
	  .label = "modules failed" },
	{ QRNG_A_STATS_STARTS, UNIT_COUNT, TYPE_U64, .key = "starts", .label = "starts",
	  .detail = true },
};

_Static_assert(RECORD_COUNT(fields) <= RECORD_FIELDS_MAX, "a record must hold every field");

/* What a source did since it came. */
const struct object stats_object = RECORD_OBJECT(fields);
