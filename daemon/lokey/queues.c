// SPDX-License-Identifier: MIT
#include "queues.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "host.h"
#include "log.h"

const char *const qrngd_virtio_feed_words[] = { "trng", "fortuna", "both", NULL };

static int draw_noise(void *data, uint8_t *to, size_t len)
{
	struct qrngd_queues *queues = data;
	int err;

	if (len > QRNGD_RAW_MAX)
		return -EAGAIN;
	err = qrngd_engine_noise(queues->engine, to, len);
	if (err || qrngd_quality_feed(&queues->quality, to, len))
		return err;
	qrng_wipe(to, len);
	return -EAGAIN;
}

static int draw_fortuna(struct qrngd_queues *queues, uint8_t *to, size_t len)
{
	return queues->fortuna.draw(queues->fortuna.data, to, len);
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

static int open_queue(struct qrngd_queues *queues, const struct qrngd_queues_config *config,
		      enum qrngd_queue_kind kind)
{
	const struct qrngd_queue_source sources[QRNGD_QUEUES] = {
		[QRNGD_QUEUE_TRNG] = { draw_noise, queues },
		[QRNGD_QUEUE_FORTUNA] = config->fortuna,
		[QRNGD_QUEUE_VIRTIO] = { draw_virtio, queues },
	};
	struct qrngd_queue *queue = &queues->queues[kind];

	if (qrngd_queue_init(queue, kind, config->items[kind], &sources[kind]) != 0)
		return -1;
	qrngd_keeper_add(&queues->keeper, queue, config->poll_ms[kind]);
	return 0;
}

struct qrngd_queues *qrngd_queues_open(const struct qrngd_queues_config *config)
{
	struct qrngd_queues *queues = calloc(1, sizeof(*queues));
	unsigned int kind;

	if (!queues)
		goto err_queues;
	queues->engine = config->engine;
	queues->fortuna = config->fortuna;
	atomic_store(&queues->feed, config->feed);
	atomic_store(&queues->consume, true);
	qrngd_keeper_init(&queues->keeper);
	qrngd_quality_init(&queues->quality, config->apt_window);
	for (kind = 0; kind < QRNGD_QUEUES; kind++)
		if (open_queue(queues, config, kind) != 0)
			goto err_queue;
	return queues;

err_queue:
	while (kind--)
		qrngd_queue_close(&queues->queues[kind]);
	qrngd_quality_close(&queues->quality);
	qrngd_keeper_stop(&queues->keeper);
	free(queues);
err_queues:
	qrngd_log("queues: out of memory");
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
	unsigned int kind;

	if (!queues)
		return;
	qrngd_keeper_stop(&queues->keeper);
	for (kind = 0; kind < QRNGD_QUEUES; kind++)
		qrngd_queue_close(&queues->queues[kind]);
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
	return qrngd_queue_resize(&queues->queues[kind], items);
}

void qrngd_queues_set_consume(struct qrngd_queues *queues, bool consume)
{
	atomic_store(&queues->consume, consume);
}

void qrngd_queues_set_feed(struct qrngd_queues *queues, enum qrngd_virtio_feed feed)
{
	atomic_store(&queues->feed, feed);
}
