/* SPDX-License-Identifier: MIT */
/* Counters that one thread writes and any thread may read. */
#ifndef QRNGD_COUNT_H
#define QRNGD_COUNT_H

#include <stdatomic.h>
#include <stdint.h>

/** qrngd_count() - add to a counter of this thread's; no locked instruction is needed */
static inline void qrngd_count(_Atomic uint64_t *counter, uint64_t amount)
{
	atomic_store_explicit(counter,
			      atomic_load_explicit(counter, memory_order_relaxed) + amount,
			      memory_order_relaxed);
}

/** qrngd_counted() - look at a counter of any thread's */
static inline uint64_t qrngd_counted(const _Atomic uint64_t *counter)
{
	return atomic_load_explicit((_Atomic uint64_t *)counter, memory_order_relaxed);
}

#endif /* QRNGD_COUNT_H */
