// SPDX-License-Identifier: MIT
/* What the module says of the root generator, and what of it can be set. */
#include "objects.h"

static const struct limits any = { 0, UINT32_MAX };
static const struct limits intervals = { QRNG_RESEED_INTERVAL_MIN, QRNG_RESEED_INTERVAL_MAX };
static const struct limits reseed_bytes = { QRNG_RESEED_BYTES_MIN, UINT64_MAX };
static const struct limits grace_seconds = { 0, QRNG_GRACE_SECONDS_MAX };
static const struct limits grace_bytes = { 0, UINT64_MAX };

static const struct field fields[] = {
	{ QRNG_A_DRBG_STATE, UNIT_WORD, TYPE_U32, .key = "state", .label = "state",
	  .words = &words_drbg_state },
	{ QRNG_A_DRBG_STATE_AGE_MS, UNIT_AGE, TYPE_U64, .key = "state_age_ms",
	  .label = "since" },
	{ QRNG_A_DRBG_GRACE_LEFT_MS, UNIT_SPAN, TYPE_U64, .key = "grace_left_ms",
	  .label = "grace left" },
	{ QRNG_A_DRBG_GRACE_LEFT_BYTES, UNIT_BYTES, TYPE_U64, .key = "grace_left_bytes",
	  .label = "grace left" },
	{ QRNG_A_DRBG_GENERATOR, UNIT_WORD, TYPE_U32, .key = "generator", .label = "generator",
	  .words = &words_generator, .limits = &any },
	{ QRNG_A_DRBG_GENERATION, UNIT_COUNT, TYPE_U64, .key = "generation",
	  .label = "generation" },
	{ QRNG_A_DRBG_RESEED_AGE_MS, UNIT_AGE, TYPE_U64, .key = "reseed_age_ms",
	  .label = "last reseed", .after = QRNG_A_DRBG_GENERATION },
	{ QRNG_A_DRBG_RESEED_REASON, UNIT_WORD, TYPE_U32, .key = "reseed_reason",
	  .label = "because", .words = &words_reseed_reason },
	{ QRNG_A_DRBG_SEED_BYTES, UNIT_BYTES, TYPE_U64, .key = "seed_bytes",
	  .label = "noise mixed in" },
	{ QRNG_A_DRBG_OUTPUT_BYTES, UNIT_BYTES, TYPE_U64, .key = "output_bytes",
	  .label = "output" },
	{ QRNG_A_DRBG_OPEN_FILES, UNIT_COUNT, TYPE_U64, .key = "open_files",
	  .label = "open files" },
	{ QRNG_A_DRBG_RESEED_INTERVAL, UNIT_SECONDS, TYPE_U32, .key = "reseed_interval",
	  .label = "reseed each", .detail = true, .limits = &intervals },
	{ QRNG_A_DRBG_RESEED_BYTES, UNIT_BYTES, TYPE_U64, .key = "reseed_bytes",
	  .label = "and each", .detail = true, .limits = &reseed_bytes },
	{ QRNG_A_DRBG_GRACE_SECONDS, UNIT_SECONDS, TYPE_U32, .key = "grace_seconds",
	  .label = "grace period", .detail = true, .limits = &grace_seconds },
	{ QRNG_A_DRBG_GRACE_BYTES, UNIT_BYTES, TYPE_U64, .key = "grace_bytes",
	  .label = "and at most", .detail = true, .limits = &grace_bytes },
	{ QRNG_A_DRBG_POLICY, UNIT_WORD, TYPE_U32, .key = "policy", .label = "after that",
	  .words = &words_policy, .detail = true, .limits = &any },
	{ QRNG_A_DRBG_KERNEL_SEED, UNIT_FLAG, TYPE_U32, .key = "kernel_seed",
	  .label = "kernel's seed does", .detail = true },
};

_Static_assert(RECORD_COUNT(fields) <= RECORD_FIELDS_MAX, "a record must hold every field");

const struct object drbg_object = RECORD_OBJECT(fields);
