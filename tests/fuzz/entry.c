// SPDX-License-Identifier: MIT
/*
 * Any key and value as the store may have them: no entry, or one that is written as the same
 * bytes again. What is sealed is opened, too, which may only fail.
 */
#include <stdint.h>
#include <string.h>

#include "lokey/entry.h"
#include "lokey/queue.h"
#include "require.h"

static void check_written(const struct qrngd_entry *entry, const uint8_t *data, size_t size)
{
	uint8_t key[QRNGD_ENTRY_KEY], value[QRNGD_ENTRY_VALUE];

	qrngd_entry_key(entry, key);
	require(memcmp(key, data, sizeof(key)) == 0);
	require(qrngd_entry_value(entry, value) == size - sizeof(key));
	require(memcmp(value, data + sizeof(key), size - sizeof(key)) == 0);
}

static void check_unsealed(const struct qrngd_entry *entry)
{
	const struct qrngd_chain chain = { .index = entry->number };
	const uint8_t key[QRNGD_SEAL_KEY] = "nobody's";
	uint8_t bytes[QRNGD_SEGMENT];

	require(qrngd_unseal(&chain, key, entry->queue, entry->sealed, entry->len, bytes) != 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	size_t key_len = size < QRNGD_ENTRY_KEY ? size : QRNGD_ENTRY_KEY;
	struct qrngd_entry entry;

	if (!qrngd_entry_read(&entry, data, key_len, data + key_len, size - key_len))
		return 0;
	require(entry.queue < QRNGD_QUEUES);
	check_written(&entry, data, size);
	if (entry.type == QRNGD_ENTRY_SEGMENT)
		check_unsealed(&entry);
	return 0;
}
