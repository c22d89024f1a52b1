/* SPDX-License-Identifier: MIT */
/* The configuration file: settings as "name = value", in sections. */
#ifndef QRNGD_CONF_H
#define QRNGD_CONF_H

#include "options.h"

/* Read when no other is named; it need not exist. */
#define QRNGD_CONF_USUAL "/etc/qrng/qrngd.conf"

/* In the environment, where a file may be named, too. */
#define QRNGD_CONF_VARIABLE "QRNGD_CONFIG"

/**
 * qrngd_conf_read() - read a file
 * @options: where the values go
 * @path: the file
 * @optional: it is fine if there is none
 *
 * Each mistake gets a line that names the file, the line, what is there, and what is
 * allowed; after ten of them no more is read.
 *
 * Return: 0, or -1 after these lines.
 */
int qrngd_conf_read(struct qrngd_options *options, const char *path, bool optional);

#endif /* QRNGD_CONF_H */
