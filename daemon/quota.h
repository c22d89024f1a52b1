/* SPDX-License-Identifier: MIT */
/*
 * How much each client may have, and has had: requests in a second, requests and bits in
 * a day. A day begins with the first request after the last one was over, on a clock
 * that nobody sets. What was used is kept while the daemon runs, whatever is loaded
 * again, and not longer.
 */
#ifndef QRNGD_QUOTA_H
#define QRNGD_QUOTA_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

#include "../keyfile/rule.h"
#include "bucket.h"

#define QRNGD_DAY_S 86400

/** struct qrngd_limits - what a client may have; 0: as much as it likes */
struct qrngd_limits {
	uint64_t requests_per_second;
	uint64_t requests_per_day;
	uint64_t bits_per_day;
};

/**
 * struct qrngd_account - what a client has had; lives as long as the process
 * @name: whose
 * @lock: for all below
 * @second: requests that may come at once
 * @day_ms: when the day began
 * @started: a day has begun
 * @requests: of that day
 * @bits: of that day
 * @all_requests: since the start
 * @all_bits: since the start
 * @refused: requests that a limit refused, since the start
 */
struct qrngd_account {
	char name[KEYFILE_NAME_MAX + 1];
	pthread_mutex_t lock;
	struct qrngd_bucket second;
	uint64_t day_ms;
	bool started;
	uint64_t requests;
	uint64_t bits;
	uint64_t all_requests;
	uint64_t all_bits;
	uint64_t refused;
};

/** struct qrngd_payer - who pays for a request, by which limits; no account: nobody need */
struct qrngd_payer {
	struct qrngd_account *account;
	struct qrngd_limits limits;
};

/** enum qrngd_limit - which of them is reached */
enum qrngd_limit {
	QRNGD_LIMIT_NONE,
	QRNGD_LIMIT_SECOND,
	QRNGD_LIMIT_REQUESTS,
	QRNGD_LIMIT_BITS,
};

/**
 * struct qrngd_usage - how an account stands
 * @requests: of this day
 * @bits: of this day
 * @left_ms: until it is over; a whole one when none has begun
 * @all_requests: since the start
 * @all_bits: since the start
 * @refused: since the start
 */
struct qrngd_usage {
	uint64_t requests;
	uint64_t bits;
	uint64_t left_ms;
	uint64_t all_requests;
	uint64_t all_bits;
	uint64_t refused;
};

/**
 * qrngd_account_of() - find an account, or open one
 * @name: whose, of at most %KEYFILE_NAME_MAX characters
 *
 * Return: the account, or NULL when there is no memory.
 */
struct qrngd_account *qrngd_account_of(const char *name);

/**
 * qrngd_quota_request() - count a request
 * @payer: who pays
 * @now: on the clock of qrngd_now_ms()
 * @wait_ms: until it may come, if that is not now
 *
 * Return: the limit that refuses it, which counts as well.
 */
enum qrngd_limit qrngd_quota_request(const struct qrngd_payer *payer, uint64_t now,
				     uint64_t *wait_ms);

/**
 * qrngd_quota_afford() - would an answer be too long?
 * @payer: who pays
 * @bits: how long it is
 * @now: on the clock of qrngd_now_ms()
 *
 * Return: 0 if it may come now; else nothing is taken, a refusal is counted, and the
 * milliseconds until it may come back, or %QRNGD_BUCKET_NEVER.
 */
uint64_t qrngd_quota_afford(const struct qrngd_payer *payer, uint64_t bits, uint64_t now);

/**
 * qrngd_quota_spend() - count bits that leave
 * @payer: who pays
 * @bits: how many
 * @now: on the clock of qrngd_now_ms()
 *
 * Return: false if the day has no more so many, and none were taken.
 */
bool qrngd_quota_spend(const struct qrngd_payer *payer, uint64_t bits, uint64_t now);

/**
 * qrngd_quota_usage() - tell how an account stands
 * @account: the account
 * @now: on the clock of qrngd_now_ms()
 * @usage: filled in
 */
void qrngd_quota_usage(struct qrngd_account *account, uint64_t now, struct qrngd_usage *usage);

#endif /* QRNGD_QUOTA_H */
