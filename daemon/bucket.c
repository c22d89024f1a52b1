// SPDX-License-Identifier: MIT
#include "bucket.h"

/* In thousandths, a millisecond brings in just the rate of a second. */
#define SCALE 1000

void qrngd_bucket_init(struct qrngd_bucket *bucket, uint64_t rate, uint64_t size, uint64_t now)
{
	*bucket = (struct qrngd_bucket){
		.rate = rate,
		.size = size,
		.level = size * SCALE,
		.filled_ms = now,
	};
}

static void add(struct qrngd_bucket *bucket, uint64_t amount)
{
	uint64_t room = bucket->size * SCALE - bucket->level;
	uint64_t paid = amount < bucket->debt ? amount : bucket->debt;

	bucket->debt -= paid;
	amount -= paid;
	bucket->level += amount < room ? amount : room;
}

/* No longer than what fills it: years of idling must not overflow. */
static void fill(struct qrngd_bucket *bucket, uint64_t now)
{
	uint64_t passed;

	if (now <= bucket->filled_ms)
		return;
	passed = now - bucket->filled_ms;
	bucket->filled_ms = now;
	if (bucket->rate && passed >= (bucket->size * SCALE + bucket->debt) / bucket->rate)
		add(bucket, bucket->size * SCALE + bucket->debt);
	else
		add(bucket, bucket->rate * passed);
}

uint64_t qrngd_bucket_take(struct qrngd_bucket *bucket, uint64_t amount, uint64_t now)
{
	uint64_t missing;

	fill(bucket, now);
	if (!bucket->debt && bucket->level >= amount * SCALE) {
		bucket->level -= amount * SCALE;
		return 0;
	}
	if (amount > bucket->size || !bucket->rate)
		return QRNGD_BUCKET_NEVER;
	missing = bucket->debt + amount * SCALE - bucket->level;
	return (missing + bucket->rate - 1) / bucket->rate;
}

void qrngd_bucket_charge(struct qrngd_bucket *bucket, uint64_t amount, uint64_t now)
{
	uint64_t wanted = amount * SCALE, taken;

	fill(bucket, now);
	taken = wanted < bucket->level ? wanted : bucket->level;
	bucket->level -= taken;
	bucket->debt += wanted - taken;
}

void qrngd_bucket_return(struct qrngd_bucket *bucket, uint64_t amount)
{
	add(bucket, amount * SCALE);
}
