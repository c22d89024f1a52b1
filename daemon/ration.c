// SPDX-License-Identifier: MIT
#include "ration.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

#include "answer.h"
#include "clock.h"
#include "problem.h"
#include "server.h"
#include "timer.h"

/* A card gives half a megabyte in a second; a slower source may need a few requests. */
#define WAIT_MS 1000

/* In which a card gives about as much as it has ready at a time. */
#define LOOK_MS 5

/**
 * struct fetch - a request that waits for noise; lives in its pool
 * @call: the request
 * @timer: until the next look
 * @until_ms: when it gives up
 * @taken: so much of the quota is its own
 * @give: see qrngd_ration_fetch()
 * @data: for @give
 * @len: bytes of @noise
 * @noise: where it goes
 */
struct fetch {
	struct qrngd_call call;
	struct qrngd_timer timer;
	uint64_t until_ms;
	size_t taken;
	void (*give)(struct qrngd_call *call, const uint8_t *noise, void *data);
	void *data;
	size_t len;
	uint8_t noise[];
};

void qrngd_ration_init(struct qrngd_ration *ration, const struct qrngd_options *options)
{
	pthread_mutex_init(&ration->lock, NULL);
	qrngd_bucket_init(&ration->bucket, options->raw_rate, options->raw_burst, qrngd_now_ms());
}

void qrngd_ration_change(struct qrngd_ration *ration, const struct qrngd_options *options)
{
	pthread_mutex_lock(&ration->lock);
	if (ration->bucket.rate != options->raw_rate || ration->bucket.size != options->raw_burst)
		qrngd_bucket_init(&ration->bucket, options->raw_rate, options->raw_burst,
				  qrngd_now_ms());
	pthread_mutex_unlock(&ration->lock);
}

static struct qrngd_ration *ration_of(const struct fetch *fetch)
{
	return &fetch->call.worker->server->ration;
}

static void give_quota_back(struct fetch *fetch)
{
	struct qrngd_ration *ration = ration_of(fetch);

	pthread_mutex_lock(&ration->lock);
	qrngd_bucket_return(&ration->bucket, fetch->taken);
	pthread_mutex_unlock(&ration->lock);
	fetch->taken = 0;
}

/* The client may have gone while it waited. */
static void dispose_fetch(void *data)
{
	struct fetch *fetch = data;

	qrngd_timer_cancel(&fetch->timer);
	give_quota_back(fetch);
	qrng_wipe(fetch->noise, fetch->len);
}

static void refuse_quota(struct fetch *fetch, uint64_t wait_ms)
{
	atomic_fetch_add(&ration_of(fetch)->over_quota, 1);
	qrngd_problem_later(&fetch->call, (wait_ms + 999) / 1000,
			    "the quota of raw noise is used up; source=drbg has no quota");
}

static void refuse_dry(struct fetch *fetch)
{
	atomic_fetch_add(&ration_of(fetch)->dry, 1);
	give_quota_back(fetch);
	qrngd_problem_later(&fetch->call, 1,
			    "the noise sources did not give so much in a second; ask for less, "
			    "or again");
}

static void refuse_for_good(struct fetch *fetch, int err)
{
	char detail[128];

	give_quota_back(fetch);
	snprintf(detail, sizeof(detail), "the raw noise cannot be read: %s", strerror(-err));
	qrngd_answer_retry_after(&fetch->call, 1);
	qrngd_problem_send(&fetch->call, 503, detail);
}

static void hand_over(struct fetch *fetch)
{
	fetch->taken = 0;
	atomic_fetch_add(&ration_of(fetch)->bytes, fetch->len);
	fetch->give(&fetch->call, fetch->noise, fetch->data);
}

static void look(struct fetch *fetch)
{
	struct qrngd_supply *supply = &fetch->call.worker->supply;
	uint64_t now = qrngd_now_ms();
	int err;

	fetch->call.ready = qrngd_supply_ready(supply);
	if (!fetch->call.ready) {
		give_quota_back(fetch);
		qrngd_problem_unavailable(&fetch->call);
		return;
	}
	err = qrngd_engine_noise(supply->engine, fetch->noise, fetch->len);
	if (!err)
		hand_over(fetch);
	else if (err != -EAGAIN)
		refuse_for_good(fetch, err);
	else if (now >= fetch->until_ms)
		refuse_dry(fetch);
	else
		qrngd_timer_set(&fetch->timer, now + LOOK_MS);
}

static void on_timer(struct qrngd_timer *timer)
{
	look(H2O_STRUCT_FROM_MEMBER(struct fetch, timer, timer));
}

static uint64_t take_quota(struct fetch *fetch)
{
	struct qrngd_ration *ration = ration_of(fetch);
	uint64_t wait_ms;

	pthread_mutex_lock(&ration->lock);
	wait_ms = qrngd_bucket_take(&ration->bucket, fetch->len, qrngd_now_ms());
	pthread_mutex_unlock(&ration->lock);
	if (!wait_ms)
		fetch->taken = fetch->len;
	return wait_ms;
}

static bool is_too_much(struct qrngd_call *call, uint64_t len)
{
	const struct qrngd_options *options = &call->worker->setup->options;
	unsigned int max = QRNGD_RAW_MAX;
	char allowed[48];

	if (options->raw_burst < max)
		max = options->raw_burst;
	if (len <= max)
		return false;
	snprintf(allowed, sizeof(allowed), "1 to %u with source=raw", max);
	qrngd_problem_value(call, "bytes", "is more noise than is given at once", allowed);
	return true;
}

bool qrngd_ration_possible(struct qrngd_call *call, uint64_t len)
{
	if (!call->worker->setup->options.raw_rate) {
		qrngd_problem_send(call, 403, "raw noise is not given here (raw-rate = 0)");
		return false;
	}
	if (is_too_much(call, len))
		return false;
	if (qrngd_engine_has_noise(call->worker->supply.engine))
		return true;
	qrngd_problem_send(call, 503,
			   "there is no raw noise here: a generator gives the seeds, which is no "
			   "noise source");
	return false;
}

void qrngd_ration_fetch(const struct qrngd_call *call, size_t len,
			void (*give)(struct qrngd_call *call, const uint8_t *noise, void *data),
			void *data)
{
	struct fetch *fetch =
		h2o_mem_alloc_shared(&call->req->pool, sizeof(*fetch) + len, dispose_fetch);
	uint64_t wait_ms;

	memset(fetch, 0, sizeof(*fetch));
	fetch->call = *call;
	fetch->give = give;
	fetch->data = data;
	fetch->len = len;
	fetch->until_ms = qrngd_now_ms() + WAIT_MS;
	qrngd_timer_init(&fetch->timer, &call->worker->timers, on_timer);
	wait_ms = take_quota(fetch);
	if (wait_ms)
		refuse_quota(fetch, wait_ms);
	else
		look(fetch);
}
