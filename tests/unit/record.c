// SPDX-License-Identifier: MIT
/* What qrngctl reads of the kernel's answers, and what it shows of them. */
#include "suite.h"

#include "../../tools/drbg.h"
#include "../../netlink/json.h"
#include "../../tools/output.h"
#include "../../tools/source.h"
#include "message.h"
#include "random.h"

static struct nlmsghdr *put_source(struct message *message, const char *name, uint32_t source_state)
{
	struct nlmsghdr *nlh = message_answer(message, 0);

	mnl_attr_put_strz(nlh, QRNG_A_SOURCE_NAME, name);
	mnl_attr_put_u32(nlh, QRNG_A_SOURCE_STATE, source_state);
	mnl_attr_put(nlh, QRNG_A_SOURCE_PAD, 0, NULL);
	mnl_attr_put_u64(nlh, QRNG_A_SOURCE_STATE_AGE_MS, 5000);
	mnl_attr_put_u32(nlh, QRNG_A_SOURCE_REASON, QRNG_REASON_SILENT);
	mnl_attr_put_u32(nlh, QRNG_A_SOURCE_ERRNO, 110);
	mnl_attr_put_u32(nlh, QRNG_A_SOURCE_FAILURES, 3);
	mnl_attr_put_u64(nlh, QRNG_A_SOURCE_RETRY_MS, 1500);
	mnl_attr_put_u32(nlh, QRNG_A_SOURCE_QUALITY, 768);
	mnl_attr_put_u32(nlh, QRNG_A_SOURCE_ALPHA, 30);
	mnl_attr_put_u32(nlh, QRNG_A_SOURCE_ENABLED, 1);
	mnl_attr_put_u32(nlh, QRNG_A_SOURCE_MODULES, 0xf);
	mnl_attr_put_u32(nlh, QRNG_A_SOURCE_MODULES_PRESENT, 0xb);
	mnl_attr_put_u32(nlh, QRNG_A_SOURCE_MODULES_WORKING, 0);
	return nlh;
}

static struct nlmsghdr *put_drbg(struct message *message, uint64_t generation, uint64_t age)
{
	struct nlmsghdr *nlh = message_answer(message, 0);

	mnl_attr_put_u32(nlh, QRNG_A_DRBG_STATE, QRNG_DRBG_READY);
	mnl_attr_put_u32(nlh, QRNG_A_DRBG_GENERATOR, QRNG_GENERATOR_AES256_CTR);
	mnl_attr_put_u64(nlh, QRNG_A_DRBG_GENERATION, generation);
	mnl_attr_put_u64(nlh, QRNG_A_DRBG_RESEED_AGE_MS, age);
	mnl_attr_put_u64(nlh, QRNG_A_DRBG_SEED_BYTES, 1);
	mnl_attr_put_u64(nlh, QRNG_A_DRBG_OUTPUT_BYTES, UINT64_MAX);
	mnl_attr_put_u32(nlh, QRNG_A_DRBG_RESEED_INTERVAL, 600);
	mnl_attr_put_u32(nlh, QRNG_A_DRBG_POLICY, QRNG_POLICY_ERROR);
	return nlh;
}

static const struct field *parse(const struct object *object, const struct nlmsghdr *nlh,
				 struct record *record)
{
	void *copy = message_copy(nlh, nlh->nlmsg_len);
	const struct field *wrong = record_parse(object, copy, record);

	free(copy);
	return wrong;
}

static void printed(const char *want, void (*print)(FILE *, const struct object *,
						    const struct record *),
		    const struct object *object, const struct record *record)
{
	char *text = NULL;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	print(out, object, record);
	fclose(out);
	assert_string_equal(text, want);
	free(text);
}

static void a_source_as_json(void **state)
{
	struct message message;
	struct record record;

	(void)state;
	assert_null(parse(&source_object, put_source(&message, "quantis.0", 2), &record));
	printed("{\"name\":\"quantis.0\",\"state\":\"failed\",\"state_age_ms\":5000,"
		"\"reason\":\"silent\",\"errno\":110,\"failures\":3,\"retry_ms\":1500,"
		"\"quality\":768,\"alpha\":30,\"enabled\":true,\"modules\":15,"
		"\"modules_present\":11,\"modules_working\":0}",
		json_put_record, &source_object, &record);
}

static void a_source_for_people(void **state)
{
	struct message message;
	struct record record;

	(void)state;
	assert_null(parse(&source_object, put_source(&message, "quantis.0", 2), &record));
	printed("  name               quantis.0\n"
		"  state              failed (a test or the hardware failed; will be retried)\n"
		"  since              5 seconds ago (5000 ms)\n"
		"  because            silent (no noise came in time)\n"
		"  last error         ETIMEDOUT (Connection timed out)\n"
		"  failures in a row  3\n"
		"  next try in        1 second (1500 ms)\n"
		"  entropy claim      768 of 1024 bits (75 %)\n"
		"  false alarms       2^-30\n"
		"  enabled            yes\n"
		"  modules wanted     0,1,2,3 (mask 0xf)\n"
		"  modules present    0,1,3 (mask 0xb)\n"
		"  modules working    none (mask 0x0)\n",
		output_record, &source_object, &record);
}

static void a_generator_for_people(void **state)
{
	struct message message;
	struct record record;

	(void)state;
	assert_null(parse(&drbg_object, put_drbg(&message, 3, 119999), &record));
	printed("  state              ready (seeded, and a source is healthy)\n"
		"  generator          aes256-ctr (SP 800-38A)\n"
		"  generation         3\n"
		"  last reseed        119 seconds ago (119999 ms)\n"
		"  noise mixed in     1 byte\n"
		"  output             15.9 EiB (18446744073709551615 bytes)\n"
		"  reseed each        10 minutes (600 seconds)\n"
		"  after that         error (readers get EIO)\n",
		output_record, &drbg_object, &record);
	assert_null(parse(&drbg_object, put_drbg(&message, 0, 0), &record));
	printed("  state              ready (seeded, and a source is healthy)\n"
		"  generator          aes256-ctr (SP 800-38A)\n"
		"  generation         0\n"
		"  last reseed        never\n"
		"  noise mixed in     1 byte\n"
		"  output             15.9 EiB (18446744073709551615 bytes)\n",
		output_brief, &drbg_object, &record);
}

static void units_are_humanised(void **state)
{
	static const struct field fields[] = {
		{ 1, UNIT_AGE, TYPE_U64, .label = "l" },
		{ 1, UNIT_BYTES, TYPE_U64, .label = "l" },
		{ 1, UNIT_SPAN, TYPE_U64, .label = "l" },
		{ 1, UNIT_SECONDS, TYPE_U64, .label = "l" },
		{ 1, UNIT_ERRNO, TYPE_U64, .label = "l" },
		{ 1, UNIT_BITS, TYPE_U64, .label = "l" },
	};
	static const struct object age = { &fields[0], 1 }, size = { &fields[1], 1 };
	static const struct object span = { &fields[2], 1 }, time = { &fields[3], 1 };
	static const struct object error = { &fields[4], 1 }, bits = { &fields[5], 1 };
	static const struct {
		const struct object *object;
		uint64_t number;
		const char *text;
	} cases[] = {
		{ &span, 0, "0 seconds (0 ms)" },
		{ &span, 12345, "12 seconds (12345 ms)" },
		{ &time, 60, "60 seconds" },
		{ &time, 86400, "24 hours (86400 seconds)" },
		{ &time, UINT64_MAX, "18446744073709551615 seconds (18446744073709551615 seconds)" },
		{ &error, 0, "none" },
		{ &error, 5, "EIO (Input/output error)" },
		{ &error, 4000, "4000 (Unknown error 4000)" },
		{ &error, UINT64_MAX, "18446744073709551615" },
		{ &bits, 1, "1 bit" },
		{ &bits, 256, "256 bits" },
		{ &age, 0, "less than a second ago (0 ms)" },
		{ &age, 999, "less than a second ago (999 ms)" },
		{ &age, 1000, "1 second ago (1000 ms)" },
		{ &age, 120000, "2 minutes ago (120000 ms)" },
		{ &age, 7199999, "119 minutes ago (7199999 ms)" },
		{ &age, 7200000, "2 hours ago (7200000 ms)" },
		{ &age, 172800000, "2 days ago (172800000 ms)" },
		{ &size, 0, "0 bytes" },
		{ &size, 1023, "1023 bytes" },
		{ &size, 1024, "1.0 KiB (1024 bytes)" },
		{ &size, 1048575, "1023.9 KiB (1048575 bytes)" },
		{ &size, 1610612736, "1.5 GiB (1610612736 bytes)" },
	};
	struct record record = { .values[0].present = true };
	char want[100];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		record.values[0].number = cases[i].number;
		snprintf(want, sizeof(want), "  %-18s %s\n", "l", cases[i].text);
		printed(want, output_record, cases[i].object, &record);
	}
}

static void names_are_escaped(void **state)
{
	struct message message;
	struct record record;

	(void)state;
	assert_null(parse(&source_object, put_source(&message, "a\x1b[31m\n\"\\\xff", 9), &record));
	memset(&record.values[2], 0, (RECORD_FIELDS_MAX - 2) * sizeof(record.values[0]));
	printed("{\"name\":\"a\\u001b[31m\\u000a\\u0022\\u005c\\u00ff\",\"state\":\"unknown-9\"}",
		json_put_record, &source_object, &record);
	printed("  name               a\\x1b[31m\\x0a\"\\x5c\\xff\n"
		"  state              unknown-9\n",
		output_record, &source_object, &record);
}

static void print_two(FILE *out, const struct object *object, const struct record *records)
{
	output_table(out, object, records, 2);
}

static void a_table_is_aligned(void **state)
{
	struct message message;
	struct record records[2];

	(void)state;
	parse(&source_object, put_source(&message, "quantis.0", QRNG_SOURCE_RECOVERING), records);
	parse(&source_object, message_answer(&message, 0), records + 1);
	printed("NAME       STATE       SINCE          BECAUSE  CLAIM  MODULES\n"
		"quantis.0  recovering  5 seconds ago  silent   768    none\n"
		"-          -           -              -        -      -\n",
		print_two, &source_object, records);
}

static void what_is_not_known_is_skipped(void **state)
{
	struct message message;
	struct nlmsghdr *nlh = message_answer(&message, 0);
	struct record record;

	(void)state;
	mnl_attr_put_u32(nlh, QRNG_A_SOURCE_MAX + 1, 5);
	mnl_attr_put(nlh, 0x3fff, 0, NULL);
	mnl_attr_put_u32(nlh, QRNG_A_SOURCE_STATE, QRNG_SOURCE_FAILED);
	mnl_attr_put_u32(nlh, QRNG_A_SOURCE_STATE, QRNG_SOURCE_GONE);
	assert_null(parse(&source_object, nlh, &record));
	printed("{\"state\":\"gone\"}", json_put_record, &source_object, &record);
}

static void wrong_lengths_are_named(void **state)
{
	static const char zeroes[RECORD_TEXT_MAX + 1];
	struct message message;
	struct nlmsghdr *nlh;
	struct record record;
	size_t i, len, fits;

	(void)state;
	for (i = 0; i < source_object.count; i++) {
		const struct field *field = &source_object.fields[i];

		fits = field->type == TYPE_U32 ? 4 : 8;
		for (len = 0; len <= sizeof(zeroes); len++) {
			nlh = message_answer(&message, 0);
			mnl_attr_put(nlh, field->attr, len, zeroes);
			if (field->type == TYPE_TEXT ? len && len < sizeof(zeroes) : len == fits)
				assert_null(parse(&source_object, nlh, &record));
			else
				assert_ptr_equal(parse(&source_object, nlh, &record), field);
		}
	}
	nlh = message_answer(&message, 0);
	mnl_attr_put_str(nlh, QRNG_A_SOURCE_NAME, "no end");
	assert_string_equal(parse(&source_object, nlh, &record)->key, "name");
}

static void spoilt_messages_do_no_harm(void **state)
{
	struct message message;
	struct nlmsghdr *nlh;
	struct record record;
	uint64_t choice = 7;
	int i, flips;
	size_t at;

	(void)state;
	for (i = 0; i < 50000; i++) {
		nlh = put_source(&message, "quantis.0", 1);
		if (random_below(&choice, 4) == 0)
			nlh->nlmsg_len -= random_below(&choice, nlh->nlmsg_len - 15);
		for (flips = random_below(&choice, 5); flips; flips--) {
			at = 16 + random_below(&choice, 200);
			message.bytes[at] = random_next(&choice);
		}
		parse(&source_object, nlh, &record);
		assert_int_equal(record.values[0].text[RECORD_TEXT_MAX - 1], 0);
	}
}

static void healthy_sources_are_counted(void **state)
{
	struct record list[4] = { 0 };
	struct list sources = { list, 4 };
	struct message message;

	(void)state;
	parse(&source_object, put_source(&message, "a", QRNG_SOURCE_HEALTHY), &list[0]);
	parse(&source_object, put_source(&message, "b", QRNG_SOURCE_FAILED), &list[1]);
	parse(&source_object, put_source(&message, "c", QRNG_SOURCE_HEALTHY), &list[2]);
	assert_int_equal(source_count_healthy(&sources), 2);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(a_source_as_json),
	cmocka_unit_test(a_source_for_people),
	cmocka_unit_test(a_generator_for_people),
	cmocka_unit_test(units_are_humanised),
	cmocka_unit_test(names_are_escaped),
	cmocka_unit_test(a_table_is_aligned),
	cmocka_unit_test(what_is_not_known_is_skipped),
	cmocka_unit_test(wrong_lengths_are_named),
	cmocka_unit_test(spoilt_messages_do_no_harm),
	cmocka_unit_test(healthy_sources_are_counted),
};

SUITE(tests)
