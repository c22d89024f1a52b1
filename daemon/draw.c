// SPDX-License-Identifier: MIT
#include "draw.h"

#include <math.h>
#include <string.h>

#include "host.h"

uint64_t qrngd_draw_bits(struct qrngd_draw *draw)
{
	uint64_t bits;
	uint8_t *from;

	if (draw->left < sizeof(bits)) {
		qrngd_supply_draw(draw->supply, draw->bytes, sizeof(draw->bytes));
		draw->left = sizeof(draw->bytes);
	}
	from = draw->bytes + sizeof(draw->bytes) - draw->left;
	memcpy(&bits, from, sizeof(bits));
	qrng_wipe(from, sizeof(bits));
	draw->left -= sizeof(bits);
	return bits;
}

/*
 * Lemire (2019): the high half of a product is in range, and what the low half says is
 * left over after an equal share for each number is drawn again.
 */
uint64_t qrngd_draw_below(struct qrngd_draw *draw, uint64_t limit)
{
	unsigned __int128 product = (unsigned __int128)qrngd_draw_bits(draw) * limit;

	if ((uint64_t)product < limit) {
		uint64_t rest = -limit % limit;

		while ((uint64_t)product < rest)
			product = (unsigned __int128)qrngd_draw_bits(draw) * limit;
	}
	return product >> 64;
}

double qrngd_draw_unit(struct qrngd_draw *draw)
{
	return (double)(qrngd_draw_bits(draw) >> 11) * 0x1p-53;
}

/* Marsaglia's polar method: two deviates from a point inside the unit circle. */
double qrngd_draw_gaussian(struct qrngd_draw *draw)
{
	double x, y, square, scale;

	if (draw->has_spare) {
		draw->has_spare = false;
		return draw->spare;
	}
	do {
		x = 2 * qrngd_draw_unit(draw) - 1;
		y = 2 * qrngd_draw_unit(draw) - 1;
		square = x * x + y * y;
	} while (square >= 1 || square == 0);
	scale = sqrt(-2 * log(square) / square);
	draw->spare = y * scale;
	draw->has_spare = true;
	return x * scale;
}
