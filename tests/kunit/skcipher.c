// SPDX-License-Identifier: GPL-2.0-only
/*
 * The kernel's ciphers give the bytes of its library, wherever they work, however long
 * a run is, and wherever its counter is. Here that is C code, which the module would leave
 * to the library; how it is called is the same.
 */
#include <kunit/test.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/vmalloc.h>

#include "../../kmod/host.h"

#define ROOM	(3 * PAGE_SIZE)
#define GUARD	0x5a

struct bench {
	struct qrng_skcipher fast;
	struct qrng_host_ctx library;
	u8 *ours;
	u8 *theirs;
};

static const u8 key[QRNG_KEY_SIZE] = { 3, 1, 4, 1, 5, 9, 2, 6 };

static struct bench *set_up(struct kunit *test, const char *name)
{
	struct bench *bench = kunit_kzalloc(test, sizeof(*bench), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, bench);
	bench->ours = kunit_kzalloc(test, ROOM, GFP_KERNEL);
	bench->theirs = kunit_kzalloc(test, ROOM, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, bench->ours);
	KUNIT_ASSERT_NOT_NULL(test, bench->theirs);
	KUNIT_ASSERT_TRUE(test, qrng_skcipher_init(&bench->fast, name));
	return bench;
}

/* Two runs, so that the second has to go on where the first stopped. */
static void expect_same_stream(struct kunit *test, struct bench *bench, const u8 *counter,
			       size_t at, size_t len)
{
	u8 *out = bench->ours + at, moving[QRNG_BLOCK_SIZE];
	size_t run;

	memset(bench->ours, GUARD, ROOM);
	memcpy(moving, counter, sizeof(moving));
	qrng_skcipher_key(&bench->fast, key);
	qrng_host.aes256_ctr.start(&bench->library, key, counter);
	for (run = 0; run < 2; run++, out += len) {
		KUNIT_ASSERT_TRUE(test, qrng_skcipher_stream(&bench->fast, moving, out, len));
		qrng_host.aes256_ctr.run(&bench->library, bench->theirs, len);
		KUNIT_ASSERT_EQ(test, memcmp(out, bench->theirs, len), 0);
		KUNIT_ASSERT_EQ(test, memcmp(moving, bench->library.aes256.counter, 16), 0);
	}
	KUNIT_ASSERT_EQ(test, *out, GUARD);
	if (at)
		KUNIT_ASSERT_EQ(test, bench->ours[at - 1], GUARD);
}

static void streams_are_the_same(struct kunit *test)
{
	static const size_t lengths[] = { 16, 48, 64, 80, 3392, 4080, 4096, 4112 };
	struct bench *bench = set_up(test, "ctr(aes)");
	u8 counter[QRNG_BLOCK_SIZE] = {};
	size_t i, at;

	for (i = 0; i < ARRAY_SIZE(lengths); i++)
		for (at = 0; at <= 256; at += QRNG_BLOCK_SIZE)
			expect_same_stream(test, bench, counter, at, lengths[i]);
	qrng_skcipher_free(&bench->fast);
}

/* The carry from each byte to the next, and out of the last. */
static void counters_carry_the_same(struct kunit *test)
{
	struct bench *bench = set_up(test, "ctr(aes)");
	u8 counter[QRNG_BLOCK_SIZE];
	size_t set, before;

	for (set = 0; set <= QRNG_BLOCK_SIZE; set++) {
		for (before = 1; before <= 10; before++) {
			memset(counter, 0, sizeof(counter));
			memset(counter + QRNG_BLOCK_SIZE - set, 0xff, set);
			counter[QRNG_BLOCK_SIZE - 1] -= before - 1;
			expect_same_stream(test, bench, counter, 0, 192);
		}
	}
	qrng_skcipher_free(&bench->fast);
}

static void blocks_are_the_same(struct kunit *test)
{
	static const size_t lengths[] = { 16, 64, 1024, 4096, 8208 };
	struct bench *bench = set_up(test, "ecb(aes)");
	size_t i, byte;

	for (i = 0; i < ARRAY_SIZE(lengths); i++) {
		for (byte = 0; byte < ROOM; byte++)
			bench->ours[byte] = byte * 7 + i;
		memcpy(bench->theirs, bench->ours, ROOM);
		qrng_skcipher_key(&bench->fast, key);
		qrng_host.aes256_ecb.start(&bench->library, key, key);
		KUNIT_ASSERT_TRUE(test, qrng_skcipher_blocks(&bench->fast, bench->ours + 32,
							     lengths[i]));
		qrng_host.aes256_ecb.run(&bench->library, bench->theirs + 32, lengths[i]);
		KUNIT_EXPECT_EQ(test, memcmp(bench->ours, bench->theirs, ROOM), 0);
	}
	qrng_skcipher_free(&bench->fast);
}

/* What a context falls back from: wrong boundary, a stack, memory without a linear map. */
static void other_memory_is_left_alone(struct kunit *test)
{
	struct bench *bench = set_up(test, "ctr(aes)");
	u8 counter[QRNG_BLOCK_SIZE] = {}, zero[QRNG_BLOCK_SIZE] = {};
	u8 *mapped = vmalloc(PAGE_SIZE);
	size_t at;

	KUNIT_ASSERT_NOT_NULL(test, mapped);
	mapped[0] = GUARD;
	bench->ours[1] = GUARD;
	qrng_skcipher_key(&bench->fast, key);
	for (at = 1; at < QRNG_BLOCK_SIZE; at++)
		KUNIT_EXPECT_FALSE(test, qrng_skcipher_stream(&bench->fast, counter,
							      bench->ours + at, 64));
	KUNIT_EXPECT_FALSE(test, qrng_skcipher_stream(&bench->fast, counter, mapped, 64));
	KUNIT_EXPECT_EQ(test, memcmp(counter, zero, sizeof(zero)), 0);
	KUNIT_EXPECT_EQ(test, mapped[0], GUARD);
	KUNIT_EXPECT_EQ(test, bench->ours[1], GUARD);
	vfree(mapped);
	qrng_skcipher_free(&bench->fast);
}

static void absent_ciphers_are_absent(struct kunit *test)
{
	struct bench *bench = set_up(test, "ctr(aes)");

	KUNIT_EXPECT_FALSE(test, qrng_skcipher_has_instructions(&bench->fast));
	qrng_skcipher_free(&bench->fast);
	KUNIT_EXPECT_FALSE(test, qrng_skcipher_init(&bench->fast, "ctr(nosuch)"));
	KUNIT_EXPECT_FALSE(test, qrng_skcipher_has_instructions(&bench->fast));
	KUNIT_EXPECT_FALSE(test, qrng_skcipher_blocks(&bench->fast, bench->ours, 64));
	qrng_skcipher_key(&bench->fast, key);
	qrng_skcipher_free(&bench->fast);
}

static struct kunit_case cases[] = {
	KUNIT_CASE(streams_are_the_same),
	KUNIT_CASE(counters_carry_the_same),
	KUNIT_CASE(blocks_are_the_same),
	KUNIT_CASE(other_memory_is_left_alone),
	KUNIT_CASE(absent_ciphers_are_absent),
	{}
};

static struct kunit_suite suite = {
	.name = "qrng_skcipher",
	.test_cases = cases,
};

kunit_test_suite(suite);
