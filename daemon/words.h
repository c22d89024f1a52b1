/* SPDX-License-Identifier: MIT */
/*
 * The words of passphrases: the EFF's long list, 6^5 words of which none begins another.
 * The file behind it is made from Debian's package diceware when qrngd is built.
 */
#ifndef QRNGD_WORDS_H
#define QRNGD_WORDS_H

#define QRNGD_WORDS	7776
#define QRNGD_WORD_MAX	10 /* characters; the build sees to it that none is longer */

extern const char *const qrngd_words[QRNGD_WORDS];

#endif /* QRNGD_WORDS_H */
