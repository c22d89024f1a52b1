// SPDX-License-Identifier: MIT
/*
 * The file of the keys: a [section] of each name, with its hash, when it ends, and what
 * it may have. `qrngctl key add` writes them.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "encode.h"
#include "inifile.h"
#include "keys.h"
#include "log.h"

#define KEYS_MAX 65536

#define SALT_TEXT (2 * KEYFILE_SALT)
#define HASH_TEXT (2 * KEYFILE_HASH)

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
	if (!keyfile_is_name(name, len)) {
		qrngd_inifile_complain(file,
				       "[%.*s]: a name of 1 to %d letters, digits, - and _ is "
				       "needed",
				       (int)len, name, KEYFILE_NAME_MAX);
		return;
	}
	if (len != strlen(KEYFILE_NOBODY) || memcmp(name, KEYFILE_NOBODY, len) != 0) {
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
	const char *salt = text + strlen(KEYFILE_HASH_FORM), *hash = salt + SALT_TEXT + 1;

	if (reading->key == &reading->keys->nobody)
		return "nobody can have a hash here: this is for who brings no key";
	if (strncmp(text, KEYFILE_HASH_FORM, strlen(KEYFILE_HASH_FORM)) != 0 ||
	    strlen(text) != strlen(KEYFILE_HASH_FORM) + SALT_TEXT + 1 + HASH_TEXT || hash[-1] != ':')
		return KEYFILE_HASH_FORM "SALT:HASH is needed, as qrngctl key add writes it";
	if (reading->hashed)
		return "there is one already";
	reading->hashed = true;
	if (qrngd_unhex(reading->key->salt, salt, SALT_TEXT / 2) &&
	    qrngd_unhex(reading->key->hash, hash, HASH_TEXT / 2))
		return NULL;
	return "hexadecimal digits in lower case are needed";
}

static uint64_t *place_of(struct qrngd_limits *limits, enum keyfile_limit limit)
{
	switch (limit) {
	case KEYFILE_REQUESTS_PER_SECOND:
		return &limits->requests_per_second;
	case KEYFILE_REQUESTS_PER_DAY:
		return &limits->requests_per_day;
	default:
		return &limits->bits_per_day;
	}
}

static const char *take_limit(struct reading *reading, enum keyfile_limit limit, const char *text)
{
	uint64_t *place = place_of(&reading->key->payer.limits, limit);

	if (*place)
		return "there is one already, and once is enough";
	return keyfile_number(limit, text, place) ? NULL : keyfile_rules[limit].needed;
}

static void take_value(struct qrngd_inifile *file, const char *section, const char *name,
		       const char *value)
{
	struct reading *reading = (struct reading *)file;
	enum keyfile_limit limit = keyfile_find(name, strlen(name));
	const char *needed = NULL;

	if (!reading->key) {
		if (!*section)
			qrngd_inifile_complain(file, "%s: this stands before any [name]", name);
		return;
	}
	if (limit < KEYFILE_LIMITS)
		needed = take_limit(reading, limit, value);
	else if (strcmp(name, "hash") == 0)
		needed = take_hash(reading, value);
	else if (strcmp(name, "expires") != 0)
		needed = "there are hash, expires, requests-per-second, requests-per-day, "
			 "bits-per-day";
	else if (!keyfile_date(value, &reading->key->until_s))
		needed = keyfile_date_needed;
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
