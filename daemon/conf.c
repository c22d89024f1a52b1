// SPDX-License-Identifier: MIT
#include "conf.h"

#include <stdio.h>
#include <string.h>

#include "inifile.h"
#include "setting.h"

/**
 * struct reading - a file that is being read
 * @file: the file
 * @options: where the values go
 * @lines: for each setting, the line that set it, 0: none
 */
struct reading {
	struct qrngd_inifile file;
	struct qrngd_options *options;
	unsigned int lines[QRNGD_SETTINGS_MAX];
};

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
		qrngd_inifile_complain(&reading->file, "%s: this stands before any [section]",
				       name);
	else if (setting)
		qrngd_inifile_complain(&reading->file, "[%s] %s: this setting belongs to [%s]",
				       section, name, setting->section);
	else
		qrngd_inifile_complain(&reading->file,
				       "[%s] %s: there is no such setting; there are %s", section,
				       name, allowed);
}

static void take_value(struct qrngd_inifile *file, const char *section, const char *name,
		       const char *value)
{
	struct reading *reading = (struct reading *)file;
	const struct qrngd_setting *setting = qrngd_setting_find(name, strlen(name));
	unsigned int *line = setting ? &reading->lines[setting - qrngd_settings] : NULL;
	char needed[QRNGD_SETTING_TEXT_MAX];

	if (!setting || strcmp(setting->section, section) != 0) {
		complain_of_name(reading, section, name, setting);
		return;
	}
	if (*line && !qrngd_setting_repeats(setting)) {
		qrngd_inifile_complain(file, "[%s] %s = %s: line %u has set it already", section,
				       name, value, *line);
		return;
	}
	*line = file->number;
	if (qrngd_setting_put(setting, reading->options, QRNGD_LAYER_FILE, value, needed) != 0)
		qrngd_inifile_complain(file, "[%s] %s = %s: %s", section, name, value, needed);
}

static void check_section(struct qrngd_inifile *file, const char *name, size_t len)
{
	char allowed[QRNGD_SETTING_TEXT_MAX];

	if (is_section(name, len))
		return;
	list_sections(allowed);
	qrngd_inifile_complain(file, "[%.*s]: there is no such section; there are %s", (int)len,
			       name, allowed);
}

int qrngd_conf_read(struct qrngd_options *options, const char *path, bool optional)
{
	struct reading reading = {
		.file = {
			.path = path,
			.kind = "configuration file",
			.section = check_section,
			.value = take_value,
		},
		.options = options,
	};
	int ret = qrngd_inifile_read(&reading.file, optional);

	if (ret > 0)
		options->file = path;
	return ret < 0 ? -1 : 0;
}
