// SPDX-License-Identifier: MIT
#include "limiter.h"

#include <netinet/in.h>
#include <string.h>
#include <sys/random.h>

#include "clock.h"
#include "problem.h"
#include "server.h"

#define LOCKS (sizeof(((struct qrngd_limiter *)0)->locks) / sizeof(pthread_mutex_t))

/** struct visit - a request whose answer is to be charged; lives in its pool */
struct visit {
	h2o_req_t *req;
	struct qrngd_debtor debtor;
};

void qrngd_limiter_init(struct qrngd_limiter *limiter)
{
	size_t i;

	/* A seed of zeros would only be easier to guess. */
	(void)!getrandom(&limiter->seed, sizeof(limiter->seed), GRND_NONBLOCK);
	for (i = 0; i < LOCKS; i++)
		pthread_mutex_init(&limiter->locks[i], NULL);
}

/* Return: false for one that has no address. */
static bool address_of(const struct qrngd_call *call, uint8_t address[16])
{
	const struct in6_addr *ipv6 = (const struct in6_addr *)address;

	if (!qrngd_proxy_client(&call->worker->setup->proxies, call->req, address))
		return false;
	if (!IN6_IS_ADDR_V4MAPPED(ipv6))
		memset(address + 8, 0, 8);
	return true;
}

static size_t set_of(const struct qrngd_limiter *limiter, const uint8_t address[16])
{
	uint64_t hash = limiter->seed, half;
	size_t i;

	for (i = 0; i < 16; i += sizeof(half)) {
		memcpy(&half, address + i, sizeof(half));
		hash = (hash ^ half) * UINT64_C(0x9e3779b97f4a7c15);
		hash ^= hash >> 32;
	}
	return hash % QRNGD_LIMITER_SETS;
}

static void welcome(struct qrngd_visitor *visitor, const uint8_t address[16],
		    const struct qrngd_options *options, uint64_t now)
{
	memcpy(visitor->address, address, sizeof(visitor->address));
	qrngd_bucket_init(&visitor->requests, options->rate_requests,
			  (uint64_t)options->rate_requests * QRNGD_LIMITER_BURST, now);
	qrngd_bucket_init(&visitor->bytes, options->rate_bytes,
			  (uint64_t)options->rate_bytes * QRNGD_LIMITER_BURST, now);
}

/* Under the lock of the set; who was welcomed under other limits is welcomed again. */
static struct qrngd_visitor *find_visitor(struct qrngd_limiter *limiter, size_t set,
					  const uint8_t address[16],
					  const struct qrngd_options *options,
					  uint64_t now)
{
	struct qrngd_visitor *visitors = limiter->visitors[set], *found = &visitors[0];
	bool known;
	size_t i;

	for (i = 0; i < QRNGD_LIMITER_WAYS; i++) {
		bool same = visitors[i].seen_ms &&
			    memcmp(visitors[i].address, address, sizeof(visitors[i].address)) == 0;

		if (same || visitors[i].seen_ms < found->seen_ms)
			found = &visitors[i];
		if (same)
			break;
	}
	known = i < QRNGD_LIMITER_WAYS && found->requests.rate == options->rate_requests &&
		found->bytes.rate == options->rate_bytes;
	if (!known)
		welcome(found, address, options, now);
	found->seen_ms = now;
	return found;
}

void qrngd_limiter_charge(const struct qrngd_debtor *debtor, uint64_t bytes)
{
	struct qrngd_limiter *limiter = &debtor->worker->server->limiter;
	uint64_t now = qrngd_now_ms();
	struct qrngd_visitor *visitor;
	size_t set;

	if (!debtor->limited)
		return;
	set = set_of(limiter, debtor->address);
	pthread_mutex_lock(&limiter->locks[set % LOCKS]);
	visitor = find_visitor(limiter, set, debtor->address, &debtor->worker->setup->options, now);
	if (visitor->bytes.rate)
		qrngd_bucket_charge(&visitor->bytes, bytes, now);
	pthread_mutex_unlock(&limiter->locks[set % LOCKS]);
}

static void end_visit(void *data)
{
	const struct visit *visit = data;

	qrngd_limiter_charge(&visit->debtor, visit->req->bytes_sent);
}

/* Return: 0, or milliseconds until it is worth while to ask again. */
static uint64_t take(struct qrngd_limiter *limiter, const uint8_t address[16],
		     const struct qrngd_options *options, uint64_t now)
{
	size_t set = set_of(limiter, address);
	struct qrngd_visitor *visitor;
	uint64_t wait = 0;

	pthread_mutex_lock(&limiter->locks[set % LOCKS]);
	visitor = find_visitor(limiter, set, address, options, now);
	if (options->rate_bytes)
		wait = qrngd_bucket_take(&visitor->bytes, 0, now);
	if (!wait && options->rate_requests)
		wait = qrngd_bucket_take(&visitor->requests, 1, now);
	pthread_mutex_unlock(&limiter->locks[set % LOCKS]);
	return wait;
}

static void begin_visit(struct qrngd_call *call, const uint8_t address[16])
{
	struct visit *visit = h2o_mem_alloc_shared(&call->req->pool, sizeof(*visit), end_visit);

	visit->req = call->req;
	visit->debtor = (struct qrngd_debtor){ .worker = call->worker, .limited = true };
	memcpy(visit->debtor.address, address, sizeof(visit->debtor.address));
}

void qrngd_limiter_debtor(const struct qrngd_call *call, struct qrngd_debtor *debtor)
{
	debtor->worker = call->worker;
	debtor->limited = call->worker->setup->options.rate_bytes &&
			  call->req->hostconf != call->worker->server->admin_host &&
			  address_of(call, debtor->address);
}

bool qrngd_limiter_admit(struct qrngd_call *call)
{
	const struct qrngd_options *options = &call->worker->setup->options;
	struct qrngd_server *server = call->worker->server;
	uint8_t address[16];
	uint64_t wait;

	if ((!options->rate_requests && !options->rate_bytes) ||
	    call->req->hostconf == server->admin_host || !address_of(call, address))
		return true;
	wait = take(&server->limiter, address, options, call->now_ms);
	if (!wait) {
		if (options->rate_bytes)
			begin_visit(call, address);
		return true;
	}
	qrngd_problem_later(call, (wait + 999) / 1000,
			    "this address has asked for more than it may have in this time");
	return false;
}
