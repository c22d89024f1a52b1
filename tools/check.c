// SPDX-License-Identifier: MIT
#include <stdio.h>

#include "complaint.h"
#include "connect.h"
#include "drbg.h"
#include "source.h"

static void print_check(const struct call *call, bool ready, const struct list *sources)
{
	size_t healthy = source_count_healthy(sources);

	if (call->json)
		printf("{\"ready\":%s,\"sources\":%zu,\"healthy\":%zu}\n", ready ? "true" : "false",
		       sources->count, healthy);
	else
		printf("%s: %zu of %zu sources healthy\n", ready ? "ready" : "not ready", healthy,
		       sources->count);
}

static int check(struct session *session, const struct call *call)
{
	struct list sources;
	struct record drbg;
	bool ready;
	int ret;

	ret = fetch_one(session, &drbg_object, QRNG_CMD_DRBG_GET, &drbg);
	if (!ret)
		ret = fetch_list(session, &source_object, QRNG_CMD_SOURCE_GET, NULL, &sources);
	if (ret)
		return complaint(session, NULL, ret);
	ready = record_is(&drbg_object, &drbg, QRNG_A_DRBG_STATE, QRNG_DRBG_READY);
	print_check(call, ready, &sources);
	list_free(&sources);
	return ready ? QRNGCTL_OK : QRNGCTL_BAD_NEWS;
}

/**
 * check_command() - is the generator as it should be?
 * @call: how it was asked
 *
 * In the grace period and on a seed of the kernel's alone bytes flow, and yet the
 * answer is no: somebody has to look.
 */
int check_command(const struct call *call)
{
	struct session session;
	int ret;

	ret = connect_session(&session);
	if (ret)
		return ret;
	ret = check(&session, call);
	session_close(&session);
	return ret;
}
