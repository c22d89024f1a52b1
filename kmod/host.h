/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _QRNG_HOST_H
#define _QRNG_HOST_H

#include <crypto/aes.h>
#include <crypto/chacha.h>

#include "core/host.h"

/** struct qrng_host_ctx - a context for the ciphers of qrng_host; part of its owner */
struct qrng_host_ctx {
	union {
		struct chacha_state chacha20;
		struct {
			struct aes_enckey key;
			u8 counter[AES_BLOCK_SIZE];
		} aes256;
	};
};

#endif /* _QRNG_HOST_H */
