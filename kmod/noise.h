/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Tested noise for those who want it as it is: where they wait for it, whose turn it is
 * to give some, and how it gets into a reader's buffer.
 */
#ifndef _QRNG_NOISE_H
#define _QRNG_NOISE_H

#include <linux/fs.h>
#include <linux/types.h>
#include <linux/wait.h>

struct qrng_source;

/** enum qrng_patience - how long whoever reads noise may be kept */
enum qrng_patience {
	QRNG_WAIT,	/* until noise comes, or a signal */
	QRNG_NONBLOCK,	/* not for noise */
	QRNG_NOWAIT,	/* not even for a lock */
};

/**
 * struct qrng_noise_tap - where the noise of a read comes from
 * @take: take noise, at most @len bytes, each once. Returns how many, or an error; never 0
 * @whole: a read that may wait is filled, and not cut off after its first bytes
 */
struct qrng_noise_tap {
	ssize_t (*take)(const struct qrng_noise_tap *tap, u8 *to, size_t len,
			enum qrng_patience patience);
	bool whole;
};

extern wait_queue_head_t qrng_noise_wait;

void qrng_noise_announce(struct qrng_source *source);
ssize_t qrng_noise_take_any(u8 *to, size_t len, enum qrng_patience patience);
int qrng_noise_look_any(void);
ssize_t qrng_noise_read(const struct qrng_noise_tap *tap, struct kiocb *iocb, struct iov_iter *to);

#endif /* _QRNG_NOISE_H */
