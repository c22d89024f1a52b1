// SPDX-License-Identifier: MIT
#include "fortuna.h"

#include <errno.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>

#include "clock.h"
#include "host_gcrypt.h"

/* Each source has its own turns through the pools. */
enum { SOURCE_ENGINE, SOURCE_OUTSIDE };

/* In units of 1/1024: the engine's own claim, and nobody's. */
#define QUALITY_ENGINE	1024
#define QUALITY_OUTSIDE 0

/* What a root gives a child, see qrng_generator_derive(). */
#define CHILD_SEED_SIZE 48

int qrngd_fortuna_init(struct qrngd_fortuna *fortuna)
{
	memset(fortuna, 0, sizeof(*fortuna));
	fortuna->root = qrngd_generator_new(&qrng_generator_fortuna);
	if (!fortuna->root)
		return -1;
	pthread_mutex_init(&fortuna->lock, NULL);
	qrng_pool_init(&fortuna->pool);
	return 0;
}

void qrngd_fortuna_wipe(struct qrngd_fortuna *fortuna)
{
	qrng_pool_wipe(&fortuna->pool);
	qrngd_generator_free(fortuna->root);
	fortuna->root = NULL;
}

void qrngd_fortuna_feed(struct qrngd_fortuna *fortuna, const uint8_t *bytes, size_t len)
{
	pthread_mutex_lock(&fortuna->lock);
	qrng_pool_add(&fortuna->pool, SOURCE_OUTSIDE, bytes, len, QUALITY_OUTSIDE);
	pthread_mutex_unlock(&fortuna->lock);
}

static void note_reseed(struct qrngd_fortuna *fortuna)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	atomic_store(&fortuna->reseeded, (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000);
	atomic_fetch_add(&fortuna->reseeds, 1);
}

/* Under the lock. A round through all pools brings pool 0 one event of 32 bytes. */
static int fill_up(struct qrngd_fortuna *fortuna, struct qrngd_engine *engine)
{
	uint8_t seed[QRNGD_SEED_SIZE];
	uint64_t generation;
	int ret = 0;

	while (ret == 0 && fortuna->pool.fill < QRNG_POOL_FILL_MIN) {
		ret = qrngd_engine_seed(engine, seed, &generation);
		if (ret == 0)
			qrng_pool_add(&fortuna->pool, SOURCE_ENGINE, seed, sizeof(seed),
				      QUALITY_ENGINE);
	}
	qrng_wipe(seed, sizeof(seed));
	return ret;
}

/* Under the lock. */
static int reseed_root(struct qrngd_fortuna *fortuna)
{
	uint8_t host[QRNG_KEY_SIZE];
	struct qrng_pool_seed seed;
	bool done;

	if (getrandom(host, sizeof(host), GRND_NONBLOCK) != sizeof(host))
		return -EAGAIN;
	done = qrng_pool_reseed(&fortuna->pool, qrngd_now_ms(), host, &seed);
	if (done) {
		qrng_generator_reseed(fortuna->root, seed.bytes, seed.len, fortuna->pool.reseeds);
		atomic_fetch_add(&fortuna->moves, 1);
		note_reseed(fortuna);
	}
	qrng_wipe(host, sizeof(host));
	qrng_wipe(&seed, sizeof(seed));
	return done ? 0 : -EAGAIN;
}

int qrngd_fortuna_reseed(struct qrngd_fortuna *fortuna, struct qrngd_engine *engine)
{
	int ret;

	pthread_mutex_lock(&fortuna->lock);
	ret = fill_up(fortuna, engine);
	if (ret == 0)
		ret = reseed_root(fortuna);
	pthread_mutex_unlock(&fortuna->lock);
	return ret;
}

int qrngd_tap_init(struct qrngd_tap *tap, struct qrngd_fortuna *fortuna,
		   struct qrngd_engine *engine)
{
	memset(tap, 0, sizeof(*tap));
	tap->fortuna = fortuna;
	return qrngd_supply_init_type(&tap->supply, engine, &qrng_generator_fortuna);
}

void qrngd_tap_wipe(struct qrngd_tap *tap)
{
	qrngd_supply_wipe(&tap->supply);
}

void qrngd_tap_mix(struct qrngd_tap *tap, const uint8_t *bytes, size_t len)
{
	struct qrng_generator *generator = tap->supply.generator;

	qrng_generator_reseed(generator, bytes, len, generator->generation);
}

static void take_from_root(struct qrngd_tap *tap)
{
	struct qrngd_fortuna *fortuna = tap->fortuna;
	uint8_t seed[CHILD_SEED_SIZE];

	pthread_mutex_lock(&fortuna->lock);
	tap->moves = atomic_load(&fortuna->moves);
	if (qrng_generator_draw(fortuna->root, seed, sizeof(seed)))
		qrngd_tap_mix(tap, seed, sizeof(seed));
	pthread_mutex_unlock(&fortuna->lock);
	qrng_wipe(seed, sizeof(seed));
}

bool qrngd_tap_ready(struct qrngd_tap *tap)
{
	uint64_t reseeds;

	if (!qrngd_supply_ready(&tap->supply))
		return false;
	reseeds = qrngd_counted(&tap->supply.reseeds);
	if (reseeds != tap->reseeds) {
		tap->reseeds = reseeds;
		note_reseed(tap->fortuna);
	}
	if (atomic_load(&tap->fortuna->moves) != tap->moves)
		take_from_root(tap);
	return true;
}
