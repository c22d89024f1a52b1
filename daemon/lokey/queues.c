// SPDX-License-Identifier: MIT
#include "queues.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "host.h"
#include "log.h"
#include "lokey/vault.h"

const char *const qrngd_virtio_feed_words[] = { "trng", "fortuna", "both", NULL };

static int draw_noise(void *data, uint8_t *to, size_t len)
{
	struct qrngd_queues *queues = data;
	int err;

	if (len > QRNGD_RAW_MAX) {
		err = qrngd_engine_noise(queues->config.engine, to, 0);
		return err ? err : -EAGAIN;
	}
	err = qrngd_engine_noise(queues->config.engine, to, len);
	if (err || qrngd_quality_feed(&queues->quality, to, len))
		return err;
	qrng_wipe(to, len);
	return -EAGAIN;
}

static int draw_fortuna(struct qrngd_queues *queues, uint8_t *to, size_t len)
{
	return queues->config.fortuna.draw(queues->config.fortuna.data, to, len);
}

static int draw_either(struct qrngd_queues *queues, uint8_t *to, size_t len)
{
	bool noise_first = atomic_fetch_add(&queues->turn, 1) % 2 == 0;
	int err = noise_first ? draw_noise(queues, to, len) : draw_fortuna(queues, to, len);

	if (!err)
		return 0;
	return noise_first ? draw_fortuna(queues, to, len) : draw_noise(queues, to, len);
}

static int draw_virtio(void *data, uint8_t *to, size_t len)
{
	struct qrngd_queues *queues = data;

	switch ((enum qrngd_virtio_feed)atomic_load(&queues->feed)) {
	case QRNGD_VIRTIO_TRNG:
		return draw_noise(queues, to, len);
	case QRNGD_VIRTIO_FORTUNA:
		return draw_fortuna(queues, to, len);
	default:
		return draw_either(queues, to, len);
	}
}

/* What a client made of a setting, if it makes sense; or what it is configured to be. */
static uint64_t recall(struct qrngd_queues *queues, unsigned int which, uint64_t configured,
		       uint64_t min, uint64_t max)
{
	uint64_t value = configured;

	if (queues->kept)
		value = qrngd_store_setting(&queues->ledger.store, which, configured);
	return value < min || value > max ? configured : value;
}

static int keep(struct qrngd_queues *queues, unsigned int which, uint64_t configured,
		uint64_t value)
{
	return queues->kept ? qrngd_store_set(&queues->ledger.store, which, configured, value) : 0;
}

static int open_queue(struct qrngd_queues *queues, enum qrngd_queue_kind kind)
{
	const struct qrngd_queues_config *config = &queues->config;
	const struct qrngd_queue_source sources[QRNGD_QUEUES] = {
		[QRNGD_QUEUE_TRNG] = { draw_noise, queues },
		[QRNGD_QUEUE_FORTUNA] = config->fortuna,
		[QRNGD_QUEUE_VIRTIO] = { draw_virtio, queues },
	};
	struct qrngd_queue *queue = &queues->queues[kind];
	uint64_t items = recall(queues, QRNGD_STORED_ITEMS + kind, config->items[kind],
				QRNGD_QUEUE_ITEMS_MIN, QRNGD_QUEUE_ITEMS_MAX);

	if (qrngd_queue_init(queue, kind, (uint32_t)items, &sources[kind]) != 0) {
		qrngd_log("queues: out of memory");
		return -1;
	}
	qrngd_keeper_add(&queues->keeper, queue, config->poll_ms[kind]);
	return 0;
}

static void close_queues(struct qrngd_queues *queues, unsigned int count)
{
	while (count--)
		qrngd_queue_close(&queues->queues[count]);
}

static int open_ledger(struct qrngd_queues *queues)
{
	const char *path = queues->config.store;

	if (!path)
		return 0;
	if (qrngd_ledger_open(&queues->ledger, path, queues->queues) != 0)
		return -1;
	queues->kept = true;
	return 0;
}

static struct qrngd_vault *open_vault(struct qrngd_queues *queues)
{
	const struct qrngd_queues_config *config = &queues->config;
	struct qrngd_vault *vault = NULL;
	uint8_t key[QRNGD_SEAL_KEY];

	if (qrngd_seal_key_read(key, config->store_key, config->store) == 0)
		vault = qrngd_vault_open(&queues->ledger.store, QRNGD_QUEUE_TRNG, key);
	qrng_wipe(key, sizeof(key));
	return vault;
}

/* The queues go on from where those of an earlier process ended. */
static int recall_queues(struct qrngd_queues *queues)
{
	struct qrngd_vault *vault = NULL;
	unsigned int kind;

	if (!queues->kept)
		return 0;
	if (queues->config.persist) {
		vault = open_vault(queues);
		if (!vault)
			return -1;
	} else {
		qrngd_vault_discard(&queues->ledger.store, QRNGD_QUEUE_TRNG);
	}
	for (kind = 0; kind < QRNGD_QUEUES; kind++)
		qrngd_queue_recall(&queues->queues[kind],
				   qrngd_store_counts(&queues->ledger.store, kind),
				   kind == QRNGD_QUEUE_TRNG ? vault : NULL);
	return 0;
}

static void settle(void *data)
{
	struct qrngd_queues *queues = data;

	if (queues->kept)
		qrngd_ledger_settle(&queues->ledger);
}

struct qrngd_queues *qrngd_queues_open(const struct qrngd_queues_config *config)
{
	struct qrngd_queues *queues = calloc(1, sizeof(*queues));
	unsigned int kind;

	if (!queues) {
		qrngd_log("queues: out of memory");
		return NULL;
	}
	queues->config = *config;
	qrngd_keeper_init(&queues->keeper, settle, queues);
	qrngd_quality_init(&queues->quality, config->apt_window);
	if (open_ledger(queues) != 0)
		goto err_ledger;
	for (kind = 0; kind < QRNGD_QUEUES; kind++)
		if (open_queue(queues, kind) != 0)
			goto err_queue;
	if (recall_queues(queues) != 0)
		goto err_queue;
	atomic_store(&queues->feed, (unsigned int)recall(queues, QRNGD_STORED_FEED, config->feed, 0,
							 QRNGD_VIRTIO_FEEDS - 1));
	atomic_store(&queues->consume, recall(queues, QRNGD_STORED_CONSUME, true, 0, 1) != 0);
	return queues;

err_queue:
	close_queues(queues, kind);
	if (queues->kept)
		qrngd_store_close(&queues->ledger.store);
err_ledger:
	qrngd_quality_close(&queues->quality);
	qrngd_keeper_stop(&queues->keeper);
	free(queues);
	return NULL;
}

int qrngd_queues_start(struct qrngd_queues *queues)
{
	if (qrngd_keeper_start(&queues->keeper) == 0)
		return 0;
	qrngd_log("queues: no thread to fill them can be started");
	return -1;
}

void qrngd_queues_close(struct qrngd_queues *queues)
{
	if (!queues)
		return;
	qrngd_keeper_stop(&queues->keeper);
	if (queues->kept)
		qrngd_ledger_close(&queues->ledger);
	close_queues(queues, QRNGD_QUEUES);
	qrngd_quality_close(&queues->quality);
	free(queues);
}

int qrngd_queues_read(struct qrngd_queues *queues, enum qrngd_queue_kind kind, uint32_t skip,
		      uint8_t *to, size_t len, size_t *there)
{
	struct qrngd_queue *queue = &queues->queues[kind];

	return atomic_load(&queues->consume) ? qrngd_queue_take(queue, skip, to, len, there)
					     : qrngd_queue_peek(queue, skip, to, len, there);
}

int qrngd_queues_resize(struct qrngd_queues *queues, enum qrngd_queue_kind kind, uint32_t items)
{
	int err = qrngd_queue_resize(&queues->queues[kind], items);

	if (!err)
		keep(queues, QRNGD_STORED_ITEMS + kind, queues->config.items[kind], items);
	return err;
}

void qrngd_queues_set_consume(struct qrngd_queues *queues, bool consume)
{
	atomic_store(&queues->consume, consume);
	keep(queues, QRNGD_STORED_CONSUME, true, consume);
}

void qrngd_queues_set_feed(struct qrngd_queues *queues, enum qrngd_virtio_feed feed)
{
	atomic_store(&queues->feed, feed);
	keep(queues, QRNGD_STORED_FEED, queues->config.feed, feed);
}
