// SPDX-License-Identifier: MIT
/*
 * The engine that is whichever of the two there is: the device as long as the module has a
 * source, and the embedded one else.
 *
 * What becomes of a source that fails is for the module to say, with its grace period and its
 * policy: a device that has a source, and none that is healthy, gives nothing, and nothing
 * stands in for it. Only when no source is left, or no module, the embedded engine goes on; and
 * it goes on until the device has bytes again.
 */
#include "engine.h"

#include <stdlib.h>

#include "log.h"

struct auto_engine {
	struct qrngd_engine engine;
	struct qrngd_engine *device;
	struct qrngd_engine *embedded;
	struct qrngd_engine *active;
};

static struct auto_engine *auto_of(struct qrngd_engine *engine)
{
	return (struct auto_engine *)engine;
}

/* The embedded engine's threads take its lock, so whoever calls it does, too. */
static void check_one(struct qrngd_engine *engine, struct qrngd_engine_status *status)
{
	status->engine = engine->ops->name;
	pthread_mutex_lock(&engine->lock);
	engine->ops->check(engine, status);
	pthread_mutex_unlock(&engine->lock);
}

static struct qrngd_engine *choose(const struct auto_engine *both,
				   const struct qrngd_engine_status *device)
{
	if (qrngd_health_usable(device->health))
		return both->device;
	return device->health == QRNGD_LOST ? both->embedded : both->active;
}

static void move(struct auto_engine *both, struct qrngd_engine *next)
{
	if (next == both->active)
		return;
	both->active = next;
	qrngd_events_note(both->engine.events,
			  next == both->device ? QRNGD_NOTE_DEVICE : QRNGD_NOTE_EMBEDDED);
}

static void auto_check(struct qrngd_engine *engine, struct qrngd_engine_status *status)
{
	struct auto_engine *both = auto_of(engine);

	check_one(both->device, status);
	move(both, choose(both, status));
	if (both->active == both->device)
		return;
	*status = (struct qrngd_engine_status){ 0 };
	check_one(both->embedded, status);
}

static int auto_seed(struct qrngd_engine *engine, uint8_t *seed, size_t len, uint64_t *generation)
{
	struct qrngd_engine *active = auto_of(engine)->active;
	int err;

	pthread_mutex_lock(&active->lock);
	err = active->ops->seed(active, seed, len, generation);
	pthread_mutex_unlock(&active->lock);
	return err;
}

static int auto_noise(struct qrngd_engine *engine, uint8_t *to, size_t len)
{
	return qrngd_engine_noise(auto_of(engine)->active, to, len);
}

static void auto_expose(struct qrngd_engine *engine, const struct qrngd_engine_status *status,
			FILE *out)
{
	struct auto_engine *both = auto_of(engine);
	struct qrngd_engine *shown =
		status->engine == both->device->ops->name ? both->device : both->embedded;

	shown->ops->expose(shown, status, out);
}

static void auto_close(struct qrngd_engine *engine)
{
	struct auto_engine *both = auto_of(engine);

	qrngd_engine_close(both->device);
	qrngd_engine_close(both->embedded);
	pthread_mutex_destroy(&engine->lock);
	free(both);
}

/* What it begins with is no event. */
static void begin(struct auto_engine *both, const struct qrngd_options *options)
{
	struct qrngd_engine_status status = { 0 };

	check_one(both->device, &status);
	both->active = status.health == QRNGD_LOST ? both->embedded : both->device;
	if (both->active == both->device)
		qrngd_log("engine: device %s (auto: it exists)", options->device);
	else
		qrngd_log("engine: embedded (auto: %s has no source, or does not exist)",
			  options->device);
}

static int auto_start(struct qrngd_engine *engine, const struct qrngd_options *options)
{
	struct auto_engine *both = auto_of(engine);

	if (both->embedded->ops->start(both->embedded, options) != 0)
		return -1;
	begin(both, options);
	return 0;
}

static const struct qrngd_engine_ops auto_ops = {
	.name = "auto",
	.start = auto_start,
	.check = auto_check,
	.seed = auto_seed,
	.noise = auto_noise,
	.expose = auto_expose,
	.close = auto_close,
};

struct qrngd_engine *qrngd_engine_auto_open(const struct qrngd_options *options,
					    struct qrngd_events *events)
{
	struct auto_engine *both = calloc(1, sizeof(*both));

	if (!both) {
		qrngd_log("out of memory");
		return NULL;
	}
	both->device = qrngd_engine_device_open(options, events);
	if (!both->device)
		goto err_device;
	both->embedded = qrngd_engine_embedded_open(options, events);
	if (!both->embedded)
		goto err_embedded;
	both->engine.ops = &auto_ops;
	both->engine.events = events;
	both->engine.moved = both->device->moved;
	pthread_mutex_init(&both->engine.lock, NULL);
	return &both->engine;

err_embedded:
	qrngd_engine_close(both->device);
err_device:
	free(both);
	return NULL;
}
