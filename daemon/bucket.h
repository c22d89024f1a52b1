/* SPDX-License-Identifier: MIT */
/* A quota as a bucket: it fills at a rate up to its size, and what is used is taken out. */
#ifndef QRNGD_BUCKET_H
#define QRNGD_BUCKET_H

#include <stdint.h>

#define QRNGD_BUCKET_NEVER UINT64_MAX

/**
 * struct qrngd_bucket - a quota; whoever shares one brings a lock
 * @rate: what comes in each second
 * @size: the most that is in it
 * @level: what is in it, in thousandths
 * @debt: what was used beyond that, in thousandths; it is paid before anything is put in
 * @filled_ms: when that was so, on the clock of qrngd_now_ms()
 */
struct qrngd_bucket {
	uint64_t rate;
	uint64_t size;
	uint64_t level;
	uint64_t debt;
	uint64_t filled_ms;
};

/**
 * qrngd_bucket_init() - make a full bucket
 * @bucket: filled in
 * @rate: in a second, less than 2^32
 * @size: less than 2^32
 * @now: on the clock of qrngd_now_ms()
 */
void qrngd_bucket_init(struct qrngd_bucket *bucket, uint64_t rate, uint64_t size, uint64_t now);

/**
 * qrngd_bucket_take() - use up some of a quota
 * @bucket: the quota
 * @amount: how much
 * @now: on the clock of qrngd_now_ms()
 *
 * Return: 0 when it was taken; otherwise nothing was, and the milliseconds until it will be
 * there come back, or %QRNGD_BUCKET_NEVER.
 */
uint64_t qrngd_bucket_take(struct qrngd_bucket *bucket, uint64_t amount, uint64_t now);

/**
 * qrngd_bucket_charge() - use up some of a quota, whatever is in it
 * @bucket: the quota; what it lacks is its debt
 * @amount: how much, less than 2^53
 * @now: on the clock of qrngd_now_ms()
 */
void qrngd_bucket_charge(struct qrngd_bucket *bucket, uint64_t amount, uint64_t now);

/**
 * qrngd_bucket_return() - give back what was taken and not used
 * @bucket: the quota
 * @amount: how much
 */
void qrngd_bucket_return(struct qrngd_bucket *bucket, uint64_t amount);

#endif /* QRNGD_BUCKET_H */
