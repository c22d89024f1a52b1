// SPDX-License-Identifier: MIT
#include "phrase.h"

#include <string.h>

#include "draw.h"

size_t qrngd_phrase(struct qrngd_supply *supply, char *to, size_t words)
{
	struct qrngd_draw draw = { .supply = supply };
	size_t len = 0, part;

	for (; words; words--) {
		const char *word = qrngd_words[qrngd_draw_below(&draw, QRNGD_WORDS)];

		part = strlen(word);
		memcpy(to + len, word, part);
		to[len + part] = ' ';
		len += part + 1;
	}
	qrng_wipe(&draw, sizeof(draw));
	return len - 1;
}
