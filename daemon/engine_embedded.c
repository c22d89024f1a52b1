// SPDX-License-Identifier: MIT
/*
 * The engine in this process: a root generator of the core, seeded by noise from
 * named sources and always by the kernel's generator too.
 *
 * Sources are slow and may hang, so a thread of its own reads them. It sleeps until
 * a look at the engine finds that a reseed is due: an idle daemon reads no noise.
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
#include "source.h"

#define RESEED_MS     60000
#define RETRY_MS      1000
#define FIRST_WAIT_MS 50 /* a start may take 100 ms in all */

enum source_phase { /* what others may know of a source; the lock guards it */
		    PHASE_STARTUP,
		    PHASE_HEALTHY,
		    PHASE_FAILED,
};

static const char *const phase_words[] = {
	[PHASE_STARTUP] = "startup",
	[PHASE_HEALTHY] = "healthy",
	[PHASE_FAILED] = "failed",
};

struct embedded_engine {
	struct qrngd_engine engine;
	struct qrng_generator *root;
	bool seeded;
	uint64_t seeded_ms; /* when the root was seeded last */

	pthread_cond_t work; /* for the seeder: wanted has become true */
	pthread_cond_t done; /* for others: wanted has become false */
	bool wanted;
	uint64_t tried_ms; /* when the seeder was last woken */
	unsigned int source_count;
	enum source_phase phases[QRNGD_SOURCES_MAX];
	struct qrngd_source sources[QRNGD_SOURCES_MAX]; /* the seeder's alone */
};

static struct embedded_engine *embedded_of(struct qrngd_engine *engine)
{
	return (struct embedded_engine *)engine;
}

/* Mixes @noise, which may be empty, with as much of the kernel's generator as a key takes. */
static int seed_root(struct embedded_engine *embedded, const uint8_t *noise, size_t len)
{
	uint8_t seed[(QRNGD_SOURCES_MAX + 1) * QRNG_DIGEST_SIZE];

	if (getrandom(seed, QRNG_DIGEST_SIZE, GRND_NONBLOCK) != QRNG_DIGEST_SIZE)
		return -EAGAIN;
	if (len)
		memcpy(seed + QRNG_DIGEST_SIZE, noise, len);
	qrng_generator_reseed(embedded->root, seed, QRNG_DIGEST_SIZE + len,
			      embedded->root->generation + 1);
	qrng_wipe(seed, sizeof(seed));
	embedded->seeded = true;
	embedded->seeded_ms = qrngd_now_ms();
	return 0;
}

/* One round over all sources, without the lock but for the moments it is needed. */
static void gather_all(struct embedded_engine *embedded)
{
	uint8_t noise[QRNGD_SOURCES_MAX * QRNG_DIGEST_SIZE];
	size_t len = 0;
	unsigned int i;

	for (i = 0; i < embedded->source_count; i++) {
		bool healthy = qrngd_source_gather(&embedded->sources[i], noise + len);

		len += healthy ? QRNG_DIGEST_SIZE : 0;
		pthread_mutex_lock(&embedded->engine.lock);
		embedded->phases[i] = healthy ? PHASE_HEALTHY : PHASE_FAILED;
		pthread_mutex_unlock(&embedded->engine.lock);
	}
	pthread_mutex_lock(&embedded->engine.lock);
	if (len)
		seed_root(embedded, noise, len);
	pthread_mutex_unlock(&embedded->engine.lock);
	qrng_wipe(noise, sizeof(noise));
}

static void *seeder_main(void *arg)
{
	struct embedded_engine *embedded = arg;

	pthread_mutex_lock(&embedded->engine.lock);
	for (;;) {
		while (!embedded->wanted)
			pthread_cond_wait(&embedded->work, &embedded->engine.lock);
		pthread_mutex_unlock(&embedded->engine.lock);
		gather_all(embedded);
		pthread_mutex_lock(&embedded->engine.lock);
		embedded->wanted = false;
		pthread_cond_broadcast(&embedded->done);
	}
	return NULL;
}

static void wake_seeder(struct embedded_engine *embedded, uint64_t now)
{
	embedded->wanted = true;
	embedded->tried_ms = now;
	pthread_cond_signal(&embedded->work);
}

static unsigned int count_phase(const struct embedded_engine *embedded, enum source_phase phase)
{
	unsigned int i, count = 0;

	for (i = 0; i < embedded->source_count; i++)
		count += embedded->phases[i] == phase;
	return count;
}

static void reseed_if_due(struct embedded_engine *embedded, bool all_healthy)
{
	uint64_t now = qrngd_now_ms();
	bool due = !embedded->seeded || now - embedded->seeded_ms >= RESEED_MS;

	if (!embedded->source_count) {
		if (due)
			seed_root(embedded, NULL, 0);
		return;
	}
	if (!embedded->wanted && (due || !all_healthy) && now - embedded->tried_ms >= RETRY_MS)
		wake_seeder(embedded, now);
}

static enum qrngd_health embedded_health(const struct embedded_engine *embedded,
					 unsigned int healthy)
{
	if (embedded->source_count && !healthy)
		return count_phase(embedded, PHASE_STARTUP) ? QRNGD_STARTING : QRNGD_FAILED;
	if (!embedded->seeded)
		return QRNGD_STARTING;
	return healthy < embedded->source_count ? QRNGD_DEGRADED : QRNGD_HEALTHY;
}

static void embedded_check(struct qrngd_engine *engine, struct qrngd_engine_status *status)
{
	struct embedded_engine *embedded = embedded_of(engine);
	unsigned int healthy = count_phase(embedded, PHASE_HEALTHY), i;

	reseed_if_due(embedded, healthy == embedded->source_count);
	status->health = embedded_health(embedded, healthy);
	status->generation = embedded->root->generation;
	for (i = 0; i < embedded->source_count; i++)
		qrngd_source_status_add(status, embedded->sources[i].path,
					phase_words[embedded->phases[i]]);
	if (!embedded->source_count)
		qrngd_source_status_add(status, "kernel", embedded->seeded ? "healthy" : "startup");
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

/*
 * The process is about to end. A seeder may hang in a driver, so nobody waits for it:
 * the lock is kept, which stops it at its next step, and so is the memory it knows.
 */
static void embedded_close(struct qrngd_engine *engine)
{
	struct embedded_engine *embedded = embedded_of(engine);

	pthread_mutex_lock(&engine->lock);
	qrngd_generator_free(embedded->root);
	if (embedded->source_count)
		return;
	pthread_mutex_unlock(&engine->lock);
	free(embedded);
}

static const struct qrngd_engine_ops embedded_ops = {
	.name = "embedded",
	.check = embedded_check,
	.seed = embedded_seed,
	.close = embedded_close,
};

/* Sources that answer at once are ready before the first client can ask. */
static void wait_for_first_round(struct embedded_engine *embedded)
{
	struct timespec until;

	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_nsec += FIRST_WAIT_MS * 1000000L;
	until.tv_sec += until.tv_nsec / 1000000000L;
	until.tv_nsec %= 1000000000L;
	pthread_mutex_lock(&embedded->engine.lock);
	while (embedded->wanted)
		if (pthread_cond_timedwait(&embedded->done, &embedded->engine.lock, &until) != 0)
			break;
	pthread_mutex_unlock(&embedded->engine.lock);
}

static int start_seeder(struct embedded_engine *embedded)
{
	pthread_t seeder;

	embedded->wanted = true;
	embedded->tried_ms = qrngd_now_ms();
	if (pthread_create(&seeder, NULL, seeder_main, embedded) != 0) {
		qrngd_log("cannot start the thread that reads the sources");
		return -1;
	}
	pthread_detach(seeder);
	wait_for_first_round(embedded);
	return 0;
}

static int open_sources(struct embedded_engine *embedded, const struct qrngd_options *options)
{
	struct qrngd_source *source = embedded->sources;
	unsigned int i;

	for (i = 0; i < options->source_count; i++)
		if (qrngd_source_open(&source[i], options->sources[i]) != 0)
			goto err_source;
	embedded->source_count = options->source_count;
	return 0;

err_source:
	while (i--)
		qrngd_source_close(&source[i]);
	return -1;
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
	pthread_mutex_init(&embedded->engine.lock, NULL);
	pthread_cond_init(&embedded->work, NULL);
	pthread_cond_init(&embedded->done, NULL);
	if (open_sources(embedded, options) != 0)
		goto err_sources;
	if (embedded->source_count && start_seeder(embedded) != 0)
		goto err_sources;
	return &embedded->engine;

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
