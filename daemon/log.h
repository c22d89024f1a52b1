/* SPDX-License-Identifier: MIT */
/* What the daemon says: lines on standard error, for people and the journal. */
#ifndef QRNGD_LOG_H
#define QRNGD_LOG_H

#include <stddef.h>

/**
 * qrngd_log() - say one line
 * @format: as for printf, without a newline
 *
 * Any thread may call it; a line is written in one piece. A line that is longer
 * than a kilobyte is cut. It never waits: what standard error does not take at once
 * is dropped, and the next line that is taken tells how many were. Never give it
 * random bytes.
 */
void qrngd_log(const char *format, ...) __attribute__((format(printf, 1, 2)));

/**
 * qrngd_log_copy() - keep what this thread says, too, for somebody else to read
 * @text: where; always terminated; NULL: no more
 * @size: bytes of @text; what does not fit is left out
 */
void qrngd_log_copy(char *text, size_t size);

#endif /* QRNGD_LOG_H */
