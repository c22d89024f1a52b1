/* SPDX-License-Identifier: MIT */
/* The characters a string is made of. */
#ifndef QRNGD_ALPHABET_H
#define QRNGD_ALPHABET_H

#include <stddef.h>

#define QRNGD_ALPHABET_MAX 256

/**
 * struct qrngd_alphabet - characters to choose from
 * @text: UTF-8 that its owner keeps
 * @count: characters
 * @starts: where each begins in @text, and where the last ends
 */
struct qrngd_alphabet {
	const char *text;
	unsigned int count;
	unsigned short starts[QRNGD_ALPHABET_MAX + 1];
};

/**
 * qrngd_alphabet_init() - find the characters
 * @alphabet: filled in
 * @text: valid UTF-8, of less than 64 KiB
 * @len: bytes
 *
 * A character that is there twice would come twice as often: that is refused.
 *
 * Return: NULL, or a clause that says what is wrong.
 */
const char *qrngd_alphabet_init(struct qrngd_alphabet *alphabet, const char *text, size_t len);

/**
 * qrngd_alphabet_put() - write a character
 * @alphabet: the alphabet
 * @which: less than its count
 * @to: room for four bytes
 *
 * Return: bytes written.
 */
size_t qrngd_alphabet_put(const struct qrngd_alphabet *alphabet, unsigned int which, char *to);

#endif /* QRNGD_ALPHABET_H */
