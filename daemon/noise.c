// SPDX-License-Identifier: MIT
#include "noise.h"

#include <math.h>

/* Brown noise forgets slowly, or it would walk out of range; 20 Hz at 44.1 kHz. */
#define BROWN_KEEP 0.99715

/* Standard deviations of the sums below, so that four of them are full scale. */
#define PINK_DEVIATION	2.38
#define BROWN_DEVIATION 7.65

/* From -1 to 1, evenly. */
static double draw_signed(struct qrngd_draw *draw)
{
	return 2 * qrngd_draw_unit(draw) - 1;
}

/*
 * Voss and McCartney: row i is drawn anew at every 2^i-th sample, so that octaves have
 * the same power, and one row changes at a time.
 */
static double next_pink(struct qrngd_noise *noise, struct qrngd_draw *draw)
{
	unsigned int row = (unsigned int)__builtin_ctz(++noise->count | 1u << (QRNGD_PINK_ROWS - 1));
	double value = draw_signed(draw);

	noise->sum += value - noise->rows[row];
	noise->rows[row] = value;
	return (noise->sum + draw_signed(draw)) / PINK_DEVIATION / 4;
}

static double next_brown(struct qrngd_noise *noise, struct qrngd_draw *draw)
{
	noise->level = noise->level * BROWN_KEEP + draw_signed(draw);
	return noise->level / BROWN_DEVIATION / 4;
}

static int32_t scale(double value, unsigned int bits)
{
	double limit = (double)(1u << (bits - 1)) - 1;

	return (int32_t)lrint(fmax(fmin(value, 1), -1) * limit);
}

int32_t qrngd_noise_sample(struct qrngd_noise *noise, struct qrngd_draw *draw)
{
	switch (noise->colour) {
	case QRNGD_PINK:
		return scale(next_pink(noise, draw), noise->bits);
	case QRNGD_BROWN:
		return scale(next_brown(noise, draw), noise->bits);
	default:
		return (int32_t)(uint32_t)qrngd_draw_bits(draw) >> (32 - noise->bits);
	}
}
