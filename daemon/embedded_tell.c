// SPDX-License-Identifier: MIT
/* What befalls the embedded engine's sources and generator, and that it is told. */
#include "embedded.h"

#include "qrng.h"

unsigned int qrngd_embedded_count(const struct embedded_engine *embedded, enum reader_phase phase)
{
	unsigned int i, count = 0;

	for (i = 0; i < embedded->reader_count; i++)
		count += embedded->readers[i].phase == phase;
	return count;
}

bool qrngd_embedded_starting(const struct embedded_engine *embedded)
{
	return !embedded->seeded &&
	       (!embedded->reader_count || qrngd_embedded_count(embedded, PHASE_STARTUP));
}

/* In the module's words. */
static enum qrng_drbg_state drbg_state(const struct embedded_engine *embedded)
{
	if (qrngd_embedded_starting(embedded))
		return QRNG_DRBG_UNSEEDED;
	if (!embedded->reader_count)
		return QRNG_DRBG_KERNEL;
	return qrngd_embedded_count(embedded, PHASE_HEALTHY) ? QRNG_DRBG_READY : QRNG_DRBG_STALLED;
}

void qrngd_embedded_tell(struct embedded_engine *embedded)
{
	enum qrng_drbg_state state = drbg_state(embedded);

	if (state == embedded->told)
		return;
	embedded->told = state;
	qrngd_events_drbg(embedded->engine.events, QRNG_EVENT_DRBG_STATE, state,
			  embedded->root->generation, embedded->reason);
}

/* An alarm of the tests is an event of its own, as the module has it. */
void qrngd_embedded_alarm(const struct reader *reader)
{
	enum qrng_source_reason reason = reader->source.reason;
	unsigned int kind = reason == QRNG_REASON_PERMANENT ? QRNG_EVENT_HEALTH_PERMANENT
							    : QRNG_EVENT_HEALTH_INTERMITTENT;

	if (reason == QRNG_REASON_PERMANENT || reason == QRNG_REASON_INTERMITTENT)
		qrngd_events_source(reader->embedded->engine.events, kind, reader->source.path,
				    QRNG_SOURCE_FAILED, reason);
}

void qrngd_embedded_enter(struct reader *reader, enum reader_phase phase,
			  enum qrng_source_reason reason)
{
	static const enum qrng_source_state states[] = {
		[PHASE_STARTUP] = QRNG_SOURCE_STARTUP,
		[PHASE_HEALTHY] = QRNG_SOURCE_HEALTHY,
		[PHASE_FAILED] = QRNG_SOURCE_FAILED,
	};

	if (phase == reader->phase)
		return;
	reader->phase = phase;
	qrngd_events_source(reader->embedded->engine.events, QRNG_EVENT_SOURCE_STATE,
			    reader->source.path, states[phase], reason);
}

void qrngd_embedded_reseed(struct embedded_engine *embedded, const uint8_t *seed, size_t len,
			   enum qrng_reseed_reason reason, uint64_t now)
{
	if (!embedded->seeded)
		reason = QRNG_RESEED_FIRST;
	qrng_generator_reseed(embedded->root, seed, len, embedded->root->generation + 1);
	embedded->seeded = true;
	embedded->seeded_ms = now;
	embedded->reason = reason;
	qrngd_events_drbg(embedded->engine.events, QRNG_EVENT_RESEED, drbg_state(embedded),
			  embedded->root->generation, reason);
}
