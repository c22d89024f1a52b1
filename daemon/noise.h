/* SPDX-License-Identifier: MIT */
/* Samples of sound: white noise, and what filters make of it. */
#ifndef QRNGD_NOISE_H
#define QRNGD_NOISE_H

#include "draw.h"

#define QRNGD_CHANNELS_MAX 2
#define QRNGD_PINK_ROWS	   16

/** enum qrngd_colour - how the power falls with the frequency */
enum qrngd_colour {
	QRNGD_WHITE, /* not at all: every sample is independent */
	QRNGD_PINK,  /* 3 dB for each octave */
	QRNGD_BROWN, /* 6 dB for each octave */
};

/**
 * struct qrngd_noise - one channel
 * @colour: of the noise
 * @bits: of each sample
 * @count: samples made
 * @rows: of Voss' method
 * @sum: of @rows
 * @level: of brown noise
 */
struct qrngd_noise {
	enum qrngd_colour colour;
	unsigned int bits;
	uint32_t count;
	double rows[QRNGD_PINK_ROWS];
	double sum;
	double level;
};

/**
 * qrngd_noise_sample() - make the next sample
 * @noise: the channel
 * @draw: where randomness comes from
 *
 * Return: a signed number of as many bits as the channel's samples have. White noise uses
 * all of them evenly: what is random stays random.
 */
int32_t qrngd_noise_sample(struct qrngd_noise *noise, struct qrngd_draw *draw);

#endif /* QRNGD_NOISE_H */
