// SPDX-License-Identifier: MIT
/* What may be typed for a value, what becomes of it on the wire, what is said otherwise. */
#include "suite.h"

#include <unistd.h>
#include <linux/genetlink.h>

#include "../../tools/drbg.h"
#include "../../tools/setting.h"
#include "../../tools/source.h"
#include "../../netlink/value.h"
#include "message.h"
#include "random.h"

static const struct words words = { (const struct word[]){ { "one", "" }, { "two", "" } }, 2 };

static void values_come_with_units(void **state)
{
	static const struct {
		enum unit unit;
		const char *text;
		uint64_t number;
	} cases[] = {
		{ UNIT_SECONDS, "0", 0 },
		{ UNIT_SECONDS, "60", 60 },
		{ UNIT_SECONDS, "60s", 60 },
		{ UNIT_SECONDS, "10m", 600 },
		{ UNIT_SECONDS, "10min", 600 },
		{ UNIT_SECONDS, "1H", 3600 },
		{ UNIT_SECONDS, "1d", 86400 },
		{ UNIT_BYTES, "65536", 65536 },
		{ UNIT_BYTES, "512B", 512 },
		{ UNIT_BYTES, "64KiB", 65536 },
		{ UNIT_BYTES, "16mib", 16777216 },
		{ UNIT_BYTES, "1GiB", 1073741824 },
		{ UNIT_BYTES, "16777215TiB", 0xffffff0000000000 },
		{ UNIT_BYTES, "18446744073709551615", UINT64_MAX },
		{ UNIT_QUALITY, "768", 768 },
		{ UNIT_QUALITY, "0.75", 768 },
		{ UNIT_QUALITY, "1.0", 1024 },
		{ UNIT_QUALITY, "0.0", 0 },
		{ UNIT_QUALITY, "0.333", 341 },
		{ UNIT_ALPHA, "30", 30 },
		{ UNIT_ALPHA, "2^-30", 30 },
		{ UNIT_FLAG, "0", 0 },
		{ UNIT_FLAG, "yes", 1 },
		{ UNIT_FLAG, "Off", 0 },
		{ UNIT_FLAG, "true", 1 },
		{ UNIT_MODULES, "0xf", 15 },
		{ UNIT_MODULES, "0XaB", 0xab },
		{ UNIT_MODULES, "1", 2 },
		{ UNIT_MODULES, "0,1,3", 11 },
		{ UNIT_MODULES, "0-2,31", 0x80000007 },
		{ UNIT_MODULES, "0-31", UINT32_MAX },
		{ UNIT_WORD, "two", 1 },
		{ UNIT_COUNT, "7", 7 },
	};
	uint64_t number;
	size_t i;

	(void)state;
	for (i = 0; i < RECORD_COUNT(cases); i++) {
		const struct field field = { .unit = cases[i].unit, .type = TYPE_U64,
					     .words = &words };

		number = 99;
		if (!value_parse(&field, cases[i].text, &number) || number != cases[i].number)
			diag("%s: %llu\n", cases[i].text, (unsigned long long)number);
		assert_int_equal(number, cases[i].number);
	}
}

static void what_is_no_value_is_refused(void **state)
{
	static const struct {
		enum unit unit;
		const char *list[12];
	} cases[] = {
		{ UNIT_SECONDS, { "", "s", "-1", "1.5m", "1 s", "1w", "0x10", " 1", "1s ",
				  "18446744073709551616", "213503982334602d" } },
		{ UNIT_BYTES, { "", "KiB", "1K", "1kB", "1MB", "-1", "16777216TiB" } },
		{ UNIT_QUALITY, { "", ".", "0.", ".5", "0.5x", "-0.5", "1e3", "0.1234567891",
				  "18014398509481984.0" } },
		{ UNIT_ALPHA, { "", "2^30", "2^-", "-30", "30.0", "2^-2^-30" } },
		{ UNIT_FLAG, { "", "2", "maybe", "yes " } },
		{ UNIT_MODULES, { "", "0x", "0xg", "32", "0-32", "3-1", "1,", ",1", "1,,2", "-1",
				  "0x12345678901234567", "1-" } },
		{ UNIT_WORD, { "", "three", "One", "0" } },
	};
	uint64_t number;
	size_t i, j;

	(void)state;
	for (i = 0; i < RECORD_COUNT(cases); i++) {
		const struct field field = { .unit = cases[i].unit, .type = TYPE_U64,
					     .words = &words };

		for (j = 0; j < RECORD_COUNT(cases[i].list) && cases[i].list[j]; j++) {
			if (value_parse(&field, cases[i].list[j], &number))
				diag("taken: %s\n", cases[i].list[j]);
			assert_false(value_parse(&field, cases[i].list[j], &number));
		}
	}
}

static void what_the_wire_cannot_carry_is_refused(void **state)
{
	const struct field narrow = { .unit = UNIT_SECONDS, .type = TYPE_U32 };
	uint64_t number;

	(void)state;
	assert_true(value_parse(&narrow, "4294967295", &number));
	assert_false(value_parse(&narrow, "4294967296", &number));
	assert_false(value_parse(&narrow, "49711d", &number));
}

/* Calls setting_put() with stderr in @said, which holds 512 bytes. */
static int put(struct message *message, const struct object *object, const char *const *list,
	       int count, char *said)
{
	struct nlmsghdr *nlh = message_answer(message, 0);
	FILE *file = tmpfile();
	int saved = dup(STDERR_FILENO), ret;
	size_t len;

	assert_non_null(file);
	fflush(stderr);
	dup2(fileno(file), STDERR_FILENO);
	ret = setting_put(nlh, object, list, count);
	fflush(stderr);
	dup2(saved, STDERR_FILENO);
	close(saved);
	rewind(file);
	len = fread(said, 1, 511, file);
	said[len] = '\0';
	fclose(file);
	return ret;
}

static void settings_become_attributes(void **state)
{
	const char *const list[] = { "grace-seconds=10m", "grace_bytes=16MiB", "policy=error",
			 "generator=fortuna" };
	struct message message;
	struct record record;
	char said[512];

	(void)state;
	assert_int_equal(put(&message, &drbg_object, list, 4, said), QRNGCTL_OK);
	assert_string_equal(said, "");
	assert_null(record_parse(&drbg_object, (const struct nlmsghdr *)message.bytes, &record));
	assert_true(record_is(&drbg_object, &record, QRNG_A_DRBG_GRACE_SECONDS, 600));
	assert_true(record_is(&drbg_object, &record, QRNG_A_DRBG_GRACE_BYTES, 16 << 20));
	assert_true(record_is(&drbg_object, &record, QRNG_A_DRBG_POLICY, QRNG_POLICY_ERROR));
	assert_true(record_is(&drbg_object, &record, QRNG_A_DRBG_GENERATOR,
			      QRNG_GENERATOR_FORTUNA));
	assert_false(record_value(&drbg_object, &record, QRNG_A_DRBG_STATE)->present);
}

static void slips_are_named_with_what_is_allowed(void **state)
{
	static const struct {
		const struct object *object;
		const char *list[2];
		const char *said;
	} cases[] = {
		{ &source_object, { "alpha=x" }, "qrngctl: alpha=x: allowed: 20 to 40\n" },
		{ &source_object, { "color=red" }, "qrngctl: \"color=red\" sets nothing; what can "
		  "be set, as KEY=VALUE: quality, alpha, enabled, modules\n" },
		{ &source_object, { "state=healthy" }, "qrngctl: \"state=healthy\" sets nothing; "
		  "what can be set, as KEY=VALUE: quality, alpha, enabled, modules\n" },
		{ &source_object, { "alpha" }, "qrngctl: \"alpha\" sets nothing; what can be set, "
		  "as KEY=VALUE: quality, alpha, enabled, modules\n" },
		{ &source_object, { "alpha=\x1b[2J" }, "qrngctl: alpha=\\x1b[2J: allowed: "
		  "20 to 40\n" },
		{ &drbg_object, { "policy=panic" }, "qrngctl: policy=panic: allowed: block, "
		  "error\n" },
		{ &drbg_object, { "grace-bytes=1", "grace_bytes=2" }, "qrngctl: grace_bytes=2: "
		  "was set before\n" },
	};
	struct message message;
	char said[512];
	size_t i;

	(void)state;
	for (i = 0; i < RECORD_COUNT(cases); i++) {
		assert_int_equal(put(&message, cases[i].object, cases[i].list,
				     cases[i].list[1] ? 2 : 1, said), QRNGCTL_USAGE);
		assert_string_equal(said, cases[i].said);
	}
}

/* Every key of a table, each as long as it can be, fits a request. */
static void every_setting_fits_a_request(void **state)
{
	_Alignas(struct nlmsghdr) char bytes[SESSION_REQUEST_MAX];
	char name[QRNG_SOURCE_NAME_MAX] = { 0 };
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(bytes);
	const char *const list[] = { "quality=768", "alpha=30", "enabled=1", "modules=0xf" };

	(void)state;
	memset(name, 'x', sizeof(name) - 1);
	mnl_nlmsg_put_extra_header(nlh, sizeof(struct genlmsghdr));
	mnl_attr_put_strz(nlh, QRNG_A_SOURCE_NAME, name);
	assert_int_equal(setting_put(nlh, &source_object, list, 4), QRNGCTL_OK);
	assert_true(nlh->nlmsg_len <= sizeof(bytes));
}

static void any_text_is_taken_or_refused(void **state)
{
	static const char letters[] = "0123456789.,-xX^sKMiBaf=";
	uint64_t choice = 5, number;
	char text[24];
	int i, unit;
	size_t len;

	(void)state;
	for (i = 0; i < 200000; i++) {
		for (len = 0; len < random_below(&choice, sizeof(text)); len++)
			text[len] = letters[random_below(&choice, sizeof(letters) - 1)];
		text[len] = '\0';
		for (unit = UNIT_WORD; unit <= UNIT_AGE; unit++) {
			const struct field field = { .unit = unit, .type = TYPE_U32,
						     .words = &words };

			if (value_parse(&field, text, &number))
				assert_true(number <= UINT32_MAX);
		}
	}
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(values_come_with_units),
	cmocka_unit_test(what_is_no_value_is_refused),
	cmocka_unit_test(what_the_wire_cannot_carry_is_refused),
	cmocka_unit_test(settings_become_attributes),
	cmocka_unit_test(slips_are_named_with_what_is_allowed),
	cmocka_unit_test(every_setting_fits_a_request),
	cmocka_unit_test(any_text_is_taken_or_refused),
};

SUITE(tests)
