/* SPDX-License-Identifier: MIT */
/*
 * Numbers without bias out of random bytes. Bytes are drawn many at a time, and each is
 * wiped when it has been used.
 */
#ifndef QRNGD_DRAW_H
#define QRNGD_DRAW_H

#include "supply.h"

#define QRNGD_DRAW_BYTES 2048

/**
 * struct qrngd_draw - random bytes on their way into numbers; wiped by its owner
 * @supply: where they come from; ready whenever numbers are drawn
 * @left: bytes of @bytes that are not used yet, at its end
 * @spare: a deviate that qrngd_draw_gaussian() has in hand
 * @has_spare: it has
 * @bytes: drawn
 */
struct qrngd_draw {
	struct qrngd_supply *supply;
	size_t left;
	double spare;
	bool has_spare;
	uint8_t bytes[QRNGD_DRAW_BYTES];
};

/** qrngd_draw_bits() - 64 random bits */
uint64_t qrngd_draw_bits(struct qrngd_draw *draw);

/**
 * qrngd_draw_below() - a number from 0 to @limit - 1, each as likely as any other
 * @draw: the draw
 * @limit: not 0
 */
uint64_t qrngd_draw_below(struct qrngd_draw *draw, uint64_t limit);

/** qrngd_draw_unit() - one of the 2^53 multiples of 2^-53 in [0, 1) */
double qrngd_draw_unit(struct qrngd_draw *draw);

/** qrngd_draw_gaussian() - a normal deviate of mean 0 and variance 1 */
double qrngd_draw_gaussian(struct qrngd_draw *draw);

#endif /* QRNGD_DRAW_H */
