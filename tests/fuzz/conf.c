// SPDX-License-Identifier: MIT
/*
 * Any configuration file: refused with at least one line, or read to values that are read as
 * the same when they are written anew.
 */
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <sanitizer/common_interface_defs.h>

#include "conf.h"
#include "log.h"
#include "require.h"
#include "setting.h"

static int quiet, loud;

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	intptr_t number;
	void *handle;

	(void)argc;
	(void)argv;
	loud = dup(STDERR_FILENO);
	quiet = open("/dev/null", O_WRONLY | O_CLOEXEC);
	require(loud >= 0 && quiet >= 0);
	/* It takes a descriptor for a pointer. */
	number = loud;
	memcpy(&handle, &number, sizeof(handle));
	__sanitizer_set_report_fd(handle);
	return 0;
}

/* Return: as qrngd_conf_read(); what it said, without its lines, in @said. */
static int read_text(struct qrngd_options *options, const char *text, size_t len, char *said,
		     size_t size)
{
	int fd = memfd_create("conf", MFD_CLOEXEC), ret;
	char path[32];

	require(fd >= 0 && write(fd, text, len) == (ssize_t)len);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	memset(options, 0, sizeof(*options));
	dup2(quiet, STDERR_FILENO);
	qrngd_log_copy(said, size);
	ret = qrngd_conf_read(options, path, false);
	qrngd_log_copy(NULL, 0);
	dup2(loud, STDERR_FILENO);
	options->file = NULL;
	close(fd);
	return ret;
}

/* Without blanks, so that no line becomes longer than it may be. */
static size_t write_again(const struct qrngd_options *options, char *to, size_t size)
{
	const struct qrngd_setting *setting;
	size_t len = 0;

	for (setting = qrngd_settings; setting->name; setting++) {
		const char *text;
		char number[24];
		unsigned int i;

		if (qrngd_setting_layer(setting, options) != QRNGD_LAYER_FILE)
			continue;
		len += (size_t)snprintf(to + len, size - len, "[%s]\n", setting->section);
		for (i = 0; (text = qrngd_setting_text(setting, options, i, number)); i++)
			len += (size_t)snprintf(to + len, size - len, "%s=%s\n", setting->name, text);
		require(len < size);
	}
	return len;
}

static void check_good(const struct qrngd_options *options)
{
	static char text[64 * 1024], said[256];
	size_t len = write_again(options, text, sizeof(text));
	const struct qrngd_setting *setting;
	struct qrngd_options again;

	require(read_text(&again, text, len, said, sizeof(said)) == 0);
	for (setting = qrngd_settings; setting->name; setting++)
		require(qrngd_setting_same(setting, options, &again));
	qrngd_options_free(&again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static char said[16 * 1024];
	struct qrngd_options options;

	if (read_text(&options, (const char *)data, size, said, sizeof(said)) == 0)
		check_good(&options);
	else
		require(said[0]);
	qrngd_options_free(&options);
	return 0;
}
