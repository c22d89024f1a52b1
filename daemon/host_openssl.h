/* SPDX-License-Identifier: MIT */
/* The core's host in this process: OpenSSL does the arithmetic. */
#ifndef QRNGD_HOST_OPENSSL_H
#define QRNGD_HOST_OPENSSL_H

#include "generator.h"

/**
 * qrngd_generator_new() - a generator of the core in memory fit for secrets
 *
 * Return: the generator, without a seed; NULL when there is no memory for it.
 */
struct qrng_generator *qrngd_generator_new(void);

/**
 * qrngd_generator_free() - wipe a generator and give back all that belongs to it
 * @generator: from qrngd_generator_new(), or NULL
 */
void qrngd_generator_free(struct qrng_generator *generator);

/**
 * qrngd_host_selftest() - the known answers of the core, on this host
 *
 * Return: what is broken, or NULL when every answer is right.
 */
const char *qrngd_host_selftest(void);

#endif /* QRNGD_HOST_OPENSSL_H */
