/* SPDX-License-Identifier: MIT */
/*
 * A look at what clients offer as a seed. No test can tell that bytes are random; these
 * find what a broken source or a slip of the hand gives. Whatever passes is mixed in and
 * credited with nothing.
 */
#ifndef QRNGD_VERDICT_H
#define QRNGD_VERDICT_H

#include <stddef.h>
#include <stdint.h>

/* LoKey asks for 3 bits of entropy in a byte, which fewer bytes can't show. */
#define QRNGD_OFFER_MIN 8

/**
 * qrngd_verdict() - is there a reason not to take it for random?
 * @bytes: what is offered
 * @len: how many
 *
 * Random bytes are found fault with less than once in a million times if they are eight, and
 * less than once in 2^30 if they are sixteen or more.
 *
 * Return: NULL if there is none, or a clause about it: "is one byte over and over".
 */
const char *qrngd_verdict(const uint8_t *bytes, size_t len);

#endif /* QRNGD_VERDICT_H */
