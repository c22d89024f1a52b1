// SPDX-License-Identifier: MIT
/* The host's stream ciphers against RFC 8439, SP 800-38A and RFC 3686. */
#include "../../kmod/core/host.h"
#include "cases.h"
#include "vectors.h"

#define ROOM (8 * QRNG_STREAM_UNIT) /* more than any of the key streams */

static void expect_stream(struct qrng_case *c, const struct qrng_cipher *cipher, size_t step,
			  const struct stream_vector *v)
{
	static u8 out[ROOM];
	size_t len = (v->stream.len + step - 1) / step * step, done;

	c->at = v->at;
	memset(out, 0xa5, sizeof(out));
	cipher->start(c->ctx[0], v->key.at, v->counter.at);
	cipher->run(c->ctx[0], out, len);
	EXPECT_BYTES(c, out, v->stream.at, v->stream.len);
	/* The same in steps: each run goes on where the last one ended. */
	cipher->start(c->ctx[0], v->key.at, v->counter.at);
	for (done = 0; done < len; done += step) {
		memset(out + done, 0x5a, step);
		cipher->run(c->ctx[0], out + done, step);
	}
	EXPECT_BYTES(c, out, v->stream.at, v->stream.len);
}

static void expect_streams(struct qrng_case *c, const struct qrng_cipher *cipher, size_t step,
			   const struct stream_vector *vectors, u32 count)
{
	u32 i;

	for (i = 0; i < count; i++) {
		const struct stream_vector *v = &vectors[i];

		if (EXPECT(c, v->key.len == QRNG_KEY_SIZE && v->counter.len == QRNG_BLOCK_SIZE &&
				      v->stream.len <= ROOM))
			expect_stream(c, cipher, step, v);
	}
}

void case_chacha20_rfc8439(struct qrng_case *c)
{
	EXPECT(c, chacha20_count == 10);
	expect_streams(c, &qrng_host.chacha20, QRNG_STREAM_UNIT, chacha20_vectors, chacha20_count);
}

void case_aes_ctr_published(struct qrng_case *c)
{
	EXPECT(c, aes_ctr_count == 4);
	expect_streams(c, &qrng_host.aes256_ctr, QRNG_BLOCK_SIZE, aes_ctr_vectors, aes_ctr_count);
}

/* No published vector carries over all 128 bits: block by block it must. */
void case_aes_ctr_carries_to_the_top(struct qrng_case *c)
{
	static const u8 key[QRNG_KEY_SIZE] = { 1, 2, 3 };
	u8 counter[QRNG_BLOCK_SIZE], stream[4 * QRNG_BLOCK_SIZE], block[QRNG_BLOCK_SIZE];
	u32 i;

	memset(counter, 0xff, sizeof(counter));
	counter[QRNG_BLOCK_SIZE - 1] = 0xfe;
	qrng_host.aes256_ctr.start(c->ctx[0], key, counter);
	qrng_host.aes256_ctr.run(c->ctx[0], stream, sizeof(stream));
	for (i = 0; i < 4; i++) {
		static const u8 last[] = { 0xfe, 0xff, 0, 1 };

		memset(block, i < 2 ? 0xff : 0, sizeof(block));
		block[QRNG_BLOCK_SIZE - 1] = last[i];
		qrng_host.aes256_ecb.start(c->ctx[1], key, counter);
		qrng_host.aes256_ecb.run(c->ctx[1], block, sizeof(block));
		EXPECT_BYTES(c, stream + i * QRNG_BLOCK_SIZE, block, sizeof(block));
	}
}
