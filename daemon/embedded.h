/* SPDX-License-Identifier: MIT */
/* What the embedded engine's files share: the engine, its readers, and what is told of both. */
#ifndef QRNGD_EMBEDDED_H
#define QRNGD_EMBEDDED_H

#include "engine.h"
#include "generator.h"
#include "source.h"
#include "kmod/core/metrics.h"

#define QRNGD_RESEED_MS 60000

enum reader_phase { /* how the last gathering ended */
		    PHASE_STARTUP,
		    PHASE_HEALTHY,
		    PHASE_FAILED,
};

/* One source and its thread. The engine's lock guards all but the source itself. */
struct reader {
	struct embedded_engine *embedded;
	struct qrngd_source source; /* the thread's alone, but for its path */
	enum reader_phase phase;
	bool wanted;	     /* a gathering was asked for and has not ended */
	uint64_t asked_ms;   /* when, or when the noise before it had been read */
	uint64_t healthy_ms; /* when one passed last */
	struct qrng_metrics quality;
};

struct embedded_engine {
	struct qrngd_engine engine;
	struct qrng_generator *root;
	bool seeded;
	uint64_t seeded_ms;		/* when the root was seeded last */
	enum qrng_reseed_reason reason; /* of the last reseed */
	enum qrng_drbg_state told;	/* the state that the last event told */
	size_t noise_wanted;		/* bytes that the stock should hold */
	pthread_cond_t work;		/* for readers: one of them is wanted */
	pthread_cond_t done;		/* for others: one is wanted no more */
	unsigned int reader_count;
	bool running; /* the readers, and so nobody can wait for them at the end */
	struct reader readers[QRNGD_SOURCES_MAX];
};

/** qrngd_embedded_count() - how many readers are in a phase; this and all else with the lock */
unsigned int qrngd_embedded_count(const struct embedded_engine *embedded, enum reader_phase phase);

/** qrngd_embedded_starting() - has it never had a seed, and may it still get one? */
bool qrngd_embedded_starting(const struct embedded_engine *embedded);

/** qrngd_embedded_tell() - tell of the generator's state, if that has changed */
void qrngd_embedded_tell(struct embedded_engine *embedded);

/**
 * qrngd_embedded_alarm() - tell that the tests were what failed, if so
 * @reader: its last gathering has failed
 */
void qrngd_embedded_alarm(const struct reader *reader);

/**
 * qrngd_embedded_enter() - bring a reader into a phase, and tell if that is another
 * @reader: the reader
 * @phase: the phase
 * @reason: why
 */
void qrngd_embedded_enter(struct reader *reader, enum reader_phase phase,
			  enum qrng_source_reason reason);

/**
 * qrngd_embedded_reseed() - give the root a new seed, and tell
 * @embedded: the engine
 * @seed: the seed
 * @len: bytes
 * @reason: why; the first one is called that anyway
 * @now: qrngd_now_ms()
 */
void qrngd_embedded_reseed(struct embedded_engine *embedded, const uint8_t *seed, size_t len,
			   enum qrng_reseed_reason reason, uint64_t now);

/**
 * qrngd_embedded_look() - ask a reader for a seed if one is due
 * @reader: the reader
 * @now: qrngd_now_ms()
 *
 * One that hangs in a driver is found out here.
 */
void qrngd_embedded_look(struct reader *reader, uint64_t now);

/** qrngd_embedded_expose() - write figures about the sources, see struct qrngd_engine_ops */
void qrngd_embedded_expose(struct qrngd_engine *engine, const struct qrngd_engine_status *status,
			   FILE *out);

/** qrngd_embedded_read() - the thread of a reader, without the lock */
void *qrngd_embedded_read(void *arg);

#endif /* QRNGD_EMBEDDED_H */
