// SPDX-License-Identifier: MIT
#include "../uapi/qrng.h"
#include "words.h"

#define WORDS(list) { list, sizeof(list) / sizeof((list)[0]) }

static const struct word source_state[] = {
	[QRNG_SOURCE_STARTUP] = { "startup", "first start-up test under way" },
	[QRNG_SOURCE_HEALTHY] = { "healthy", "tested, in use" },
	[QRNG_SOURCE_FAILED] = { "failed", "a test or the hardware failed; will be retried" },
	[QRNG_SOURCE_RECOVERING] = { "recovering", "being reset" },
	[QRNG_SOURCE_GONE] = { "gone", "the hardware was taken out" },
	[QRNG_SOURCE_VALIDATING] = { "validating", "start-up test again" },
	[QRNG_SOURCE_OPEN] = { "open", "failed too often; rests for a minute or more" },
	[QRNG_SOURCE_HALF_OPEN] = { "half-open", "one try after a rest" },
	[QRNG_SOURCE_DISABLED] = { "disabled", "switched off by its operator" },
};

static const struct word source_reason[] = {
	[QRNG_REASON_NONE] = { "none", "nothing happened" },
	[QRNG_REASON_INTERMITTENT] = { "intermittent", "a health test failed once" },
	[QRNG_REASON_PERMANENT] = { "permanent", "a health test failed beyond all chance" },
	[QRNG_REASON_HARDWARE] = { "hardware", "it reported an error, or could not be started" },
	[QRNG_REASON_SILENT] = { "silent", "no noise came in time" },
	[QRNG_REASON_REMOVED] = { "removed", "it was taken out" },
	[QRNG_REASON_RESUME] = { "resume", "the machine slept, or is the copy of another" },
	[QRNG_REASON_OPERATOR] = { "operator", "it was told to" },
};

static const struct word drbg_state[] = {
	[QRNG_DRBG_UNSEEDED] = { "unseeded", "no source has passed its start-up test yet" },
	[QRNG_DRBG_READY] = { "ready", "seeded, and a source is healthy" },
	[QRNG_DRBG_STALLED] = { "stalled", "seeded, but no source is healthy now" },
	[QRNG_DRBG_NO_SOURCE] = { "no-source", "no source is there" },
	[QRNG_DRBG_GRACE] = { "grace", "no source is healthy; goes on for a while" },
	[QRNG_DRBG_KERNEL] = { "kernel", "seeded by the kernel alone" },
};

static const struct word generator[] = {
	[QRNG_GENERATOR_CHACHA20] = { "chacha20", "RFC 8439" },
	[QRNG_GENERATOR_AES256_CTR] = { "aes256-ctr", "SP 800-38A" },
	[QRNG_GENERATOR_CTR_DRBG] = { "ctr-drbg", "SP 800-90A, with AES-256" },
	[QRNG_GENERATOR_FORTUNA] = { "fortuna", "as its authors define it, with AES-256" },
};

static const struct word policy[] = {
	[QRNG_POLICY_BLOCK] = { "block", "readers wait" },
	[QRNG_POLICY_ERROR] = { "error", "readers get EIO" },
};

static const struct word reseed_reason[] = {
	[QRNG_RESEED_NONE] = { "none", "there was none yet" },
	[QRNG_RESEED_FIRST] = { "first", "the first seed" },
	[QRNG_RESEED_INTERVAL] = { "interval", "the interval was over" },
	[QRNG_RESEED_BYTES] = { "bytes", "so many bytes had been given" },
	[QRNG_RESEED_REQUEST] = { "request", "somebody asked for it" },
	[QRNG_RESEED_RECOVERY] = { "recovery", "a source was healthy again" },
	[QRNG_RESEED_RESUME] = { "resume", "the machine had slept" },
	[QRNG_RESEED_VMFORK] = { "vmfork", "the machine is the copy of another" },
};

static const struct word event[] = {
	[QRNG_EVENT_SOURCE_ADDED] = { "source-added", "a source came" },
	[QRNG_EVENT_SOURCE_REMOVED] = { "source-removed", "a source went" },
	[QRNG_EVENT_SOURCE_STATE] = { "source-state", "a source entered another state" },
	[QRNG_EVENT_SOURCE_CONFIG] = { "source-config", "something of a source was set" },
	[QRNG_EVENT_HEALTH_INTERMITTENT] = { "health-intermittent", "noise was dropped" },
	[QRNG_EVENT_HEALTH_PERMANENT] = { "health-permanent", "a source was stopped" },
	[QRNG_EVENT_TEST_PASSED] = { "test-passed", "the test on demand" },
	[QRNG_EVENT_TEST_FAILED] = { "test-failed", "the test on demand" },
	[QRNG_EVENT_MODULE_FAILED] = { "module-failed", "a module of a card was switched off" },
	[QRNG_EVENT_DRBG_STATE] = { "drbg-state", "the generator entered another state" },
	[QRNG_EVENT_DRBG_CONFIG] = { "drbg-config", "something of the generator was set" },
	[QRNG_EVENT_RESEED] = { "reseed", "the generator has a new seed" },
};

const struct words words_source_state = WORDS(source_state);
const struct words words_source_reason = WORDS(source_reason);
const struct words words_drbg_state = WORDS(drbg_state);
const struct words words_generator = WORDS(generator);
const struct words words_policy = WORDS(policy);
const struct words words_reseed_reason = WORDS(reseed_reason);
const struct words words_event = WORDS(event);

/**
 * words_get() - the word for a value
 * @words: of its enum
 * @value: from the kernel, which may be newer than this program
 *
 * Return: NULL if there is none here.
 */
const struct word *words_get(const struct words *words, uint64_t value)
{
	return value < words->count ? &words->list[value] : NULL;
}
