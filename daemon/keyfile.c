// SPDX-License-Identifier: MIT
/*
 * The file of the keys: a [section] of each name, with its hash, when it ends, and what
 * it may have. `qrngctl keys add` writes them.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "encode.h"
#include "inifile.h"
#include "keys.h"
#include "log.h"

#define KEYS_MAX   65536
#define SECOND_MAX 1000000
#define DAY_MAX	   1000000000000000

/* "sha256:", the salt, ':' and the hash. */
#define HASH_FORM "sha256:"
#define SALT_TEXT (2 * QRNGD_KEY_SALT)
#define HASH_TEXT (2 * QRNGD_KEY_HASH)

/**
 * struct reading - a key file that is being read
 * @file: the file
 * @keys: where they go
 * @room: for so many
 * @key: of the section; NULL: there was something wrong with it
 * @hashed: it has its hash
 */
struct reading {
	struct qrngd_inifile file;
	struct qrngd_keys *keys;
	size_t room;
	struct qrngd_key *key;
	bool hashed;
};

static void complain_at(struct reading *reading, const struct qrngd_key *key, const char *what)
{
	unsigned int number = reading->file.number;

	reading->file.number = key->line;
	qrngd_inifile_complain(&reading->file, "[%s]: %s", key->name, what);
	reading->file.number = number;
}

static void end_section(struct reading *reading)
{
	if (reading->key && reading->key != &reading->keys->nobody && !reading->hashed)
		complain_at(reading, reading->key, "a hash is missing");
	reading->key = NULL;
	reading->hashed = false;
}

static bool is_name(const char *name, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++)
		if (!memchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-",
			    name[i], 64))
			return false;
	return len && len <= QRNGD_NAME_MAX;
}

/* Return: the new key, or NULL when there is no memory. */
static struct qrngd_key *add_key(struct reading *reading)
{
	struct qrngd_keys *keys = reading->keys;
	struct qrngd_key *list;

	if (keys->count == reading->room) {
		reading->room = reading->room ? 2 * reading->room : 16;
		list = realloc(keys->list, reading->room * sizeof(*list));
		if (!list)
			return NULL;
		keys->list = list;
	}
	return &keys->list[keys->count++];
}

static void begin_section(struct qrngd_inifile *file, const char *name, size_t len)
{
	struct reading *reading = (struct reading *)file;
	struct qrngd_key *key = &reading->keys->nobody;

	end_section(reading);
	if (!is_name(name, len)) {
		qrngd_inifile_complain(file,
				       "[%.*s]: a name of 1 to %d letters, digits, - and _ is "
				       "needed",
				       (int)len, name, QRNGD_NAME_MAX);
		return;
	}
	if (len != strlen(QRNGD_KEY_NOBODY) || memcmp(name, QRNGD_KEY_NOBODY, len) != 0) {
		key = reading->keys->count < KEYS_MAX ? add_key(reading) : NULL;
	} else if (key->line) {
		complain_at(reading, key, "is there twice");
		return;
	}
	if (!key) {
		qrngd_inifile_complain(file, "there is no room for more keys than %zu",
				       reading->keys->count);
		return;
	}
	*key = (struct qrngd_key){ .line = file->number };
	memcpy(key->name, name, len);
	reading->key = key;
}

/* Return: a clause that says what is needed, or NULL. */
static const char *take_hash(struct reading *reading, const char *text)
{
	const char *salt = text + strlen(HASH_FORM), *hash = salt + SALT_TEXT + 1;

	if (reading->key == &reading->keys->nobody)
		return "nobody can have a hash here: this is for who brings no key";
	if (strncmp(text, HASH_FORM, strlen(HASH_FORM)) != 0 ||
	    strlen(text) != strlen(HASH_FORM) + SALT_TEXT + 1 + HASH_TEXT || hash[-1] != ':')
		return HASH_FORM "SALT:HASH is needed, as qrngctl keys add writes it";
	if (reading->hashed)
		return "there is one already";
	reading->hashed = true;
	if (qrngd_unhex(reading->key->salt, salt, SALT_TEXT / 2) &&
	    qrngd_unhex(reading->key->hash, hash, HASH_TEXT / 2))
		return NULL;
	return "hexadecimal digits in lower case are needed";
}

static const char *take_date(struct reading *reading, const char *text)
{
	struct tm parts = { 0 };
	char again[16];
	const char *rest = strptime(text, "%Y-%m-%d", &parts);

	if (rest && !*rest) {
		reading->key->until_s = timegm(&parts);
		strftime(again, sizeof(again), "%Y-%m-%d", &parts);
		if (strcmp(text, again) == 0 && reading->key->until_s > 0)
			return NULL;
	}
	return "a date as 2027-12-31 is needed: the first day, UTC, on which the key is none";
}

/* Digits only: strtoull alone takes signs, blanks and the tail of anything. */
static bool take_number(const char *text, uint64_t max, uint64_t *number)
{
	size_t digits = strspn(text, "0123456789");

	if (!digits || text[digits] || digits > 19 || *number)
		return false;
	*number = strtoull(text, NULL, 10);
	return *number && *number <= max;
}

static const char *take_limit(struct reading *reading, const char *name, const char *text)
{
	struct qrngd_limits *limits = &reading->key->payer.limits;
	uint64_t second = limits->requests_per_second;

	if (strcmp(name, "requests-per-second") == 0) {
		if (!take_number(text, SECOND_MAX, &second))
			return "a number from 1 to 1000000 is needed, once";
		limits->requests_per_second = (unsigned int)second;
		return NULL;
	}
	if (take_number(text, DAY_MAX,
			strcmp(name, "bits-per-day") == 0 ? &limits->bits_per_day
							  : &limits->requests_per_day))
		return NULL;
	return "a number from 1 to 1000000000000000 is needed, once";
}

static void take_value(struct qrngd_inifile *file, const char *section, const char *name,
		       const char *value)
{
	struct reading *reading = (struct reading *)file;
	const char *needed;

	if (!reading->key) {
		if (!*section)
			qrngd_inifile_complain(file, "%s: this stands before any [name]", name);
		return;
	}
	if (strcmp(name, "hash") == 0)
		needed = take_hash(reading, value);
	else if (strcmp(name, "expires") == 0)
		needed = take_date(reading, value);
	else if (strcmp(name, "requests-per-second") == 0 ||
		 strcmp(name, "requests-per-day") == 0 || strcmp(name, "bits-per-day") == 0)
		needed = take_limit(reading, name, value);
	else
		needed = "there are hash, expires, requests-per-second, requests-per-day, "
			 "bits-per-day";
	if (needed)
		qrngd_inifile_complain(file, "[%s] %s: %s", section, name, needed);
}

static int by_name(const void *a, const void *b)
{
	const struct qrngd_key *left = a, *right = b;

	return strcmp(left->name, right->name);
}

/* Accounts belong to names, so that what was used stays used when this is read again. */
static void finish(struct reading *reading)
{
	struct qrngd_keys *keys = reading->keys;
	size_t i;

	end_section(reading);
	if (keys->count)
		qsort(keys->list, keys->count, sizeof(keys->list[0]), by_name);
	for (i = 1; i < keys->count; i++)
		if (by_name(&keys->list[i - 1], &keys->list[i]) == 0)
			complain_at(reading, &keys->list[i], "is there twice");
}

static int open_account(struct qrngd_key *key)
{
	key->payer.account = qrngd_account_of(key->name);
	return key->payer.account ? 0 : -1;
}

static int open_accounts(struct qrngd_keys *keys)
{
	size_t i;

	for (i = 0; i < keys->count; i++)
		if (open_account(&keys->list[i]) != 0)
			return -1;
	keys->open = keys->nobody.line;
	return keys->open ? open_account(&keys->nobody) : 0;
}

int qrngd_keys_read(struct qrngd_keys *keys, const char *path)
{
	struct reading reading = {
		.file = {
			.path = path,
			.kind = "key file",
			.section = begin_section,
			.value = take_value,
		},
		.keys = keys,
	};

	*keys = (struct qrngd_keys){ .asked_for = path };
	if (!path)
		return 0;
	if (qrngd_inifile_read(&reading.file, false) < 0)
		goto err_file;
	finish(&reading);
	if (reading.file.mistakes)
		goto err_file;
	if (open_accounts(keys) == 0)
		return 0;
	qrngd_log("out of memory");
err_file:
	qrngd_keys_free(keys);
	return -1;
}
