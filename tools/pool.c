// SPDX-License-Identifier: MIT
#include <inttypes.h>

#include "complaint.h"
#include "connect.h"
#include "../netlink/json.h"
#include "output.h"
#include "pool.h"
#include "qrngctl.h"

#define PARTS_A_LINE	8

static const struct field fields[] = {
	{ QRNG_A_POOL_CREDIT, UNIT_BITS, TYPE_U64, .key = "credit",
	  .label = "next seed is worth" },
	{ QRNG_A_POOL_FILL, UNIT_BYTES, TYPE_U64, .key = "fill", .label = "in pool 0" },
	{ QRNG_A_POOL_RESEEDS, UNIT_COUNT, TYPE_U64, .key = "reseeds", .label = "reseeds" },
	{ QRNG_A_POOL_INDEX, UNIT_COUNT, TYPE_U32, .key = "index", .label = "pool" },
};

_Static_assert(RECORD_COUNT(fields) <= RECORD_FIELDS_MAX, "a record must hold every field");

const struct object pool_object = RECORD_OBJECT(fields);

static uint64_t credit_of(const struct record *part)
{
	return record_value(&pool_object, part, QRNG_A_POOL_CREDIT)->number;
}

/**
 * pool_fetch() - ask for the accumulator
 * @session: an open session
 * @pool: filled in; list_free() its parts
 *
 * Return: 0 or -errno, see complaint(); nothing to free then.
 */
int pool_fetch(struct session *session, struct pool *pool)
{
	int ret;

	ret = fetch_one(session, &pool_object, QRNG_CMD_POOL_GET, &pool->whole);
	if (ret)
		return ret;
	return fetch_list(session, &pool_object, QRNG_CMD_POOL_GET, NULL, &pool->parts);
}

/** pool_print() - the accumulator for people */
void pool_print(FILE *out, const struct pool *pool)
{
	size_t i;

	output_record(out, &pool_object, &pool->whole);
	for (i = 0; i < pool->parts.count; i++) {
		if (i % PARTS_A_LINE == 0)
			fprintf(out, "  bits in %2zu to %2zu  ", i, i + PARTS_A_LINE - 1);
		fprintf(out, " %6" PRIu64, credit_of(&pool->parts.records[i]));
		if (i % PARTS_A_LINE == PARTS_A_LINE - 1 || i == pool->parts.count - 1)
			fputc('\n', out);
	}
}

/** pool_json() - the accumulator as an object, without a final newline */
void pool_json(FILE *out, const struct pool *pool)
{
	size_t i;

	fputc('{', out);
	json_put_members(out, &pool_object, &pool->whole);
	fputs(",\"pools\":[", out);
	for (i = 0; i < pool->parts.count; i++)
		fprintf(out, "%s%" PRIu64, i ? "," : "", credit_of(&pool->parts.records[i]));
	fputs("]}", out);
}

static int show(struct session *session, const struct call *call)
{
	struct pool pool;
	int ret;

	ret = pool_fetch(session, &pool);
	if (ret)
		return complaint(session, &pool_object, ret);
	if (call->json) {
		pool_json(stdout, &pool);
		putchar('\n');
	} else {
		pool_print(stdout, &pool);
	}
	list_free(&pool.parts);
	return QRNGCTL_OK;
}

/** pool_command() - show the accumulator */
int pool_command(const struct call *call)
{
	struct session session;
	int ret;

	ret = connect_session(&session);
	if (ret)
		return ret;
	ret = show(&session, call);
	session_close(&session);
	return ret;
}
