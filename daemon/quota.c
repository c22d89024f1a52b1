// SPDX-License-Identifier: MIT
#include "quota.h"

#include <search.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DAY_MS ((uint64_t)QRNGD_DAY_S * 1000)

/*
 * A name that is taken out of the file and put in again has not been given a new day: so
 * accounts stay, in a tree by name, and whoever got one may keep it.
 */
static pthread_mutex_t accounts_lock = PTHREAD_MUTEX_INITIALIZER;
static void *accounts;

static int by_name(const void *a, const void *b)
{
	const struct qrngd_account *left = a, *right = b;

	return strcmp(left->name, right->name);
}

static struct qrngd_account *open_account(const struct qrngd_account *wanted)
{
	struct qrngd_account *account = malloc(sizeof(*account));

	if (!account)
		return NULL;
	*account = *wanted;
	pthread_mutex_init(&account->lock, NULL);
	if (tsearch(account, &accounts, by_name))
		return account;
	free(account);
	return NULL;
}

struct qrngd_account *qrngd_account_of(const char *name)
{
	struct qrngd_account wanted = { 0 }, **found;
	struct qrngd_account *account;

	snprintf(wanted.name, sizeof(wanted.name), "%s", name);
	pthread_mutex_lock(&accounts_lock);
	found = tfind(&wanted, &accounts, by_name);
	account = found ? *found : open_account(&wanted);
	pthread_mutex_unlock(&accounts_lock);
	return account;
}

/* Another thread may have looked at the clock after us and come before us. */
static bool is_over(const struct qrngd_account *account, uint64_t now)
{
	return !account->started || (now > account->day_ms && now - account->day_ms >= DAY_MS);
}

static void begin_day(struct qrngd_account *account, uint64_t now)
{
	if (!is_over(account, now))
		return;
	account->started = true;
	account->day_ms = now;
	account->requests = 0;
	account->bits = 0;
}

static uint64_t left_of_day(const struct qrngd_account *account, uint64_t now)
{
	return is_over(account, now) ? DAY_MS : account->day_ms + DAY_MS - now;
}

/* The limits may be others than last time. */
static uint64_t take_from_second(struct qrngd_account *account, unsigned int rate, uint64_t now)
{
	if (account->second.rate != rate)
		qrngd_bucket_init(&account->second, rate, rate, now);
	return rate ? qrngd_bucket_take(&account->second, 1, now) : 0;
}

static enum qrngd_limit judge(struct qrngd_account *account, const struct qrngd_limits *limits,
			      uint64_t now, uint64_t *wait_ms)
{
	*wait_ms = left_of_day(account, now);
	if (limits->requests_per_day && account->requests >= limits->requests_per_day)
		return QRNGD_LIMIT_REQUESTS;
	if (limits->bits_per_day && account->bits >= limits->bits_per_day)
		return QRNGD_LIMIT_BITS;
	*wait_ms = take_from_second(account, limits->requests_per_second, now);
	return *wait_ms ? QRNGD_LIMIT_SECOND : QRNGD_LIMIT_NONE;
}

enum qrngd_limit qrngd_quota_request(const struct qrngd_payer *payer, uint64_t now,
				     uint64_t *wait_ms)
{
	struct qrngd_account *account = payer->account;
	enum qrngd_limit limit;

	if (!account)
		return QRNGD_LIMIT_NONE;
	pthread_mutex_lock(&account->lock);
	begin_day(account, now);
	limit = judge(account, &payer->limits, now, wait_ms);
	if (limit == QRNGD_LIMIT_NONE) {
		account->requests++;
		account->all_requests++;
	} else {
		account->refused++;
	}
	pthread_mutex_unlock(&account->lock);
	return limit;
}

static bool fits(const struct qrngd_account *account, const struct qrngd_limits *limits,
		 uint64_t bits)
{
	return !limits->bits_per_day || (account->bits <= limits->bits_per_day &&
					 bits <= limits->bits_per_day - account->bits);
}

uint64_t qrngd_quota_afford(const struct qrngd_payer *payer, uint64_t bits, uint64_t now)
{
	struct qrngd_account *account = payer->account;
	uint64_t wait_ms = 0;

	if (!account)
		return 0;
	pthread_mutex_lock(&account->lock);
	begin_day(account, now);
	if (!fits(account, &payer->limits, bits)) {
		account->refused++;
		wait_ms = bits > payer->limits.bits_per_day ? QRNGD_BUCKET_NEVER
							    : left_of_day(account, now);
	}
	pthread_mutex_unlock(&account->lock);
	return wait_ms;
}

bool qrngd_quota_spend(const struct qrngd_payer *payer, uint64_t bits, uint64_t now)
{
	struct qrngd_account *account = payer->account;
	bool fit;

	if (!account)
		return true;
	pthread_mutex_lock(&account->lock);
	begin_day(account, now);
	fit = fits(account, &payer->limits, bits);
	if (fit) {
		account->bits += bits;
		account->all_bits += bits;
	}
	pthread_mutex_unlock(&account->lock);
	return fit;
}

void qrngd_quota_usage(struct qrngd_account *account, uint64_t now, struct qrngd_usage *usage)
{
	bool over;

	pthread_mutex_lock(&account->lock);
	over = is_over(account, now);
	*usage = (struct qrngd_usage){
		.requests = over ? 0 : account->requests,
		.bits = over ? 0 : account->bits,
		.left_ms = left_of_day(account, now),
		.all_requests = account->all_requests,
		.all_bits = account->all_bits,
		.refused = account->refused,
	};
	pthread_mutex_unlock(&account->lock);
}
