// SPDX-License-Identifier: MIT
#include "lokey/ledger.h"

#include <string.h>
#include <time.h>

#include "lokey/page.h"
#include "lokey/vault.h"

#define DAY_S 86400

/* Places of the counters of a day among those of a queue. */
enum { CONSUMED = 2, REQUESTS = 4 };

static uint64_t day_now(void)
{
	return (uint64_t)time(NULL) / DAY_S;
}

/* In a transaction. */
static struct qrngd_entry usage_of(struct qrngd_store *store, unsigned int queue)
{
	struct qrngd_entry entry = { .type = QRNGD_ENTRY_USAGE,
				     .queue = queue,
				     .number = day_now() };

	qrngd_store_get(store, &entry);
	return entry;
}

static void note_today(struct qrngd_ledger *ledger, const struct qrngd_entry *entry)
{
	pthread_mutex_lock(&ledger->lock);
	ledger->today[entry->queue] = (struct qrngd_usage_of_day){
		.day = entry->number,
		.requests = entry->values[0],
		.bytes = entry->values[1],
	};
	pthread_mutex_unlock(&ledger->lock);
}

int qrngd_ledger_open(struct qrngd_ledger *ledger, const char *path, struct qrngd_queue *queues)
{
	unsigned int queue;

	memset(ledger, 0, sizeof(*ledger));
	ledger->queues = queues;
	if (qrngd_store_open(&ledger->store, path) != 0)
		return -1;
	pthread_mutex_init(&ledger->lock, NULL);
	qrngd_store_begin(&ledger->store);
	for (queue = 0; queue < QRNGD_QUEUES; queue++) {
		struct qrngd_entry entry = { .type = QRNGD_ENTRY_COUNTS_OF, .queue = queue };
		const struct qrngd_entry usage = usage_of(&ledger->store, queue);

		note_today(ledger, &usage);
		if (qrngd_store_get(&ledger->store, &entry))
			memcpy(ledger->told[queue], entry.values, sizeof(entry.values));
	}
	qrngd_store_end(&ledger->store);
	return 0;
}

/* In a transaction. What a crash kept from being told is of this day, too. */
static void tell_usage(struct qrngd_ledger *ledger, unsigned int queue, const uint64_t *counts)
{
	struct qrngd_entry entry = usage_of(&ledger->store, queue);

	entry.values[0] += counts[REQUESTS] - ledger->told[queue][REQUESTS];
	entry.values[1] += counts[CONSUMED] - ledger->told[queue][CONSUMED];
	qrngd_store_put(&ledger->store, &entry);
	note_today(ledger, &entry);
}

/* In a transaction, and after what is on the disk: nothing there may be unknown to them. */
static void tell_counts(struct qrngd_ledger *ledger, unsigned int queue, uint64_t *counts)
{
	struct qrngd_entry entry = { .type = QRNGD_ENTRY_COUNTS_OF, .queue = queue };

	qrngd_page_values(ledger->queues[queue].counts, counts);
	memcpy(entry.values, counts, sizeof(entry.values));
	if (memcmp(counts, ledger->told[queue], sizeof(entry.values)) != 0)
		qrngd_store_put(&ledger->store, &entry);
	if (counts[REQUESTS] != ledger->told[queue][REQUESTS])
		tell_usage(ledger, queue, counts);
}

static void spill(struct qrngd_queue *queue)
{
	if (queue->vault)
		qrngd_vault_spill(queue->vault, &queue->ring, &queue->lock);
}

static void unspill(struct qrngd_queue *queue)
{
	if (queue->vault)
		qrngd_vault_unspill(queue->vault, &queue->lock);
}

void qrngd_ledger_settle(struct qrngd_ledger *ledger)
{
	uint64_t counts[QRNGD_QUEUES][QRNGD_ENTRY_COUNTS];
	unsigned int queue;

	qrngd_store_begin(&ledger->store);
	for (queue = 0; queue < QRNGD_QUEUES; queue++) {
		spill(&ledger->queues[queue]);
		tell_counts(ledger, queue, counts[queue]);
	}
	if (qrngd_store_end(&ledger->store) == 0) {
		memcpy(ledger->told, counts, sizeof(counts));
		return;
	}
	for (queue = 0; queue < QRNGD_QUEUES; queue++)
		unspill(&ledger->queues[queue]);
}

void qrngd_ledger_today(struct qrngd_ledger *ledger, enum qrngd_queue_kind queue,
			struct qrngd_usage_of_day *usage)
{
	const uint64_t day = day_now();

	pthread_mutex_lock(&ledger->lock);
	*usage = ledger->today[queue];
	pthread_mutex_unlock(&ledger->lock);
	if (usage->day != day)
		*usage = (struct qrngd_usage_of_day){ .day = day };
}

void qrngd_ledger_close(struct qrngd_ledger *ledger)
{
	unsigned int queue;

	for (queue = 0; queue < QRNGD_QUEUES; queue++) {
		struct qrngd_vault *vault = ledger->queues[queue].vault;

		if (vault)
			qrngd_vault_save(vault, &ledger->queues[queue].ring);
		qrngd_vault_close(vault);
		ledger->queues[queue].vault = NULL;
	}
	qrngd_ledger_settle(ledger);
	qrngd_store_close(&ledger->store);
	pthread_mutex_destroy(&ledger->lock);
}
