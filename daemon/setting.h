/* SPDX-License-Identifier: MIT */
/*
 * The settings: one table that the configuration file, the environment, the command
 * line, --help and the documentation are read from or held against.
 */
#ifndef QRNGD_SETTING_H
#define QRNGD_SETTING_H

#include <stdbool.h>
#include <stddef.h>

#include "options.h"

/** enum qrngd_setting_type - what a value is, and so its member in struct qrngd_options */
enum qrngd_setting_type {
	QRNGD_SETTING_NUMBER,	 /* unsigned int */
	QRNGD_SETTING_WORD,	 /* unsigned int, the index of one of a list of words */
	QRNGD_SETTING_TEXT,	 /* char * */
	QRNGD_SETTING_PATH,	 /* the same */
	QRNGD_SETTING_PATHS,	 /* struct qrngd_texts; the setting may be repeated */
	QRNGD_SETTING_ADDRESSES, /* the same */
	QRNGD_SETTING_ORIGINS,	 /* the same */
	QRNGD_SETTING_NETWORKS,	 /* the same */
};

/** enum qrngd_opens - what the daemon does with a path while it runs; places.h, landlock.c */
enum qrngd_opens {
	QRNGD_OPENS_NOTHING,
	QRNGD_OPENS_FILE,   /* a file, read anew with each reload */
	QRNGD_OPENS_LOG,    /* a file, appended to, made anew once it was moved away */
	QRNGD_OPENS_DEVICE, /* a node that comes and goes, read from */
	QRNGD_OPENS_SOCKET, /* a unix socket, removed at the end */
	QRNGD_OPENS_FIFO,   /* a FIFO that is there already, fed, and removed at the end */
	QRNGD_OPENS_TREE,   /* a folder of the kernel's, with all that is in it, read */
};

/**
 * struct qrngd_setting - one setting
 * @name: as in the file and, behind two dashes, on the command line; in the environment
 *	it is in capitals, with underscores, behind QRNGD_
 * @section: of the file
 * @argument: what --help calls the value
 * @unit: of a number, NULL without one
 * @doc: what it means, clauses for people
 * @why: why its default is what it is, the same
 * @type: what a value is
 * @opens: what is done with the file or socket it names, for the sandbox
 * @at: the offset of its member in struct qrngd_options
 * @min: of a number
 * @max: of a number
 * @words: of a word, ending with NULL
 * @fallback: its default as one would write it; NULL: no value
 * @bare: the value that its option alone means, NULL: the option has to have one
 * @runtime: a daemon that runs takes a new value at once; others wait for its next start
 * @usual: what --help says its default is, where @fallback can't tell
 */
struct qrngd_setting {
	const char *name;
	const char *section;
	const char *argument;
	const char *unit;
	const char *doc;
	const char *why;
	enum qrngd_setting_type type;
	enum qrngd_opens opens;
	size_t at;
	unsigned int min;
	unsigned int max;
	const char *const *words;
	const char *fallback;
	const char *usual;
	const char *bare;
	bool runtime;
};

/* All of them; the last has no name. A section's settings stand together. */
extern const struct qrngd_setting qrngd_settings[];

/* The longest text that a value, or what is allowed, takes. */
#define QRNGD_SETTING_TEXT_MAX 256

/**
 * qrngd_setting_find() - look a setting up
 * @name: its name
 * @len: bytes of @name
 *
 * Return: the setting, or NULL.
 */
const struct qrngd_setting *qrngd_setting_find(const char *name, size_t len);

/**
 * qrngd_setting_repeats() - may it have several values?
 * @setting: the setting
 */
bool qrngd_setting_repeats(const struct qrngd_setting *setting);

/**
 * qrngd_setting_put() - set a value, or one of several
 * @setting: the setting
 * @options: where it goes
 * @layer: where it comes from; the values of lower layers are replaced
 * @text: the value as it was written
 * @needed: what is needed instead of @text if it won't do, a clause for people
 *
 * Return: 0, or -1 with @needed filled in.
 */
int qrngd_setting_put(const struct qrngd_setting *setting, struct qrngd_options *options,
		      enum qrngd_layer layer, const char *text,
		      char needed[QRNGD_SETTING_TEXT_MAX]);

/**
 * qrngd_setting_clear() - take its values away
 * @setting: the setting
 * @options: where it goes
 */
void qrngd_setting_clear(const struct qrngd_setting *setting, struct qrngd_options *options);

/**
 * qrngd_setting_reset() - go back to the default
 * @setting: a setting that has one, or may have no value
 * @options: where it goes
 * @layer: who says so
 *
 * Return: 0, or -1 when there is no memory.
 */
int qrngd_setting_reset(const struct qrngd_setting *setting, struct qrngd_options *options,
			enum qrngd_layer layer);

/**
 * qrngd_setting_own() - replace texts by copies of them
 * @setting: the setting
 * @options: a copy of others, whose texts these are
 *
 * Return: 0, or -1 when there is no memory; then those that could not be copied are gone.
 */
int qrngd_setting_own(const struct qrngd_setting *setting, struct qrngd_options *options);

/** qrngd_setting_same() - are the values the same in both? */
bool qrngd_setting_same(const struct qrngd_setting *setting, const struct qrngd_options *one,
			const struct qrngd_options *other);

/**
 * qrngd_setting_text() - a value as one would write it
 * @setting: the setting
 * @options: all values
 * @index: which of several; 0 otherwise
 * @number: room for a number's digits
 *
 * Return: the text, NULL behind the last.
 */
const char *qrngd_setting_text(const struct qrngd_setting *setting,
			       const struct qrngd_options *options, unsigned int index,
			       char number[24]);

/**
 * qrngd_setting_allowed() - say what a value may be, for people
 * @setting: the setting
 * @text: filled in
 */
void qrngd_setting_allowed(const struct qrngd_setting *setting, char text[QRNGD_SETTING_TEXT_MAX]);

/** qrngd_setting_needed() - the same, as what is needed instead of something else */
void qrngd_setting_needed(const struct qrngd_setting *setting, char text[QRNGD_SETTING_TEXT_MAX]);

/** qrngd_setting_usual() - its default, for people; "none" without one */
const char *qrngd_setting_usual(const struct qrngd_setting *setting);

/** qrngd_setting_layer() - where its value came from */
enum qrngd_layer qrngd_setting_layer(const struct qrngd_setting *setting,
				     const struct qrngd_options *options);

#endif /* QRNGD_SETTING_H */
