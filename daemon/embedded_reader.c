// SPDX-License-Identifier: MIT
/*
 * The threads that read the embedded engine's sources. These are slow and may hang, so
 * none waits for another.
 */
#include "embedded.h"

#include <sys/random.h>

#include "clock.h"
#include "host.h"
#include "sha256.h"

#define RETRY_MS 1000

/* A gathering ends by itself before that, unless read() hangs in a driver. */
#define HANG_MS (QRNGD_GATHER_MAX_MS + 2000)

/*
 * One gathering is worth a seed: who passes first makes the engine usable. Only right
 * after boot can the kernel's generator be refused.
 */
static bool seed_root(struct reader *reader, const uint8_t samples[QRNG_STARTUP_SAMPLES])
{
	const struct qrng_span span = { samples, QRNG_STARTUP_SAMPLES };
	enum qrng_reseed_reason reason =
		reader->phase == PHASE_FAILED ? QRNG_RESEED_RECOVERY : QRNG_RESEED_INTERVAL;
	uint8_t seed[2 * QRNG_DIGEST_SIZE];
	bool complete;

	complete = getrandom(seed + QRNG_DIGEST_SIZE, QRNG_DIGEST_SIZE, GRND_NONBLOCK) ==
		   QRNG_DIGEST_SIZE;
	if (complete) {
		qrng_sha256(&span, 1, seed);
		reader->healthy_ms = qrngd_now_ms();
		qrngd_embedded_enter(reader, PHASE_HEALTHY, QRNG_REASON_NONE);
		qrngd_embedded_reseed(reader->embedded, seed, sizeof(seed), reason,
				      reader->healthy_ms);
	}
	qrng_wipe(seed, sizeof(seed));
	return complete;
}

/* Only from a source that has passed before: what fails is not read more often for this. */
static bool noise_wanted(const struct reader *reader)
{
	const struct embedded_engine *embedded = reader->embedded;

	return reader->source.raw && reader->phase == PHASE_HEALTHY &&
	       embedded->engine.stock.len < embedded->noise_wanted;
}

static void conclude(struct reader *reader, bool healthy)
{
	if (!healthy && reader->phase != PHASE_FAILED)
		qrngd_embedded_alarm(reader);
	qrngd_embedded_enter(reader, healthy ? PHASE_HEALTHY : PHASE_FAILED,
			     healthy ? QRNG_REASON_NONE : reader->source.reason);
	qrngd_embedded_tell(reader->embedded);
}

/* With the lock, but not while reading. A seed comes before those who want noise. */
static void serve(struct reader *reader)
{
	struct embedded_engine *embedded = reader->embedded;
	uint8_t samples[QRNG_STARTUP_SAMPLES];
	bool seeding = reader->wanted, healthy;

	if (seeding)
		reader->asked_ms = qrngd_now_ms();
	pthread_mutex_unlock(&embedded->engine.lock);
	healthy = qrngd_source_gather(&reader->source, samples);
	pthread_mutex_lock(&embedded->engine.lock);
	if (healthy)
		qrng_metrics_feed(&reader->quality, samples, sizeof(samples));
	if (healthy && seeding)
		healthy = seed_root(reader, samples);
	else if (healthy)
		qrngd_stock_put(&embedded->engine.stock, samples, sizeof(samples), qrngd_now_ms());
	else /* What came before may be no better. */
		qrngd_stock_wipe(&embedded->engine.stock);
	qrng_wipe(samples, sizeof(samples));
	conclude(reader, healthy);
	if (seeding)
		reader->wanted = false;
	pthread_cond_broadcast(&embedded->done);
}

void *qrngd_embedded_read(void *arg)
{
	struct reader *reader = arg;
	struct embedded_engine *embedded = reader->embedded;

	pthread_mutex_lock(&embedded->engine.lock);
	for (;;) {
		while (!reader->wanted && !noise_wanted(reader))
			pthread_cond_wait(&embedded->work, &embedded->engine.lock);
		serve(reader);
	}
	return NULL;
}

/* Noise is precious: a healthy source is not read more often because another failed. */
static bool gathering_due(const struct reader *reader, uint64_t now)
{
	return !reader->wanted && now - reader->asked_ms >= RETRY_MS &&
	       (reader->phase != PHASE_HEALTHY || now - reader->healthy_ms >= QRNGD_RESEED_MS);
}

void qrngd_embedded_look(struct reader *reader, uint64_t now)
{
	if (reader->wanted && now - reader->asked_ms >= HANG_MS)
		qrngd_embedded_enter(reader, PHASE_FAILED, QRNG_REASON_SILENT);
	if (!gathering_due(reader, now))
		return;
	reader->wanted = true;
	reader->asked_ms = now;
	pthread_cond_broadcast(&reader->embedded->work);
}
