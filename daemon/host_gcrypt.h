/* SPDX-License-Identifier: MIT */
/* The core's host in this process: libgcrypt does the arithmetic. */
#ifndef QRNGD_HOST_GCRYPT_H
#define QRNGD_HOST_GCRYPT_H

#include "generator.h"

/**
 * qrngd_generator_new() - a generator of the core in memory fit for secrets
 * @type: what it shall be; NULL: AES-256-CTR where the processor has instructions for
 *	AES, and ChaCha20 elsewhere
 *
 * Return: the generator, without a seed; NULL when there is no memory for it.
 */
struct qrng_generator *qrngd_generator_new(const struct qrng_generator_type *type);

/**
 * qrngd_generator_free() - wipe a generator and give back all that belongs to it
 * @generator: from qrngd_generator_new(), or NULL
 */
void qrngd_generator_free(struct qrng_generator *generator);

/**
 * qrngd_host_init() - get the library going, and check the core's known answers on it
 * @generators: how many there will be at one time
 *
 * Memory for so many keys is locked if that can be had, and a line says if it can't.
 * To be called before anything else of this file, and before there are threads.
 *
 * Return: 0, or -1 after a line has said what is wrong.
 */
int qrngd_host_init(unsigned int generators);

#endif /* QRNGD_HOST_GCRYPT_H */
