/* SPDX-License-Identifier: MIT */
/*
 * Raw noise for requests: tested and otherwise as the source gave it, each byte once. It
 * is scarce, so there is a quota, and a request waits a moment for what the source has
 * yet to give.
 */
#ifndef QRNGD_RATION_H
#define QRNGD_RATION_H

#include <pthread.h>

#include "bucket.h"
#include "router.h"
#include "stock.h"

/**
 * struct qrngd_ration - what all threads share of it
 * @lock: for @bucket
 * @bucket: the quota, in bytes
 * @bytes: given in all
 * @over_quota: requests that the quota refused
 * @dry: requests for which the sources did not give enough in time
 */
struct qrngd_ration {
	pthread_mutex_t lock;
	struct qrngd_bucket bucket;
	_Atomic uint64_t bytes;
	_Atomic uint64_t over_quota;
	_Atomic uint64_t dry;
};

/**
 * qrngd_ration_init() - begin with a full quota
 * @ration: filled in
 * @options: the command line
 */
void qrngd_ration_init(struct qrngd_ration *ration, const struct qrngd_options *options);

/**
 * qrngd_ration_change() - have another quota from now on
 * @ration: the ration
 * @options: the settings
 */
void qrngd_ration_change(struct qrngd_ration *ration, const struct qrngd_options *options);

/**
 * qrngd_ration_possible() - may a request get so much noise at all, some time?
 * @call: the request; this is its answer, a problem, if not
 * @len: bytes
 */
bool qrngd_ration_possible(struct qrngd_call *call, uint64_t len);

/**
 * qrngd_ration_fetch() - get noise for a request, now or in a moment
 * @call: the request; not to be touched any more by whoever calls this
 * @len: bytes, possible
 * @give: called with a request that may be answered, and the noise, which is wiped with
 *	the request; not called when the answer is a problem
 * @data: given to @give
 */
void qrngd_ration_fetch(const struct qrngd_call *call, size_t len,
			void (*give)(struct qrngd_call *call, const uint8_t *noise, void *data),
			void *data);

#endif /* QRNGD_RATION_H */
