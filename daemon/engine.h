/* SPDX-License-Identifier: MIT */
/*
 * Where seeds come from: the kernel module's device, or the core in this process.
 *
 * An engine never blocks the caller and never makes the bytes that clients get; the
 * threads' own generators do (supply.h). Any thread may call; a lock inside makes
 * one call wait for another, which are all short.
 */
#ifndef QRNGD_ENGINE_H
#define QRNGD_ENGINE_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "count.h"
#include "events.h"
#include "options.h"
#include "stock.h"

#define QRNGD_SEED_SIZE	       64 /* bytes; one half is the kernel's, whatever the engine */
#define QRNGD_NOISE_BITS       256 /* of noise in each reseed of an engine, at least */
#define QRNGD_SOURCE_NAME_MAX  64
#define QRNGD_SOURCE_STATE_MAX 16

/** enum qrngd_health - what an engine's output is worth now */
enum qrngd_health {
	QRNGD_HEALTHY,
	QRNGD_DEGRADED, /* a source is not healthy, another carries on */
	QRNGD_GRACE,	/* no source is healthy, but the engine goes on for a while */
	QRNGD_STALE,	/* nobody asked for long, and the sources are only now read again */
	QRNGD_STARTING, /* no source has passed its start-up test yet */
	QRNGD_FAILED,	/* no source is healthy */
	QRNGD_LOST,	/* no source is there */
	QRNGD_HEALTHS,
};

struct qrngd_source_status {
	char name[QRNGD_SOURCE_NAME_MAX]; /* printable ASCII without a comma */
	char state[QRNGD_SOURCE_STATE_MAX];
};

/**
 * struct qrngd_engine_status - one look at an engine
 * @engine: "device" or "embedded", of static storage
 * @health: nothing may be answered unless qrngd_health_usable()
 * @detail: the same as a clause: "no source is healthy"
 * @generation: grows whenever the engine's generator was reseeded
 * @reseeded: it ever was, and @reseed_age_ms tells how long ago
 * @reseed_age_ms: of the engine's generator, not of a thread's
 * @reseed_interval_ms: after which that is due, while somebody asks
 * @buffered: bytes of tested noise that wait to be used
 * @buffered_max: the most there can be of them; 0 when noise is used as it comes
 * @source_count: how many of @sources are filled in
 * @sources: the noise sources
 */
struct qrngd_engine_status {
	const char *engine;
	enum qrngd_health health;
	const char *detail;
	uint64_t generation;
	bool reseeded;
	uint64_t reseed_age_ms;
	uint64_t reseed_interval_ms;
	uint64_t buffered;
	uint64_t buffered_max;
	unsigned int source_count;
	struct qrngd_source_status sources[QRNGD_SOURCES_MAX];
};

struct qrngd_engine;

/**
 * struct qrngd_engine_ops - what an engine can do; all but three hold its lock
 * @name: as users see it, but for that of an engine that is one of several
 * @start: start the engine's threads, if it has any, once; 0, or -1 after a line
 * @check: look at the engine now; fills a zeroed status, @detail only if it knows better
 * @seed: write @len fresh bytes, and the generation they belong to; 0 or -errno
 * @noise: write @len bytes of tested noise, each given once, or none: 0, -EAGAIN when there
 *	are not so many yet, -ENOTSUP when there is no source of noise, or another -errno
 * @expose: write metrics of its own; without the lock
 * @close: wipe and free; the engine's threads, if any, use it no more
 */
struct qrngd_engine_ops {
	const char *name;
	int (*start)(struct qrngd_engine *engine, const struct qrngd_options *options);
	void (*check)(struct qrngd_engine *engine, struct qrngd_engine_status *status);
	int (*seed)(struct qrngd_engine *engine, uint8_t *seed, size_t len, uint64_t *generation);
	int (*noise)(struct qrngd_engine *engine, uint8_t *to, size_t len);
	void (*expose)(struct qrngd_engine *engine, const struct qrngd_engine_status *status,
		       FILE *out);
	void (*close)(struct qrngd_engine *engine);
};

/**
 * struct qrngd_engine - the part all engines begin with
 * @ops: the engine's own
 * @lock: one thread asks at a time
 * @moved: a number that moves whenever the generator's secrets must not be relied on any
 *	more: with a reseed of the module, or a copy of the machine. Any thread may load it
 *	at any time, as long as there is the engine; NULL where nothing tells
 * @events: where it tells what befell it
 * @looked_at: has anybody asked for its health?
 * @said: the health that was logged last
 * @stock: noise that waits for more, until there is enough
 */
struct qrngd_engine {
	const struct qrngd_engine_ops *ops;
	pthread_mutex_t lock;
	const _Atomic uint64_t *moved;
	struct qrngd_events *events;
	bool looked_at;
	enum qrngd_health said;
	struct qrngd_stock stock;
};

/**
 * qrngd_engine_open() - open the engine the options ask for
 * @options: the command line
 * @events: where the engine tells what befell it; the device's events come from the module
 *
 * A device without a source is no error, since one may be plugged in later.
 *
 * Return: the engine, or NULL after a line has said why not.
 */
struct qrngd_engine *qrngd_engine_open(const struct qrngd_options *options,
				       struct qrngd_events *events);

/**
 * qrngd_engine_start() - let it work from now on, and say which it is
 * @engine: the engine; nothing else may be asked of it before
 * @options: the command line
 *
 * Return: 0, or -1 after a line has said why not.
 */
int qrngd_engine_start(struct qrngd_engine *engine, const struct qrngd_options *options);

/**
 * qrngd_engine_check() - look at the engine now
 * @engine: the engine
 * @status: what it is worth
 *
 * A change of health since the last look is logged.
 */
void qrngd_engine_check(struct qrngd_engine *engine, struct qrngd_engine_status *status);

/**
 * qrngd_engine_seed() - get a seed for one more generator
 * @engine: the engine
 * @seed: the seed: half from the engine, half from getrandom(2)
 * @generation: the engine's generation it belongs to
 *
 * Return: 0, or a negative errno, with nothing of use in @seed.
 */
int qrngd_engine_seed(struct qrngd_engine *engine, uint8_t seed[QRNGD_SEED_SIZE],
		      uint64_t *generation);

/**
 * qrngd_engine_noise() - get raw noise: tested, and otherwise as a source gave it
 * @engine: the engine
 * @to: where it goes
 * @len: all of it or nothing; at most %QRNGD_RAW_MAX
 *
 * Never waits. When there is not enough yet, more is read from now on, and whoever asks
 * again soon gets it. A byte is given once, and never to a generator besides.
 *
 * Return: 0, -EAGAIN when there is not enough yet, -ENOTSUP when there is no source of
 * noise, or another negative errno.
 */
int qrngd_engine_noise(struct qrngd_engine *engine, uint8_t *to, size_t len);

/** qrngd_engine_has_noise() - is there a source of noise? Takes nothing from it */
bool qrngd_engine_has_noise(struct qrngd_engine *engine);

/**
 * qrngd_engine_close() - wipe the engine's secrets and free it
 * @engine: the engine, or NULL
 */
void qrngd_engine_close(struct qrngd_engine *engine);

/** qrngd_health_usable() - may bytes be handed out? */
static inline bool qrngd_health_usable(enum qrngd_health health)
{
	return health == QRNGD_HEALTHY || health == QRNGD_DEGRADED || health == QRNGD_GRACE ||
	       health == QRNGD_STALE;
}

/** qrngd_health_word() - the health as users see it */
const char *qrngd_health_word(enum qrngd_health health);

/**
 * qrngd_source_status_add() - append one source to a status, clamped and printable
 * @status: where; a source beyond QRNGD_SOURCES_MAX is left out
 * @name: its name or path
 * @state: its state, one word
 */
void qrngd_source_status_add(struct qrngd_engine_status *status, const char *name,
			     const char *state);

/**
 * qrngd_engine_news() - a number that changes when there is reason to look again
 * @engine: the engine
 *
 * Two loads: what moves with the generator, and the number of events.
 */
static inline uint64_t qrngd_engine_news(const struct qrngd_engine *engine)
{
	uint64_t moved = engine->moved ? qrngd_counted(engine->moved) : 0;

	return (moved << 32) + qrngd_events_count(engine->events);
}

/* The engines; see the ops for what they have in common. */
struct qrngd_engine *qrngd_engine_auto_open(const struct qrngd_options *options,
					    struct qrngd_events *events);
struct qrngd_engine *qrngd_engine_device_open(const struct qrngd_options *options,
					      struct qrngd_events *events);
struct qrngd_engine *qrngd_engine_embedded_open(const struct qrngd_options *options,
						struct qrngd_events *events);

#endif /* QRNGD_ENGINE_H */
