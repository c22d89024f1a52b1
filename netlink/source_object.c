// SPDX-License-Identifier: MIT
/* What the module says of a source, and what of it can be set. */
#include "objects.h"

static const struct limits qualities = { QRNG_QUALITY_MIN, QRNG_QUALITY_MAX };
static const struct limits alphas = { QRNG_ALPHA_MIN, QRNG_ALPHA_MAX };
static const struct limits any = { 0, UINT32_MAX };

static const struct field fields[] = {
	{ QRNG_A_SOURCE_NAME, UNIT_TEXT, TYPE_TEXT, .key = "name", .label = "name",
	  .column = "NAME" },
	{ QRNG_A_SOURCE_STATE, UNIT_WORD, TYPE_U32, .key = "state", .label = "state",
	  .column = "STATE", .words = &words_source_state },
	{ QRNG_A_SOURCE_STATE_AGE_MS, UNIT_AGE, TYPE_U64, .key = "state_age_ms",
	  .label = "since", .column = "SINCE" },
	{ QRNG_A_SOURCE_REASON, UNIT_WORD, TYPE_U32, .key = "reason", .label = "because",
	  .column = "BECAUSE", .words = &words_source_reason },
	{ QRNG_A_SOURCE_ERRNO, UNIT_ERRNO, TYPE_U32, .key = "errno", .label = "last error" },
	{ QRNG_A_SOURCE_FAILURES, UNIT_COUNT, TYPE_U32, .key = "failures",
	  .label = "failures in a row" },
	{ QRNG_A_SOURCE_RETRY_MS, UNIT_SPAN, TYPE_U64, .key = "retry_ms",
	  .label = "next try in" },
	{ QRNG_A_SOURCE_QUALITY, UNIT_QUALITY, TYPE_U32, .key = "quality",
	  .label = "entropy claim", .column = "CLAIM", .limits = &qualities },
	{ QRNG_A_SOURCE_ALPHA, UNIT_ALPHA, TYPE_U32, .key = "alpha", .label = "false alarms",
	  .limits = &alphas },
	{ QRNG_A_SOURCE_ENABLED, UNIT_FLAG, TYPE_U32, .key = "enabled", .label = "enabled",
	  .limits = &any },
	{ QRNG_A_SOURCE_MODULES, UNIT_MODULES, TYPE_U32, .key = "modules",
	  .label = "modules wanted", .limits = &any },
	{ QRNG_A_SOURCE_MODULES_PRESENT, UNIT_MODULES, TYPE_U32, .key = "modules_present",
	  .label = "modules present" },
	{ QRNG_A_SOURCE_MODULES_WORKING, UNIT_MODULES, TYPE_U32, .key = "modules_working",
	  .label = "modules working", .column = "MODULES" },
};

_Static_assert(RECORD_COUNT(fields) <= RECORD_FIELDS_MAX, "a record must hold every field");

const struct object source_object = RECORD_OBJECT(fields);
