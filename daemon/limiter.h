/* SPDX-License-Identifier: MIT */
/*
 * What one address may have in a second: requests, and bytes of their answers. A table of
 * fixed size; an address that it has forgotten begins anew.
 */
#ifndef QRNGD_LIMITER_H
#define QRNGD_LIMITER_H

#include <pthread.h>

#include "bucket.h"
#include "router.h"

/* Addresses that are remembered; in each set the one that was idle longest is forgotten. */
#define QRNGD_LIMITER_SETS 512
#define QRNGD_LIMITER_WAYS 8

/* So many seconds' worth may come at once. */
#define QRNGD_LIMITER_BURST 10

/**
 * struct qrngd_visitor - one address
 * @address: of IPv4 behind ::ffff:, of IPv6 the first 64 bits, as the rest is its user's
 * @seen_ms: when it was last here, 0: nobody
 * @requests: what it may ask
 * @bytes: what it may be answered
 */
struct qrngd_visitor {
	uint8_t address[16];
	uint64_t seen_ms;
	struct qrngd_bucket requests;
	struct qrngd_bucket bytes;
};

/**
 * struct qrngd_limiter - one for the process
 * @seed: makes it hard to guess who shares a set
 * @locks: of the sets, shared by some
 * @visitors: who was here
 */
struct qrngd_limiter {
	uint64_t seed;
	pthread_mutex_t locks[64];
	struct qrngd_visitor visitors[QRNGD_LIMITER_SETS][QRNGD_LIMITER_WAYS];
};

/**
 * qrngd_limiter_init() - start with nobody
 * @limiter: zeroed memory
 */
void qrngd_limiter_init(struct qrngd_limiter *limiter);

/**
 * qrngd_limiter_admit() - may this request be answered?
 * @call: the request; its answer is given if not: 429, and when to come again
 *
 * Administrators and unix sockets have no limits. The bytes of the answer are charged
 * when it has ended, so that an address may get into debt.
 */
bool qrngd_limiter_admit(struct qrngd_call *call);

/**
 * struct qrngd_debtor - who is charged for what is sent when its request has ended already
 * @worker: the thread's
 * @address: whose; aligned, as parts of it are read as numbers
 * @limited: it has a limit at all
 */
struct qrngd_debtor {
	struct qrngd_worker *worker;
	_Alignas(uint64_t) uint8_t address[16];
	bool limited;
};

/** qrngd_limiter_debtor() - find out who that is; @debtor is filled in */
void qrngd_limiter_debtor(const struct qrngd_call *call, struct qrngd_debtor *debtor);

/** qrngd_limiter_charge() - charge @bytes, whether there are so many left or not */
void qrngd_limiter_charge(const struct qrngd_debtor *debtor, uint64_t bytes);

#endif /* QRNGD_LIMITER_H */
