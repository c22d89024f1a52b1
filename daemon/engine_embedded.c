// SPDX-License-Identifier: MIT
/*
 * The engine in this process: a root generator of the core, seeded by noise from
 * named sources and always by the kernel's generator too.
 *
 * Sources are slow and may hang, so each is read by a thread of its own: none waits
 * for another. The threads sleep until a look at the engine finds that a reseed is
 * due: an idle daemon reads no noise.
 */
#include "embedded.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>

#include "clock.h"
#include "host_gcrypt.h"
#include "log.h"

/* A reseed that is due takes a slow source so long, and only then is it overdue. */
#define STALE_MS (QRNGD_RESEED_MS + QRNGD_GATHER_MAX_MS)

#define FIRST_WAIT_MS 50 /* a start may take 100 ms in all */

static const char *const phase_words[] = {
	[PHASE_STARTUP] = "startup",
	[PHASE_HEALTHY] = "healthy",
	[PHASE_FAILED] = "failed",
};

static struct embedded_engine *embedded_of(struct qrngd_engine *engine)
{
	return (struct embedded_engine *)engine;
}

/* The kernel's generator alone needs no thread: it never makes anybody wait. */
static void reseed_from_kernel(struct embedded_engine *embedded, uint64_t now)
{
	uint8_t seed[QRNG_DIGEST_SIZE];

	if (embedded->seeded && now - embedded->seeded_ms < QRNGD_RESEED_MS)
		return;
	if (getrandom(seed, sizeof(seed), GRND_NONBLOCK) == sizeof(seed))
		qrngd_embedded_reseed(embedded, seed, sizeof(seed), QRNG_RESEED_INTERVAL, now);
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
	unsigned int healthy = qrngd_embedded_count(embedded, PHASE_HEALTHY);

	if (qrngd_embedded_starting(embedded))
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

		qrngd_embedded_look(reader, now);
		qrngd_source_status_add(status, reader->source.path, phase_words[reader->phase]);
	}
	qrngd_embedded_tell(embedded);
	status->health = embedded_health(embedded, now);
	status->generation = embedded->root->generation;
	status->reseeded = embedded->seeded;
	status->reseed_age_ms = now - embedded->seeded_ms;
	status->reseed_interval_ms = QRNGD_RESEED_MS;
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
	if (embedded->running)
		return;
	pthread_mutex_unlock(&engine->lock);
	free(embedded);
}

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
	qrng_metrics_init(&reader->quality);
	reader->wanted = true;
	reader->asked_ms = qrngd_now_ms();
	if (pthread_create(&thread, NULL, qrngd_embedded_read, reader) != 0) {
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

static int embedded_start(struct qrngd_engine *engine, const struct qrngd_options *options)
{
	struct embedded_engine *embedded = embedded_of(engine);
	unsigned int i;

	(void)options;
	for (i = 0; i < embedded->reader_count; i++) {
		if (start_reader(embedded, &embedded->readers[i]) != 0)
			return -1;
		embedded->running = true;
	}
	if (embedded->running)
		wait_for_quick_sources(embedded);
	return 0;
}

static const struct qrngd_engine_ops embedded_ops = {
	.name = "embedded",
	.start = embedded_start,
	.check = embedded_check,
	.seed = embedded_seed,
	.noise = embedded_noise,
	.expose = qrngd_embedded_expose,
	.close = embedded_close,
};

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

struct qrngd_engine *qrngd_engine_embedded_open(const struct qrngd_options *options,
						struct qrngd_events *events)
{
	struct embedded_engine *embedded = calloc(1, sizeof(*embedded));

	if (!embedded)
		goto err_memory;
	embedded->root = qrngd_generator_new(NULL);
	if (!embedded->root)
		goto err_root;
	embedded->engine.ops = &embedded_ops;
	embedded->engine.events = events;
	init_locks(embedded);
	if (open_sources(embedded, options) != 0)
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
