// SPDX-License-Identifier: MIT
/*
 * montecarlo: what a simulation does that needs more numbers than a device should give. It has a
 * fast generator of its own, seeds it from the card, and does so again whenever that has a new
 * seed. (Keys are not made like this: they are read from the device, with qrng_read().)
 *
 *   gcc -o montecarlo montecarlo.c           (Debian: qrng-dev)
 *   ./montecarlo [ROUNDS]                    10 if not said; each prints its estimate of pi
 */
#include <err.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "qrng_client.h"

#define POINTS 1000000

/** struct numbers - xoshiro256** by Blackman and Vigna, and where its seeds come from */
struct numbers {
	uint64_t state[4];
	int fd;
	struct qrng_watch watch;
	unsigned int seeds;
};

static void open_numbers(struct numbers *numbers)
{
	*numbers = (struct numbers){ .fd = qrng_open() };
	if (numbers->fd < 0)
		err(1, "/dev/" QRNG_DRBG_DEVICE);
	if (qrng_watch_open(&numbers->watch, numbers->fd))
		err(1, "mmap of /dev/" QRNG_DRBG_DEVICE);
}

/* A state of zeros stays so: it comes once in 2^256 times, and is asked for again. */
static void seed(struct numbers *numbers)
{
	do {
		if (qrng_read(numbers->fd, numbers->state, sizeof(numbers->state)))
			err(1, "/dev/" QRNG_DRBG_DEVICE);
	} while (!(numbers->state[0] | numbers->state[1] | numbers->state[2] | numbers->state[3]));
	numbers->seeds++;
}

static uint64_t rotate(uint64_t x, int bits)
{
	return x << bits | x >> (64 - bits);
}

static uint64_t next(struct numbers *numbers)
{
	uint64_t *s = numbers->state, result, shifted;

	if (qrng_watch_moved(&numbers->watch))
		seed(numbers);
	result = rotate(s[1] * 5, 7) * 9;
	shifted = s[1] << 17;
	s[2] ^= s[0];
	s[3] ^= s[1];
	s[1] ^= s[2];
	s[0] ^= s[3];
	s[2] ^= shifted;
	s[3] = rotate(s[3], 45);
	return result;
}

/* From 0 to 1, with all the 53 bits that a double has. */
static double next_real(struct numbers *numbers)
{
	return (double)(next(numbers) >> 11) / 9007199254740992.0;
}

static double estimate_pi(struct numbers *numbers)
{
	unsigned int i, inside = 0;
	double x, y;

	for (i = 0; i < POINTS; i++) {
		x = next_real(numbers);
		y = next_real(numbers);
		inside += x * x + y * y < 1;
	}
	return 4.0 * inside / POINTS;
}

int main(int argc, char **argv)
{
	unsigned long round, rounds = argc > 1 ? strtoul(argv[1], NULL, 10) : 10;
	struct numbers numbers;

	open_numbers(&numbers);
	for (round = 1; round <= rounds; round++) {
		printf("round %lu: pi is about %.5f", round, estimate_pi(&numbers));
		printf(", seeds so far: %u\n", numbers.seeds);
		fflush(stdout);
	}
	qrng_watch_close(&numbers.watch);
	close(numbers.fd);
	qrng_wipe(numbers.state, sizeof(numbers.state));
	return 0;
}
