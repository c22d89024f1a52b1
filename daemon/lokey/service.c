// SPDX-License-Identifier: MIT
#include "service.h"

#include <errno.h>
#include <stdlib.h>

#include "log.h"

/* Those that threads have are theirs alone; this one is for whoever fills a queue. */
static int draw_fortuna(void *data, uint8_t *to, size_t len)
{
	struct qrngd_lokey *lokey = data;
	bool ready;

	pthread_mutex_lock(&lokey->lock);
	ready = qrngd_tap_ready(&lokey->tap);
	if (ready)
		qrngd_supply_draw(&lokey->tap.supply, to, len);
	pthread_mutex_unlock(&lokey->lock);
	return ready ? 0 : -EAGAIN;
}

static int open_queues(struct qrngd_lokey *lokey, const struct qrngd_options *options,
		       struct qrngd_engine *engine)
{
	const struct qrngd_queues_config config = {
		.items = { options->lokey_trng_queue, options->lokey_fortuna_queue,
			   options->lokey_virtio_queue },
		.poll_ms = { options->lokey_trng_poll, options->lokey_fortuna_poll,
			     options->lokey_virtio_poll },
		.feed = options->lokey_virtio_source,
		.apt_window = options->lokey_apt_window,
		.store = options->lokey_store,
		.persist = options->lokey_persist,
		.store_key = options->lokey_store_key,
		.engine = engine,
		.fortuna = { draw_fortuna, lokey },
	};

	lokey->queues = qrngd_queues_open(&config);
	return lokey->queues ? 0 : -1;
}

struct qrngd_lokey *qrngd_lokey_new(const struct qrngd_options *options,
				    struct qrngd_engine *engine)
{
	struct qrngd_lokey *lokey = calloc(1, sizeof(*lokey));

	if (!lokey || qrngd_fortuna_init(&lokey->fortuna) != 0)
		goto err_fortuna;
	if (qrngd_tap_init(&lokey->tap, &lokey->fortuna, engine) != 0)
		goto err_tap;
	pthread_mutex_init(&lokey->lock, NULL);
	if (open_queues(lokey, options, engine) != 0)
		goto err_queues;
	return lokey;

err_queues:
	pthread_mutex_destroy(&lokey->lock);
	qrngd_tap_wipe(&lokey->tap);
	qrngd_fortuna_wipe(&lokey->fortuna);
	free(lokey);
	return NULL;

err_tap:
	qrngd_fortuna_wipe(&lokey->fortuna);
err_fortuna:
	free(lokey);
	qrngd_log("out of memory");
	return NULL;
}

void qrngd_lokey_free(struct qrngd_lokey *lokey)
{
	if (!lokey)
		return;
	qrngd_queues_close(lokey->queues);
	pthread_mutex_destroy(&lokey->lock);
	qrngd_tap_wipe(&lokey->tap);
	qrngd_fortuna_wipe(&lokey->fortuna);
	free(lokey);
}
