/* SPDX-License-Identifier: MIT */
/* Random words in a row, and their digest. */
#ifndef QRNGD_PHRASE_H
#define QRNGD_PHRASE_H

#include "encode.h"
#include "supply.h"
#include "words.h"

/* Characters that so many words take, with a blank behind each. */
#define QRNGD_PHRASE_SIZE(words) ((words) * (QRNGD_WORD_MAX + (size_t)1))

/**
 * qrngd_phrase() - draw words
 * @supply: where they come from; ready
 * @to: QRNGD_PHRASE_SIZE(@words) characters; not terminated
 * @words: how many, at least one; each is drawn from the whole list
 *
 * Return: characters written.
 */
size_t qrngd_phrase(struct qrngd_supply *supply, char *to, size_t words);

#endif /* QRNGD_PHRASE_H */
