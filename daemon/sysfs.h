/* SPDX-License-Identifier: MIT */
/* What the kernel module shows of a source under /sys/class/qrng. */
#ifndef QRNGD_SYSFS_H
#define QRNGD_SYSFS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "json.h"

#define QRNGD_SYSFS_CLASS "/sys/class/qrng"

/**
 * qrngd_sysfs_read() - read one value
 * @name: of a source, or "drbg"
 * @file: below its folder
 * @value: the text, without its newline
 * @size: bytes of @value
 *
 * Opened anew each time, because sources come and go.
 *
 * Return: whether there is such a file with anything in it.
 */
bool qrngd_sysfs_read(const char *name, const char *file, char *value, size_t size);

/** qrngd_sysfs_number() - the same for a number, decimal or with "0x" */
bool qrngd_sysfs_number(const char *name, const char *file, uint64_t *number);

/**
 * qrngd_sysfs_write() - write all values of a source, or of the generator
 * @json: open for members; each file becomes one, each folder an object
 * @name: of a source, or "drbg"; nothing is written when it has no folder
 */
void qrngd_sysfs_write(struct qrngd_json *json, const char *name);

#endif /* QRNGD_SYSFS_H */
