// SPDX-License-Identifier: MIT
/* Any noise, fed in any pieces: the same verdict and counters as in one. */
#include <stdlib.h>

#include "../../kmod/core/health.h"

static void require(bool holds)
{
	if (!holds)
		abort();
}

static enum qrng_health_verdict worse(enum qrng_health_verdict a, enum qrng_health_verdict b)
{
	return a > b ? a : b;
}

static enum qrng_health_verdict feed_in_pieces(struct qrng_health *health, const u8 *noise,
					       size_t len, size_t piece)
{
	enum qrng_health_verdict verdict = QRNG_HEALTH_PASS;

	for (; len > piece; noise += piece, len -= piece)
		verdict = worse(verdict, qrng_health_feed(health, noise, piece));
	return worse(verdict, qrng_health_feed(health, noise, len));
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	struct qrng_health whole, pieces;
	enum qrng_health_verdict verdict;
	u32 quality;

	if (size < 4)
		return 0;
	quality = data[0] | data[1] << 8;
	qrng_health_init(&whole, quality);
	qrng_health_init(&pieces, quality);
	qrng_health_claim(&whole, quality, data[2] >> 1);
	qrng_health_claim(&pieces, quality, data[2] >> 1);
	if (data[2] & 1) {
		qrng_health_test_bits(&whole, quality);
		qrng_health_test_bits(&pieces, quality);
	}
	verdict = qrng_health_feed(&whole, data + 4, size - 4);
	require(verdict == feed_in_pieces(&pieces, data + 4, size - 4, 1 + data[3]));
	require(whole.rct_failures == pieces.rct_failures);
	require(whole.apt_failures == pieces.apt_failures);
	/* After a failure, only a whole piece of good samples leads back. */
	if (verdict != QRNG_HEALTH_PASS)
		require(!qrng_health_passed(&whole));
	else
		require(qrng_health_passed(&whole) == qrng_health_passed(&pieces));
	require((verdict == QRNG_HEALTH_PASS) ==
		!(whole.rct_failures || whole.apt_failures || whole.bits.rct_failures ||
		  whole.bits.apt_failures));
	return 0;
}
