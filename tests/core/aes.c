// SPDX-License-Identifier: MIT
/* The host's AES-256 against the known answer tests of NIST's CAVP. */
#include "../../kmod/core/host.h"
#include "cases.h"
#include "vectors.h"

#define ROOM 256 /* bytes, more than any message of the multi-block tests */

void case_aes_ecb_cavp(struct qrng_case *c)
{
	static const u8 ignored[QRNG_BLOCK_SIZE];
	static u8 out[ROOM];
	u32 i;

	EXPECT(c, aes_ecb_count == 415);
	for (i = 0; i < aes_ecb_count; i++) {
		const struct aes_vector *v = &aes_ecb_vectors[i];

		c->at = v->at;
		if (!EXPECT(c, v->key.len == QRNG_KEY_SIZE && v->plain.len <= ROOM))
			continue;
		memcpy(out, v->plain.at, v->plain.len);
		qrng_host.aes256_ecb.start(c->ctx[0], v->key.at, ignored);
		qrng_host.aes256_ecb.run(c->ctx[0], out, v->plain.len);
		EXPECT_BYTES(c, out, v->cipher.at, v->cipher.len);
	}
}
