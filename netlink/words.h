/* SPDX-License-Identifier: MIT */
/*
 * The words for the values of each enum in uapi/qrng.h: what is shown, and what may
 * be said to set one. Words are as in sysfs and uapi/qrng.yaml.
 */
#ifndef _QRNG_NETLINK_WORDS_H
#define _QRNG_NETLINK_WORDS_H

#include <stddef.h>
#include <stdint.h>

/** struct word - one value of an enum */
struct word {
	const char *word;
	const char *meaning;
};

/** struct words - an enum, words[value] each */
struct words {
	const struct word *list;
	size_t count;
};

extern const struct words words_source_state;
extern const struct words words_source_reason;
extern const struct words words_drbg_state;
extern const struct words words_generator;
extern const struct words words_policy;
extern const struct words words_reseed_reason;
extern const struct words words_event;

const struct word *words_get(const struct words *words, uint64_t value);

#endif /* _QRNG_NETLINK_WORDS_H */
