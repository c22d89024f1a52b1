/* SPDX-License-Identifier: MIT */
/*
 * What is in the store, byte by byte. A key is a letter for the type, a byte and a number of
 * 64 bits, so that entries of one type and byte stand together, by their numbers; a value
 * is numbers of 64 bits, or sealed bytes. All numbers are big-endian.
 */
#ifndef QRNGD_ENTRY_H
#define QRNGD_ENTRY_H

#include <stdbool.h>

#include "lokey/seal.h"

/* What can't be read any more with another number. */
#define QRNGD_STORE_FORMAT 1

#define QRNGD_ENTRY_KEY	   10
#define QRNGD_ENTRY_COUNTS 5
#define QRNGD_ENTRY_VALUE  QRNGD_SEALED_MAX

/** enum qrngd_entry_type - and its letter */
enum qrngd_entry_type {
	QRNGD_ENTRY_FORMAT = 'F',    /* its number alone; one */
	QRNGD_ENTRY_COUNTS_OF = 'C', /* the counters of a queue */
	QRNGD_ENTRY_SETTING = 'S',   /* number which: what it was, and what was made of it */
	QRNGD_ENTRY_USAGE = 'U',     /* of a queue in day number: requests and bytes */
	QRNGD_ENTRY_SEGMENT = 'Q',   /* of a queue, number: sealed bytes */
};

/**
 * struct qrngd_entry - one entry
 * @type: of which
 * @queue: enum qrngd_queue_kind; 0 with those that belong to no queue
 * @number: see the types
 * @values: as many as the type has
 * @sealed: of a segment, in the store or wherever it comes from
 * @len: bytes of @sealed
 */
struct qrngd_entry {
	enum qrngd_entry_type type;
	unsigned int queue;
	uint64_t number;
	uint64_t values[QRNGD_ENTRY_COUNTS];
	const uint8_t *sealed;
	size_t len;
};

/** qrngd_entry_key() - the key of @entry, of which type, queue and number count */
void qrngd_entry_key(const struct qrngd_entry *entry, uint8_t key[QRNGD_ENTRY_KEY]);

/**
 * qrngd_entry_value() - the value of an entry
 * @entry: the entry
 * @value: filled in
 *
 * Return: bytes of @value.
 */
size_t qrngd_entry_value(const struct qrngd_entry *entry, uint8_t value[QRNGD_ENTRY_VALUE]);

/**
 * qrngd_entry_read() - what a key and a value mean
 * @entry: filled in; points into @value
 * @key: any bytes
 * @key_len: how many
 * @value: any bytes
 * @value_len: how many
 *
 * Return: whether this is an entry at all.
 */
bool qrngd_entry_read(struct qrngd_entry *entry, const uint8_t *key, size_t key_len,
		      const uint8_t *value, size_t value_len);

#endif /* QRNGD_ENTRY_H */
