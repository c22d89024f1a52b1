// SPDX-License-Identifier: MIT
/* The protocol, qrngctl's tables and its manual name the same things. */
#include "suite.h"

#include "../../tools/drbg.h"
#include "../../netlink/event.h"
#include "../../tools/pool.h"
#include "../../tools/source.h"

static const struct {
	const struct object *object;
	const char *set;
	uint16_t pad;
	uint16_t max;
} tables[] = {
	{ &source_object, "source", QRNG_A_SOURCE_PAD, QRNG_A_SOURCE_MAX },
	{ &health_object, "health", QRNG_A_HEALTH_PAD, QRNG_A_HEALTH_MAX },
	{ &stats_object, "stats", QRNG_A_STATS_PAD, QRNG_A_STATS_MAX },
	{ &drbg_object, "drbg", QRNG_A_DRBG_PAD, QRNG_A_DRBG_MAX },
	{ &pool_object, "pool", QRNG_A_POOL_PAD, QRNG_A_POOL_MAX },
	{ &event_object, "event", QRNG_A_EVENT_PAD, QRNG_A_EVENT_MAX },
};

static const struct {
	const struct words *words;
	const char *name;
} enums[] = {
	{ &words_source_state, "source-state" },
	{ &words_source_reason, "source-reason" },
	{ &words_drbg_state, "drbg-state" },
	{ &words_generator, "generator-id" },
	{ &words_policy, "failure-policy" },
	{ &words_reseed_reason, "reseed-reason" },
	{ &words_event, "event" },
};

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

static void every_attribute_is_in_a_table(void **state)
{
	size_t i;
	int attr;

	(void)state;
	for (i = 0; i < RECORD_COUNT(tables); i++) {
		for (attr = tables[i].pad + 1; attr <= tables[i].max; attr++)
			assert_non_null(record_field(tables[i].object, attr));
		assert_int_equal(tables[i].object->count, tables[i].max - tables[i].pad);
	}
}

/* The part of uapi/qrng.yaml that begins with @head, as long as one like it is. */
static char *part_of(const char *yaml, const char *head)
{
	const char *begin = strstr(yaml, head), *end;

	if (!begin) {
		diag("missing: %s\n", head);
		abort();
	}
	end = strstr(begin + 1, "\n  -\n");
	return end ? strndup(begin, end - begin) : strdup(begin);
}

static void assert_described(const char *part, const struct field *field)
{
	static const char *const types[] = { "string", "u32", "u64" };
	char entry[100], *dash;

	snprintf(entry, sizeof(entry), "        name: %s\n        type: %s\n", field->key,
		 types[field->type]);
	for (dash = strchr(entry, '_'); dash; dash = strchr(dash, '_'))
		*dash = '-';
	assert_says(part, "%s", entry);
}

static void the_description_has_every_key_and_type(void **state)
{
	char *yaml = slurp("uapi/qrng.yaml"), head[100], *part;
	size_t i, j;

	(void)state;
	for (i = 0; i < RECORD_COUNT(tables); i++) {
		snprintf(head, sizeof(head), "    name: %s\n    name-prefix: qrng-a-",
			 tables[i].set);
		part = part_of(yaml, head);
		for (j = 0; j < tables[i].object->count; j++)
			assert_described(part, &tables[i].object->fields[j]);
		free(part);
	}
	free(yaml);
}

static void the_description_has_every_word_in_its_place(void **state)
{
	char *yaml = slurp("uapi/qrng.yaml"), head[100], *part;
	const char *at, *name = "\n        name: ";
	size_t i, j, len;

	(void)state;
	for (i = 0; i < RECORD_COUNT(enums); i++) {
		snprintf(head, sizeof(head), "    name: %s\n    type: enum\n", enums[i].name);
		part = part_of(yaml, head);
		for (at = part, j = 0; (at = strstr(at, name)); j++) {
			at += strlen(name);
			len = strcspn(at, "\n");
			assert_true(j < enums[i].words->count);
			assert_int_equal(len, strlen(enums[i].words->list[j].word));
			assert_memory_equal(at, enums[i].words->list[j].word, len);
		}
		assert_int_equal(j, enums[i].words->count);
		free(part);
	}
	free(yaml);
}

static void the_manual_has_every_value_and_word(void **state)
{
	char *manual = slurp("tools/man/qrngctl.5"), entry[100];
	const struct field *field;
	size_t i, w;

	(void)state;
	for (i = 0; i < RECORD_COUNT(tables); i++) {
		for (field = tables[i].object->fields;
		     field < tables[i].object->fields + tables[i].object->count; field++) {
			snprintf(entry, sizeof(entry), ".BR %s \" (%s)\"\n", field->key,
				 field->label + strspn(field->label, " "));
			assert_says(manual, "%s", entry);
			for (w = 0; field->words && w < field->words->count; w++)
				assert_says(manual, ".B %s\n", field->words->list[w].word);
		}
	}
	free(manual);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(every_attribute_is_in_a_table),
	cmocka_unit_test(the_description_has_every_key_and_type),
	cmocka_unit_test(the_description_has_every_word_in_its_place),
	cmocka_unit_test(the_manual_has_every_value_and_word),
};

SUITE(tests)
