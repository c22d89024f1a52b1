// SPDX-License-Identifier: MIT
#include "log.h"

#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>

void qrngd_log(const char *format, ...)
{
	static const char prefix[] = "qrngd: ";
	char line[1024];
	va_list args;
	size_t len = sizeof(prefix) - 1;
	int printed;

	snprintf(line, sizeof(line), "%s", prefix);
	va_start(args, format);
	printed = vsnprintf(line + len, sizeof(line) - len, format, args);
	va_end(args);
	if (printed > 0)
		len += (size_t)printed;
	if (len > sizeof(line) - 1)
		len = sizeof(line) - 1;
	line[len++] = '\n';
	/* Nobody is left to tell when standard error itself is broken. */
	if (write(STDERR_FILENO, line, len) < 0)
		return;
}
