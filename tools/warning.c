// SPDX-License-Identifier: MIT
/* What somebody should know at once, in whole sentences. */
#include <inttypes.h>
#include <stdio.h>

#include "drbg.h"
#include "overview.h"
#include "source.h"
#include "../netlink/unit.h"
#include "warning.h"

#define SENTENCE_MAX	1024

/** struct warner - who is told, how often he was */
struct warner {
	warning_fn warn;
	void *data;
	size_t count;
};

static void warn(struct warner *warner, const char *text)
{
	warner->warn(text, warner->data);
	warner->count++;
}

/* A value as text, "" if it did not come. */
static void text_of(const struct object *object, const struct record *record, uint16_t attr,
		    char *to, size_t size)
{
	const struct value *value = record_value(object, record, attr);

	to[0] = '\0';
	if (value->present)
		unit_brief(record_field(object, attr), value, to, size);
}

static const char *meaning_of(const struct object *object, const struct record *record,
			      uint16_t attr)
{
	const struct value *value = record_value(object, record, attr);
	const struct word *word = words_get(record_field(object, attr)->words, value->number);

	return value->present && word ? word->meaning : "for a reason unknown here";
}

static void warn_grace(struct warner *warner, const struct record *drbg)
{
	char sentence[SENTENCE_MAX], time[UNIT_TEXT_MAX], bytes[UNIT_TEXT_MAX];

	text_of(&drbg_object, drbg, QRNG_A_DRBG_GRACE_LEFT_MS, time, sizeof(time));
	text_of(&drbg_object, drbg, QRNG_A_DRBG_GRACE_LEFT_BYTES, bytes, sizeof(bytes));
	snprintf(sentence, sizeof(sentence),
		 "no source is healthy: the last seed is used for another %s or %s, then %s", time,
		 bytes, meaning_of(&drbg_object, drbg, QRNG_A_DRBG_POLICY));
	warn(warner, sentence);
}

static void warn_stalled(struct warner *warner, const struct record *drbg)
{
	char sentence[SENTENCE_MAX];

	snprintf(sentence, sizeof(sentence), "no source is healthy any more: %s",
		 record_value(&drbg_object, drbg, QRNG_A_DRBG_POLICY)->present ?
			 meaning_of(&drbg_object, drbg, QRNG_A_DRBG_POLICY) :
			 "readers wait");
	warn(warner, sentence);
}

static void warn_drbg(struct warner *warner, const struct record *drbg)
{
	const struct value *state = record_value(&drbg_object, drbg, QRNG_A_DRBG_STATE);

	if (!state->present)
		return;
	switch (state->number) {
	case QRNG_DRBG_UNSEEDED:
		warn(warner, "no source has passed its start-up test yet: readers wait");
		break;
	case QRNG_DRBG_STALLED:
		warn_stalled(warner, drbg);
		break;
	case QRNG_DRBG_NO_SOURCE:
		warn(warner, "no source is there: readers get ENODEV");
		break;
	case QRNG_DRBG_GRACE:
		warn_grace(warner, drbg);
		break;
	case QRNG_DRBG_KERNEL:
		warn(warner, "the seed is the kernel's alone: no source has been healthy yet");
		break;
	default:
		break;
	}
}

static void warn_source(struct warner *warner, const struct record *source, const char *name)
{
	char sentence[SENTENCE_MAX], state[UNIT_TEXT_MAX], retry[UNIT_TEXT_MAX];

	text_of(&source_object, source, QRNG_A_SOURCE_STATE, state, sizeof(state));
	text_of(&source_object, source, QRNG_A_SOURCE_RETRY_MS, retry, sizeof(retry));
	snprintf(sentence, sizeof(sentence), "source %s is not healthy: %s (%s)%s%s", name, state,
		 meaning_of(&source_object, source, QRNG_A_SOURCE_REASON),
		 retry[0] ? "; next try in " : "", retry);
	warn(warner, sentence);
}

/* Those that are there and wanted, and do not work. */
static void warn_modules(struct warner *warner, const struct record *source, const char *name)
{
	const uint64_t wanted =
		record_value(&source_object, source, QRNG_A_SOURCE_MODULES)->number &
		record_value(&source_object, source, QRNG_A_SOURCE_MODULES_PRESENT)->number;
	const struct value *working =
		record_value(&source_object, source, QRNG_A_SOURCE_MODULES_WORKING);
	const struct value silent = { .present = true, .number = wanted & ~working->number };
	char sentence[SENTENCE_MAX], list[UNIT_TEXT_MAX];

	if (!working->present || !silent.number)
		return;
	unit_brief(record_field(&source_object, QRNG_A_SOURCE_MODULES), &silent, list,
		   sizeof(list));
	snprintf(sentence, sizeof(sentence), "source %s goes on without its modules %s", name,
		 list);
	warn(warner, sentence);
}

/**
 * warning_each() - say what is not as it should be
 * @overview: what is
 * @tell: called with each warning
 * @data: given to it
 *
 * Return: how many there were.
 */
size_t warning_each(const struct overview *overview, warning_fn tell, void *data)
{
	struct warner warner = { tell, data, 0 };
	size_t i;

	warn_drbg(&warner, &overview->drbg);
	for (i = 0; i < overview->sources.count; i++) {
		const struct record *source = &overview->sources.records[i];
		char name[UNIT_TEXT_MAX];

		text_of(&source_object, source, QRNG_A_SOURCE_NAME, name, sizeof(name));
		if (record_is(&source_object, source, QRNG_A_SOURCE_STATE, QRNG_SOURCE_HEALTHY))
			warn_modules(&warner, source, name);
		else
			warn_source(&warner, source, name);
	}
	return warner.count;
}
