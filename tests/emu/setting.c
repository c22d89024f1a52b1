// SPDX-License-Identifier: MIT
#include "setting.h"

#include "text.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

static bool parse_switch(const char *value, bool *on)
{
	if (strcmp(value, "on") != 0 && strcmp(value, "off") != 0)
		return false;
	*on = value[1] == 'n';
	return true;
}

static bool set_modules(struct settings *settings, const char *value)
{
	uint64_t mask;

	if (!text_parse_number(value, 0, 0xf, &mask))
		return false;
	settings->modules = (unsigned int)mask;
	return true;
}

static bool set_speed(struct settings *settings, const char *value)
{
	double speed;
	char *end;

	if (strcmp(value, "max") == 0) {
		settings->endless = true;
		settings->speed = 1;
		return true;
	}
	if (!isdigit((unsigned char)value[0])) /* strtod would also take "inf" and " -1" */
		return false;
	speed = strtod(value, &end);
	if (*end || !(speed >= 0.001 && speed <= 1000))
		return false;
	settings->endless = false;
	settings->speed = speed;
	return true;
}

static bool set_overflow(struct settings *settings, const char *value)
{
	if (strcmp(value, "sticky") != 0 && strcmp(value, "never") != 0)
		return false;
	settings->overflow_sticky = value[0] == 's';
	return true;
}

static bool set_noise(struct settings *settings, const char *value)
{
	return noise_select(&settings->noise, value);
}

static bool set_auto_enable(struct settings *settings, const char *value)
{
	return parse_switch(value, &settings->auto_enable);
}

static bool set_hst_delay(struct settings *settings, const char *value)
{
	uint64_t ms;

	if (!text_parse_number(value, 0, 600000, &ms))
		return false;
	settings->hst_delay_ms = (uint32_t)ms;
	return true;
}

static bool set_exclusive_levels(struct settings *settings, const char *value)
{
	return parse_switch(value, &settings->exclusive_levels);
}

static bool set_bar1_size(struct settings *settings, const char *value)
{
	uint64_t size;

	if (!text_parse_number(value, 0, 1u << 20, &size))
		return false;
	/* a memory BAR has four bits that are no part of the address */
	if (size && (size < 16 || (size & (size - 1))))
		return false;
	settings->bar1_size = (uint32_t)size;
	return true;
}

static bool set_bar1_io(struct settings *settings, const char *value)
{
	return parse_switch(value, &settings->bar1_io);
}

static bool set_core_version(struct settings *settings, const char *value)
{
	uint64_t version;

	if (!text_parse_number(value, 0, UINT32_MAX, &version))
		return false;
	settings->core_version = (uint32_t)version;
	return true;
}

static bool set_hostile(struct settings *settings, const char *value)
{
	return hostile_select(&settings->hostile, value);
}

static bool set_hostile_config(struct settings *settings, const char *value)
{
	return parse_switch(value, &settings->hostile_config);
}

static const struct setting {
	const char *name;
	bool (*apply)(struct settings *settings, const char *value);
	bool is_switch;
	const char *allowed;
	const char *help;
} table[] = {
	{"modules", set_modules, false, "a mask from 0 to 0xf", "modules fitted (0xf) [plug]"},
	{"speed", set_speed, false, "a factor from 0.001 to 1000, or max",
	 "the card's clock, relative to real time (1);\n"
	 "                      max: the FIFO is always full"},
	{"overflow", set_overflow, false, "sticky or never",
	 "sticky: a full FIFO raises ERROR until a flush (default);\n"
	 "                      never: words are lost in silence"},
	{"noise", set_noise, false, NOISE_ALLOWED, "os (default), seed:N or file:PATH"},
	{"auto-enable", set_auto_enable, true, "on or off",
	 "a reset enables the modules (on) [reset]"},
	{"hst-delay", set_hst_delay, false, "milliseconds, 0 to 600000",
	 "ms of card time from reset to HST (0) [reset]"},
	{"exclusive-levels", set_exclusive_levels, true, "on or off",
	 "FS_RR shows only the highest level (off)"},
	{"bar1-size", set_bar1_size, false, "a power of two from 16 to 1048576, or 0 for none",
	 "bytes of the register BAR (256) [plug]"},
	{"bar1-io", set_bar1_io, true, "on or off", "the register BAR is I/O space (off) [plug]"},
	{"core-version", set_core_version, false, "a number from 0 to 0xffffffff",
	 "CV_SR (0x0a020301) [plug]"},
	{"hostile", set_hostile, false, HOSTILE_ALLOWED,
	 "SEED: register reads are answered from a stream of lies (off)"},
	{"hostile-config", set_hostile_config, true, "on or off",
	 "with hostile: configuration space lies, too, once\n"
	 "                      a register was read (off)"},
};

#define SETTINGS (sizeof(table) / sizeof(table[0]))

static const struct setting *find(const char *name)
{
	for (size_t i = 0; i < SETTINGS; i++)
		if (strcmp(table[i].name, name) == 0)
			return &table[i];
	return NULL;
}

void setting_init(struct settings *settings)
{
	*settings = (struct settings){
		.modules = 0xf,
		.core_version = 0x0a020301,
		.bar1_size = 256,
		.auto_enable = true,
		.overflow_sticky = true,
		.speed = 1,
	};
	noise_init(&settings->noise);
}

void setting_destroy(struct settings *settings)
{
	noise_destroy(&settings->noise);
}

bool setting_exists(const char *name, bool *is_switch)
{
	const struct setting *setting = find(name);

	if (setting)
		*is_switch = setting->is_switch;
	return setting;
}

const char *setting_apply(struct settings *settings, const char *name, const char *value)
{
	static char trouble[512];
	const struct setting *setting = find(name);

	if (!setting) {
		snprintf(trouble, sizeof(trouble), "'%.32s' is no setting; see --help", name);
		return trouble;
	}
	if (setting->apply(settings, value))
		return NULL;
	snprintf(trouble, sizeof(trouble), "%s: '%.200s' is not allowed; give %s", name, value,
		 setting->allowed);
	return trouble;
}

void setting_help(FILE *out)
{
	for (size_t i = 0; i < SETTINGS; i++)
		fprintf(out, "  --%-17s %s\n", table[i].name, table[i].help);
}
