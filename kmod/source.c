// SPDX-License-Identifier: GPL-2.0-only
#include <linux/mutex.h>

#include "condition.h"
#include "event.h"
#include "policy.h"
#include "reader.h"
#include "source.h"
#include "sysfs.h"

LIST_HEAD(qrng_sources);
/* Guards the list; also keeps the sources in it from going away. */
DEFINE_MUTEX(qrng_sources_lock);
/* Changes whenever the list does; never 0. */
unsigned int qrng_sources_sequence = 1;

static size_t source_take(struct qrng_source *source, u8 *to, size_t len, u32 keep)
{
	size_t taken = qrng_reserve_take(&source->reserve, to, len, keep);

	atomic64_add(taken, &source->stats.used_bytes);
	if (qrng_source_wants(source))
		wake_up(&source->thread_wait);
	return taken;
}

/**
 * qrng_source_take() - take tested noise for the generator, each byte once
 * @source: the source
 * @to: where the bytes go
 * @len: how many are wanted
 *
 * Context: process context, does not sleep.
 * Return: bytes taken; 0 when there are none now.
 */
size_t qrng_source_take(struct qrng_source *source, u8 *to, size_t len)
{
	return source_take(source, to, len, 0);
}

/**
 * qrng_source_take_spare() - take tested noise for anybody else, each byte once
 * @source: the source
 * @to: where the bytes go
 * @len: how many are wanted
 *
 * Leaves what the generator's next seed may need.
 *
 * Context: process context, does not sleep.
 * Return: bytes taken; 0 when there are none now.
 */
size_t qrng_source_take_spare(struct qrng_source *source, u8 *to, size_t len)
{
	if (qrng_source_state(source) != QRNG_SOURCE_HEALTHY)
		return 0;
	return source_take(source, to, len, QRNG_SOURCE_SEED_SHARE);
}

/**
 * qrng_source_find() - find a source by its name
 * @name: as in /sys/class/qrng
 *
 * Context: process context, sleeps; without qrng_sources_lock.
 * Return: the source, with a reference that qrng_source_put() gives back; NULL if there
 * is none of that name. The reference holds the memory, not the hardware.
 */
struct qrng_source *qrng_source_find(const char *name)
{
	struct qrng_source *source, *found = NULL;

	mutex_lock(&qrng_sources_lock);
	list_for_each_entry(source, &qrng_sources, node) {
		if (strcmp(source->name, name))
			continue;
		get_device(&source->dev);
		found = source;
		break;
	}
	mutex_unlock(&qrng_sources_lock);
	return found;
}

/**
 * qrng_source_put() - give a reference back
 * @source: from qrng_source_find()
 */
void qrng_source_put(struct qrng_source *source)
{
	put_device(&source->dev);
}

static void source_release(struct device *dev)
{
	struct qrng_source *source = container_of(dev, struct qrng_source, dev);

	qrng_reserve_drop(&source->reserve);
	source->ops->release(source);
}

static int source_add_device(struct qrng_source *source, struct device *parent)
{
	source->dev.class = &qrng_class;
	source->dev.parent = parent;
	source->dev.groups = qrng_source_groups;
	source->dev.release = source_release;
	device_initialize(&source->dev);
	return dev_set_name(&source->dev, "%s", source->name) ?: device_add(&source->dev);
}

static void sources_changed(void)
{
	if (!++qrng_sources_sequence)
		qrng_sources_sequence++;
}

static void source_list(struct qrng_source *source)
{
	static u32 number;

	mutex_lock(&qrng_sources_lock);
	source->number = number++;
	list_add_tail(&source->node, &qrng_sources);
	sources_changed();
	mutex_unlock(&qrng_sources_lock);
	qrng_event_source(source, QRNG_EVENT_SOURCE_ADDED, 0);
	qrng_drbg_sources_changed();
}

static void source_unlist(struct qrng_source *source)
{
	mutex_lock(&qrng_sources_lock);
	list_del(&source->node);
	sources_changed();
	mutex_unlock(&qrng_sources_lock);
	qrng_event_source(source, QRNG_EVENT_SOURCE_REMOVED, 0);
	qrng_drbg_sources_changed();
}

/**
 * qrng_source_register() - start a source
 * @source: zeroed memory with @ops, @name, @quality and @modules set
 * @parent: the device behind it
 *
 * Context: process context, sleeps.
 * Return: 0, or an error; @source is then released through its operations.
 */
int qrng_source_register(struct qrng_source *source, struct device *parent)
{
	int ret;

	init_waitqueue_head(&source->thread_wait);
	init_waitqueue_head(&source->data_wait);
	qrng_mailbox_init(source);
	qrng_reserve_init(&source->reserve);
	qrng_condition_init(source);
	ret = source_add_device(source, parent);
	if (ret)
		goto err_put;
	source_list(source);
	ret = qrng_reader_start(source);
	if (ret)
		goto err_unlist;
	return 0;

err_unlist:
	qrng_mailbox_close(source);
	/* Whoever waits for noise of it already shall learn that none will come. */
	qrng_condition_ended(source);
	source_unlist(source);
	device_del(&source->dev);
err_put:
	put_device(&source->dev);
	return ret;
}

/**
 * qrng_source_unregister() - end a source, with whoever is using it
 * @source: the source; the caller's reference is gone afterwards
 *
 * Context: process context, sleeps.
 */
void qrng_source_unregister(struct qrng_source *source)
{
	qrng_reader_stop(source);
	source_unlist(source);
	device_del(&source->dev);
	put_device(&source->dev);
}
