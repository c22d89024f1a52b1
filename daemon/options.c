// SPDX-License-Identifier: MIT
#include "options.h"

#include <ctype.h>
#include <sched.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "conf.h"
#include "fifo.h"
#include "h2o_compat.h"
#include "log.h"
#include "setting.h"
#include "tls.h"
#include "wrap.h"

#define ENVIRONMENT_PREFIX "QRNGD_"

const char *const qrngd_layer_words[] = { "default", "file", "environment", "command line",
					   "request", NULL };

static unsigned int online_cpus(void)
{
	cpu_set_t cpus;

	if (sched_getaffinity(0, sizeof(cpus), &cpus) != 0)
		return 1;
	return (unsigned int)CPU_COUNT(&cpus);
}

static int set_defaults(struct qrngd_options *options)
{
	char needed[QRNGD_SETTING_TEXT_MAX];
	const struct qrngd_setting *setting;

	memset(options, 0, sizeof(*options));
	options->threads = online_cpus();
	for (setting = qrngd_settings; setting->name; setting++) {
		if (!setting->fallback)
			continue;
		if (qrngd_setting_put(setting, options, QRNGD_LAYER_DEFAULT, setting->fallback,
				      needed) != 0) {
			qrngd_log("%s: %s", setting->name, needed);
			return -1;
		}
	}
	return 0;
}

/* "max-connections" is QRNGD_MAX_CONNECTIONS. */
static void environment_name(const struct qrngd_setting *setting, char name[64])
{
	char *c = name + snprintf(name, 64, ENVIRONMENT_PREFIX);
	const char *from;

	for (from = setting->name; *from; from++)
		*c++ = *from == '-' ? '_' : (char)toupper(*from);
	*c = '\0';
}

/* Several values have blanks between them; return: behind the first. */
static size_t part_of(const struct qrngd_setting *setting, const char *text)
{
	return qrngd_setting_repeats(setting) ? strcspn(text, " ") : strlen(text);
}

static int put_environment(struct qrngd_options *options, const struct qrngd_setting *setting,
			   const char *name, const char *text)
{
	char needed[QRNGD_SETTING_TEXT_MAX];

	do {
		size_t len = part_of(setting, text);
		char *part = strndup(text, len);
		int ret = part ? qrngd_setting_put(setting, options, QRNGD_LAYER_ENVIRONMENT, part,
						   needed) : -1;

		if (!part)
			qrngd_log("out of memory");
		else if (ret != 0)
			qrngd_log("%s=%s: %s", name, part, needed);
		free(part);
		if (ret != 0)
			return -1;
		text += len;
		text += strspn(text, " ");
	} while (*text);
	return 0;
}

static int read_environment(struct qrngd_options *options)
{
	const struct qrngd_setting *setting;
	int ret = 0;

	for (setting = qrngd_settings; setting->name; setting++) {
		const char *text;
		char name[64];

		environment_name(setting, name);
		text = getenv(name);
		if (text && put_environment(options, setting, name, text) != 0)
			ret = -1;
	}
	return ret;
}

static bool is_ours(const char *variable, size_t len)
{
	const struct qrngd_setting *setting;
	char name[64];

	for (setting = qrngd_settings; setting->name; setting++) {
		environment_name(setting, name);
		if (strlen(name) == len && memcmp(name, variable, len) == 0)
			return true;
	}
	return len == sizeof(QRNGD_CONF_VARIABLE) - 1 &&
	       memcmp(variable, QRNGD_CONF_VARIABLE, len) == 0;
}

/*
 * Most likely a slip of the pen; but programs that manage a service called qrngd set
 * variables like QRNGD_SERVICE_HOST for others to find it by, so it is no error.
 */
static void mention_strangers(void)
{
	char **variable;

	for (variable = environ; *variable; variable++) {
		size_t len = strcspn(*variable, "=");

		if (strncmp(*variable, ENVIRONMENT_PREFIX, sizeof(ENVIRONMENT_PREFIX) - 1) == 0 &&
		    !is_ours(*variable, len))
			qrngd_log("%.*s in the environment is no setting", (int)len, *variable);
	}
}

static int take_command(struct qrngd_options *options, const struct qrngd_command *command)
{
	char needed[QRNGD_SETTING_TEXT_MAX];
	unsigned int i;

	for (i = 0; i < command->given_count; i++) {
		const struct qrngd_given *given = &command->given[i];

		if (qrngd_setting_put(given->setting, options, QRNGD_LAYER_COMMAND_LINE,
				      given->text, needed) != 0) {
			qrngd_log("--%s %s: %s", given->setting->name, given->text, needed);
			return -1;
		}
	}
	return 0;
}

static int check_tls(const struct qrngd_options *options)
{
	const char *lacking = NULL;

	if (qrngd_options_tls(options) && !options->tls_certificate)
		lacking = "listen-tls needs a tls-certificate";
	else if (qrngd_options_tls(options) && !options->tls_key)
		lacking = "listen-tls needs a tls-key";
	else if (options->tls_client_auth != QRNGD_CLIENT_AUTH_OFF && !options->tls_client_ca)
		lacking = "tls-client-auth needs a tls-client-ca, unless it is off";
	else if (options->tls_client_auth == QRNGD_CLIENT_AUTH_OFF && options->tls_client_ca)
		lacking = "tls-client-ca is of no use while tls-client-auth is off";
	if (!lacking)
		return 0;
	qrngd_log("%s", lacking);
	return -1;
}

/* Its TLS is another library's, which takes certificates of clients from all or none. */
static int check_http3(const struct qrngd_options *options)
{
	const char *lacking = NULL;

	if (!QRNGD_HTTP3)
		lacking = "this libh2o is too old for HTTP/3, a newer one is needed (H2O_DIR)";
	else if (!qrngd_options_tls(options))
		lacking = "HTTP/3 is offered where listen-tls is, which is nowhere";
	else if (options->tls_client_auth != QRNGD_CLIENT_AUTH_OFF)
		lacking = "clients' certificates are not read over HTTP/3, so tls-client-auth "
			  "must be off";
	if (!lacking)
		return 0;
	qrngd_log("http3 on: %s", lacking);
	return -1;
}

/* Settings that contradict each other are a mistake, and not ours to resolve. */
int qrngd_options_check(const struct qrngd_options *options)
{
	if (options->engine == QRNGD_ENGINE_DEVICE && options->source.count) {
		qrngd_log("source %s: only the embedded engine has sources of its own",
			  options->source.items[0]);
		return -1;
	}
	if (options->http3 && check_http3(options) != 0)
		return -1;
	if (qrngd_fifos_mode(options->fifo_mode) < 0) {
		qrngd_log("fifo-mode %s: permissions in octal are needed, such as 0640",
			  options->fifo_mode);
		return -1;
	}
	if (options->lokey_persist && !options->lokey_store) {
		qrngd_log("lokey-persist true: there is no lokey-store to keep noise in");
		return -1;
	}
	if (options->group && !options->user) {
		qrngd_log("group %s: it needs a user", options->group);
		return -1;
	}
	return check_tls(options);
}

static int read_file(struct qrngd_options *options, const struct qrngd_command *command)
{
	const char *path = command->config ? command->config : getenv(QRNGD_CONF_VARIABLE);

	if (path)
		return qrngd_conf_read(options, path, false);
	return qrngd_conf_read(options, QRNGD_CONF_USUAL, true);
}

int qrngd_options_load(struct qrngd_options *options, const struct qrngd_command *command)
{
	int ret = set_defaults(options);

	if (ret == 0)
		ret = read_file(options, command);
	if (ret == 0) {
		mention_strangers();
		ret = read_environment(options);
	}
	if (ret == 0)
		ret = take_command(options, command);
	options->passed_tls = qrngd_passed_has(&command->passed, QRNGD_LISTENER_TLS);
	if (ret == 0)
		ret = qrngd_options_check(options);
	if (ret != 0)
		qrngd_options_free(options);
	return ret;
}

int qrngd_options_copy(struct qrngd_options *to, const struct qrngd_options *from)
{
	const struct qrngd_setting *setting;
	int ret = 0;

	*to = *from;
	for (setting = qrngd_settings; setting->name; setting++)
		if (qrngd_setting_own(setting, to) != 0)
			ret = -1;
	if (ret == 0)
		return 0;
	qrngd_log("out of memory");
	qrngd_options_free(to);
	return -1;
}

void qrngd_options_free(struct qrngd_options *options)
{
	const struct qrngd_setting *setting;

	for (setting = qrngd_settings; setting->name; setting++)
		qrngd_setting_clear(setting, options);
}

static void print_value(const struct qrngd_setting *setting, const struct qrngd_options *options)
{
	char number[24];
	const char *text;
	unsigned int i;

	for (i = 0; (text = qrngd_setting_text(setting, options, i, number)); i++)
		printf("%s = %s\n", setting->name, text);
	if (i == 0)
		printf("; %s =\n", setting->name);
}

static void __attribute__((format(printf, 1, 2))) print_comment(const char *format, ...)
{
	char text[1024];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	qrngd_wrap(text, printf("; "), ";   ");
}

static void print_setting(const struct qrngd_setting *setting, const struct qrngd_options *options)
{
	char allowed[QRNGD_SETTING_TEXT_MAX];

	qrngd_setting_allowed(setting, allowed);
	putchar('\n');
	print_comment("%s: %s", setting->name, setting->doc);
	print_comment("allowed: %s", allowed);
	if (setting->unit)
		print_comment("unit: %s", setting->unit);
	print_comment("default: %s", qrngd_setting_usual(setting));
	print_comment("because: %s", setting->why);
	print_value(setting, options);
}

void qrngd_options_print(const struct qrngd_options *options)
{
	const struct qrngd_setting *setting;
	const char *section = "";

	for (setting = qrngd_settings; setting->name; setting++) {
		if (strcmp(section, setting->section) != 0)
			printf("%s[%s]\n", *section ? "\n" : "", setting->section);
		section = setting->section;
		print_setting(setting, options);
	}
}
