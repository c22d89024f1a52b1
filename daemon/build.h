/* SPDX-License-Identifier: MIT */
/* What this daemon was built from, and which protocols it speaks. */
#ifndef QRNGD_BUILD_H
#define QRNGD_BUILD_H

#include "json.h"
#include "options.h"

/**
 * qrngd_build_announce() - tell the log
 * @options: the settings of the start
 */
void qrngd_build_announce(const struct qrngd_options *options);

/**
 * qrngd_build_write() - the members "version", "library" and "protocols"
 * @json: open for members
 * @options: the settings that are in force
 */
void qrngd_build_write(struct qrngd_json *json, const struct qrngd_options *options);

#endif /* QRNGD_BUILD_H */
