/* SPDX-License-Identifier: MIT */
/*
 * Tested noise on its way to a request that wants more than its source has at once. What
 * nobody takes is soon wiped: the copy of a virtual machine has it, too.
 */
#ifndef QRNGD_STOCK_H
#define QRNGD_STOCK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The most that one request gets. */
#define QRNGD_RAW_MAX 65536

/**
 * struct qrngd_stock - bytes in the order in which they came, each given once
 * @at: where the oldest is
 * @len: how many there are
 * @since_ms: when the oldest came, or one before it
 * @bytes: the buffer
 */
struct qrngd_stock {
	size_t at;
	size_t len;
	uint64_t since_ms;
	uint8_t bytes[QRNGD_RAW_MAX];
};

/** qrngd_stock_room() - how many bytes more it takes */
size_t qrngd_stock_room(const struct qrngd_stock *stock);

/**
 * qrngd_stock_put() - lay in
 * @stock: the stock
 * @bytes: tested noise
 * @len: how many; what there is no room for is not kept
 * @now: on the clock of qrngd_now_ms()
 */
void qrngd_stock_put(struct qrngd_stock *stock, const uint8_t *bytes, size_t len, uint64_t now);

/**
 * qrngd_stock_take() - take out, all or nothing
 * @stock: the stock
 * @to: where they go
 * @len: how many
 * @now: on the clock of qrngd_now_ms()
 *
 * Return: whether so many were there, and not too old.
 */
bool qrngd_stock_take(struct qrngd_stock *stock, uint8_t *to, size_t len, uint64_t now);

/** qrngd_stock_wipe() - forget all */
void qrngd_stock_wipe(struct qrngd_stock *stock);

#endif /* QRNGD_STOCK_H */
