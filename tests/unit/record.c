// SPDX-License-Identifier: MIT
/* qrngctl's tables: what they read, what they show, and that nothing is missing. */
#include "suite.h"

#include "../../tools/drbg.h"
#include "../../tools/output.h"
#include "../../tools/source.h"
#include "message.h"
#include "random.h"

static struct nlmsghdr *put_source(struct message *message, const char *name, uint32_t source_state)
{
	struct nlmsghdr *nlh = message_answer(message, 0);
	int attr;

	mnl_attr_put_strz(nlh, QRNG_A_SOURCE_NAME, name);
	mnl_attr_put_u32(nlh, QRNG_A_SOURCE_STATE, source_state);
	mnl_attr_put_u32(nlh, QRNG_A_SOURCE_QUALITY, 768);
	for (attr = QRNG_A_SOURCE_RAW_BYTES; attr <= QRNG_A_SOURCE_MAX; attr++) {
		mnl_attr_put(nlh, QRNG_A_SOURCE_PAD, 0, NULL);
		mnl_attr_put_u64(nlh, attr, (uint64_t)1 << (4 * attr));
	}
	return nlh;
}

static struct nlmsghdr *put_drbg(struct message *message, uint64_t generation, uint64_t age)
{
	struct nlmsghdr *nlh = message_answer(message, 0);

	mnl_attr_put_u32(nlh, QRNG_A_DRBG_STATE, QRNG_DRBG_READY);
	mnl_attr_put_strz(nlh, QRNG_A_DRBG_CIPHER, "chacha20");
	mnl_attr_put_u64(nlh, QRNG_A_DRBG_GENERATION, generation);
	mnl_attr_put_u64(nlh, QRNG_A_DRBG_RESEED_AGE_MS, age);
	mnl_attr_put_u64(nlh, QRNG_A_DRBG_SEED_BYTES, 1);
	mnl_attr_put_u64(nlh, QRNG_A_DRBG_OUTPUT_BYTES, UINT64_MAX);
	mnl_attr_put_u64(nlh, QRNG_A_DRBG_OPEN_FILES, 2);
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
	assert_null(parse(&source_object, put_source(&message, "quantis.0", 1), &record));
	printed("{\"name\":\"quantis.0\",\"state\":\"healthy\",\"quality\":768,"
		"\"raw_bytes\":1048576,\"used_bytes\":16777216,\"rct_failures\":268435456,"
		"\"apt_failures\":4294967296,\"startup_passes\":68719476736,"
		"\"register_reads\":1099511627776,\"overflows\":17592186044416,"
		"\"timeouts\":281474976710656}",
		output_json_record, &source_object, &record);
}

static void a_generator_for_people(void **state)
{
	struct message message;
	struct record record;

	(void)state;
	assert_null(parse(&drbg_object, put_drbg(&message, 3, 119999), &record));
	printed("  state              ready (seeded, and a source is healthy)\n"
		"  cipher             chacha20\n"
		"  generation         3\n"
		"  last reseed        119 seconds ago (119999 ms)\n"
		"  noise mixed in     1 byte\n"
		"  output             15.9 EiB (18446744073709551615 bytes)\n"
		"  open files         2\n",
		output_record, &drbg_object, &record);
	assert_null(parse(&drbg_object, put_drbg(&message, 0, 0), &record));
	memset(&record.values[4], 0, 3 * sizeof(record.values[4]));
	printed("  state              ready (seeded, and a source is healthy)\n"
		"  cipher             chacha20\n"
		"  generation         0\n"
		"  last reseed        never\n",
		output_record, &drbg_object, &record);
}

static void ages_and_bytes_are_humanised(void **state)
{
	static const struct field ages[] = { { 1, UNIT_AGE, "k", "l", NULL, NULL, 0, 0 } };
	static const struct field bytes[] = { { 1, UNIT_BYTES, "k", "l", NULL, NULL, 0, 0 } };
	static const struct object age = { ages, 1 }, size = { bytes, 1 };
	static const struct {
		const struct object *object;
		uint64_t number;
		const char *text;
	} cases[] = {
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
		output_json_record, &source_object, &record);
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
	printed("NAME       STATE       CLAIM  TESTED   USED      RCT        APT\n"
		"quantis.0  recovering  768    1.0 MiB  16.0 MiB  268435456  4294967296\n"
		"-          -           -      -        -         -          -\n",
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
	printed("{\"state\":\"gone\"}", output_json_record, &source_object, &record);
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

		fits = field->unit == UNIT_WORD || field->unit == UNIT_QUALITY ? 4 : 8;
		for (len = 0; len <= sizeof(zeroes); len++) {
			nlh = message_answer(&message, 0);
			mnl_attr_put(nlh, field->attr, len, zeroes);
			if (field->unit == UNIT_TEXT ? len && len < sizeof(zeroes) : len == fits)
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

/* @path: from the root folder, where all tests run. */
static char *slurp(const char *path)
{
	char *text = calloc(1, 65536);
	FILE *in = fopen(path, "r");

	assert_non_null(in);
	assert_true(fread(text, 1, 65535, in) > 0);
	fclose(in);
	return text;
}

static void assert_says(const char *text, const char *format, const char *what)
{
	char want[100];

	snprintf(want, sizeof(want), format, what);
	if (!strstr(text, want))
		diag("missing: %s\n", want);
	assert_non_null(strstr(text, want));
}

/* Each key is a file of sysfs (but the name, which is the folder) and in the manual. */
static void assert_told(const struct object *object, const char *sysfs, const char *manual)
{
	size_t i, w;

	for (i = 0; i < object->count; i++) {
		const struct field *field = &object->fields[i];
		char entry[100];

		snprintf(entry, sizeof(entry), ".BR %s \" (%s)\"\n", field->key, field->label);
		assert_says(manual, "%s", entry);
		if (strcmp(field->key, "name"))
			assert_says(sysfs, "_ATTR(%s,", field->key);
		for (w = 0; w < field->word_count; w++) {
			assert_says(sysfs, "= \"%s\",\n", field->words[w].word);
			assert_says(manual, ".B %s\n", field->words[w].word);
		}
	}
}

static void tables_manual_and_sysfs_agree(void **state)
{
	char *sysfs = slurp("kmod/sysfs.c"), *manual = slurp("tools/man/qrngctl.8");
	struct record record = { 0 };
	int attr;

	(void)state;
	assert_told(&source_object, sysfs, manual);
	assert_told(&drbg_object, sysfs, manual);
	assert_says(manual, "\"qrng %s\"", QRNG_VERSION);
	for (attr = QRNG_A_SOURCE_PAD + 1; attr <= QRNG_A_SOURCE_MAX; attr++)
		assert_non_null(record_value(&source_object, &record, attr));
	for (attr = QRNG_A_DRBG_PAD + 1; attr <= QRNG_A_DRBG_MAX; attr++)
		assert_non_null(record_value(&drbg_object, &record, attr));
	free(sysfs);
	free(manual);
}

static void healthy_sources_are_counted(void **state)
{
	struct record list[4] = { 0 };
	struct sources sources = { list, 4 };
	struct message message;

	(void)state;
	parse(&source_object, put_source(&message, "a", QRNG_SOURCE_HEALTHY), &list[0]);
	parse(&source_object, put_source(&message, "b", QRNG_SOURCE_FAILED), &list[1]);
	parse(&source_object, put_source(&message, "c", QRNG_SOURCE_HEALTHY), &list[2]);
	assert_int_equal(source_count_healthy(&sources), 2);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(a_source_as_json),
	cmocka_unit_test(a_generator_for_people),
	cmocka_unit_test(ages_and_bytes_are_humanised),
	cmocka_unit_test(names_are_escaped),
	cmocka_unit_test(a_table_is_aligned),
	cmocka_unit_test(what_is_not_known_is_skipped),
	cmocka_unit_test(wrong_lengths_are_named),
	cmocka_unit_test(spoilt_messages_do_no_harm),
	cmocka_unit_test(tables_manual_and_sysfs_agree),
	cmocka_unit_test(healthy_sources_are_counted),
};

SUITE(tests)
