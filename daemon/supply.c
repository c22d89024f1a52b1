// SPDX-License-Identifier: MIT
#include "supply.h"

#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "clock.h"
#include "count.h"
#include "host_gcrypt.h"
#include "log.h"

#define CHECK_MS     200
#define RESEED_MS    60000
#define RESEED_BYTES (UINT64_C(1) << 30)

int qrngd_supply_init_type(struct qrngd_supply *supply, struct qrngd_engine *engine,
			   const struct qrng_generator_type *type)
{
	memset(supply, 0, sizeof(*supply));
	supply->engine = engine;
	supply->generator = qrngd_generator_new(type);
	return supply->generator ? 0 : -1;
}

int qrngd_supply_init(struct qrngd_supply *supply, struct qrngd_engine *engine)
{
	return qrngd_supply_init_type(supply, engine, NULL);
}

static bool seed_due(const struct qrngd_supply *supply, uint64_t now)
{
	return !supply->seeded || supply->seeded_by != supply->status.engine ||
	       supply->generator->generation != supply->status.generation ||
	       now - supply->seeded_ms >= RESEED_MS || supply->drawn >= RESEED_BYTES;
}

static void reseed(struct qrngd_supply *supply, uint64_t now)
{
	uint8_t seed[QRNGD_SEED_SIZE];
	uint64_t generation;

	supply->looks++;
	/* Refused: the source went away since the look. The next look will tell. */
	supply->seeded = qrngd_engine_seed(supply->engine, seed, &generation) == 0;
	if (supply->seeded) {
		qrng_generator_reseed(supply->generator, seed, sizeof(seed), generation);
		supply->status.generation = generation;
		supply->seeded_by = supply->status.engine;
		supply->seeded_ms = now;
		supply->drawn = 0;
		qrngd_count(&supply->reseeds, 1);
	} else {
		supply->refused = true;
		supply->status.health = QRNGD_FAILED;
		supply->status.detail = "the engine has just refused a seed";
	}
	qrng_wipe(seed, sizeof(seed));
}

/*
 * A virtual machine that was copied while it ran has all our state twice, but its
 * kernel notices. Some microseconds five times a second let copies part soon.
 */
static void freshen(struct qrngd_supply *supply)
{
	uint8_t fresh[QRNG_DIGEST_SIZE];

	if (getrandom(fresh, sizeof(fresh), GRND_NONBLOCK) == sizeof(fresh))
		qrng_generator_reseed(supply->generator, fresh, sizeof(fresh),
				      supply->generator->generation);
	qrng_wipe(fresh, sizeof(fresh));
}

static void look_once(struct qrngd_supply *supply, uint64_t now)
{
	supply->looks++;
	supply->refused = false;
	/* Before the look: what happens during it is news at the next. */
	supply->news = qrngd_engine_news(supply->engine);
	qrngd_engine_check(supply->engine, &supply->status);
	supply->checked = true;
	supply->checked_ms = now;
	/* What comes back after a failure starts from a new seed. */
	if (!qrngd_health_usable(supply->status.health))
		supply->seeded = false;
	else if (seed_due(supply, now))
		reseed(supply, now);
	else
		freshen(supply);
}

/* A source that went between look and seed may have left another engine to go on. */
static bool look(struct qrngd_supply *supply, uint64_t now)
{
	look_once(supply, now);
	if (supply->refused)
		look_once(supply, now);
	return supply->seeded;
}

bool qrngd_supply_check(struct qrngd_supply *supply)
{
	return look(supply, qrngd_now_ms());
}

bool qrngd_supply_ready_at(struct qrngd_supply *supply, uint64_t now_ms)
{
	if (!supply->checked || now_ms - supply->checked_ms >= CHECK_MS ||
	    qrngd_engine_news(supply->engine) != supply->news)
		return look(supply, now_ms);
	if (supply->seeded && supply->drawn >= RESEED_BYTES)
		reseed(supply, now_ms);
	return supply->seeded;
}

bool qrngd_supply_ready(struct qrngd_supply *supply)
{
	return qrngd_supply_ready_at(supply, qrngd_now_ms());
}

void qrngd_supply_draw(struct qrngd_supply *supply, uint8_t *out, size_t len)
{
	if (!qrng_generator_draw(supply->generator, out, len)) {
		qrngd_log("a generator without a seed was drawn from: giving up");
		abort();
	}
	supply->drawn += len;
	qrngd_count(&supply->bytes, len);
}

void qrngd_supply_wipe(struct qrngd_supply *supply)
{
	qrngd_generator_free(supply->generator);
	supply->generator = NULL;
	supply->seeded = false;
}
