// SPDX-License-Identifier: MIT
/* The protocol, qrngctl's tables and its manual name the same things. */
#include "suite.h"

#include "../../tools/drbg.h"
#include "../../tools/event.h"
#include "../../tools/pool.h"
#include "../../tools/source.h"

static const struct {
	const struct object *object;
	uint16_t pad;
	uint16_t max;
} tables[] = {
	{ &source_object, QRNG_A_SOURCE_PAD, QRNG_A_SOURCE_MAX },
	{ &health_object, QRNG_A_HEALTH_PAD, QRNG_A_HEALTH_MAX },
	{ &stats_object, QRNG_A_STATS_PAD, QRNG_A_STATS_MAX },
	{ &drbg_object, QRNG_A_DRBG_PAD, QRNG_A_DRBG_MAX },
	{ &pool_object, QRNG_A_POOL_PAD, QRNG_A_POOL_MAX },
	{ &event_object, QRNG_A_EVENT_PAD, QRNG_A_EVENT_MAX },
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
	assert_says(manual, "\"qrng %s\"", QRNG_VERSION);
	free(manual);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(every_attribute_is_in_a_table),
	cmocka_unit_test(the_manual_has_every_value_and_word),
};

SUITE(tests)
