// SPDX-License-Identifier: GPL-2.0-only
#include "hwrng.h"
#include "source.h"

/*
 * The framework holds a lock of its own over all sources while it waits for one.
 * Giving that back now and then lets others in; a blocking reader comes again.
 */
#define WAIT_LIMIT HZ

static struct qrng_source *hwrng_source(struct hwrng *hwrng)
{
	return container_of(hwrng, struct qrng_source, hwrng);
}

static int hwrng_read(struct hwrng *hwrng, void *to, size_t max, bool wait)
{
	struct qrng_source *source = hwrng_source(hwrng);
	long ret;

	if (wait) {
		ret = wait_event_interruptible_timeout(source->data_wait,
						       qrng_source_spares(source) ||
							       READ_ONCE(source->withdrawn),
						       WAIT_LIMIT);
		if (ret < 0)
			return ret;
	}
	if (READ_ONCE(source->withdrawn))
		return -ENODEV;
	return qrng_source_take_spare(source, to, max);
}

static void offer(struct qrng_source *source)
{
	int ret;

	source->hwrng.name = source->name;
	source->hwrng.read = hwrng_read;
	/* Never 0: that meant "unknown" up to 6.1 and means "perfect" from 6.2 on. */
	source->hwrng.quality = source->quality;
	source->offered = source->quality;
	WRITE_ONCE(source->withdrawn, false);
	ret = hwrng_register(&source->hwrng);
	if (!ret)
		return;
	dev_warn(&source->dev, "not available as /dev/hwrng (%d)\n", ret);
	source->hwrng.name = NULL;
}

/*
 * Before 6.0 the framework's own thread may hold this up: after a read without noise it
 * sleeps for ten seconds that nothing cuts short.
 */
static void withdraw(struct qrng_source *source)
{
	WRITE_ONCE(source->withdrawn, true);
	wake_up_all(&source->data_wait);
	hwrng_unregister(&source->hwrng);
	source->hwrng.name = NULL;
}

static bool misplaced(const struct qrng_source *source)
{
	enum qrng_source_state state = qrng_source_state(source);

	return state == QRNG_SOURCE_GONE || state == QRNG_SOURCE_DISABLED ||
	       source->offered != source->quality;
}

/**
 * qrng_hwrng_follow() - let the kernel's hwrng framework have what it should
 * @source: a source whose state is another one now
 *
 * It is offered once its noise has passed the start-up test; before that it would only
 * stand in the way of others. It stays through a failure, which is short as a rule, but
 * not when it is gone or switched off; nor with a claim that is no longer its own. What an
 * operator tells the framework to think of it (rng_quality) stands meanwhile. That it can
 * not be offered is logged: it serves the generator all the same.
 *
 * Context: the source's thread, or after its end; sleeps.
 */
void qrng_hwrng_follow(struct qrng_source *source)
{
	if (source->hwrng.name && misplaced(source))
		withdraw(source);
	if (!source->hwrng.name && qrng_source_state(source) == QRNG_SOURCE_HEALTHY)
		offer(source);
}
