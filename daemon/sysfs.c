// SPDX-License-Identifier: MIT
#include "sysfs.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define CLASS_DIR "/sys/class/qrng"

/* What the kernel has for every device and nobody wants to see here. */
static bool is_boilerplate(const char *name)
{
	static const char *const names[] = { "uevent", "power", "device", "subsystem", "dev" };
	size_t i;

	if (name[0] == '.')
		return true;
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (strcmp(name, names[i]) == 0)
			return true;
	return false;
}

static bool is_number(const char *text)
{
	return *text && strlen(text) < 20 && strspn(text, "0123456789") == strlen(text) &&
	       (text[0] != '0' || !text[1]);
}

static void write_file(struct qrngd_json *json, int dir, const char *name)
{
	int fd = openat(dir, name, O_RDONLY | O_CLOEXEC);
	char value[256];
	ssize_t len;

	if (fd < 0)
		return;
	len = read(fd, value, sizeof(value) - 1);
	close(fd);
	if (len < 0)
		return;
	value[len] = '\0';
	value[strcspn(value, "\n")] = '\0';
	if (is_number(value))
		qrngd_json_plain(json, name, value);
	else
		qrngd_json_word(json, name, value);
}

static void write_folder(struct qrngd_json *json, int fd, bool top);

static void write_entry(struct qrngd_json *json, int dir, const struct dirent *entry, bool top)
{
	if (entry->d_type == DT_REG)
		write_file(json, dir, entry->d_name);
	if (entry->d_type != DT_DIR || !top)
		return;
	qrngd_json_open(json, entry->d_name, '{');
	write_folder(json, openat(dir, entry->d_name, O_RDONLY | O_DIRECTORY | O_CLOEXEC), false);
	qrngd_json_close(json, '}');
}

/* Takes @fd over. Sources have folders of values, but those have none. */
static void write_folder(struct qrngd_json *json, int fd, bool top)
{
	struct dirent *entry;
	DIR *dir;

	if (fd < 0)
		return;
	dir = fdopendir(fd);
	if (!dir) {
		close(fd);
		return;
	}
	while ((entry = readdir(dir)) != NULL)
		if (!is_boilerplate(entry->d_name))
			write_entry(json, dirfd(dir), entry, top);
	closedir(dir);
}

void qrngd_sysfs_write(struct qrngd_json *json, const char *name)
{
	char path[sizeof(CLASS_DIR) + 80];

	snprintf(path, sizeof(path), CLASS_DIR "/%.64s", name);
	write_folder(json, open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC), true);
}
