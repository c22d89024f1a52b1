// SPDX-License-Identifier: MIT
#include "entry.h"

#include <string.h>

#include "lokey/queue.h"

static void put_number(uint8_t *to, uint64_t number)
{
	unsigned int i;

	for (i = 0; i < 8; i++)
		to[i] = (uint8_t)(number >> (56 - 8 * i));
}

static uint64_t number_at(const uint8_t *from)
{
	uint64_t number = 0;
	unsigned int i;

	for (i = 0; i < 8; i++)
		number = number << 8 | from[i];
	return number;
}

/* Return: how many numbers the value of a type is, 0 if it is none of them. */
static unsigned int numbers_of(enum qrngd_entry_type type)
{
	switch (type) {
	case QRNGD_ENTRY_FORMAT:
		return 1;
	case QRNGD_ENTRY_SETTING:
	case QRNGD_ENTRY_USAGE:
		return 2;
	case QRNGD_ENTRY_COUNTS_OF:
		return QRNGD_ENTRY_COUNTS;
	case QRNGD_ENTRY_SEGMENT:
		break;
	}
	return 0;
}

void qrngd_entry_key(const struct qrngd_entry *entry, uint8_t key[QRNGD_ENTRY_KEY])
{
	key[0] = (uint8_t)entry->type;
	key[1] = (uint8_t)entry->queue;
	put_number(key + 2, entry->number);
}

size_t qrngd_entry_value(const struct qrngd_entry *entry, uint8_t value[QRNGD_ENTRY_VALUE])
{
	unsigned int count = numbers_of(entry->type), i;

	if (!count) {
		memcpy(value, entry->sealed, entry->len);
		return entry->len;
	}
	for (i = 0; i < count; i++)
		put_number(value + (size_t)8 * i, entry->values[i]);
	return (size_t)8 * count;
}

bool qrngd_entry_read(struct qrngd_entry *entry, const uint8_t *key, size_t key_len,
		      const uint8_t *value, size_t value_len)
{
	unsigned int count, i;

	if (key_len != QRNGD_ENTRY_KEY || key[1] >= QRNGD_QUEUES)
		return false;
	memset(entry, 0, sizeof(*entry));
	entry->type = key[0];
	entry->queue = key[1];
	entry->number = number_at(key + 2);
	if (entry->type == QRNGD_ENTRY_SEGMENT) {
		entry->sealed = value;
		entry->len = value_len;
		return value_len > QRNGD_SEALED_MORE && value_len <= QRNGD_SEALED_MAX;
	}
	count = numbers_of(entry->type);
	if (!count || value_len != (size_t)8 * count)
		return false;
	for (i = 0; i < count; i++)
		entry->values[i] = number_at(value + (size_t)8 * i);
	return true;
}
