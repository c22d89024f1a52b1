// SPDX-License-Identifier: MIT
#include "engine.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>

#include "host.h"
#include "log.h"

static const struct {
	const char *word;
	const char *meaning;
} healths[] = {
	[QRNGD_HEALTHY] = { "healthy", "every noise source is healthy" },
	[QRNGD_DEGRADED] = { "degraded",
			     "one noise source at least is healthy, but not all of them" },
	[QRNGD_GRACE] = { "grace", "no noise source is healthy; the generator goes on for a while" },
	[QRNGD_STALE] = { "stale", "the noise is older than it should be; it is being renewed" },
	[QRNGD_STARTING] = { "starting", "no noise source has passed its start-up test yet" },
	[QRNGD_FAILED] = { "failed", "no noise source is healthy" },
	[QRNGD_LOST] = { "lost", "no noise source is there" },
};

const char *qrngd_health_word(enum qrngd_health health)
{
	return healths[health].word;
}

/* Names and states end up in headers and JSON, so nothing odd passes here. */
static void copy_printable(char *to, size_t size, const char *from)
{
	size_t i;

	for (i = 0; i < size - 1 && from[i]; i++)
		to[i] = from[i] > ' ' && from[i] < 0x7f && from[i] != ',' ? from[i] : '?';
	to[i] = '\0';
}

void qrngd_source_status_add(struct qrngd_engine_status *status, const char *name,
			     const char *state)
{
	struct qrngd_source_status *source;

	if (status->source_count == QRNGD_SOURCES_MAX)
		return;
	source = &status->sources[status->source_count++];
	copy_printable(source->name, sizeof(source->name), name);
	copy_printable(source->state, sizeof(source->state), state);
}

static void log_sources(struct qrngd_engine *engine)
{
	struct qrngd_engine_status status;
	unsigned int i;

	qrngd_engine_check(engine, &status);
	for (i = 0; i < status.source_count; i++)
		qrngd_log("source: %s (%s)", status.sources[i].name, status.sources[i].state);
	if (!status.source_count)
		qrngd_log("source: none");
}

struct qrngd_engine *qrngd_engine_open(const struct qrngd_options *options,
				       struct qrngd_events *events)
{
	switch ((enum qrngd_engine_choice)options->engine) {
	case QRNGD_ENGINE_DEVICE:
		return qrngd_engine_device_open(options, events);
	case QRNGD_ENGINE_EMBEDDED:
		return qrngd_engine_embedded_open(options, events);
	case QRNGD_ENGINE_AUTO:
		return qrngd_engine_auto_open(options, events);
	}
	return NULL;
}

int qrngd_engine_start(struct qrngd_engine *engine, const struct qrngd_options *options)
{
	if (engine->ops->start(engine, options) != 0)
		return -1;
	if (options->engine == QRNGD_ENGINE_DEVICE)
		qrngd_log("engine: device %s", options->device);
	else if (options->engine == QRNGD_ENGINE_EMBEDDED)
		qrngd_log("engine: embedded");
	log_sources(engine);
	return 0;
}

/* With the lock. Return: whether users are to be told; not that all is well from the start. */
static bool note_health(struct qrngd_engine *engine, enum qrngd_health health)
{
	bool first = !engine->looked_at;

	/* Any daemon that rests between requests is stale when the next one comes. */
	if ((!first && health == engine->said) || health == QRNGD_STALE)
		return false;
	engine->looked_at = true;
	engine->said = health;
	return !first || health != QRNGD_HEALTHY;
}

void qrngd_engine_check(struct qrngd_engine *engine, struct qrngd_engine_status *status)
{
	bool changed;

	memset(status, 0, sizeof(*status));
	status->engine = engine->ops->name;
	pthread_mutex_lock(&engine->lock);
	engine->ops->check(engine, status);
	if (!status->detail)
		status->detail = healths[status->health].meaning;
	changed = note_health(engine, status->health);
	pthread_mutex_unlock(&engine->lock);
	if (changed)
		qrngd_log("health: %s: %s", qrngd_health_word(status->health), status->detail);
}

int qrngd_engine_seed(struct qrngd_engine *engine, uint8_t seed[QRNGD_SEED_SIZE],
		      uint64_t *generation)
{
	size_t half = QRNGD_SEED_SIZE / 2;
	int err;

	/* Only right after boot can this be refused; then nothing is ready anyway. */
	if (getrandom(seed + half, half, GRND_NONBLOCK) != (ssize_t)half)
		return -EAGAIN;
	pthread_mutex_lock(&engine->lock);
	err = engine->ops->seed(engine, seed, half, generation);
	pthread_mutex_unlock(&engine->lock);
	return err;
}

int qrngd_engine_noise(struct qrngd_engine *engine, uint8_t *to, size_t len)
{
	int err;

	pthread_mutex_lock(&engine->lock);
	err = engine->ops->noise(engine, to, len);
	pthread_mutex_unlock(&engine->lock);
	return err;
}

bool qrngd_engine_has_noise(struct qrngd_engine *engine)
{
	uint8_t nothing;

	return qrngd_engine_noise(engine, &nothing, 0) != -ENOTSUP;
}

void qrngd_engine_close(struct qrngd_engine *engine)
{
	if (engine)
		engine->ops->close(engine);
}
