// SPDX-License-Identifier: MIT
/* The sentences in front of an overview. */
#include "suite.h"

#include "../../tools/drbg.h"
#include "../../tools/overview.h"
#include "../../tools/source.h"
#include "../../tools/warning.h"

static void set(const struct object *object, struct record *record, uint16_t attr, uint64_t number)
{
	struct value *value = &record->values[record_field(object, attr) - object->fields];

	value->present = true;
	value->number = number;
}

static void set_drbg(struct overview *overview, uint16_t attr, uint64_t number)
{
	set(&drbg_object, &overview->drbg, attr, number);
}

static void set_source(struct record *source, uint16_t attr, uint64_t number)
{
	set(&source_object, source, attr, number);
}

static struct record new_source(const char *name, uint32_t state)
{
	struct record source = { 0 };

	source.values[0].present = true;
	snprintf(source.values[0].text, sizeof(source.values[0].text), "%s", name);
	set_source(&source, QRNG_A_SOURCE_STATE, state);
	return source;
}

static void append(const char *text, void *data)
{
	fprintf(data, "%s\n", text);
}

static void warns(const struct overview *overview, const char *want)
{
	char *text = NULL;
	size_t len, count, lines = 0;
	FILE *out = open_memstream(&text, &len);

	count = warning_each(overview, append, out);
	fclose(out);
	assert_string_equal(text, want);
	for (; *want; want++)
		lines += *want == '\n';
	assert_int_equal(count, lines);
	free(text);
}

static void where_all_is_well_nothing_is_said(void **state)
{
	struct record source = new_source("quantis.0", QRNG_SOURCE_HEALTHY);
	struct overview overview = { .sources = { &source, 1 } };

	(void)state;
	set_drbg(&overview, QRNG_A_DRBG_STATE, QRNG_DRBG_READY);
	set_source(&source, QRNG_A_SOURCE_MODULES, 0xf);
	set_source(&source, QRNG_A_SOURCE_MODULES_PRESENT, 0x3);
	set_source(&source, QRNG_A_SOURCE_MODULES_WORKING, 0x3);
	warns(&overview, "");
}

static void the_generator_tells_what_readers_meet(void **state)
{
	struct overview overview = { 0 };

	(void)state;
	set_drbg(&overview, QRNG_A_DRBG_STATE, QRNG_DRBG_UNSEEDED);
	warns(&overview, "no source has passed its start-up test yet: readers wait\n");
	set_drbg(&overview, QRNG_A_DRBG_STATE, QRNG_DRBG_NO_SOURCE);
	warns(&overview, "no source is there: readers get ENODEV\n");
	set_drbg(&overview, QRNG_A_DRBG_STATE, QRNG_DRBG_KERNEL);
	warns(&overview, "the seed is the kernel's alone: no source has been healthy yet\n");
	set_drbg(&overview, QRNG_A_DRBG_STATE, QRNG_DRBG_STALLED);
	set_drbg(&overview, QRNG_A_DRBG_POLICY, QRNG_POLICY_BLOCK);
	warns(&overview, "no source is healthy any more: readers wait\n");
	set_drbg(&overview, QRNG_A_DRBG_POLICY, QRNG_POLICY_ERROR);
	warns(&overview, "no source is healthy any more: readers get EIO\n");
}

static void grace_tells_what_is_left(void **state)
{
	struct overview overview = { 0 };

	(void)state;
	set_drbg(&overview, QRNG_A_DRBG_STATE, QRNG_DRBG_GRACE);
	set_drbg(&overview, QRNG_A_DRBG_GRACE_LEFT_MS, 8200);
	set_drbg(&overview, QRNG_A_DRBG_GRACE_LEFT_BYTES, 12 << 20);
	set_drbg(&overview, QRNG_A_DRBG_POLICY, QRNG_POLICY_BLOCK);
	warns(&overview, "no source is healthy: the last seed is used for another 8 seconds or "
			 "12.0 MiB, then readers wait\n");
}

static void sources_tell_why_and_until_when(void **state)
{
	struct record sources[] = { new_source("quantis.0", QRNG_SOURCE_OPEN),
				    new_source("a\x1b", QRNG_SOURCE_GONE),
				    new_source("quantis.2", QRNG_SOURCE_HEALTHY) };
	struct overview overview = { .sources = { sources, 3 } };

	(void)state;
	set_source(&sources[0], QRNG_A_SOURCE_REASON, QRNG_REASON_HARDWARE);
	set_source(&sources[0], QRNG_A_SOURCE_RETRY_MS, 90000);
	set_source(&sources[1], QRNG_A_SOURCE_REASON, 99);
	set_source(&sources[2], QRNG_A_SOURCE_MODULES, 0xf);
	set_source(&sources[2], QRNG_A_SOURCE_MODULES_PRESENT, 0x7);
	set_source(&sources[2], QRNG_A_SOURCE_MODULES_WORKING, 0x1);
	warns(&overview,
	      "source quantis.0 is not healthy: open (it reported an error, or could not be "
	      "started); next try in 90 seconds\n"
	      "source a\\x1b is not healthy: gone (for a reason unknown here)\n"
	      "source quantis.2 goes on without its modules 1,2\n");
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(where_all_is_well_nothing_is_said),
	cmocka_unit_test(the_generator_tells_what_readers_meet),
	cmocka_unit_test(grace_tells_what_is_left),
	cmocka_unit_test(sources_tell_why_and_until_when),
};

SUITE(tests)
