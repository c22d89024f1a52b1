/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _QRNG_QUANTIS_CARD_H
#define _QRNG_QUANTIS_CARD_H

#include "source.h"

/**
 * struct quantis - one card
 * @source: what the rest of the module sees of it
 * @regs: its registers; the source thread's alone
 * @index: its number
 * @burst: words to read before the FIFO's status is looked at again
 */
struct quantis {
	struct qrng_source source;
	void __iomem *regs;
	int index;
	u32 burst;
};

static inline struct quantis *to_quantis(struct qrng_source *source)
{
	return container_of(source, struct quantis, source);
}

void qrng_card_look(struct quantis *card);
int qrng_card_start(struct qrng_source *source);
int qrng_card_check(struct qrng_source *source);
int qrng_card_read(struct qrng_source *source, u8 *buffer, size_t len);
void qrng_card_stop(struct qrng_source *source);

#endif /* _QRNG_QUANTIS_CARD_H */
