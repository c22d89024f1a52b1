// SPDX-License-Identifier: MIT
#include "keeper.h"

#include <errno.h>
#include <string.h>
#include <time.h>

#include "clock.h"

/* What is asked of a source at once; a slow one has no more than an item. */
#define BATCH_MAX 4096

/* From a card's few milliseconds to a chip that takes a second for a kilobyte. */
#define PAUSE_MIN_MS 5
#define PAUSE_MAX_MS 320

/* At most that much of what was counted is missing after a power cut. */
#define SETTLE_MS 1000

void qrngd_keeper_init(struct qrngd_keeper *keeper, void (*settle)(void *data), void *data)
{
	pthread_condattr_t attributes;

	memset(keeper, 0, sizeof(*keeper));
	keeper->settle = settle;
	keeper->data = data;
	keeper->settle_ms = QRNGD_NEVER;
	pthread_mutex_init(&keeper->lock, NULL);
	pthread_condattr_init(&attributes);
	pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
	pthread_cond_init(&keeper->work, &attributes);
	pthread_condattr_destroy(&attributes);
}

void qrngd_keeper_add(struct qrngd_keeper *keeper, struct qrngd_queue *queue, uint32_t interval_ms)
{
	keeper->charges[keeper->count++] = (struct qrngd_charge){
		.queue = queue,
		.interval_ms = interval_ms,
		.pause_ms = PAUSE_MIN_MS,
		.batch = BATCH_MAX,
	};
	queue->keeper = keeper;
}

/* A source that is slow, or gone, is asked for less and less often. */
static void back_off(struct qrngd_charge *charge, uint64_t now)
{
	charge->due_ms = now + charge->pause_ms;
	if (charge->pause_ms < PAUSE_MAX_MS)
		charge->pause_ms *= 2;
	else if (charge->batch / 2 >= charge->queue->item)
		charge->batch /= 2;
}

/* Return: whether something came. */
static bool poll_queue(struct qrngd_charge *charge, uint64_t now)
{
	int got = qrngd_queue_poll(charge->queue, charge->batch);

	charge->failed = got < 0;
	if (got == -EAGAIN) {
		back_off(charge, now);
		return false;
	}
	charge->pause_ms = PAUSE_MIN_MS;
	if (got > 0) {
		if (charge->batch < BATCH_MAX)
			charge->batch *= 2;
		return true;
	}
	/* Full; or nothing can be had for now. */
	charge->due_ms = got ? now + charge->interval_ms : QRNGD_NEVER;
	charge->round_ms = now;
	return false;
}

/* Somebody took something: soon if there is enough left, at once otherwise. */
static void hurry(struct qrngd_charge *charge, uint64_t now)
{
	struct qrngd_queue *queue = charge->queue;
	uint64_t due = charge->round_ms + charge->interval_ms;
	bool low, resting;

	pthread_mutex_lock(&queue->lock);
	low = queue->low;
	resting = queue->resting;
	pthread_mutex_unlock(&queue->lock);
	if (resting)
		return;
	if (low && !charge->failed)
		due = now;
	if (due < charge->due_ms)
		charge->due_ms = due;
}

/* Return: when that is due again. */
static uint64_t settle(struct qrngd_keeper *keeper, bool changed, uint64_t now)
{
	if (!keeper->settle)
		return QRNGD_NEVER;
	if (changed && keeper->settle_ms == QRNGD_NEVER)
		keeper->settle_ms = now + SETTLE_MS;
	if (keeper->settle_ms <= now) {
		keeper->settle_ms = QRNGD_NEVER;
		keeper->settle(keeper->data);
	}
	return keeper->settle_ms;
}

/* Return: when the next one is due. */
static uint64_t look_after(struct qrngd_keeper *keeper, bool woken)
{
	uint64_t now = qrngd_now_ms(), next = QRNGD_NEVER, settled;
	bool changed = woken;
	unsigned int i;

	for (i = 0; i < keeper->count; i++) {
		struct qrngd_charge *charge = &keeper->charges[i];

		if (woken)
			hurry(charge, now);
		if (charge->due_ms <= now && poll_queue(charge, now))
			changed = true;
		if (charge->due_ms < next)
			next = charge->due_ms;
	}
	settled = settle(keeper, changed, now);
	return settled < next ? settled : next;
}

/* With the lock. */
static void wait_until(struct qrngd_keeper *keeper, uint64_t due_ms)
{
	uint64_t now = qrngd_now_ms(), wait_ms = due_ms > now ? due_ms - now : 0;
	struct timespec until;

	if (due_ms == QRNGD_NEVER) {
		pthread_cond_wait(&keeper->work, &keeper->lock);
		return;
	}
	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_sec += (time_t)(wait_ms / 1000);
	until.tv_nsec += (long)(wait_ms % 1000) * 1000000;
	if (until.tv_nsec >= 1000000000) {
		until.tv_sec++;
		until.tv_nsec -= 1000000000;
	}
	if (wait_ms)
		pthread_cond_timedwait(&keeper->work, &keeper->lock, &until);
}

static void *keep(void *arg)
{
	struct qrngd_keeper *keeper = arg;
	uint64_t due_ms = 0;
	bool woken;

	pthread_mutex_lock(&keeper->lock);
	while (!keeper->stopping) {
		if (!keeper->woken)
			wait_until(keeper, due_ms);
		woken = keeper->woken;
		keeper->woken = false;
		pthread_mutex_unlock(&keeper->lock);
		due_ms = look_after(keeper, woken);
		pthread_mutex_lock(&keeper->lock);
	}
	pthread_mutex_unlock(&keeper->lock);
	return NULL;
}

int qrngd_keeper_start(struct qrngd_keeper *keeper)
{
	keeper->running = pthread_create(&keeper->thread, NULL, keep, keeper) == 0;
	return keeper->running ? 0 : -1;
}

void qrngd_keeper_wake(struct qrngd_keeper *keeper)
{
	pthread_mutex_lock(&keeper->lock);
	keeper->woken = true;
	pthread_cond_signal(&keeper->work);
	pthread_mutex_unlock(&keeper->lock);
}

void qrngd_keeper_stop(struct qrngd_keeper *keeper)
{
	if (keeper->running) {
		pthread_mutex_lock(&keeper->lock);
		keeper->stopping = true;
		pthread_cond_signal(&keeper->work);
		pthread_mutex_unlock(&keeper->lock);
		pthread_join(keeper->thread, NULL);
		keeper->running = false;
	}
	pthread_cond_destroy(&keeper->work);
	pthread_mutex_destroy(&keeper->lock);
}
