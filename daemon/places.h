/* SPDX-License-Identifier: MIT */
/*
 * What the daemon opens once it runs: the folders of what its settings name, and a few
 * that are always the same. To let it open something else: for a setting, say what its
 * value is in the table of settings (struct qrngd_setting, @opens); for another file, add
 * it to the table in places.c. What each may do there is in landlock.c.
 */
#ifndef QRNGD_PLACES_H
#define QRNGD_PLACES_H

#include <stdbool.h>
#include <sys/types.h>

#include "setting.h"

/* Each value of each setting may be a link into another folder. */
#define QRNGD_PLACES_MAX (2 * (QRNGD_SETTINGS_MAX + 4 * QRNGD_TEXTS_MAX))

/**
 * struct qrngd_place - a place in the file system
 * @path: absolute, without links
 * @opens: what is done there
 * @file: a file by itself, and not a folder with what is in it
 * @device: of a file, as it was at the start
 * @inode: the same
 */
struct qrngd_place {
	char *path;
	enum qrngd_opens opens;
	bool file;
	dev_t device;
	ino_t inode;
};

/** struct qrngd_places - all of them */
struct qrngd_places {
	struct qrngd_place items[QRNGD_PLACES_MAX];
	unsigned int count;
};

/**
 * qrngd_places_find() - find out what there is
 * @places: zeroed memory
 * @options: all settings
 *
 * A folder that does not exist is left out. Where a file is in a folder that others have
 * theirs in, too, such as /etc, its place is the file itself.
 *
 * Return: 0, or -1 when there is no memory.
 */
int qrngd_places_find(struct qrngd_places *places, const struct qrngd_options *options);

/**
 * qrngd_places_check() - do settings that change name files in these places only?
 * @places: of the start
 * @options: what is to hold from now on
 *
 * What does not exist is passed over: whoever opens it says so.
 *
 * Return: 0, or -1 after a line has named a file that is elsewhere.
 */
int qrngd_places_check(const struct qrngd_places *places, const struct qrngd_options *options);

#endif /* QRNGD_PLACES_H */
