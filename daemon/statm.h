/* SPDX-License-Identifier: MIT */
#ifndef QRNGD_STATM_H
#define QRNGD_STATM_H

#include <stdint.h>

/** enum qrngd_statm - columns of /proc/self/statm: proc(5) */
enum qrngd_statm {
	QRNGD_STATM_MAPPED = 0,
	QRNGD_STATM_RESIDENT = 1,
	QRNGD_STATM_DATA = 5,
};

/**
 * qrngd_statm() - what memory this process has
 * @column: which of it
 *
 * Return: bytes, 0 if nothing tells.
 */
uint64_t qrngd_statm(enum qrngd_statm column);

#endif /* QRNGD_STATM_H */
