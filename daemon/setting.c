// SPDX-License-Identifier: MIT
#include "setting.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "address.h"
#include "cors.h"
#include "proxy.h"

#define TEXT_MAX QRNGD_SETTING_TEXT_MAX

static void *member(const struct qrngd_setting *setting, const struct qrngd_options *options)
{
	return (char *)options + setting->at;
}

static uint8_t *layer_of(const struct qrngd_setting *setting, struct qrngd_options *options)
{
	return &options->layer[setting - qrngd_settings];
}

bool qrngd_setting_repeats(const struct qrngd_setting *setting)
{
	return setting->type == QRNGD_SETTING_PATHS || setting->type == QRNGD_SETTING_ADDRESSES ||
	       setting->type == QRNGD_SETTING_ORIGINS || setting->type == QRNGD_SETTING_NETWORKS;
}

enum qrngd_layer qrngd_setting_layer(const struct qrngd_setting *setting,
				     const struct qrngd_options *options)
{
	return options->layer[setting - qrngd_settings];
}

static bool is_text(const struct qrngd_setting *setting)
{
	return setting->type == QRNGD_SETTING_TEXT || setting->type == QRNGD_SETTING_PATH;
}

const struct qrngd_setting *qrngd_setting_find(const char *name, size_t len)
{
	const struct qrngd_setting *setting;

	for (setting = qrngd_settings; setting->name; setting++)
		if (strlen(setting->name) == len && memcmp(setting->name, name, len) == 0)
			return setting;
	return NULL;
}

/* Digits only: strtoul alone takes signs, blanks and the tail of anything. */
static bool parse_number(const struct qrngd_setting *setting, const char *text,
			 unsigned int *number)
{
	size_t digits = strspn(text, "0123456789");
	unsigned long value;

	errno = 0;
	value = strtoul(text, NULL, 10);
	if (!digits || text[digits] || errno || value < setting->min || value > setting->max)
		return false;
	*number = (unsigned int)value;
	return true;
}

static bool parse_word(const struct qrngd_setting *setting, const char *text, unsigned int *word)
{
	unsigned int i;

	for (i = 0; setting->words[i]; i++) {
		if (strcmp(text, setting->words[i]) == 0) {
			*word = i;
			return true;
		}
	}
	return false;
}

static int put_text(char **at, const char *text, char needed[TEXT_MAX])
{
	char *copy;

	if (!*text) {
		snprintf(needed, TEXT_MAX, "an empty value means nothing");
		return -1;
	}
	copy = strdup(text);
	if (!copy) {
		snprintf(needed, TEXT_MAX, "out of memory");
		return -1;
	}
	free(*at);
	*at = copy;
	return 0;
}

static int put_listed(const struct qrngd_setting *setting, struct qrngd_texts *texts,
		      const char *text, char needed[TEXT_MAX])
{
	struct sockaddr_storage address;
	const char *wrong = NULL;
	socklen_t len;

	if (texts->count == QRNGD_TEXTS_MAX) {
		snprintf(needed, TEXT_MAX, "at most %u of them", QRNGD_TEXTS_MAX);
		return -1;
	}
	if (setting->type == QRNGD_SETTING_ADDRESSES)
		wrong = qrngd_address_parse(text, &address, &len);
	else if (setting->type == QRNGD_SETTING_ORIGINS)
		wrong = qrngd_cors_check(text);
	else if (setting->type == QRNGD_SETTING_NETWORKS)
		wrong = qrngd_proxy_check(text);
	if (wrong) {
		snprintf(needed, TEXT_MAX, "%s", wrong);
		return -1;
	}
	if (put_text(&texts->items[texts->count], text, needed) != 0)
		return -1;
	texts->count++;
	return 0;
}

static int put_value(const struct qrngd_setting *setting, struct qrngd_options *options,
		     const char *text, char needed[TEXT_MAX])
{
	void *at = member(setting, options);
	bool good;

	switch (setting->type) {
	case QRNGD_SETTING_NUMBER:
		good = parse_number(setting, text, at);
		break;
	case QRNGD_SETTING_WORD:
		good = parse_word(setting, text, at);
		break;
	case QRNGD_SETTING_TEXT:
	case QRNGD_SETTING_PATH:
		return put_text(at, text, needed);
	default:
		return put_listed(setting, at, text, needed);
	}
	if (!good)
		qrngd_setting_needed(setting, needed);
	return good ? 0 : -1;
}

int qrngd_setting_put(const struct qrngd_setting *setting, struct qrngd_options *options,
		      enum qrngd_layer layer, const char *text, char needed[TEXT_MAX])
{
	if (*layer_of(setting, options) != layer)
		qrngd_setting_clear(setting, options);
	*layer_of(setting, options) = layer;
	return put_value(setting, options, text, needed);
}

void qrngd_setting_clear(const struct qrngd_setting *setting, struct qrngd_options *options)
{
	struct qrngd_texts *texts;
	char **text;

	if (is_text(setting)) {
		text = member(setting, options);
		free(*text);
		*text = NULL;
	} else if (qrngd_setting_repeats(setting)) {
		texts = member(setting, options);
		while (texts->count) {
			free(texts->items[--texts->count]);
			texts->items[texts->count] = NULL;
		}
	}
}

int qrngd_setting_reset(const struct qrngd_setting *setting, struct qrngd_options *options,
			enum qrngd_layer layer)
{
	char needed[TEXT_MAX];

	qrngd_setting_clear(setting, options);
	*layer_of(setting, options) = layer;
	return setting->fallback ? put_value(setting, options, setting->fallback, needed) : 0;
}

static int own_text(char **text)
{
	if (!*text)
		return 0;
	*text = strdup(*text);
	return *text ? 0 : -1;
}

int qrngd_setting_own(const struct qrngd_setting *setting, struct qrngd_options *options)
{
	struct qrngd_texts *texts = member(setting, options);
	int ret = 0;
	unsigned int i;

	if (is_text(setting))
		return own_text(member(setting, options));
	if (!qrngd_setting_repeats(setting))
		return 0;
	for (i = 0; i < texts->count; i++)
		if (own_text(&texts->items[i]) != 0)
			ret = -1;
	return ret;
}

bool qrngd_setting_same(const struct qrngd_setting *setting, const struct qrngd_options *one,
			const struct qrngd_options *other)
{
	char numbers[2][24];
	unsigned int i;

	for (i = 0;; i++) {
		const char *text = qrngd_setting_text(setting, one, i, numbers[0]);
		const char *twin = qrngd_setting_text(setting, other, i, numbers[1]);

		if (!text || !twin)
			return !text && !twin;
		if (strcmp(text, twin) != 0)
			return false;
	}
}

const char *qrngd_setting_text(const struct qrngd_setting *setting,
			       const struct qrngd_options *options, unsigned int index,
			       char number[24])
{
	const struct qrngd_texts *texts = member(setting, options);

	if (qrngd_setting_repeats(setting))
		return index < texts->count ? texts->items[index] : NULL;
	if (index)
		return NULL;
	switch (setting->type) {
	case QRNGD_SETTING_NUMBER:
		snprintf(number, 24, "%u", *(unsigned int *)member(setting, options));
		return number;
	case QRNGD_SETTING_WORD:
		return setting->words[*(unsigned int *)member(setting, options)];
	default:
		return *(char **)member(setting, options);
	}
}

static void list_words(const char *const *words, char text[TEXT_MAX])
{
	size_t len = (size_t)snprintf(text, TEXT_MAX, "one of"), i;

	for (i = 0; words[i]; i++)
		len += (size_t)snprintf(text + len, TEXT_MAX - len, "%s%s", i ? ", " : " ",
					words[i]);
}

void qrngd_setting_allowed(const struct qrngd_setting *setting, char text[TEXT_MAX])
{
	switch (setting->type) {
	case QRNGD_SETTING_NUMBER:
		snprintf(text, TEXT_MAX, "a number from %u to %u", setting->min, setting->max);
		break;
	case QRNGD_SETTING_WORD:
		list_words(setting->words, text);
		break;
	case QRNGD_SETTING_ADDRESSES:
		snprintf(text, TEXT_MAX, "ADDR:PORT, [ADDR]:PORT or unix:PATH, up to %u times",
			 QRNGD_TEXTS_MAX);
		break;
	case QRNGD_SETTING_ORIGINS:
		snprintf(text, TEXT_MAX, "* or SCHEME://HOST[:PORT], up to %u times",
			 QRNGD_TEXTS_MAX);
		break;
	case QRNGD_SETTING_NETWORKS:
		snprintf(text, TEXT_MAX, "ADDR, ADDR/BITS or unix, up to %u times",
			 QRNGD_TEXTS_MAX);
		break;
	case QRNGD_SETTING_PATHS:
		snprintf(text, TEXT_MAX, "a path, up to %u times", QRNGD_TEXTS_MAX);
		break;
	case QRNGD_SETTING_PATH:
		snprintf(text, TEXT_MAX, "a path");
		break;
	case QRNGD_SETTING_TEXT:
		snprintf(text, TEXT_MAX, "text");
		break;
	}
}

void qrngd_setting_needed(const struct qrngd_setting *setting, char text[TEXT_MAX])
{
	size_t len;

	qrngd_setting_allowed(setting, text);
	len = strlen(text);
	snprintf(text + len, TEXT_MAX - len, " is needed");
}

const char *qrngd_setting_usual(const struct qrngd_setting *setting)
{
	if (setting->usual)
		return setting->usual;
	return setting->fallback ? setting->fallback : "none";
}
