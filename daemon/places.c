// SPDX-License-Identifier: MIT
#include "places.h"

#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "address.h"
#include "log.h"
#include "qrng.h"
#include "sanitized.h"
#include "setting.h"

/* What is opened again and again, whatever the settings. */
static const struct qrngd_place usual[] = {
	{ .path = (char *)"/proc/self", .opens = QRNGD_OPENS_TREE },
	/* The C library's, when a thread's memory shrinks. */
	{ .path = (char *)"/proc/sys/vm/overcommit_memory", .opens = QRNGD_OPENS_FILE },
	{ .path = (char *)"/sys/class", .opens = QRNGD_OPENS_TREE },
	{ .path = (char *)"/sys/devices", .opens = QRNGD_OPENS_TREE },
#ifdef QRNGD_SANITIZED
	/* What a sanitizer reads at the end: programs, libraries, what it shall not mind. */
	{ .path = (char *)"/", .opens = QRNGD_OPENS_TREE },
#endif
};

/* Other files are in them, or further down, that are none of the daemon's business. */
static const char *const shared[] = { "/", "/etc", "/home", "/root", "/usr", "/var" };

static bool is_shared(const char *folder)
{
	size_t i;

	for (i = 0; i < sizeof(shared) / sizeof(shared[0]); i++)
		if (strcmp(folder, shared[i]) == 0)
			return true;
	return false;
}

static bool knows(const struct qrngd_places *places, const char *path, enum qrngd_opens opens)
{
	unsigned int i;

	for (i = 0; i < places->count; i++)
		if (places->items[i].opens == opens && strcmp(places->items[i].path, path) == 0)
			return true;
	return false;
}

/* @path is without links. */
static int add(struct qrngd_places *places, const char *path, enum qrngd_opens opens)
{
	struct qrngd_place *place = &places->items[places->count];
	struct stat about;

	if (stat(path, &about) != 0 || places->count == QRNGD_PLACES_MAX ||
	    knows(places, path, opens))
		return 0;
	*place = (struct qrngd_place){
		.path = strdup(path),
		.opens = opens,
		.file = !S_ISDIR(about.st_mode),
		.device = about.st_dev,
		.inode = about.st_ino,
	};
	if (!place->path)
		return -1;
	places->count++;
	return 0;
}

/* Files that are replaced are others to the kernel, so it is told of where they are. */
static int add_folder(struct qrngd_places *places, const char *path, enum qrngd_opens opens)
{
	char real[PATH_MAX], folder[PATH_MAX], name[PATH_MAX];

	if ((size_t)snprintf(name, sizeof(name), "%s", path) >= sizeof(name) ||
	    !realpath(dirname(name), folder))
		return 0;
	if (opens != QRNGD_OPENS_FILE || !is_shared(folder))
		return add(places, folder, opens);
	return realpath(path, real) ? add(places, real, opens) : 0;
}

/* The folder it is named in, and where it really is if it is a link. */
static int add_path(struct qrngd_places *places, const char *path, enum qrngd_opens opens)
{
	char real[PATH_MAX];

	if (opens == QRNGD_OPENS_FIFO) {
		if (realpath(path, real) && add(places, real, opens) != 0)
			return -1;
		opens = QRNGD_OPENS_SOCKET;
	}
	if (add_folder(places, path, opens) != 0)
		return -1;
	return realpath(path, real) ? add_folder(places, real, opens) : 0;
}

/* Return: the path in a value of a setting, NULL if it has none: an address with a port */
static const char *path_in(const struct qrngd_setting *setting, const char *text)
{
	const size_t prefix = sizeof(QRNGD_UNIX_PREFIX) - 1;

	if (setting->type == QRNGD_SETTING_ADDRESSES)
		return strncmp(text, QRNGD_UNIX_PREFIX, prefix) == 0 ? text + prefix : NULL;
	return strcmp(text, "-") == 0 ? NULL : text;
}

static int add_setting(struct qrngd_places *places, const struct qrngd_setting *setting,
		       const struct qrngd_options *options)
{
	const char *text, *path;
	char number[24];
	unsigned int i;

	for (i = 0; (text = qrngd_setting_text(setting, options, i, number)); i++) {
		path = path_in(setting, text);
		if (path && add_path(places, path, setting->opens) != 0)
			return -1;
	}
	return 0;
}

static int add_usual(struct qrngd_places *places, const struct qrngd_options *options)
{
	char real[PATH_MAX];
	size_t i;

	for (i = 0; i < sizeof(usual) / sizeof(usual[0]); i++)
		if (realpath(usual[i].path, real) && add(places, real, usual[i].opens) != 0)
			return -1;
	if (options->file && add_path(places, options->file, QRNGD_OPENS_FILE) != 0)
		return -1;
	if (options->engine == QRNGD_ENGINE_EMBEDDED)
		return 0;
	return add_path(places, options->device, QRNGD_OPENS_DEVICE) != 0
		       ? -1
		       : add_path(places, "/dev/" QRNG_RAW_DEVICE, QRNGD_OPENS_DEVICE);
}

int qrngd_places_find(struct qrngd_places *places, const struct qrngd_options *options)
{
	const struct qrngd_setting *setting;
	int ret = add_usual(places, options);

	for (setting = qrngd_settings; !ret && setting->name; setting++)
		if (setting->opens != QRNGD_OPENS_NOTHING)
			ret = add_setting(places, setting, options);
	if (ret != 0)
		qrngd_log("out of memory");
	return ret;
}

static bool is_beneath(const char *path, const char *folder)
{
	size_t len = strcmp(folder, "/") == 0 ? 0 : strlen(folder);

	return strncmp(path, folder, len) == 0 && path[len] == '/';
}

static bool covers(const struct qrngd_place *place, const char *path)
{
	struct stat about;

	if (!place->file)
		return is_beneath(path, place->path);
	return strcmp(path, place->path) == 0 && stat(path, &about) == 0 &&
	       about.st_dev == place->device && about.st_ino == place->inode;
}

/*
 * Where a path leads to, if the file need not be there yet.
 * Return: whether there is such a place.
 */
static bool find_real(const char *path, char real[PATH_MAX])
{
	char folder[PATH_MAX], name[PATH_MAX];

	if (realpath(path, real))
		return true;
	if ((size_t)snprintf(name, sizeof(name), "%s", path) >= sizeof(name) ||
	    !realpath(dirname(name), folder))
		return false;
	snprintf(name, sizeof(name), "%s", path);
	return (size_t)snprintf(real, PATH_MAX, "%s/%s", folder, basename(name)) < PATH_MAX;
}

static bool covered(const struct qrngd_places *places, const char *path, enum qrngd_opens opens)
{
	char real[PATH_MAX];
	unsigned int i;

	if (!find_real(path, real))
		return true;
	for (i = 0; i < places->count; i++)
		if (places->items[i].opens == opens && covers(&places->items[i], real))
			return true;
	return false;
}

static int check_path(const struct qrngd_places *places, const char *name, const char *path,
		      enum qrngd_opens opens)
{
	if (covered(places, path, opens))
		return 0;
	qrngd_log("%s %s: this is none of the places that the sandbox was made for at the start; "
		  "restart qrngd to have it",
		  name, path);
	return -1;
}

int qrngd_places_check(const struct qrngd_places *places, const struct qrngd_options *options)
{
	const struct qrngd_setting *setting;
	const char *text, *path;
	char number[24];
	unsigned int i;
	int ret = 0;

	for (setting = qrngd_settings; setting->name; setting++) {
		if (!setting->runtime || setting->opens == QRNGD_OPENS_NOTHING)
			continue;
		for (i = 0; (text = qrngd_setting_text(setting, options, i, number)); i++) {
			path = path_in(setting, text);
			if (path && check_path(places, setting->name, path, setting->opens) != 0)
				ret = -1;
		}
	}
	return ret;
}
