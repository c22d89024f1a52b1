// SPDX-License-Identifier: MIT
/* Anything typed as a value or as a setting: taken within its limits, or refused. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../tools/drbg.h"
#include "../../tools/setting.h"
#include "../../tools/source.h"
#include "../../netlink/unit.h"
#include "../../netlink/value.h"

static void require(bool holds)
{
	if (!holds)
		abort();
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	/* Where complaints go; libFuzzer writes to the descriptor itself. */
	stderr = fopen("/dev/null", "w");
	return stderr ? 0 : 1;
}

/* What is shown for a mask, typed again, is that mask. */
static void round_trip(const struct field *field, uint64_t number)
{
	struct value value = { .present = true, .number = number };
	char text[UNIT_TEXT_MAX];
	uint64_t again;

	unit_brief(field, &value, text, sizeof(text));
	require(strlen(text) < sizeof(text) - 1);
	if (field->unit == UNIT_MODULES && number)
		require(value_parse(field, text, &again) && again == number);
	if (field->unit == UNIT_FLAG || field->unit == UNIT_ALPHA || field->unit == UNIT_WORD)
		require(value_parse(field, text, &again) && again == number);
}

static void fuzz_value(const struct field *field, const char *text)
{
	uint64_t number = 0;

	if (!value_parse(field, text, &number))
		return;
	require(field->type == TYPE_U64 || number <= UINT32_MAX);
	if (field->unit == UNIT_WORD)
		require(number < field->words->count);
	if (field->unit == UNIT_FLAG)
		require(number <= 1);
	round_trip(field, number);
}

static void fuzz_object(const struct object *object, const char *text)
{
	const char *words[] = { text, strchr(text, ' ') };
	size_t i;

	for (i = 0; i < object->count; i++)
		if (object->fields[i].limits)
			fuzz_value(&object->fields[i], text);
	setting_check(object, words, 1);
	if (words[1])
		setting_check(object, words, 2);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = strndup((const char *)data, size);

	require(text);
	fuzz_object(&source_object, text);
	fuzz_object(&drbg_object, text);
	free(text);
	return 0;
}
