// SPDX-License-Identifier: MIT
#include "conf.h"

#include <errno.h>
#include <ini.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "log.h"
#include "setting.h"

/* Whoever gives us a file that is none of ours gets no thousand lines. */
#define MISTAKES_MAX 10

/**
 * struct reading - a file that is being read
 * @options: where the values go
 * @path: the file
 * @file: the same
 * @line: the buffer of getline()
 * @size: bytes of @line
 * @number: of the line
 * @lines: for each setting, the line that set it, 0: none
 * @mistakes: lines that won't do
 */
struct reading {
	struct qrngd_options *options;
	const char *path;
	FILE *file;
	char *line;
	size_t size;
	unsigned int number;
	unsigned int lines[QRNGD_SETTINGS_MAX];
	unsigned int mistakes;
};

static void __attribute__((format(printf, 2, 3))) complain(struct reading *reading,
							   const char *format, ...)
{
	char text[640];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	qrngd_log("%s:%u: %s", reading->path, reading->number, text);
	reading->mistakes++;
}

static void list_names(const char *section, char text[QRNGD_SETTING_TEXT_MAX])
{
	const struct qrngd_setting *setting;
	size_t len = 0;

	text[0] = '\0';
	for (setting = qrngd_settings; setting->name && len < QRNGD_SETTING_TEXT_MAX; setting++)
		if (strcmp(setting->section, section) == 0)
			len += (size_t)snprintf(text + len, QRNGD_SETTING_TEXT_MAX - len, "%s%s",
						len ? ", " : "", setting->name);
}

static void list_sections(char text[QRNGD_SETTING_TEXT_MAX])
{
	const struct qrngd_setting *setting;
	const char *last = "";
	size_t len = 0;

	for (setting = qrngd_settings; setting->name && len < QRNGD_SETTING_TEXT_MAX; setting++) {
		if (strcmp(setting->section, last) == 0)
			continue;
		last = setting->section;
		len += (size_t)snprintf(text + len, QRNGD_SETTING_TEXT_MAX - len, "%s[%s]",
					len ? ", " : "", last);
	}
}

static bool is_section(const char *name, size_t len)
{
	const struct qrngd_setting *setting;

	for (setting = qrngd_settings; setting->name; setting++)
		if (strlen(setting->section) == len && memcmp(setting->section, name, len) == 0)
			return true;
	return false;
}

/* The setting is none, or is in a place that is not its own. */
static void complain_of_name(struct reading *reading, const char *section, const char *name,
			     const struct qrngd_setting *setting)
{
	char allowed[QRNGD_SETTING_TEXT_MAX];

	/* A section that there is not has got its line already. */
	if (*section && !is_section(section, strlen(section)))
		return;
	list_names(section, allowed);
	if (!*section)
		complain(reading, "%s: this stands before any [section]", name);
	else if (setting)
		complain(reading, "[%s] %s: this setting belongs to [%s]", section, name,
			 setting->section);
	else
		complain(reading, "[%s] %s: there is no such setting; there are %s", section, name,
			 allowed);
}

static int on_value(void *data, const char *section, const char *name, const char *value)
{
	struct reading *reading = data;
	const struct qrngd_setting *setting = qrngd_setting_find(name, strlen(name));
	unsigned int *line = setting ? &reading->lines[setting - qrngd_settings] : NULL;
	char needed[QRNGD_SETTING_TEXT_MAX];

	if (!setting || strcmp(setting->section, section) != 0) {
		complain_of_name(reading, section, name, setting);
		return 0;
	}
	if (*line && !qrngd_setting_repeats(setting)) {
		complain(reading, "[%s] %s = %s: line %u has set it already", section, name, value,
			 *line);
		return 0;
	}
	*line = reading->number;
	if (qrngd_setting_put(setting, reading->options, QRNGD_LAYER_FILE, value, needed) == 0)
		return 1;
	complain(reading, "[%s] %s = %s: %s", section, name, value, needed);
	return 0;
}

static bool is_text(const char *line, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++)
		if ((unsigned char)line[i] < ' ' && !strchr("\t\r\n", line[i]))
			return false;
	return !memchr(line, '\0', len);
}

/* What the library would cut or misread is for us to find. */
static bool is_readable(struct reading *reading, size_t len, size_t room)
{
	if (!is_text(reading->line, len))
		complain(reading, "control characters are no text");
	else if (len >= room)
		complain(reading, "a line of %zu bytes at most is needed", room - 1);
	else
		return true;
	return false;
}

/* The library would tell of a section only when there is something in it. */
static void check_section(struct reading *reading, const char *line)
{
	char allowed[QRNGD_SETTING_TEXT_MAX];
	size_t len;

	if (*line++ != '[')
		return;
	len = strcspn(line, "];");
	if (line[len] != ']' || is_section(line, len))
		return;
	list_sections(allowed);
	complain(reading, "[%.*s]: there is no such section; there are %s", (int)len, line,
		 allowed);
}

/*
 * Gives the library a line at a time, so that we know which. A line that begins with
 * blanks would go on with the value of the last one; here it is like any other.
 */
static char *next_line(char *to, int room, void *data)
{
	struct reading *reading = data;
	const char *from;
	ssize_t len;

	do {
		if (reading->mistakes >= MISTAKES_MAX)
			return NULL;
		len = getline(&reading->line, &reading->size, reading->file);
		if (len < 0)
			return NULL;
		reading->number++;
	} while (!is_readable(reading, (size_t)len, (size_t)room));
	from = reading->line + strspn(reading->line, " \t");
	check_section(reading, from);
	memcpy(to, from, strlen(from) + 1);
	return to;
}

static FILE *open_file(const char *path, bool optional)
{
	FILE *file = fopen(path, "re");
	struct stat about;

	if (!file) {
		if (!optional || errno != ENOENT)
			qrngd_log("%s: %s", path, strerror(errno));
		return NULL;
	}
	if (fstat(fileno(file), &about) == 0 && !S_ISDIR(about.st_mode))
		return file;
	qrngd_log("%s: a directory is no configuration file", path);
	fclose(file);
	errno = EISDIR;
	return NULL;
}

/* The library names only the first line that it could not make sense of. */
static void check_structure(struct reading *reading, int line)
{
	if (line <= 0 || reading->mistakes)
		return;
	reading->number = (unsigned int)line;
	complain(reading, "neither [section] nor name = value nor ; comment");
}

int qrngd_conf_read(struct qrngd_options *options, const char *path, bool optional)
{
	struct reading reading = { .options = options, .path = path };
	int ret;

	reading.file = open_file(path, optional);
	if (!reading.file)
		return optional && errno == ENOENT ? 0 : -1;
	options->file = path;
	ret = ini_parse_stream(next_line, &reading, on_value, &reading);
	check_structure(&reading, ret);
	if (ferror(reading.file)) {
		qrngd_log("%s: %s", path, strerror(errno));
		reading.mistakes++;
	}
	fclose(reading.file);
	free(reading.line);
	return reading.mistakes ? -1 : 0;
}
