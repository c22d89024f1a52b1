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

static bool gone(const struct qrng_source *source)
{
	return qrng_source_state(source) == QRNG_SOURCE_GONE;
}

static int hwrng_read(struct hwrng *hwrng, void *to, size_t max, bool wait)
{
	struct qrng_source *source = hwrng_source(hwrng);
	long ret;

	if (wait) {
		ret = wait_event_interruptible_timeout(source->data_wait,
						       qrng_reserve_fill(&source->reserve) ||
							       gone(source),
						       WAIT_LIMIT);
		if (ret < 0)
			return ret;
	}
	if (gone(source))
		return -ENODEV;
	return qrng_source_take(source, to, max);
}

/**
 * qrng_hwrng_register() - offer a source to the kernel's hwrng framework
 * @source: a source whose noise has passed the start-up test; before that it would only
 *	stand in the way of others. Nothing happens if it is registered already
 *
 * A failure is logged: the source serves the generator all the same.
 */
void qrng_hwrng_register(struct qrng_source *source)
{
	int ret;

	if (source->hwrng.name)
		return;
	source->hwrng.name = source->name;
	source->hwrng.read = hwrng_read;
	/* Never 0: that meant "unknown" up to 6.1 and means "perfect" from 6.2 on. */
	source->hwrng.quality = source->quality;
	ret = hwrng_register(&source->hwrng);
	if (!ret)
		return;
	dev_warn(&source->dev, "not available as /dev/hwrng (%d)\n", ret);
	source->hwrng.name = NULL;
}

/**
 * qrng_hwrng_unregister() - take it away again, if it is there
 * @source: in state %QRNG_SOURCE_GONE, or readers of /dev/hwrng would hold this up
 *
 * Before 6.0 the framework's own thread may hold it up, too: after a read without
 * noise it sleeps for ten seconds that nothing cuts short.
 */
void qrng_hwrng_unregister(struct qrng_source *source)
{
	if (!source->hwrng.name)
		return;
	hwrng_unregister(&source->hwrng);
	source->hwrng.name = NULL;
}
