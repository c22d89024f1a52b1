// SPDX-License-Identifier: MIT
#include "fault.h"

#include <inttypes.h>
#include <string.h>

enum value_use {
	VALUE_NONE,
	VALUE_OPTIONAL,
	VALUE_NEEDED,
};

static const struct kind {
	const char *name;
	enum value_use use;
	uint32_t min, max, preset;
	const char *value_name;
	const char *help;
} kinds[FAULTS] = {
	[FAULT_DEAD] = {"dead", VALUE_NEEDED, 1, 0xf, 0, "MODULES",
			"these modules lose HST and produce nothing"},
	[FAULT_STUCK] = {"stuck", VALUE_OPTIONAL, 0, UINT32_MAX, 0, "WORD",
			 "every word is this one (0)"},
	[FAULT_BIAS] = {"bias", VALUE_NEEDED, 0, 1000, 500, "PERMILLE",
			"a bit is 1 this many times in 1000 (500: no bias)"},
	[FAULT_OVERFLOW] = {"overflow", VALUE_NONE, 0, 0, 0, "", "ERROR is always up"},
	[FAULT_ERROR_MIDBURST] = {"error-midburst", VALUE_OPTIONAL, 1, 1000000, 100, "WORDS",
				  "ERROR comes up this many words (100) after a flush"},
	[FAULT_STARVE] = {"starve", VALUE_NONE, 0, 0, 0, "",
			  "nothing is produced, though all looks well"},
	[FAULT_GONE] = {"gone", VALUE_NONE, 0, 0, 0, "",
			"every read gives all ones, until plugged in again"},
	[FAULT_SLOW_HST] = {"slow-hst", VALUE_NEEDED, 1, 600000, 0, "MS",
			    "from the next reset: HST comes up this late"},
	[FAULT_NEVER_HST] = {"never-hst", VALUE_NEEDED, 1, 0xf, 0, "MODULES",
			     "from the next reset: HST of these stays down"},
	[FAULT_HANG_RESET] = {"hang-reset", VALUE_NONE, 0, 0, 0, "", "CC_DR does not end a reset"},
	[FAULT_SLOW_READ] = {"slow-read", VALUE_NEEDED, 1, 1000000, 0, "USEC",
			     "each register read is answered this late"},
};

static char trouble[256];

static const char *complain_name(const char *name, size_t length)
{
	int used = snprintf(trouble, sizeof(trouble),
			    "'%.*s' is no fault; allowed:", length < 32 ? (int)length : 32, name);

	for (int i = 0; i < FAULTS && used < (int)sizeof(trouble); i++)
		used += snprintf(trouble + used, sizeof(trouble) - used, " %s", kinds[i].name);
	return trouble;
}

static const char *complain_value(const struct kind *kind, const char *value)
{
	if (kind->use == VALUE_NONE)
		snprintf(trouble, sizeof(trouble), "%s: '%.32s' is not allowed; give on or off",
			 kind->name, value);
	else
		snprintf(trouble, sizeof(trouble),
			 "%s: '%.32s' is not allowed; give off or %s, %" PRIu32 " to %" PRIu32,
			 kind->name, value, kind->value_name, kind->min, kind->max);
	return trouble;
}

static int find(const char *name, size_t length)
{
	for (int i = 0; i < FAULTS; i++)
		if (strlen(kinds[i].name) == length && memcmp(kinds[i].name, name, length) == 0)
			return i;
	return -1;
}

const char *fault_apply(struct faults *faults, const char *command)
{
	size_t length = strcspn(command, " :");
	const char *word = command[length] ? command + length + 1 : "on";
	int fault = find(command, length);
	const struct kind *kind = &kinds[fault < 0 ? 0 : fault];
	uint64_t value = kind->preset;

	if (fault < 0)
		return complain_name(command, length);
	if (strcmp(word, "off") == 0) {
		faults->on[fault] = false;
		return NULL;
	}
	if (strcmp(word, "on") == 0) {
		if (kind->use == VALUE_NEEDED)
			return complain_value(kind, word);
	} else if (kind->use == VALUE_NONE ||
		   !text_parse_number(word, kind->min, kind->max, &value)) {
		return complain_value(kind, word);
	}
	faults->on[fault] = true;
	faults->value[fault] = (uint32_t)value;
	return NULL;
}

void fault_clear(struct faults *faults)
{
	memset(faults, 0, sizeof(*faults));
}

void fault_report(const struct faults *faults, struct text *text)
{
	for (int i = 0; i < FAULTS; i++) {
		if (!faults->on[i])
			continue;
		if (kinds[i].use == VALUE_NONE)
			text_add_bool(text, kinds[i].name, true);
		else
			text_add_number(text, kinds[i].name, faults->value[i]);
	}
}

void fault_help(FILE *out)
{
	for (int i = 0; i < FAULTS; i++)
		fprintf(out, "  %-15s%-10s%s\n", kinds[i].name, kinds[i].value_name, kinds[i].help);
}
