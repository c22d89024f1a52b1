// SPDX-License-Identifier: MIT
#include "control.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <jansson.h>

#include "log.h"
#include "module.h"
#include "setting.h"

static void __attribute__((format(printf, 3, 4))) refuse(struct qrngd_errand *errand, int status,
							 const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(errand->detail, sizeof(errand->detail), format, args);
	va_end(args);
	errand->status = status;
}

static void mention_waiting(const struct qrngd_server *server, const struct qrngd_options *options)
{
	const struct qrngd_setting *setting;

	for (setting = qrngd_settings; setting->name; setting++)
		if (!setting->runtime && !qrngd_setting_same(setting, options, server->options))
			qrngd_log("%s: the new value holds from the next start on", setting->name);
}

static int load_again(struct qrngd_server *server)
{
	struct qrngd_setup *setup = NULL;
	struct qrngd_options options;

	if (qrngd_options_load(&options, server->command) == 0)
		setup = qrngd_setup_make(&options, server->setup);
	if (!setup) {
		qrngd_log("settings not loaded again; all stays as it was");
		return -1;
	}
	mention_waiting(server, &setup->options);
	qrngd_server_use(server, setup);
	qrngd_log("settings loaded again");
	return 0;
}

int qrngd_control_reload(struct qrngd_server *server)
{
	int ret;

	qrngd_service_reloading(server);
	ret = load_again(server);
	qrngd_service_reloaded(server, ret == 0);
	return ret;
}

static void write_value(struct qrngd_json *json, const char *name,
			const struct qrngd_setting *setting, const struct qrngd_options *options)
{
	const char *text;
	char number[24];
	unsigned int i;

	if (qrngd_setting_repeats(setting)) {
		qrngd_json_open(json, name, '[');
		for (i = 0; (text = qrngd_setting_text(setting, options, i, number)); i++)
			qrngd_json_word(json, NULL, text);
		qrngd_json_close(json, ']');
		return;
	}
	text = qrngd_setting_text(setting, options, 0, number);
	if (!text)
		qrngd_json_plain(json, name, "null");
	else if (setting->type == QRNGD_SETTING_NUMBER)
		qrngd_json_plain(json, name, text);
	else
		qrngd_json_word(json, name, text);
}

static void write_setting(struct qrngd_json *json, const struct qrngd_server *server,
			  const struct qrngd_setting *setting)
{
	const struct qrngd_options *now = &server->setup->options;
	const struct qrngd_options *running = setting->runtime ? now : server->options;
	char allowed[QRNGD_SETTING_TEXT_MAX];

	qrngd_setting_allowed(setting, allowed);
	qrngd_json_open(json, setting->name, '{');
	write_value(json, "value", setting, running);
	qrngd_json_word(json, "from", qrngd_layer_words[qrngd_setting_layer(setting, running)]);
	if (!qrngd_setting_same(setting, now, running))
		write_value(json, "at_next_start", setting, now);
	qrngd_json_plain(json, "runtime", setting->runtime ? "true" : "false");
	qrngd_json_word(json, "allowed", allowed);
	if (setting->unit)
		qrngd_json_word(json, "unit", setting->unit);
	qrngd_json_word(json, "section", setting->section);
	qrngd_json_word(json, "meaning", setting->doc);
	qrngd_json_close(json, '}');
}

void qrngd_control_show(struct qrngd_server *server, struct qrngd_errand *errand)
{
	struct qrngd_json *json = &errand->json;
	const struct qrngd_setting *setting;

	qrngd_json_open(json, NULL, '{');
	if (server->setup->options.file)
		qrngd_json_word(json, "file", server->setup->options.file);
	qrngd_json_open(json, "daemon", '{');
	for (setting = qrngd_settings; setting->name; setting++)
		write_setting(json, server, setting);
	qrngd_json_close(json, '}');
	qrngd_module_show(json);
	qrngd_json_close(json, '}');
	errand->status = 200;
}

/* Return: the value as one would write it in the file, NULL if it is of no fitting type. */
static const char *text_of(const struct qrngd_setting *setting, const json_t *value,
			   char number[24])
{
	if (setting->type == QRNGD_SETTING_NUMBER) {
		if (!json_is_integer(value))
			return NULL;
		snprintf(number, 24, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
		return number;
	}
	return json_string_value(value);
}

/* A list replaces the one before it. */
static int put_list(const struct qrngd_setting *setting, struct qrngd_options *options,
		    const json_t *values, char needed[QRNGD_SETTING_TEXT_MAX])
{
	size_t i;
	json_t *value;

	qrngd_setting_clear(setting, options);
	json_array_foreach(values, i, value) {
		const char *text = json_string_value(value);

		if (text && qrngd_setting_put(setting, options, QRNGD_LAYER_REQUEST, text, needed))
			return -1;
		if (!text)
			break;
	}
	if (i && i == json_array_size(values))
		return 0;
	qrngd_setting_needed(setting, needed);
	return -1;
}

static int put_value(const struct qrngd_setting *setting, struct qrngd_options *options,
		     const json_t *value, char needed[QRNGD_SETTING_TEXT_MAX])
{
	const char *text;
	char number[24];

	if (json_is_null(value))
		return qrngd_setting_reset(setting, options, QRNGD_LAYER_REQUEST);
	if (qrngd_setting_repeats(setting) && json_is_array(value))
		return put_list(setting, options, value, needed);
	text = text_of(setting, value, number);
	if (text && qrngd_setting_repeats(setting))
		qrngd_setting_clear(setting, options);
	if (text)
		return qrngd_setting_put(setting, options, QRNGD_LAYER_REQUEST, text, needed);
	qrngd_setting_needed(setting, needed);
	return -1;
}

/* Return: 0, or -1 with the errand refused. */
static int put_settings(struct qrngd_errand *errand, struct qrngd_options *options, json_t *wanted)
{
	char needed[QRNGD_SETTING_TEXT_MAX] = "out of memory";
	const char *name;
	json_t *value;

	json_object_foreach(wanted, name, value) {
		const struct qrngd_setting *setting = qrngd_setting_find(name, strlen(name));

		if (!setting) {
			refuse(errand, 400, "daemon.%.64s: there is no such setting", name);
			return -1;
		}
		if (!setting->runtime) {
			refuse(errand, 409, "daemon.%s: this can't be changed in a daemon that runs",
			       name);
			return -1;
		}
		if (put_value(setting, options, value, needed) != 0) {
			refuse(errand, 400, "daemon.%s: %s", name, needed);
			return -1;
		}
	}
	return 0;
}

/* Return: the setup that is wanted, NULL with the errand refused. */
static struct qrngd_setup *make_changed(struct qrngd_server *server, struct qrngd_errand *errand,
					json_t *wanted)
{
	struct qrngd_setup *setup = NULL;
	struct qrngd_options options;

	qrngd_log_copy(errand->detail, sizeof(errand->detail));
	errand->status = 400;
	if (qrngd_options_copy(&options, &server->setup->options) != 0)
		goto out;
	if (put_settings(errand, &options, wanted) == 0 && qrngd_options_check(&options) == 0)
		setup = qrngd_setup_make(&options, server->setup);
	qrngd_options_free(&options);
out:
	qrngd_log_copy(NULL, 0);
	return setup;
}

/* The body is one object, with objects that we know. */
static json_t *parse_wish(struct qrngd_errand *errand)
{
	json_error_t error;
	json_t *wish = json_loadb(errand->body, errand->len, JSON_REJECT_DUPLICATES, &error);
	const char *name;
	json_t *part;

	if (!wish) {
		refuse(errand, 400, "the body is no JSON object: %s, at byte %d", error.text,
		       error.position);
		return NULL;
	}
	json_object_foreach(wish, name, part) {
		bool known = strcmp(name, "daemon") == 0 || strcmp(name, "module") == 0;

		if (known && json_is_object(part))
			continue;
		refuse(errand, 400, "%.64s: only the objects daemon and module are taken", name);
		goto err_part;
	}
	if (json_object_size(wish))
		return wish;
	refuse(errand, 400, "{\"daemon\": {\"NAME\": VALUE}, \"module\": {}} is needed");
err_part:
	json_decref(wish);
	return NULL;
}

static int change_module(struct qrngd_errand *errand, json_t *wanted)
{
	if (!wanted)
		return 0;
	errand->status = qrngd_module_change(wanted, errand->detail, sizeof(errand->detail));
	return errand->status == 200 ? 0 : -1;
}

/* The daemon's part is ready before the module is asked, which may refuse. */
static int change(struct qrngd_server *server, struct qrngd_errand *errand, json_t *wish)
{
	json_t *daemon = json_object_get(wish, "daemon");
	struct qrngd_setup *setup = NULL;

	if (daemon)
		setup = make_changed(server, errand, daemon);
	if (daemon && !setup)
		return -1;
	if (change_module(errand, json_object_get(wish, "module")) != 0) {
		if (setup)
			qrngd_setup_drop(setup);
		return -1;
	}
	if (setup)
		qrngd_server_use(server, setup);
	return 0;
}

void qrngd_control_change(struct qrngd_server *server, struct qrngd_errand *errand)
{
	json_t *wish = parse_wish(errand);

	if (wish && change(server, errand, wish) == 0) {
		qrngd_log("settings changed by a request");
		qrngd_control_show(server, errand);
	}
	json_decref(wish);
}

void qrngd_control_load(struct qrngd_server *server, struct qrngd_errand *errand)
{
	int ret;

	qrngd_log_copy(errand->detail, sizeof(errand->detail));
	ret = qrngd_control_reload(server);
	qrngd_log_copy(NULL, 0);
	if (ret == 0)
		qrngd_control_show(server, errand);
	else
		errand->status = 409;
}
