/* SPDX-License-Identifier: MIT */
/* What the kernel module shows of a source under /sys/class/qrng. */
#ifndef QRNGD_SYSFS_H
#define QRNGD_SYSFS_H

#include "json.h"

/**
 * qrngd_sysfs_write() - write all values of a source, or of the generator
 * @json: open for members; each file becomes one, each folder an object
 * @name: of a source, or "drbg"; nothing is written when it has no folder
 */
void qrngd_sysfs_write(struct qrngd_json *json, const char *name);

#endif /* QRNGD_SYSFS_H */
