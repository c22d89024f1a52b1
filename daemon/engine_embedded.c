// SPDX-License-Identifier: MIT
/*
 * The engine in this process: a root generator of the core, seeded by noise from
 * named sources and always by the kernel's generator too.
 *
 * Sources are slow and may hang, so each is read by a thread of its own: none waits
 * for another. The threads sleep until a look at the engine finds that a reseed is
 * due: an idle daemon reads no noise.
 */
#include "engine.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>

#include "clock.h"
#include "host_gcrypt.h"
#include "log.h"
#include "sha256.h"
#include "source.h"

#define RESEED_MS     60000
#define RETRY_MS      1000
#define FIRST_WAIT_MS 50 /* a start may take 100 ms in all */

/* A reseed that is due takes a slow source so long, and only then is it overdue. */
#define STALE_MS (RESEED_MS + QRNGD_GATHER_MAX_MS)

/* A gathering ends by itself before that, unless read() hangs in a driver. */
#define HANG_MS (QRNGD_GATHER_MAX_MS + 2000)

enum reader_phase { /* how the last gathering ended */
		    PHASE_STARTUP,
		    PHASE_HEALTHY,
		    PHASE_FAILED,
};

static const char *const phase_words[] = {
	[PHASE_STARTUP] = "startup",
	[PHASE_HEALTHY] = "healthy",
	[PHASE_FAILED] = "failed",
};

/* One source and its thread. The engine's lock guards all but the source itself. */
struct reader {
	struct embedded_engine *embedded;
	struct qrngd_source source; /* the thread's alone, but for its path */
	enum reader_phase phase;
	bool wanted; /* a gathering was asked for and has not ended */
	uint64_t asked_ms; /* when, or when the noise before it had been read */
	uint64_t healthy_ms; /* when one passed last */
};

struct embedded_engine {
	struct qrngd_engine engine;
	struct qrng_generator *root;
	bool seeded;
	uint64_t seeded_ms;  /* when the root was seeded last */
	size_t noise_wanted; /* bytes that the stock should hold */
	pthread_cond_t work; /* for readers: one of them is wanted */
	pthread_cond_t done; /* for others: one is wanted no more */
	unsigned int reader_count;
	struct reader readers[QRNGD_SOURCES_MAX];
};

static struct embedded_engine *embedded_of(struct qrngd_engine *engine)
{
	return (struct embedded_engine *)engine;
}

static void reseed_root(struct embedded_engine *embedded, const uint8_t *seed, size_t len,
			uint64_t now)
{
	qrng_generator_reseed(embedded->root, seed, len, embedded->root->generation + 1);
	embedded->seeded = true;
	embedded->seeded_ms = now;
}

/*
 * One gathering is worth a seed: who passes first makes the engine usable. Only right
 * after boot can the kernel's generator be refused.
 */
static bool seed_root(struct reader *reader, const uint8_t samples[QRNG_STARTUP_SAMPLES])
{
	const struct qrng_span span = { samples, QRNG_STARTUP_SAMPLES };
	uint8_t seed[2 * QRNG_DIGEST_SIZE];
	bool complete;

	complete = getrandom(seed + QRNG_DIGEST_SIZE, QRNG_DIGEST_SIZE, GRND_NONBLOCK) ==
		   QRNG_DIGEST_SIZE;
	if (complete) {
		qrng_sha256(&span, 1, seed);
		reader->healthy_ms = qrngd_now_ms();
		reseed_root(reader->embedded, seed, sizeof(seed), reader->healthy_ms);
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
	if (healthy && seeding)
		healthy = seed_root(reader, samples);
	else if (healthy)
		qrngd_stock_put(&embedded->engine.stock, samples, sizeof(samples), qrngd_now_ms());
	else /* What came before may be no better. */
		qrngd_stock_wipe(&embedded->engine.stock);
	qrng_wipe(samples, sizeof(samples));
	reader->phase = healthy ? PHASE_HEALTHY : PHASE_FAILED;
	if (seeding)
		reader->wanted = false;
	pthread_cond_broadcast(&embedded->done);
}

static void *reader_main(void *arg)
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

static unsigned int count_phase(const struct embedded_engine *embedded, enum reader_phase phase)
{
	unsigned int i, count = 0;

	for (i = 0; i < embedded->reader_count; i++)
		count += embedded->readers[i].phase == phase;
	return count;
}

/* Noise is precious: a healthy source is not read more often because another failed. */
static bool gathering_due(const struct reader *reader, uint64_t now)
{
	return !reader->wanted && now - reader->asked_ms >= RETRY_MS &&
	       (reader->phase != PHASE_HEALTHY || now - reader->healthy_ms >= RESEED_MS);
}

static void look_at_reader(struct reader *reader, uint64_t now)
{
	if (reader->wanted && now - reader->asked_ms >= HANG_MS)
		reader->phase = PHASE_FAILED;
	if (!gathering_due(reader, now))
		return;
	reader->wanted = true;
	reader->asked_ms = now;
	pthread_cond_broadcast(&reader->embedded->work);
}

/* The kernel's generator alone needs no thread: it never makes anybody wait. */
static void reseed_from_kernel(struct embedded_engine *embedded, uint64_t now)
{
	uint8_t seed[QRNG_DIGEST_SIZE];

	if (embedded->seeded && now - embedded->seeded_ms < RESEED_MS)
		return;
	if (getrandom(seed, sizeof(seed), GRND_NONBLOCK) == sizeof(seed))
		reseed_root(embedded, seed, sizeof(seed), now);
	qrng_wipe(seed, sizeof(seed));
}

static void check_kernel(struct embedded_engine *embedded, struct qrngd_engine_status *status,
			 uint64_t now)
{
	reseed_from_kernel(embedded, now);
	qrngd_source_status_add(status, "kernel", embedded->seeded ? "healthy" : "startup");
	if (embedded->seeded)
		status->detail = "there is no noise source; the kernel's generator gives the seeds";
	else
		status->detail = "the kernel's generator is not ready yet";
}

static enum qrngd_health embedded_health(const struct embedded_engine *embedded, uint64_t now)
{
	unsigned int healthy = count_phase(embedded, PHASE_HEALTHY);

	if (!embedded->seeded && (!embedded->reader_count || count_phase(embedded, PHASE_STARTUP)))
		return QRNGD_STARTING;
	if (embedded->reader_count && !healthy)
		return QRNGD_FAILED;
	if (now - embedded->seeded_ms >= STALE_MS)
		return QRNGD_STALE;
	return healthy < embedded->reader_count ? QRNGD_DEGRADED : QRNGD_HEALTHY;
}

static void embedded_check(struct qrngd_engine *engine, struct qrngd_engine_status *status)
{
	struct embedded_engine *embedded = embedded_of(engine);
	uint64_t now = qrngd_now_ms(); /* with the lock, so no seeding is later */
	unsigned int i;

	if (!embedded->reader_count)
		check_kernel(embedded, status, now);
	for (i = 0; i < embedded->reader_count; i++) {
		struct reader *reader = &embedded->readers[i];

		look_at_reader(reader, now);
		qrngd_source_status_add(status, reader->source.path, phase_words[reader->phase]);
	}
	status->health = embedded_health(embedded, now);
	status->generation = embedded->root->generation;
	status->reseeded = embedded->seeded;
	status->reseed_age_ms = now - embedded->seeded_ms;
	status->reseed_interval_ms = RESEED_MS;
}

static int embedded_seed(struct qrngd_engine *engine, uint8_t *seed, size_t len,
			 uint64_t *generation)
{
	struct embedded_engine *embedded = embedded_of(engine);

	if (!embedded->seeded || !qrng_generator_draw(embedded->root, seed, len))
		return -EAGAIN;
	*generation = embedded->root->generation;
	return 0;
}

static bool any_raw(const struct embedded_engine *embedded)
{
	unsigned int i;

	for (i = 0; i < embedded->reader_count; i++)
		if (embedded->readers[i].source.raw)
			return true;
	return false;
}

static int embedded_noise(struct qrngd_engine *engine, uint8_t *to, size_t len)
{
	struct embedded_engine *embedded = embedded_of(engine);

	if (!any_raw(embedded))
		return -ENOTSUP;
	if (qrngd_stock_take(&engine->stock, to, len, qrngd_now_ms())) {
		embedded->noise_wanted = 0;
		return 0;
	}
	if (embedded->noise_wanted < len)
		embedded->noise_wanted = len;
	pthread_cond_broadcast(&embedded->work);
	return -EAGAIN;
}

/*
 * The process is about to end. A reader may hang in a driver, so nobody waits for it:
 * the lock is kept, which stops it at its next step, and so is the memory it knows.
 */
static void embedded_close(struct qrngd_engine *engine)
{
	struct embedded_engine *embedded = embedded_of(engine);

	pthread_mutex_lock(&engine->lock);
	qrngd_generator_free(embedded->root);
	qrngd_stock_wipe(&engine->stock);
	if (embedded->reader_count)
		return;
	pthread_mutex_unlock(&engine->lock);
	free(embedded);
}

static const struct qrngd_engine_ops embedded_ops = {
	.name = "embedded",
	.check = embedded_check,
	.seed = embedded_seed,
	.noise = embedded_noise,
	.close = embedded_close,
};

static bool any_wanted(const struct embedded_engine *embedded)
{
	unsigned int i;

	for (i = 0; i < embedded->reader_count; i++)
		if (embedded->readers[i].wanted)
			return true;
	return false;
}

/* Sources that answer at once are ready before the first client can ask. */
static void wait_for_quick_sources(struct embedded_engine *embedded)
{
	struct timespec until;

	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_nsec += FIRST_WAIT_MS * 1000000L;
	until.tv_sec += until.tv_nsec / 1000000000L;
	until.tv_nsec %= 1000000000L;
	pthread_mutex_lock(&embedded->engine.lock);
	while (any_wanted(embedded))
		if (pthread_cond_timedwait(&embedded->done, &embedded->engine.lock, &until) != 0)
			break;
	pthread_mutex_unlock(&embedded->engine.lock);
}

static int start_reader(struct embedded_engine *embedded, struct reader *reader)
{
	pthread_t thread;

	reader->embedded = embedded;
	reader->wanted = true;
	reader->asked_ms = qrngd_now_ms();
	if (pthread_create(&thread, NULL, reader_main, reader) != 0) {
		qrngd_log("source %s: cannot start the thread that reads it",
			  reader->source.path);
		return -1;
	}
	pthread_detach(thread);
	return 0;
}

/* The same noise twice would count as two sources, and be used up twice as fast. */
static int refuse_twins(const struct embedded_engine *embedded, unsigned int count)
{
	const struct qrngd_source *last = &embedded->readers[count].source;
	unsigned int i;

	for (i = 0; i < count; i++) {
		const struct qrngd_source *other = &embedded->readers[i].source;

		if (!qrngd_source_same(other, last))
			continue;
		qrngd_log("source %s: the same as source %s", last->path, other->path);
		return -1;
	}
	return 0;
}

static int open_sources(struct embedded_engine *embedded, const struct qrngd_options *options)
{
	unsigned int i;

	for (i = 0; i < options->source.count; i++) {
		if (qrngd_source_open(&embedded->readers[i].source, options->source.items[i]) != 0)
			goto err_source;
		if (refuse_twins(embedded, i) != 0)
			goto err_twin;
	}
	embedded->reader_count = options->source.count;
	return 0;

err_twin:
	qrngd_source_close(&embedded->readers[i].source);
err_source:
	while (i--)
		qrngd_source_close(&embedded->readers[i].source);
	return -1;
}

static int start_readers(struct embedded_engine *embedded)
{
	unsigned int i;

	for (i = 0; i < embedded->reader_count; i++)
		if (start_reader(embedded, &embedded->readers[i]) != 0)
			return -1;
	if (embedded->reader_count)
		wait_for_quick_sources(embedded);
	return 0;
}

static void init_locks(struct embedded_engine *embedded)
{
	pthread_condattr_t monotonic;

	/* Or a clock that is set at the start would make the wait for sources long. */
	pthread_condattr_init(&monotonic);
	pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
	pthread_mutex_init(&embedded->engine.lock, NULL);
	pthread_cond_init(&embedded->work, NULL);
	pthread_cond_init(&embedded->done, &monotonic);
	pthread_condattr_destroy(&monotonic);
}

struct qrngd_engine *qrngd_engine_embedded_open(const struct qrngd_options *options)
{
	struct embedded_engine *embedded = calloc(1, sizeof(*embedded));

	if (!embedded)
		goto err_memory;
	embedded->root = qrngd_generator_new();
	if (!embedded->root)
		goto err_root;
	embedded->engine.ops = &embedded_ops;
	init_locks(embedded);
	if (open_sources(embedded, options) != 0)
		goto err_sources;
	if (start_readers(embedded) != 0)
		goto err_readers;
	return &embedded->engine;

err_readers:
	/* Those that run already use the memory. */
	embedded_close(&embedded->engine);
	return NULL;
err_sources:
	qrngd_generator_free(embedded->root);
	free(embedded);
	return NULL;
err_root:
	free(embedded);
err_memory:
	qrngd_log("out of memory");
	return NULL;
}
