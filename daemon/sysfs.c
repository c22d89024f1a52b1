// SPDX-License-Identifier: MIT
#include "sysfs.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Return: bytes read, -1 if there is no such file; the text is without the newline. */
static ssize_t read_value(int dir, const char *path, char *value, size_t size)
{
	int fd = openat(dir, path, O_RDONLY | O_CLOEXEC);
	ssize_t len;

	if (fd < 0)
		return -1;
	len = read(fd, value, size - 1);
	close(fd);
	if (len < 0)
		return -1;
	value[len] = '\0';
	value[strcspn(value, "\n")] = '\0';
	return len;
}

bool qrngd_sysfs_read(const char *name, const char *file, char *value, size_t size)
{
	char path[sizeof(QRNGD_SYSFS_CLASS) + 128];

	snprintf(path, sizeof(path), QRNGD_SYSFS_CLASS "/%.64s/%s", name, file);
	return read_value(AT_FDCWD, path, value, size) > 0;
}

bool qrngd_sysfs_number(const char *name, const char *file, uint64_t *number)
{
	char value[32], *end;

	if (!qrngd_sysfs_read(name, file, value, sizeof(value)))
		return false;
	*number = strtoull(value, &end, 0);
	return end != value && !*end;
}

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
	char value[256];

	if (read_value(dir, name, value, sizeof(value)) < 0)
		return;
	if (is_number(value))
		qrngd_json_plain(json, name, value);
	else
		qrngd_json_word(json, name, value);
}

/* Return: the next entry that is worth showing, or NULL. */
static const struct dirent *next_entry(DIR *dir)
{
	const struct dirent *entry;

	do
		entry = readdir(dir);
	while (entry && is_boilerplate(entry->d_name));
	return entry;
}

/* Return: the folder, or NULL; @fd is taken over. */
static DIR *open_folder(int fd)
{
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);

	if (!dir && fd >= 0)
		close(fd);
	return dir;
}

static void write_values(struct qrngd_json *json, int parent, const char *name)
{
	DIR *dir = open_folder(openat(parent, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC));
	const struct dirent *entry;

	if (!dir)
		return;
	qrngd_json_open(json, name, '{');
	while ((entry = next_entry(dir)) != NULL)
		if (entry->d_type == DT_REG)
			write_file(json, dirfd(dir), entry->d_name);
	qrngd_json_close(json, '}');
	closedir(dir);
}

void qrngd_sysfs_write(struct qrngd_json *json, const char *name)
{
	char path[sizeof(QRNGD_SYSFS_CLASS) + 80];
	const struct dirent *entry;
	DIR *dir;

	snprintf(path, sizeof(path), QRNGD_SYSFS_CLASS "/%.64s", name);
	dir = open_folder(open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC));
	if (!dir)
		return;
	while ((entry = next_entry(dir)) != NULL) {
		if (entry->d_type == DT_REG)
			write_file(json, dirfd(dir), entry->d_name);
		else if (entry->d_type == DT_DIR)
			write_values(json, dirfd(dir), entry->d_name);
	}
	closedir(dir);
}
