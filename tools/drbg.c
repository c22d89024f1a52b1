// SPDX-License-Identifier: MIT
#include <stdio.h>
#include <linux/netlink.h>

#include "drbg.h"
#include "output.h"
#include "qrngctl.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const struct word states[] = {
	[QRNG_DRBG_UNSEEDED] = { "unseeded", "no source has passed its start-up test yet" },
	[QRNG_DRBG_READY] = { "ready", "seeded, and a source is healthy" },
	[QRNG_DRBG_STALLED] = { "stalled", "seeded, but no source is healthy now" },
	[QRNG_DRBG_NO_SOURCE] = { "no-source", "no source is there" },
};

static const struct field fields[] = {
	{ QRNG_A_DRBG_STATE, UNIT_WORD, .key = "state", .label = "state", .words = states,
	  .word_count = COUNT(states) },
	{ QRNG_A_DRBG_CIPHER, UNIT_TEXT, .key = "cipher", .label = "cipher" },
	{ QRNG_A_DRBG_GENERATION, UNIT_COUNT, .key = "generation", .label = "generation" },
	{ QRNG_A_DRBG_RESEED_AGE_MS, UNIT_AGE, .key = "reseed_age_ms", .label = "last reseed",
	  .after = QRNG_A_DRBG_GENERATION },
	{ QRNG_A_DRBG_SEED_BYTES, UNIT_BYTES, .key = "seed_bytes", .label = "noise mixed in" },
	{ QRNG_A_DRBG_OUTPUT_BYTES, UNIT_BYTES, .key = "output_bytes", .label = "output" },
	{ QRNG_A_DRBG_OPEN_FILES, UNIT_COUNT, .key = "open_files", .label = "open files" },
};

_Static_assert(COUNT(fields) <= RECORD_FIELDS_MAX, "a record must hold every field");

const struct object drbg_object = { fields, COUNT(fields) };

/** struct reading - one answer on its way into a record */
struct reading {
	struct session *session;
	struct record *drbg;
};

static int read_answer(const struct nlmsghdr *nlh, void *data)
{
	struct reading *reading = data;
	const struct field *wrong = record_parse(&drbg_object, nlh, reading->drbg);

	return wrong ? session_malformed(reading->session, wrong->key) : MNL_CB_OK;
}

/**
 * drbg_fetch() - ask for the generator
 * @session: an open session
 * @drbg: filled in
 *
 * Return: 0 or -errno, see session_complain().
 */
int drbg_fetch(struct session *session, struct record *drbg)
{
	_Alignas(struct nlmsghdr) char buffer[SESSION_REQUEST_MAX];
	struct reading reading = { session, drbg };
	struct nlmsghdr *nlh = session_request(session, buffer, QRNG_CMD_DRBG_GET, NLM_F_ACK);

	*drbg = (struct record){ 0 };
	return session_ask(session, nlh, read_answer, &reading);
}

/** drbg_command() - show the generator */
int drbg_command(const struct call *call)
{
	struct session session;
	struct record drbg;
	int ret;

	ret = session_open(&session);
	if (ret)
		return ret;
	ret = drbg_fetch(&session, &drbg);
	if (ret) {
		ret = session_complain(&session, ret);
	} else if (call->json) {
		output_json_record(stdout, &drbg_object, &drbg);
		putchar('\n');
	} else {
		output_record(stdout, &drbg_object, &drbg);
	}
	session_close(&session);
	return ret;
}
