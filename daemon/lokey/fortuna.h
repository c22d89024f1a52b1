/* SPDX-License-Identifier: MIT */
/*
 * Fortuna (Ferguson and Schneier, Practical Cryptography, 10.3 to 10.5) as a service. What
 * comes from outside goes into the pools of one accumulator. A reseed of its root reaches
 * the generator that each thread has before its next byte; the engine seeds that as it seeds
 * all others, so that it is never without.
 */
#ifndef QRNGD_FORTUNA_H
#define QRNGD_FORTUNA_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

#include "pool.h"
#include "supply.h"

/* Generators in all, besides those of the threads. */
#define QRNGD_FORTUNA_ROOTS 2 /* the root, and what fills queues */

/**
 * struct qrngd_fortuna - what all threads share of it
 * @lock: for @pool and @root
 * @pool: the accumulator
 * @root: the generator that reseeds of the accumulator go to
 * @moves: how many of them there were; any thread may load it
 * @reseeds: those, and seeds from the engine
 * @reseeded: when the last of either was, in milliseconds since 1970
 */
struct qrngd_fortuna {
	pthread_mutex_t lock;
	struct qrng_pool pool;
	struct qrng_generator *root;
	_Atomic uint64_t moves;
	_Atomic uint64_t reseeds;
	_Atomic int64_t reseeded;
};

/**
 * struct qrngd_tap - one thread's generator of it
 * @supply: the generator, and the engine as it sees it
 * @fortuna: what it belongs to
 * @moves: of @fortuna, which have reached it
 * @reseeds: of @supply, which @fortuna has been told of
 */
struct qrngd_tap {
	struct qrngd_supply supply;
	struct qrngd_fortuna *fortuna;
	uint64_t moves;
	uint64_t reseeds;
};

/**
 * qrngd_fortuna_init() - make one with empty pools
 * @fortuna: filled in
 *
 * Return: 0, or -1 when there is no memory.
 */
int qrngd_fortuna_init(struct qrngd_fortuna *fortuna);

/** qrngd_fortuna_wipe() - forget all of it */
void qrngd_fortuna_wipe(struct qrngd_fortuna *fortuna);

/**
 * qrngd_fortuna_feed() - put bytes from outside into the pools
 * @fortuna: the service
 * @bytes: whatever they are worth
 * @len: how many
 */
void qrngd_fortuna_feed(struct qrngd_fortuna *fortuna, const uint8_t *bytes, size_t len);

/**
 * qrngd_fortuna_reseed() - reseed from the pools
 * @fortuna: the service
 * @engine: fills up what the rule about pool 0 wants (%QRNG_POOL_FILL_MIN)
 *
 * Return: 0; -EAGAIN within %QRNG_POOL_INTERVAL_MS of the last time: what is in the pools
 * stays there for the next; or another negative errno of the engine.
 */
int qrngd_fortuna_reseed(struct qrngd_fortuna *fortuna, struct qrngd_engine *engine);

/**
 * qrngd_tap_init() - make a thread's generator
 * @tap: filled in
 * @fortuna: what it belongs to
 * @engine: what seeds it
 *
 * Return: 0, or -1 when there is no memory.
 */
int qrngd_tap_init(struct qrngd_tap *tap, struct qrngd_fortuna *fortuna,
		   struct qrngd_engine *engine);

/** qrngd_tap_wipe() - forget the generator */
void qrngd_tap_wipe(struct qrngd_tap *tap);

/**
 * qrngd_tap_ready() - may bytes be drawn from its supply now?
 * @tap: the thread's generator
 *
 * As qrngd_supply_ready(), with what reseeds there were.
 */
bool qrngd_tap_ready(struct qrngd_tap *tap);

/**
 * qrngd_tap_mix() - let bytes from outside take part in what is drawn from now on
 * @tap: the thread's generator, ready
 * @bytes: whatever they are worth: who knows them knows nothing of what is drawn
 * @len: how many
 */
void qrngd_tap_mix(struct qrngd_tap *tap, const uint8_t *bytes, size_t len);

#endif /* QRNGD_FORTUNA_H */
