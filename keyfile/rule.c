// SPDX-License-Identifier: MIT
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "rule.h"

#define DAY_NEEDED "a number from 1 to 1000000000000000 is needed"

const struct keyfile_rule keyfile_rules[KEYFILE_LIMITS] = {
	[KEYFILE_REQUESTS_PER_SECOND] = { "requests-per-second", 1000000,
					  "a number from 1 to 1000000 is needed" },
	[KEYFILE_REQUESTS_PER_DAY] = { "requests-per-day", 1000000000000000, DAY_NEEDED },
	[KEYFILE_BITS_PER_DAY] = { "bits-per-day", 1000000000000000, DAY_NEEDED },
};

const char keyfile_date_needed[] =
	"a date as 2027-12-31 is needed: the first day, UTC, on which the key is none";

/**
 * keyfile_is_name() - can a section have this name?
 * @name: need not be terminated
 * @len: bytes
 */
bool keyfile_is_name(const char *name, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++)
		if (!memchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-",
			    name[i], 64))
			return false;
	return len && len <= KEYFILE_NAME_MAX;
}

/**
 * keyfile_date() - read a date
 * @text: YYYY-MM-DD, a day that there is, after 1970-01-01
 * @until_s: when it begins in UTC, in seconds since 1970
 *
 * Return: false when it is no such date, with @until_s as it was.
 */
bool keyfile_date(const char *text, int64_t *until_s)
{
	struct tm parts = { 0 };
	char again[16];
	const char *rest = strptime(text, "%Y-%m-%d", &parts);
	int64_t begin_s;

	if (!rest || *rest)
		return false;
	begin_s = timegm(&parts);
	/* What is no day of its month became one of the next. */
	strftime(again, sizeof(again), "%Y-%m-%d", &parts);
	if (strcmp(text, again) != 0 || begin_s <= 0)
		return false;
	*until_s = begin_s;
	return true;
}

/**
 * keyfile_find() - look a limit up
 * @name: as the file has it; need not be terminated
 * @len: bytes
 *
 * Return: %KEYFILE_LIMITS if there is none of that name.
 */
enum keyfile_limit keyfile_find(const char *name, size_t len)
{
	enum keyfile_limit limit;

	for (limit = 0; limit < KEYFILE_LIMITS; limit++)
		if (strlen(keyfile_rules[limit].name) == len &&
		    !memcmp(keyfile_rules[limit].name, name, len))
			break;
	return limit;
}

/**
 * keyfile_number() - read the value of a limit
 * @limit: which
 * @text: digits only: strtoull alone takes signs, blanks and the tail of anything
 * @number: set
 *
 * Return: false when it is not one that is allowed, with @number as it was.
 */
bool keyfile_number(enum keyfile_limit limit, const char *text, uint64_t *number)
{
	size_t digits = strspn(text, "0123456789");
	uint64_t value;

	if (!digits || text[digits] || digits > 19)
		return false;
	value = strtoull(text, NULL, 10);
	if (!value || value > keyfile_rules[limit].max)
		return false;
	*number = value;
	return true;
}
