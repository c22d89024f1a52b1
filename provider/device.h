/* SPDX-License-Identifier: MIT */
/*
 * An open file of /dev/qrng_drbg, that is: a generator of our own in the kernel. No random byte
 * is kept here, so there is nothing to wipe and nothing that a fork would copy: two processes
 * that share the file get different bytes.
 */
#ifndef _QRNG_PROVIDER_DEVICE_H
#define _QRNG_PROVIDER_DEVICE_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "complaint.h"

/**
 * struct device - where the bytes come from
 * @path: what to open, as it is set
 * @timeout: how long to wait for bytes, as it is set
 * @patience_ms: the same, once it is open
 * @complaint: who is told of errors
 * @fd: the open file, -1: none
 * @dev: the file's identity
 * @ino: the same
 * @rdev: the same
 */
struct device {
	const char *path;
	const char *timeout;
	int patience_ms;
	const struct complaint *complaint;
	int fd;
	dev_t dev;
	ino_t ino;
	dev_t rdev;
};

void device_init(struct device *device, const char *path, const char *timeout,
		 const struct complaint *complaint);
bool device_open(struct device *device);
void device_close(struct device *device);
bool device_read(struct device *device, unsigned char *out, size_t len);
bool device_reseed(struct device *device);
bool device_generation(const struct device *device, unsigned int *generation);

#endif /* _QRNG_PROVIDER_DEVICE_H */
