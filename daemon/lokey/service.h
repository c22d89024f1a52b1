/* SPDX-License-Identifier: MIT */
/* What LoKey's services have in common in this process, over all threads. */
#ifndef QRNGD_LOKEY_SERVICE_H
#define QRNGD_LOKEY_SERVICE_H

#include "fortuna.h"
#include "queues.h"

/**
 * struct qrngd_lokey - one for the process
 * @fortuna: the generator
 * @lock: for @tap
 * @tap: what fills queues
 * @queues: the queues
 */
struct qrngd_lokey {
	struct qrngd_fortuna fortuna;
	pthread_mutex_t lock;
	struct qrngd_tap tap;
	struct qrngd_queues *queues;
};

/**
 * qrngd_lokey_new() - set the services up
 * @options: the settings; kept
 * @engine: what seeds them, and has noise
 *
 * Return: the services, or NULL after a line has said why not.
 */
struct qrngd_lokey *qrngd_lokey_new(const struct qrngd_options *options,
				    struct qrngd_engine *engine);

/** qrngd_lokey_free() - wipe and free them; NULL is fine */
void qrngd_lokey_free(struct qrngd_lokey *lokey);

#endif /* QRNGD_LOKEY_SERVICE_H */
