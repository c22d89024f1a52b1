/* SPDX-License-Identifier: MIT */
/* The provider: what it was told, and its two algorithms. */
#ifndef _QRNG_PROVIDER_H
#define _QRNG_PROVIDER_H

#include <openssl/core_dispatch.h>

#include "complaint.h"

/**
 * struct provider - one per library context that loads us
 * @complaint: who is told of errors
 * @device: as it is set: the path of the device
 * @timeout: as it is set: seconds to wait for bytes
 */
struct provider {
	struct complaint complaint;
	const char *device;
	const char *timeout;
};

extern const OSSL_DISPATCH random_functions[];	/* QRNG */
extern const OSSL_DISPATCH seed_functions[];	/* QRNG-SEED */

#endif /* _QRNG_PROVIDER_H */
