/* SPDX-License-Identifier: MIT */
/*
 * One thread's supply of random bytes: a generator of its own, kept seeded from the
 * engine, and a view of the engine that is never older than 200 ms, or the last news, when
 * bytes leave.
 */
#ifndef QRNGD_SUPPLY_H
#define QRNGD_SUPPLY_H

#include <stdbool.h>
#include <stdint.h>

#include "engine.h"
#include "generator.h"

/**
 * struct qrngd_supply - one thread's own
 * @engine: what seeds it
 * @generator: the thread's generator
 * @status: the engine as it was at @checked_ms
 * @checked: there has been a look at all
 * @checked_ms: when that was
 * @looks: how often @status has changed, or been looked at
 * @news: the engine's news then, see qrngd_engine_news()
 * @seeded: @generator has a seed that may be used
 * @seeded_by: which engine it came from
 * @refused: the engine gave no seed though it had looked usable
 * @seeded_ms: since when
 * @drawn: bytes made from it since then
 * @bytes: bytes made in all; other threads look at it
 * @reseeds: how often it was reseeded from the engine; other threads look at it
 */
struct qrngd_supply {
	struct qrngd_engine *engine;
	struct qrng_generator *generator;
	struct qrngd_engine_status status;
	bool checked;
	uint64_t checked_ms;
	uint64_t looks;
	uint64_t news;
	bool seeded;
	const char *seeded_by;
	bool refused;
	uint64_t seeded_ms;
	uint64_t drawn;
	_Atomic uint64_t bytes;
	_Atomic uint64_t reseeds;
};

/**
 * qrngd_supply_init() - make a supply
 * @supply: the supply
 * @engine: what seeds it
 *
 * Return: 0, or -1 when there is no memory.
 */
int qrngd_supply_init(struct qrngd_supply *supply, struct qrngd_engine *engine);

/** qrngd_supply_init_type() - the same with a generator of a type, see qrngd_generator_new() */
int qrngd_supply_init_type(struct qrngd_supply *supply, struct qrngd_engine *engine,
			   const struct qrng_generator_type *type);

/**
 * qrngd_supply_ready() - may bytes be drawn now?
 * @supply: the supply
 *
 * Looks at the engine if the last look is 200 ms old or there is news, and reseeds the generator if
 * the engine's generation has moved, after 60 seconds or 1 GiB; otherwise a look mixes
 * in what the kernel's generator gives, for the sake of copied machines. Nothing of that
 * happens unless this is called, so an idle daemon does nothing.
 */
bool qrngd_supply_ready(struct qrngd_supply *supply);

/** qrngd_supply_ready_at() - the same for those who know that it is @now_ms */
bool qrngd_supply_ready_at(struct qrngd_supply *supply, uint64_t now_ms);

/**
 * qrngd_supply_check() - the same with a fresh look, whatever the age of the last
 * @supply: the supply
 */
bool qrngd_supply_check(struct qrngd_supply *supply);

/**
 * qrngd_supply_draw() - make bytes that nobody gets again
 * @supply: the supply, after qrngd_supply_ready() has said yes
 * @out: where they go
 * @len: how many
 */
void qrngd_supply_draw(struct qrngd_supply *supply, uint8_t *out, size_t len);

/**
 * qrngd_supply_wipe() - forget the generator
 * @supply: the supply
 */
void qrngd_supply_wipe(struct qrngd_supply *supply);

#endif /* QRNGD_SUPPLY_H */
