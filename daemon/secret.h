/* SPDX-License-Identifier: MIT */
/* Memory for keys: not swapped out, not in a core file, wiped when given back. */
#ifndef QRNGD_SECRET_H
#define QRNGD_SECRET_H

#include <stddef.h>

/**
 * qrngd_secret_alloc() - get zeroed memory for secrets
 * @len: bytes
 *
 * Locking it into memory is tried and may fail quietly: RLIMIT_MEMLOCK is the
 * operator's choice.
 *
 * Return: the memory, or NULL when there is none.
 */
void *qrngd_secret_alloc(size_t len);

/**
 * qrngd_secret_free() - wipe and give back
 * @secret: from qrngd_secret_alloc(), or NULL
 * @len: as it was given there
 */
void qrngd_secret_free(void *secret, size_t len);

#endif /* QRNGD_SECRET_H */
